import { parseArgs } from 'node:util';
import { CASES, type Case } from './cases.ts';
import { CONTENDERS } from './contenders/list.ts';

/** What the command line asks for. */
export interface Flags {
  readonly cases: readonly Case[];
  /** Names of contenders; nothing when all of the case's are meant. */
  readonly only: readonly string[] | undefined;
  readonly starts: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmup: number;
  /** Nothing when the case's own number is meant. */
  readonly connections: number | undefined;
}

/** A command line that asks for something there is not. */
export class UsageError extends Error {}

/** What `--help` prints. */
export const HELP = `Usage: npm run bench -- [flags]

Measures what a proxied request costs in gatewayctl and in other proxies: CPU time, throughput,
latency, memory per connection.
Needs Linux, nginx (the origin) and wrk (the load): apt install nginx-light wrk

  --case <a,b>         cases to run, one after the other (default: get-1k)
  --only <a,b>         contenders to measure (default: all of the case's that are installed)
  --starts <n>         fresh starts of every contender (default: 5)
  --rounds <n>         rounds of slices in each start (default: 6)
  --seconds <n>        whole seconds in each slice (default: 2)
  --warmup <n>         whole seconds of load before a contender's first slice (default: 3)
  --connections <n>    connections of the load (default: the case's)
  --help

Cases
${CASES.map(({ name, summary, connections }) => `  ${name.padEnd(20)} ${summary}, ${connections} connections\n`).join('')}
Contenders
${CONTENDERS.map(({ name, copyOf }) => `  ${name}${copyOf === undefined ? '' : ` (${copyOf} a second time)`}\n`).join('')}
Examples
  npm run build && npm run bench
  npm run bench -- --case get-64k,get-10m --starts 3
  npm run bench -- --only gatewayctl,gatewayctl-again,undici --rounds 12
  npm run bench -- --case routes-10k
  npm run bench -- --case workers --seconds 6
  npm run bench -- --case latency,connections-5k --only gatewayctl,gatewayctl-again,nginx
`;

/**
 * Reads the command line.
 *
 * @returns nothing when it asks for help
 */
export function readFlags(args: readonly string[]): Flags | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const only = values.only === undefined ? undefined : names(values.only);
  for (const name of only ?? []) known('contender', name, CONTENDERS);
  return {
    cases: names(values.case ?? 'get-1k').map((name) => known('case', name, CASES)),
    only,
    starts: count('starts', values.starts, 5),
    rounds: count('rounds', values.rounds, 6),
    seconds: count('seconds', values.seconds, 2),
    warmup: count('warmup', values.warmup, 3),
    connections: values.connections === undefined ? undefined : count('connections', values.connections, 0),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    case: text,
    only: text,
    starts: text,
    rounds: text,
    seconds: text,
    warmup: text,
    connections: text,
  };
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}

function known<T extends { readonly name: string }>(kind: string, name: string, all: readonly T[]): T {
  const found = all.find((entry) => entry.name === name);
  if (found) return found;
  throw new UsageError(`there is no ${kind} "${name}"; there are ${all.map((entry) => entry.name).join(', ')}`);
}

function count(flag: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new UsageError(`--${flag} takes a whole number from 1, not "${value}"`);
}
