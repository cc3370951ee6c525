import { readFile } from 'node:fs/promises';

/** Prints the JSON Schema of the configuration language. */
export async function schema(): Promise<void> {
  process.stdout.write(await readFile(new URL('../../schemas/gateway.schema.json', import.meta.url), 'utf8'));
}
