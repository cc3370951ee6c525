import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { EmbeddedFailure } from './failure.ts';
import { CLUSTER, type CreateMessage } from './messages.ts';
import { oneLine, tell } from './tell.ts';

/**
 * Creates PostgreSQL's files in a folder unless they are there. They appear when they are complete.
 *
 * @param signal says that nobody waits for them any more
 * @throws EmbeddedFailure
 */
export async function createCluster(
  folder: DataFolder,
  options: { readonly onProgress: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  if (folder.hasDatabase) return;
  const drafts = `${CLUSTER}.new-`;
  const draft = join(folder.path, `${drafts}${process.pid}`);
  options.onProgress(`creating the embedded database in ${folder.where}: once, 5 to 10 seconds`);
  try {
    for (const name of readdirSync(folder.path)) {
      if (name.startsWith(drafts)) rmSync(join(folder.path, name), { recursive: true, force: true });
    }
    let outcome = await create(draft, options.signal);
    // Ctrl-C and a service manager end the child, too. When this process is not to end, the child was not meant.
    if (outcome.kind === 'stopped') outcome = await create(draft, options.signal);
    if (outcome.kind !== 'created') throw new Error(outcome.message);
    renameSync(draft, folder.cluster);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    const message = `the embedded database could not be created in ${folder.where}: ${tell(cause)}`;
    throw new EmbeddedFailure('failed', message, { cause });
  }
  options.onProgress('created the embedded database');
}

/** `stopped`: somebody has ended the process that does it. */
type Outcome = CreateMessage | { readonly kind: 'stopped'; readonly message: string };

async function create(draft: string, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted();
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
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
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      // Aborted: it is over when it has gone, and writes nothing any more.
      if (child.pid === undefined) reject(error);
    });
    child.on('close', (code, killedBy) => {
      if (result !== undefined) return resolve(result);
      const stopped = killedBy === 'SIGINT' || killedBy === 'SIGTERM' || killedBy === 'SIGHUP';
      const message = errorIn(stderr) || `its process ended with ${killedBy ?? code}`;
      resolve({ kind: stopped ? 'stopped' : 'failed', message });
    });
  });
}

/** The line of a crash that says what it was. */
function errorIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return oneLine(lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '');
}
