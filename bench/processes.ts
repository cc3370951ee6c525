import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree, stillRuns, type ProcessStat } from './cpu.ts';

/** How long a process may take to end after SIGTERM before it is killed. */
const PATIENCE_MS = 5000;

/** A command to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Takes the process's standard output and errors. */
  readonly output: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A child process. */
export interface Child {
  readonly pid: number;
  /** Resolves with the exit code, or with the signal's name, once the process has ended. */
  readonly ended: Promise<number | string>;
  /** Whether it runs still. */
  alive(): boolean;
  /** What it has printed. */
  output(): string;
  /** Ends it and all its descendants. */
  stop(): Promise<void>;
}

/** All child processes of a run, and the folder that they work in. */
export interface Processes {
  /** Makes an empty folder inside the run's temporary folder. */
  folder(name: string): string;
  start(command: Command): Promise<Child>;
  /** Ends every process, removes the temporary folder, and starts nothing from then on. */
  close(): Promise<void>;
  /** The same at once and by force, for the moment when this process ends and nothing can be awaited any more. */
  closeNow(): void;
}

/** Makes the temporary folder of a run. */
export function createProcesses(): Processes {
  const root = mkdtempSync(join(tmpdir(), 'gatewayctl-bench-'));
  const running = new Set<Child>();
  let folders = 0;
  let closed = false;

  return {
    folder(name) {
      folders += 1;
      const path = join(root, `${folders}-${name}`);
      mkdirSync(path);
      return path;
    },
    async start(command) {
      if (closed) throw new Error('the run is ending');
      const child = await startChild(command);
      running.add(child);
      void child.ended.then(() => running.delete(child));
      return child;
    },
    async close() {
      closed = true;
      await Promise.all(Array.from(running, (child) => child.stop()));
      rmSync(root, { recursive: true, force: true });
    },
    closeNow() {
      closed = true;
      for (const child of running) killAll(processTree(child.pid));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function startChild(command: Command): Promise<Child> {
  const output = openSync(command.output, 'a');
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...command.env },
  });
  closeSync(output);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.program} did not start`);

  let alive = true;
  const ended = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false;
      resolve(code ?? signal ?? 'unknown');
    });
  });

  return {
    pid,
    ended,
    alive: () => alive,
    output: () => readFileSync(command.output, 'utf8'),
    async stop() {
      if (!alive) return;
      const tree = processTree(pid);
      child.kill('SIGTERM');
      const patience = new AbortController();
      await Promise.race([ended, sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
      patience.abort();
      // A supervisor that had to be killed, or that forgot a worker, leaves others behind.
      killAll(tree);
      await ended;
    },
  };
}

function killAll(members: readonly ProcessStat[]): void {
  for (const member of members) {
    if (!stillRuns(member)) continue;
    try {
      process.kill(member.pid, 'SIGKILL');
    } catch {
      // It ended between the look and the kill.
    }
  }
}
