/**
 * What clients notice of a Redis that hangs: `tsx bench/redis-hung.ts [rounds] [seconds]`.
 *
 * The built gateway (`npm run build`) counts a limit in Redis, with a `redis.timeout` of 50 ms, and gets requests at a fixed
 * rate. Redis is stopped with SIGSTOP, as a machine would be that is gone without a word, and goes on after some seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections } from './client/open.ts';
import { atRate } from './client/pace.ts';
import { get } from './client/request.ts';
import { run, type Tally } from './client/run.ts';
import { catchAllWith } from './contenders/gateway-yaml.ts';
import { built, startGateway } from './gateway.ts';
import { readMetric } from './metrics.ts';
import { startOrigin } from './origin.ts';
import { progress } from './progress.ts';
import { startRedis } from './redis-server.ts';
import { quantiles } from './stats.ts';
import { requireInstalled } from './tools.ts';
import { withProcesses } from './with-processes.ts';

const PER_SECOND = 500;
const CONNECTIONS = 64;
const TIMEOUT_MS = 50;
/** A request that took so long has waited for Redis. Without one that hangs, hardly any does. */
const WAITED_MS = TIMEOUT_MS / 2;
const SECONDS_BEFORE = 3;
const SECONDS_AFTER = 6;
const LOOK_EVERY_MS = 10;

/** Where a round has come to, in milliseconds since its load began. */
interface Round {
  readonly tally: Tally;
  readonly stopped: number;
  readonly continued: number;
  /** When the gateway said that Redis answers again. */
  readonly shared: number;
  /** Requests that were counted in memory, and how many of them after Redis was said to answer again. */
  readonly alone: number;
  readonly aloneLater: number;
}

const rounds = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 5);
requireInstalled(['nginx', ['-v'], 'nginx-light'], ['redis-server', ['--version'], 'redis-server']);
const gatewayctl = built();
if (!gatewayctl.available) throw new Error(gatewayctl.reason);
report(await measure());

async function measure(): Promise<Round[]> {
  return withProcesses(async (processes) => {
    const origin = await startOrigin(processes);
    const redis = await startRedis(processes);
    const gateway = await startGateway(
      'gatewayctl',
      origin,
      {
        routes: catchAllWith({ rule: 'rateLimit: { requests: 1000000, per: 1s }' }),
        more: `redis: { url: "${redis.url}", timeout: ${TIMEOUT_MS}ms }\n`,
      },
      processes,
    );
    const url = `${gateway.url}/1k`;
    const connections = await openConnections(url, get(url), CONNECTIONS);
    const alone = async (): Promise<number> => readMetric(gateway.adminUrl, 'gateway_rate_limit_local_total');
    const done: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`round ${round}/${rounds}`);
      const aloneBefore = await alone();
      const total = SECONDS_BEFORE + seconds + SECONDS_AFTER;
      const began = performance.now();
      const loading = run(connections, atRate(PER_SECOND, total, CONNECTIONS), total);
      await sleep(SECONDS_BEFORE * 1000);
      process.kill(redis.child.pid, 'SIGSTOP');
      const stopped = performance.now() - began;
      await sleep(seconds * 1000);
      process.kill(redis.child.pid, 'SIGCONT');
      const continued = performance.now() - began;
      while ((await readMetric(gateway.adminUrl, 'gateway_redis_up')) !== 1) {
        if (performance.now() - began > total * 1000) throw new Error('the gateway does not come back to Redis');
        await sleep(LOOK_EVERY_MS);
      }
      const shared = performance.now() - began;
      const aloneThen = await alone();
      const tally = await loading;
      const aloneAfter = await alone();
      const counts = { alone: aloneAfter - aloneBefore, aloneLater: aloneAfter - aloneThen };
      done.push({ tally, stopped, continued, shared, ...counts });
    }
    for (const connection of connections) connection.close();
    return done;
  });
}

function report(done: readonly Round[]): void {
  const all = done.flatMap(({ tally, stopped, continued }) =>
    tally.latencies.map((wait, index) => {
      const due = tally.dues[index] ?? NaN;
      return { wait, phase: due < stopped ? 'before' : due < continued ? 'during' : 'after' };
    }),
  );
  const sum = (figure: (round: Round) => number): number => done.reduce((total, round) => total + figure(round), 0);
  const failures = sum(({ tally: { outcomes, unanswered } }) => outcomes.status + outcomes.lost + unanswered);
  const aloneLater = sum((round) => round.aloneLater);
  const back = done.map(({ shared, continued }) => Math.round(shared - continued));
  const phases = ['before', 'during', 'after'].map((phase) => {
    const waits = all.filter((answer) => answer.phase === phase).map(({ wait }) => wait);
    const waited = waits.filter((wait) => wait >= WAITED_MS).length;
    const [p50 = NaN, p99 = NaN, max = NaN] = quantiles(waits, [0.5, 0.99, 1]);
    const times = [p50, p99, max].map((time) => time.toFixed(1).padStart(8)).join('');
    return `${phase.padEnd(10)}${String(waits.length).padStart(9)}${String(waited).padStart(16)}${times}\n`;
  });
  process.stdout.write(
    `redis.timeout ${TIMEOUT_MS}ms, ${PER_SECOND} requests per second, Redis stopped ${rounds} × ${seconds} s

           answers  ${`${WAITED_MS} ms or more`.padStart(14)}  p50 ms  p99 ms  max ms
${phases.join('')}
failures                                 ${failures}
counted in memory                        ${sum(({ alone }) => alone)}
counted in memory after Redis was back   ${aloneLater}
ms from SIGCONT until limits were shared ${back.join(', ')}
`,
  );
  if (failures > 0 || aloneLater > 0) process.exitCode = 1;
}
