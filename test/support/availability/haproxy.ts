/** haproxy with the settings of deploy/compose/haproxy/haproxy.cfg, in front of gateways on loopback. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Daemon, debianProgram } from '../debian.ts';
import { textOf } from '../deployed.ts';
import { until } from '../reload.ts';
import { closedPort } from '../upstream.ts';

/** How long a start or a change of state may take, in milliseconds. */
const PATIENCE = 60_000;

/** Where a gateway takes clients, and where it says whether it is ready. */
export interface Server {
  readonly port: number;
  readonly adminPort: number;
}

/** One request, as haproxy has logged it. */
export interface Logged {
  /** The client's address, without the port. */
  readonly client: string;
  readonly method: string;
  readonly status: number;
  /** How the session ended: `----`, or who ended it and when, as `SD--`. */
  readonly ending: string;
  readonly retries: number;
}

export class Haproxy {
  readonly port: number;
  readonly #daemon: Daemon;

  private constructor(daemon: Daemon, port: number) {
    this.#daemon = daemon;
    this.port = port;
  }

  /** @param servers gateway-1 and gateway-2 */
  static async start(servers: readonly Server[]): Promise<Haproxy> {
    const daemon = new Daemon(await debianProgram('haproxy', 'haproxy'));
    const haproxy = new Haproxy(daemon, await closedPort());
    const file = join(daemon.folder, 'haproxy.cfg');
    writeFileSync(file, configuration(haproxy.port, servers, haproxy.#stats));
    daemon.start(['-f', file]);
    await until(
      'haproxy answers',
      async () => {
        if (!daemon.isRunning) throw new Error(`haproxy has ended: ${daemon.log}`);
        return haproxy.states().then(
          () => true,
          () => false,
        );
      },
      PATIENCE,
    );
    return haproxy;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get #stats(): string {
    return join(this.#daemon.folder, 'stats');
  }

  /** What it makes of each gateway: `UP`, `DOWN`, or on its way to either, as `UP 1/2`. */
  async states(): Promise<readonly string[]> {
    const socket = connect(this.#stats);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.end('show stat\n');
    await once(socket, 'close');
    const [head = '', ...rows] = text.replace(/^# /, '').trim().split('\n');
    const names = head.split(',');
    const cells = rows.map((row) => row.split(','));
    const gateways = cells.filter((row) => /^gateway-\d$/.test(row[names.indexOf('svname')] ?? ''));
    return gateways.map((row) => row[names.indexOf('status')] ?? '');
  }

  /** Waits until it sends requests to all gateways, or not to one of them. @param index from 0 */
  async sees(index: number, state: 'UP' | 'DOWN'): Promise<void> {
    await until(`gateway ${index + 1} is ${state}`, async () => (await this.states())[index] === state, PATIENCE);
  }

  /** The requests that are over. */
  get requests(): readonly Logged[] {
    const lines = this.#daemon.log.matchAll(
      /^([\d.]+):\d+ \[\S+\] clients gateways\/\S+ \S+ (-?\d+) \d+ - - (\S{4}) (?:\d+\/){4}\+?(\d+) \S+ "(\w+) /gm,
    );
    return Array.from(lines, ([, client = '', status, ending = '', retries, method = '']) => ({
      client,
      method,
      status: Number(status),
      ending,
      retries: Number(retries),
    }));
  }

  async end(): Promise<void> {
    await this.#daemon.end();
  }
}

/** What is deployed, with addresses of loopback and a socket that tells how it fares. */
function configuration(port: number, servers: readonly Server[], stats: string): string {
  let text = textOf('deploy/compose/haproxy/haproxy.cfg');
  const change = (from: RegExp, to: string): void => {
    if (!from.test(text)) throw new Error(`haproxy.cfg has nothing like ${String(from)}`);
    text = text.replace(from, to);
  };
  change(/^global$/m, `global\n  stats socket ${stats}`);
  // It needs two files for each, and the limit of a shell is often 1024.
  change(/maxconn 10000/, 'maxconn 400');
  change(/bind :8080/, `bind 127.0.0.1:${port}`);
  change(/^resolvers docker\n(?: .*\n)*/m, '');
  change(/ resolvers docker init-addr last,libc,none/, '');
  change(/check port 9901/, 'check');
  for (const [index, server] of servers.entries()) {
    const name = `gateway-${index + 1}`;
    change(
      new RegExp(`server ${name} ${name}:8080`),
      `server ${name} 127.0.0.1:${server.port} port ${server.adminPort}`,
    );
  }
  return text;
}
