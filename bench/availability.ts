/**
 * What clients notice of gateways that are restarted: `tsx bench/availability.ts [seconds] [SIGKILL|SIGTERM]`.
 *
 * Two built gateways (`npm run build`) share a Redis and a PostgreSQL behind haproxy, which has the settings of
 * deploy/compose/haproxy. Every five seconds one of them is ended, in turns, and started again at once. Meanwhile GETs come
 * at a fixed rate, people log in, use their sessions and log out, and clients use up limits. At the end the limits and
 * sessions are compared with what they have to be. Without a second argument it is done with SIGKILL, then with SIGTERM.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Counts } from '../test/support/availability/asking.ts';
import { LimitedClients } from '../test/support/availability/limits.ts';
import { Pair } from '../test/support/availability/pair.ts';
import { Sessions } from '../test/support/availability/sessions.ts';
import { openLoop, quantile, type Timed } from '../test/support/open-loop.ts';
import { built, MAIN } from './gateway.ts';
import { progress } from './progress.ts';

const GETS_PER_SECOND = 200;
/** One GET in so many takes 200 ms, from the head to the end of the answer. */
const SLOW_ONE_IN = 50;
const EVERY_MS = 5000;
const BURST = 20;

const seconds = Number(process.argv[2] ?? 60);
const signals = (['SIGKILL', 'SIGTERM'] as const).filter((signal) => (process.argv[3] ?? signal) === signal);
if (signals.length === 0 || !(seconds > 0))
  throw new Error('usage: tsx bench/availability.ts [seconds] [SIGKILL|SIGTERM]');
const gatewayctl = built();
if (!gatewayctl.available) throw new Error(gatewayctl.reason);
for (const signal of signals) await measure(signal);
// PostgreSQL ends with this process.
process.exit();

async function measure(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const pair = await Pair.start({ program: MAIN, burst: BURST });
  try {
    for (const index of [0, 1]) await pair.haproxy.sees(index, 'UP');
    const sessions = new Sessions(pair);
    const limited = new LimitedClients(pair, BURST);
    let isOver = false;
    const running = (): boolean => !isOver;
    const gets = openLoop(pair.haproxy.address, {
      rate: GETS_PER_SECOND,
      count: GETS_PER_SECOND * seconds,
      path: (index) => (index % SLOW_ONE_IN === 0 ? '/open/slow' : '/open/fast'),
    });
    const others = [sessions.run(running), limited.run(running)];
    const restarts = restart(pair, signal, running);
    const timed = await gets;
    isOver = true;
    await Promise.all(others);
    const times = await restarts;
    progress('comparing limits and sessions');
    const limits = await limited.judge();
    const alone = await pair.countedAlone();
    const faults = [...limits.faults, ...(await sessions.judge())];
    const kinds: readonly (readonly [string, Counts])[] = [
      ['GETs', countsOf(timed)],
      ['limited GETs', limited.counts],
      ['sessions, GET', sessions.gets],
      ['sessions, POST', sessions.posts],
    ];
    const all = Counts.sum(...kinds.map(([, counts]) => counts));
    const retries = pair.haproxy.requests.reduce((sum, request) => sum + request.retries, 0);
    process.stdout.write(
      `${signal} every ${EVERY_MS / 1000} s for ${seconds} s: ${times.length} restarts
served again after, s          median ${inSeconds(times, 0.5, 'served')}, longest ${inSeconds(times, 1, 'served')}
in haproxy again after, s      median ${inSeconds(times, 0.5, 'up')}, longest ${inSeconds(times, 1, 'up')}

${row(['', 'requests', '5xx', 'no answer', 'cut', 'available'])}${[...kinds, ['all', all] as const].map(figures).join('')}
GETs, ms                       p50 ${took(timed, 0.5)}, p99 ${took(timed, 0.99)}, longest ${took(timed, 1)}
tries that haproxy repeated    ${retries}
limits                         ${limits.clients} clients: ${limits.exact} got exactly ${BURST}, ${limits.fewer} fewer, as answers were lost
beyond the limit               ${limits.beyond}; counted by one gateway alone: ${[...alone].map(([reason, count]) => `${count} ${reason}`).join(', ')}
sessions                       ${sessions.begun} begun, ${sessions.refreshed} refreshes, ${sessions.ended} ended and refused by both
faults                         ${faults.length}${faults.map((fault) => `\n  ${fault}`).join('')}

`,
    );
    if (faults.length > 0 || all.availability < 0.999) process.exitCode = 1;
  } finally {
    await pair.close();
  }
}

/** Restarts one after the other. The next one waits until haproxy uses the former again: it is one that is away, not two. */
async function restart(
  pair: Pair,
  signal: 'SIGKILL' | 'SIGTERM',
  running: () => boolean,
): Promise<readonly { readonly served: number; readonly up: number }[]> {
  const times = [];
  const began = performance.now();
  for (let turn = 0; ; turn += 1) {
    await sleep(Math.max(0, EVERY_MS - ((performance.now() - began) % EVERY_MS)));
    if (!running()) return times;
    const time = await pair.restart(turn % 2, signal);
    times.push(time);
    progress(
      `${signal} ${turn + 1}: at ${((performance.now() - began - time.up) / 1000).toFixed(1)} s, back after ${(time.up / 1000).toFixed(1)} s`,
    );
  }
}

function countsOf(timed: readonly Timed[]): Counts {
  const counts = new Counts();
  for (const { ending } of timed) counts.add(ending.kind === 'failed' ? { kind: 'unanswered' } : ending);
  return counts;
}

function figures([name, counts]: readonly [string, Counts]): string {
  const { all, failed, unanswered, cut, availability } = counts;
  return row([name, ...[all, failed, unanswered, cut].map(String), `${(availability * 100).toFixed(3)} %`]);
}

function row([first = '', ...others]: readonly string[]): string {
  return `${first.padEnd(16)}${others.map((cell) => cell.padStart(11)).join('')}\n`;
}

function inSeconds(
  times: readonly { readonly served: number; readonly up: number }[],
  share: number,
  which: 'served' | 'up',
): string {
  return (
    quantile(
      times.map((time) => time[which]),
      share,
    ) / 1000
  ).toFixed(1);
}

function took(timed: readonly Timed[], share: number): string {
  return quantile(
    timed.map((one) => one.took),
    share,
  ).toFixed(0);
}
