/**
 * What a client notices of slow ones: `tsx bench/slow-clients.ts [seconds]`.
 *
 * slowhttptest opens 1,000 connections, 200 a second, to the built gateway (`npm run build`): heads that do not end,
 * bodies that do not end, answers that are hardly read. Meanwhile another client asks the same listener and the same upstream for
 * GETs and small POSTs at a fixed rate. Each attack has a gateway of its own, over plain HTTP and over TLS.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate, tlsKeys } from './certificate.ts';
import { openConnections } from './client/open.ts';
import { atRate } from './client/pace.ts';
import { get, postJson } from './client/request.ts';
import { run, type Tally } from './client/run.ts';
import { built, startGateway } from './gateway.ts';
import { startOrigin } from './origin.ts';
import { freePort } from './ports.ts';
import type { Processes } from './processes.ts';
import { progress } from './progress.ts';
import { quantiles } from './stats.ts';
import { requireInstalled } from './tools.ts';
import { withProcesses } from './with-processes.ts';

/** Of GETs, and as many of POSTs. */
const PER_SECOND = 100;
/** For each of both. */
const CONNECTIONS = 32;
/** How long the other client is alone before an attack and after it. */
const SECONDS_AROUND = 3;

interface Attack {
  readonly name: string;
  readonly path: string;
  /** For slowhttptest; nothing when there is no attack at all. */
  readonly args?: readonly string[];
}

const ATTACKS: readonly Attack[] = [
  { name: 'none', path: '/1k' },
  { name: 'slow heads (-H)', path: '/1k', args: ['-H', '-i', '5'] },
  { name: 'slow bodies (-B)', path: '/post', args: ['-B', '-i', '5', '-s', '8192'] },
  {
    name: 'slow reads (-X)',
    path: '/10m',
    // A window of some hundred bytes, of which 32 are read every five seconds.
    args: ['-X', '-w', '512', '-y', '1024', '-n', '5', '-z', '32', '-k', '1'],
  },
];

const seconds = Number(process.argv[2] ?? 25);
requireInstalled(['nginx', ['-v'], 'nginx-light'], ['slowhttptest', ['-h'], 'slowhttptest']);
const gatewayctl = built();
if (!gatewayctl.available) throw new Error(gatewayctl.reason);
await withProcesses(async (processes) => {
  const origin = await startOrigin(processes);
  process.stdout.write(
    `${2 * PER_SECOND} requests per second of another client, each attack ${seconds} s\n\n${line(['', 'answers', 'errors', 'p50 ms', 'p99 ms', 'max ms'])}`,
  );
  for (const scheme of ['http', 'https'] as const) {
    for (const attack of ATTACKS) await measure(scheme, attack, origin, processes);
  }
});

async function measure(scheme: 'http' | 'https', attack: Attack, origin: number, processes: Processes): Promise<void> {
  const name = `${scheme}, ${attack.name}`;
  progress(name);
  const securePort = await freePort();
  const server = scheme === 'https' ? tlsKeys(securePort, makeCertificate(processes)) : '';
  const gateway = await startGateway('gatewayctl', origin, { server }, processes);
  const url = scheme === 'https' ? `https://127.0.0.1:${securePort}` : gateway.url;
  const gets = await openConnections(url, get(`${url}/1k`), CONNECTIONS);
  const posts = await openConnections(url, postJson(`${url}/post`, '{"name":"a small document"}'), CONNECTIONS);
  const total = seconds + 2 * SECONDS_AROUND;
  const loads = [gets, posts].map((connections) => run(connections, atRate(PER_SECOND, total, CONNECTIONS), total));
  await sleep(SECONDS_AROUND * 1000);
  const reached = attack.args === undefined ? '' : await slowhttptest(attack.args, url + attack.path, processes);
  const [got, posted] = await Promise.all(loads);
  for (const [kind, tally] of [
    ['GETs', got],
    ['POSTs', posted],
  ] as const) {
    if (tally !== undefined) process.stdout.write(line([`${name}: ${kind}`, ...figures(tally)]));
  }
  if (reached !== '') process.stdout.write(`  slowhttptest: ${reached}\n`);
  for (const connection of [...gets, ...posts]) connection.close();
  await gateway.child.stop();
}

/** Attacks, and says how its connections stood when it ended. */
async function slowhttptest(args: readonly string[], url: string, processes: Processes): Promise<string> {
  const attack = await processes.start({
    program: 'slowhttptest',
    args: [...args, '-c', '1000', '-r', '200', '-l', String(seconds), '-p', '5', '-u', url],
    output: join(processes.folder('slowhttptest'), 'output.log'),
  });
  await attack.ended;
  // It colours what it prints: ESC [ … m.
  const output = attack.output().replaceAll(/\u001b\[[\d;]*[mHJ]/g, '');
  const last = (word: string): string =>
    Array.from(output.matchAll(new RegExp(`^${word}: +(.+?) *$`, 'gm')), ([, value = '']) => value).at(-1) ?? 'unknown';
  const states = ['connected', 'pending', 'error', 'closed'].map((state) => `${last(state)} ${state}`);
  return `${states.join(', ')} at the end; service available: ${last('service available')}`;
}

function figures({ latencies, outcomes, unanswered }: Tally): string[] {
  const errors = outcomes.status + outcomes.lost + unanswered;
  const [p50 = NaN, p99 = NaN, max = NaN] = quantiles(latencies, [0.5, 0.99, 1]);
  if (errors > 0) process.exitCode = 1;
  return [String(outcomes.answered), String(errors), ...[p50, p99, max].map((time) => time.toFixed(1))];
}

function line([first = '', ...others]: readonly string[]): string {
  return `${first.padEnd(34)}${others.map((cell) => cell.padStart(9)).join('')}\n`;
}
