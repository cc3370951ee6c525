/**
 * What comes to the origin when many ask for the same at once, and nobody has it: `tsx bench/cache-coalescing.ts [rounds]
 * [at-once]`.
 *
 * The built gateway (`npm run build`) has a route with a cache. In each round all connections ask for a URL that was never
 * asked for, in one turn; the origin takes a while for each answer, so that all of them are there before it comes.
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Outcome } from './client/connection.ts';
import { openConnections } from './client/open.ts';
import { get } from './client/request.ts';
import { catchAllWith } from './contenders/gateway-yaml.ts';
import { ORDER } from './documents.ts';
import { built, startGateway } from './gateway.ts';
import { freePort } from './ports.ts';
import { quantiles } from './stats.ts';
import { withProcesses } from './with-processes.ts';

/** How long the origin takes for an answer: longer than it takes to send all requests of a round. */
const ORIGIN_MS = 50;

/** What came of one round. */
interface Round {
  /** Requests that the origin got. */
  readonly upstream: number;
  /** Milliseconds from sending all requests to the end of each answer. */
  readonly latencies: readonly number[];
  readonly failures: number;
}

const rounds = Number(process.argv[2] ?? 50);
const atOnce = Number(process.argv[3] ?? 100);
const gatewayctl = built();
if (!gatewayctl.available) throw new Error(gatewayctl.reason);
report(await measure());

async function measure(): Promise<Round[]> {
  const counts = new Map<string, number>();
  const port = await freePort();
  const origin = await startSlowOrigin(port, counts);
  try {
    return await withProcesses(async (processes) => {
      const sections = { routes: catchAllWith({ rule: 'cache: {}' }) };
      const { url } = await startGateway('gatewayctl', port, sections, processes);
      const connections = await openConnections(url, get(`${url}/warm`), atOnce);
      const done: Round[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        const path = `/${round}`;
        const { latencies, failures } = await askAtOnce(connections, get(url + path));
        done.push({ upstream: counts.get(path) ?? 0, latencies, failures });
      }
      for (const connection of connections) connection.close();
      return done;
    });
  } finally {
    origin.close();
    origin.closeAllConnections();
  }
}

/** @param counts gets how often each path was asked for */
async function startSlowOrigin(port: number, counts: Map<string, number>): Promise<Server> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(ORDER),
    'cache-control': 'max-age=3600',
  };
  const origin = createServer((request, response) => {
    const { url = '' } = request;
    counts.set(url, (counts.get(url) ?? 0) + 1);
    void sleep(ORIGIN_MS).then(() => response.writeHead(200, headers).end(ORDER));
  });
  origin.listen(port, '127.0.0.1');
  await once(origin, 'listening');
  return origin;
}

async function askAtOnce(connections: readonly Connection[], request: Buffer): Promise<Omit<Round, 'upstream'>> {
  const began = performance.now();
  const latencies: number[] = [];
  const outcomes = await Promise.all(
    connections.map(
      async (connection) =>
        new Promise<Outcome>((resolve) => {
          connection.ask((outcome) => {
            latencies.push(performance.now() - began);
            resolve(outcome);
          }, request);
        }),
    ),
  );
  return { latencies, failures: outcomes.filter((outcome) => outcome !== 'answered').length };
}

function report(done: readonly Round[]): void {
  const failures = done.reduce((sum, round) => sum + round.failures, 0);
  const upstream = done.map((round) => round.upstream);
  const all = done.flatMap(({ latencies }) => latencies);
  const [p50 = NaN, p99 = NaN, max = NaN] = quantiles(all, [0.5, 0.99, 1]);
  process.stdout.write(
    `${rounds} rounds of ${atOnce} requests for the same at once, the origin takes ${ORIGIN_MS} ms

upstream requests per round   ${(upstream.reduce((sum, count) => sum + count, 0) / rounds).toFixed(2)}, at most ${Math.max(...upstream)}
p50, p99, longest ms          ${[p50, p99, max].map((time) => time.toFixed(1)).join(', ')}
failures                      ${failures}
`,
  );
  if (failures > 0) process.exitCode = 1;
}
