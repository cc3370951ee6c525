import { resolve } from 'node:path';
import type { GatewayConfig } from '../config/config.ts';
import { loadOffThread, type Loaded, type LoadSource } from '../gateway/load.ts';
import { look, type Looks } from '../gateway/watch.ts';

/** The configuration at the start is faulty: trying again would not help. */
export class ConfigFaults extends Error {
  readonly result: Loaded;

  constructor(result: Loaded) {
    super('the configuration is faulty');
    this.result = result;
  }
}

/** The configuration that a process began with, and how to read it again. */
export interface ConfigFile {
  /** Its path, as it was named. */
  readonly file: string;
  readonly config: GatewayConfig;
  readonly first: Loaded;
  /** When the first reading began; in milliseconds of the epoch. */
  readonly since: number;
  /** What its files were like before. */
  readonly before: Looks;
  read(signal: AbortSignal): Promise<Loaded>;
}

/**
 * Reads a configuration for the first time.
 *
 * @param file its path
 * @throws ConfigFaults
 */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const since = Date.now();
  const before = await look({ files: [resolve(file)], globs: [], folder: '.' });
  const source: LoadSource = { file, env: { ...process.env } };
  const first = await loadOffThread(source);
  const { config } = first;
  if (config === undefined) throw new ConfigFaults(first);
  return { file, config, first, since, before, read: async (signal) => loadOffThread(source, signal) };
}
