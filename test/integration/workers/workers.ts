/** What tests of several workers share: a gateway of its own processes, and clients that keep their connections. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { TestProcess, type ProcessOptions } from '../../support/process.ts';
import { send, until as untilWithin, type Opened } from '../../support/reload.ts';

/**
 * How long a start may take, in milliseconds. Three processes are started from the sources, which is some three seconds of
 * CPU: on a machine with much else to do it took up to 24 s. The primary itself gives up a silent worker after a minute.
 */
export const PATIENCE = 50_000;

export interface WorkersGateway {
  readonly gateway: TestProcess;
  readonly file: string;
  readonly address: string;
  readonly admin: string;
}

export interface Settings {
  readonly workers?: number;
  /** Keys of `timeouts`. */
  readonly timeouts?: string;
  /** Further keys of `server`. */
  readonly server?: string;
  readonly access?: boolean;
}

/** A configuration for several workers on free ports. */
export function workersYaml(rest: string, settings: Settings = {}): string {
  const { workers = 2, timeouts = 'drainDelay: 0s, drain: 5s', server = '', access = false } = settings;
  return `version: 1
server: { listen: '127.0.0.1:0', workers: ${workers}, timeouts: { ${timeouts} }${server === '' ? '' : `, ${server}`} }
admin: { listen: '127.0.0.1:0' }
logs: { access: ${access} }
${rest}`;
}

/** Starts a gateway. */
export function beginWorkers(
  opened: Opened,
  yaml: string,
  options: ProcessOptions = {},
): Pick<WorkersGateway, 'gateway' | 'file'> {
  const file = join(opened.folder(), 'gateway.yaml');
  writeFileSync(file, yaml);
  return {
    gateway: TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close), {
      limit: PATIENCE,
      ...options,
    }),
    file,
  };
}

/** Starts a gateway, and waits until all of its workers serve. */
export async function startWorkers(
  opened: Opened,
  yaml: string,
  options: ProcessOptions = {},
): Promise<WorkersGateway> {
  const { gateway, file } = beginWorkers(opened, yaml, options);
  return { gateway, file, ...(await gateway.serving()) };
}

/** A module that is loaded before the program, and does something in workers before anything else. */
export function inWorkers(opened: Opened, code: string): ProcessOptions {
  const preload = join(opened.folder(), 'preload.mjs');
  writeFileSync(
    preload,
    `import cluster from 'node:cluster';
import { existsSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (cluster.isWorker && isMainThread) { ${code} }
`,
  );
  return { preload };
}

/** Asks again and again until a condition holds; fails when not even a start would take that long. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await untilWithin(what, holds, PATIENCE);
}

/** The processes of the workers: those whose parent the primary is, by their ids, the oldest first. */
export function workerPids({ child }: TestProcess): number[] {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number).filter(isGateway);
}

/** Whether a process is one of `gatewayctl serve`, and not the compiler that runs sources for the first time. */
function isGateway(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('serve');
  } catch {
    return false;
  }
}

/** Whether there is such a process that has not ended. */
export function isAlive(pid: number): boolean {
  try {
    // Behind the name in brackets, which may hold anything: Z has ended, and its parent has not noticed yet.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** So many connections, opened one after the other, each of which is kept. */
export async function connections(opened: Opened, address: string, count: number, path = '/'): Promise<Agent[]> {
  const agents: Agent[] = [];
  for (let index = 0; index < count; index += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    opened.add(() => agent.destroy());
    agents.push(agent);
    await send(address, path, { agent });
  }
  return agents;
}

/** Sends requests without a pause until it is told to stop. Each client has a connection of its own and keeps it. */
export class Load {
  readonly statuses: number[] = [];
  readonly errors: string[] = [];
  readonly #clients: Promise<void>[];
  #running = true;

  /** @param agents one for each client */
  constructor(address: string, path: string, agents: readonly Agent[]) {
    this.#clients = agents.map(async (agent) => {
      while (this.#running) {
        try {
          this.statuses.push((await send(address, path, { agent })).status);
        } catch (error) {
          this.errors.push(error instanceof Error ? error.message : String(error));
        }
      }
    });
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
  }
}

/** Waits until a process has ended. */
export async function ended(opened: Opened, pid: number): Promise<void> {
  const deadline = AbortSignal.timeout(PATIENCE);
  const timer = setInterval(() => undefined, 1000);
  opened.add(() => clearInterval(timer));
  while (isAlive(pid)) {
    if (deadline.aborted) throw new Error(`the process ${pid} does not end`);
    await once(AbortSignal.timeout(20), 'abort');
  }
}
