/**
 * A load generator: opens connections, has each answered once, sends GETs for some seconds, and prints what it saw and
 * what CPU time that took a process tree.
 *
 * Arguments: pid of the tree's root, URL, connections, seconds, `rate` or `in-flight`, and the number of that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime, SETTLE_MS } from '../cpu.ts';
import { printFigures } from '../figures.ts';
import { quantiles } from '../stats.ts';
import { openConnections } from './open.ts';
import { atRate, inFlight } from './pace.ts';
import { get } from './request.ts';
import { run } from './run.ts';

const [pid = '', url = '', count = '', duration = '', kind = '', amount = ''] = process.argv.slice(2);
const seconds = Number(duration);
const connections = await openConnections(url, get(url), Number(count));
const received = (): number => connections.reduce((sum, connection) => sum + connection.received, 0);

const pace = kind === 'rate' ? atRate(Number(amount), seconds, connections.length) : inFlight(Number(amount), seconds);
const receivedBefore = received();
const cpuBefore = cpuTime(Number(pid));
const { latencies, delays, outcomes, unanswered, milliseconds } = await run(connections, pace, seconds);
await sleep(SETTLE_MS);

const [p50 = 0, p99 = 0] = quantiles(latencies, [0.5, 0.99]);
const [late = 0] = quantiles(delays, [0.99]);
printFigures({
  requests: outcomes.answered + outcomes.status,
  bytes: received() - receivedBefore,
  microseconds: milliseconds * 1000,
  p50: p50 * 1000,
  p99: p99 * 1000,
  late: late * 1000,
  cpu: cpuTime(Number(pid)) - cpuBefore,
  connect: 0,
  read: outcomes.lost,
  write: 0,
  status: outcomes.status,
  timeout: unanswered,
});
for (const connection of connections) connection.close();
