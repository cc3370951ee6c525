import { readFileSync } from 'node:fs';

/** What the package says of itself. */
export function readManifest(): { readonly version: string; readonly description: string } {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
}
