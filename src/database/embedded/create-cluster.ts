import { fork } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedFailure } from './failure.ts';
import { CLUSTER, type CreateMessage } from './messages.ts';

/**
 * Creates PostgreSQL's files below a folder unless they are there. They appear when they are complete.
 *
 * @param signal says that nobody waits for them any more
 */
export async function createCluster(
  dataDir: string,
  options: { readonly onProgress: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const cluster = join(dataDir, CLUSTER);
  if (existsSync(join(cluster, 'PG_VERSION'))) return;
  const drafts = `${CLUSTER}.new-`;
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(drafts)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  options.onProgress(`creating the embedded database in ${dataDir}: once, 5 to 10 seconds`);
  const draft = join(dataDir, `${drafts}${process.pid}`);
  try {
    await runChild(draft, options.signal);
    renameSync(draft, cluster);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  options.onProgress('created the embedded database');
}

async function runChild(draft: string, signal: AbortSignal): Promise<void> {
  const script = import.meta.url.endsWith('.ts') ? './create-process-source.mjs' : './create-process.js';
  const child = fork(new URL(script, import.meta.url), [draft], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  let result: CreateMessage | undefined;
  child.on('message', (message: CreateMessage) => (result = message));
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      // Aborted: it is over when it has gone, and writes nothing any more.
      if (child.pid === undefined) reject(error);
    });
    child.on('close', (code, killedBy) => {
      if (result?.kind === 'created') return resolve();
      const why = result?.message ?? (stderr.trim() || `its process ended with ${killedBy ?? code}`);
      reject(new EmbeddedFailure('failed', `the embedded database could not be created: ${why}`));
    });
  });
}
