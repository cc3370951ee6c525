/** Folders with an embedded database that is there already: creating one takes seconds, copying one does not. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolOptions } from '../../src/database/database.ts';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.ts';

/** The defaults, but shorter where a test would have to wait. */
export const POOL: PoolOptions = {
  max: 5,
  min: 1,
  maxLifetime: 3_600_000,
  idleTimeout: 60_000,
  connectTimeout: 2_000,
  statementTimeout: 2_000,
};

let root: string | undefined;
let count = 0;
let template: Promise<string> | undefined;

/** A folder that does not exist yet; gone with the process. */
export function newDataDir(): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'gatewayctl-embedded-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  count += 1;
  return join(root, String(count));
}

/** A folder with an empty database that nobody has open. */
export async function createdDataDir(): Promise<string> {
  template ??= createTemplate();
  const dataDir = newDataDir();
  mkdirSync(dataDir, { mode: 0o700 });
  cpSync(join(await template, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
  return dataDir;
}

async function createTemplate(): Promise<string> {
  const dataDir = newDataDir();
  const database = new EmbeddedDatabase({ dataDir, pool: POOL });
  try {
    await database.ready;
  } finally {
    await database.close();
  }
  return dataDir;
}
