import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.ts';
import type { Running } from './contenders/contender.ts';
import { readFigures } from './figures.ts';
import { readLoadResult, type Loaded, type LoadOptions } from './load-result.ts';
import type { Processes } from './processes.ts';

/** Loads a contender by client/load.ts, over connections that are open beforehand: opening them does not count. */
export async function loadByClient(
  { url, child }: Running,
  { paths, load }: Case,
  { seconds, connections }: LoadOptions,
  processes: Processes,
): Promise<Loaded> {
  const pace =
    load.by === 'rate' ? ['rate', load.perSecond] : ['in-flight', load.by === 'wrk' ? connections : load.atOnce];
  const output = await runClient(
    'load',
    [child.pid, url + (paths[0] ?? '/'), connections, seconds, ...pace],
    processes,
  );
  const figure = readFigures('client/load.ts', output);
  return {
    ...readLoadResult('client/load.ts', output),
    cpuMicroseconds: figure('cpu'),
    sentLateMilliseconds: figure('late') / 1000,
  };
}

/**
 * Opens connections to a contender by client/idle.ts.
 *
 * @returns by how many KiB each has made the contender grow, once it has been answered and is idle
 */
export async function memoryPerConnection(
  { url, child }: Running,
  { paths }: Case,
  connections: number,
  processes: Processes,
): Promise<number> {
  const output = await runClient('idle', [child.pid, url + (paths[0] ?? '/'), connections], processes);
  const figure = readFigures('client/idle.ts', output);
  return (figure('after') - figure('before')) / connections / 1024;
}

/** Runs a program of the folder client/ to its end and returns what it printed. */
async function runClient(name: string, args: readonly (string | number)[], processes: Processes): Promise<string> {
  const file = fileURLToPath(new URL(`client/${name}.ts`, import.meta.url));
  const client = await processes.start({
    program: process.execPath,
    // With the loader for TypeScript that this process was started with.
    args: [...process.execArgv, file, ...args.map(String)],
    output: join(processes.folder('client'), 'output.log'),
  });
  const code = await client.ended;
  if (code !== 0) throw new Error(`client/${name}.ts ended with ${code}:\n${client.output()}`);
  return client.output();
}
