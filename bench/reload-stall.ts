/**
 * How long a reload of many routes holds up the event loop that serves requests: `tsx bench/reload-stall.ts [routes]`.
 *
 * A timer of a millisecond measures how late it comes while a gateway reloads, at first with one upstream and then with
 * as many as there are routes. The gateway is the built one
 * (`npm run build`), as its loading thread starts without a loader for TypeScript.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileGateway } from '../src/gateway/compile.ts';
import type { Gateway } from '../src/gateway/gateway.ts';
import { createResources } from '../src/gateway/resources.ts';
import { loadConfig } from '../src/config/load.ts';
import { Metrics } from '../src/observability/metrics.ts';
import type { RunningGateway } from '../src/cli/running-gateway.ts';

const BUILT = new URL('../dist/', import.meta.url);
const ROUNDS = 5;
/** Linux: how long the main thread has had a processor, in nanoseconds. */
const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`;
const LOOKUPS = 200_000;

const total = Number(process.argv[2] ?? 10_000);
const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-bench-'));
try {
  process.stdout.write(`${total} routes\n\n`);
  await measureMatches();
  measureValidate();
  for (const upstreams of [1, total]) await measureReloads(upstreams);
} finally {
  rmSync(folder, { recursive: true });
}

/** What it costs to find the route of a request, by the size of the table. */
async function measureMatches(): Promise<void> {
  for (const routes of [10, 1000, 10_000]) {
    const gateway = await compiled(routes);
    const paths = Array.from({ length: 1000 }, (_, index) => `/service-${(index * 7919) % routes}/orders/${index}`);
    const lookups = paths.map((path) => ({ method: 'GET', path, host: 'example.com', header: () => undefined }));
    matchAll(gateway, lookups);
    const began = performance.now();
    const found = matchAll(gateway, lookups);
    const nanoseconds = ((performance.now() - began) * 1e6) / LOOKUPS;
    if (found !== LOOKUPS) throw new Error(`only ${found} of ${LOOKUPS} look-ups found a route`);
    process.stdout.write(
      `match among ${String(routes).padStart(6)} routes  ${nanoseconds.toFixed(0).padStart(6)} ns\n`,
    );
  }
}

function matchAll({ table }: Gateway, lookups: readonly Parameters<Gateway['table']['match']>[0][]): number {
  let found = 0;
  for (let count = 0; count < LOOKUPS; count += 1) {
    const lookup = lookups[count % lookups.length];
    if (lookup !== undefined && table.match(lookup).kind === 'found') found += 1;
  }
  return found;
}

async function compiled(routes: number): Promise<Gateway> {
  const { config } = await loadConfig(write(routes, 1, 'table'), { env: () => undefined });
  if (config === undefined) throw new Error('the configuration of the benchmark is faulty');
  const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
  return compileGateway(config, createResources(), metrics);
}

/** What `gatewayctl validate` takes, its start included. */
function measureValidate(): void {
  const main = fileURLToPath(new URL('cli/main.js', BUILT));
  if (!existsSync(main)) throw new Error('dist/cli/main.js is missing: npm run build');
  const file = write(total, 1, 'validate');
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    execFileSync(process.execPath, [main, 'validate', file]);
    return performance.now() - began;
  });
  process.stdout.write(
    `\nvalidate                  ${Math.min(...times)
      .toFixed(0)
      .padStart(6)} ms\n`,
  );
}

async function measureReloads(upstreams: number): Promise<void> {
  const { RunningGateway: Built }: { RunningGateway: typeof RunningGateway } = await import(
    new URL('cli/running-gateway.js', BUILT).href
  );
  let logged: (text: string) => void = () => undefined;
  const take = (bytes: Buffer): void => logged(bytes.toString());
  const log = { write: take, flushSync: take, isTerminal: false };
  const until = async (message: string): Promise<void> =>
    new Promise((resolve) => {
      logged = (text) => {
        if (text.includes(message)) resolve();
      };
    });
  const file = write(total, upstreams, 'first');
  const began = performance.now();
  const running = await Built.start(file, log);
  const started = performance.now() - began;
  const idle = await longestStall(async () => new Promise((resolve) => setTimeout(resolve, 1000)));
  const reloads: { readonly took: number; readonly stall: Stall }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const reloaded = until('configuration reloaded');
    write(total, upstreams, `round-${round}`);
    const from = performance.now();
    const stall = await longestStall(async () => reloaded);
    reloads.push({ took: performance.now() - from, stall });
  }
  const refused = until('configuration refused');
  write(total, upstreams, 'broken', 'upstream: nowhere');
  const refusal = await longestStall(async () => refused);
  await running.stop({ announce: false });
  const took = reloads.map((reload) => reload.took).toSorted((a, b) => a - b);
  const shown = ({ wall, processor }: Stall): string =>
    `${processor.toFixed(1).padStart(6)} ms   (${wall.toFixed(1)} ms by the clock)`;
  process.stdout.write(
    `
${upstreams} upstreams
  start                   ${started.toFixed(0).padStart(6)} ms
  reload, median          ${(took[ROUNDS >> 1] ?? 0).toFixed(0).padStart(6)} ms
  longest stall, idle     ${shown(idle)}
${reloads.map(({ stall }) => `  longest stall, reload   ${shown(stall)}\n`).join('')}\
  longest stall, refused  ${shown(refusal)} with ${total} faults
`,
  );
}

/** The longest time for which nothing else had a turn, in milliseconds. */
interface Stall {
  /** By the clock: with what other processes took. */
  readonly wall: number;
  /** Of the processor, as far as the system tells. */
  readonly processor: number;
}

/** Measures how long a timer waits while something runs, and shortly after. */
async function longestStall(run: () => Promise<unknown>): Promise<Stall> {
  const clock = existsSync(SCHEDSTAT) ? openSync(SCHEDSTAT, 'r') : undefined;
  const buffer = Buffer.alloc(64);
  const processorTime = (): number => {
    if (clock === undefined) return performance.now();
    const length = readSync(clock, buffer, 0, buffer.length, 0);
    return Number.parseInt(buffer.toString('latin1', 0, length), 10) / 1e6;
  };
  let wall = 0;
  let processor = 0;
  let last = { wall: performance.now(), processor: processorTime() };
  let over = false;
  const turn = (): void => {
    if (over) return;
    const now = { wall: performance.now(), processor: processorTime() };
    wall = Math.max(wall, now.wall - last.wall);
    processor = Math.max(processor, now.processor - last.processor);
    last = now;
    setTimeout(turn, 1);
  };
  setTimeout(turn, 1);
  await run();
  await new Promise((resolve) => setTimeout(resolve, 500));
  over = true;
  if (clock !== undefined) closeSync(clock);
  return { wall, processor };
}

/** @param variant makes every route differ from those of the former file */
function write(routes: number, upstreams: number, variant: string, target?: string): string {
  const file = join(folder, 'gateway.yaml');
  const names = Array.from({ length: upstreams }, (_, index) => `up-${index}`);
  const upstreamLines = names.map(
    (name, index) => `  ${name}: { targets: ['http://127.0.0.1:${1024 + (index % 60_000)}'] }\n`,
  );
  const routeLines = Array.from({ length: routes }, (_, index) => {
    const to = target ?? `upstream: up-${index % upstreams}`;
    const edits = `request: { headers: { set: { x-variant: ${variant}, x-client: '{{client.ip}}' } } }`;
    return `  - { name: service-${index}, match: { path: /service-${index}/*rest }, ${to}, access: public, ${edits} }\n`;
  });
  writeFileSync(
    file,
    `version: 1
server: { listen: 127.0.0.1:0, timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: 127.0.0.1:0 }
upstreams:\n${upstreamLines.join('')}
routes:\n${routeLines.join('')}`,
  );
  return file;
}
