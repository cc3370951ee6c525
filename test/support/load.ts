import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayConfig } from '../../src/config/config.ts';
import { loadConfig, type LoadResult } from '../../src/config/load.ts';

/** What comes of loading a text as a configuration. */
export async function loadText(text: string): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-test-'));
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, text);
  try {
    return await loadConfig(file, { env: () => undefined });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A configuration that must be sound. */
export async function configOf(text: string): Promise<GatewayConfig> {
  const { config, diagnostics } = await loadText(text);
  if (config === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return config;
}
