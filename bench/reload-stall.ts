/**
 * How long a reload of many routes holds up the event loop that serves requests: `tsx bench/reload-stall.ts [routes]`.
 *
 * A loop of `setImmediate` measures the gaps between its turns while a gateway reloads. The gateway is the built one
 * (`npm run build`), as its loading thread starts without a loader for TypeScript.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const ROUNDS = 10;
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
    process.stdout.write(`match among ${String(routes).padStart(6)} routes  ${nanoseconds.toFixed(0).padStart(6)} ns\n`);
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
  process.stdout.write(`\nvalidate                  ${Math.min(...times).toFixed(0).padStart(6)} ms\n`);
}

async function measureReloads(upstreams: number): Promise<void> {
  const { RunningGateway: Built }: { RunningGateway: typeof RunningGateway } = await import(
    new URL('cli/running-gateway.js', BUILT).href
  );
  const file = write(total, upstreams, 'first');
  const began = performance.now();
  const running = await Built.start(file, { write: () => undefined, flushSync: () => undefined, isTerminal: false });
  const started = performance.now() - began;
  const idle = await longestGap(async () => new Promise((resolve) => setTimeout(resolve, 1000)));
  const reloads: { readonly took: number; readonly gap: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    write(total, upstreams, `round-${round}`);
    const from = performance.now();
    const gap = await longestGap(async () => running.reload());
    reloads.push({ took: performance.now() - from, gap });
  }
  write(total, upstreams, 'broken', 'upstream: nowhere');
  const refused = await longestGap(async () => running.reload());
  await running.stop({ announce: false });
  const took = reloads.map((reload) => reload.took).toSorted((a, b) => a - b);
  const gaps = reloads.map((reload) => reload.gap).toSorted((a, b) => a - b);
  process.stdout.write(
    `
${upstreams} upstreams
  start                   ${started.toFixed(0).padStart(6)} ms
  reload, median          ${(took[ROUNDS >> 1] ?? 0).toFixed(0).padStart(6)} ms
  longest stall, idle     ${idle.toFixed(1).padStart(6)} ms
  longest stall, median   ${(gaps[ROUNDS >> 1] ?? 0).toFixed(1).padStart(6)} ms
  longest stall, worst    ${(gaps.at(-1) ?? 0).toFixed(1).padStart(6)} ms   of ${ROUNDS} reloads: ${reloads.map(({ gap }) => gap.toFixed(0)).join(' ')}
  refused, longest stall  ${refused.toFixed(1).padStart(6)} ms   with ${total} faults
`,
  );
}

/** The longest time, in milliseconds, for which nothing else had a turn while something ran. */
async function longestGap(run: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let over = false;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await run();
  over = true;
  // What follows a reload at once counts as well.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return longest;
}

/** @param variant makes every route differ from those of the former file */
function write(routes: number, upstreams: number, variant: string, target?: string): string {
  const file = join(folder, 'gateway.yaml');
  const names = Array.from({ length: upstreams }, (_, index) => `up-${index}`);
  const upstreamLines = names.map((name, index) => `  ${name}: { targets: ['http://127.0.0.1:${1024 + (index % 60_000)}'] }\n`);
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
