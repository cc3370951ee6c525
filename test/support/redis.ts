/** Redis servers for tests: each with its own folder on a free port, so that it can be stopped and killed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';

/** How a client gets in. */
type Access = Pick<RedisOptions, 'port' | 'username' | 'password' | 'tls'>;
import { resolveRedis } from '../../src/config/resolve-redis.ts';
import type { RedisConfig } from '../../src/config/redis-config.ts';
import type { TestCertificate } from './certificates.ts';
import { Daemon, debianProgram } from './debian.ts';
import { closedPort } from './upstream.ts';

/** How long anything that must happen may take; it fails loudly after that. In milliseconds. */
export const LIMIT = 30_000;

export interface RedisServerOptions {
  /** Any free one unless given. */
  readonly port?: number;
  readonly password?: string;
  /** With TLS and no other way in. */
  readonly certificate?: TestCertificate;
  /** Further settings, as `redis-server` takes them on its command line. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Those that run nothing: the next server takes one of them. */
const resting: Daemon[] = [];

/** A process for a server that is not started yet. */
export async function takeDaemon(): Promise<Daemon> {
  return resting.pop() ?? new Daemon(await debianProgram('redis-server', 'redis-server'));
}

export async function restDaemon(daemon: Daemon): Promise<void> {
  await daemon.end();
  resting.push(daemon);
}

/** One server. What it holds is gone when it is killed. */
export class RedisServer {
  readonly port: number;
  readonly #daemon: Daemon;
  readonly #args: readonly string[];
  readonly #client: Access;

  private constructor(daemon: Daemon, port: number, args: readonly string[], client: Access) {
    this.#daemon = daemon;
    this.port = port;
    this.#args = args;
    this.#client = client;
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const daemon = await takeDaemon();
    const { certificate, password, settings, port = await closedPort() } = options;
    const [cert, key] = [join(daemon.folder, 'cert.pem'), join(daemon.folder, 'key.pem')];
    if (certificate !== undefined) {
      writeFileSync(cert, certificate.cert);
      writeFileSync(key, certificate.key);
    }
    const listen =
      certificate === undefined
        ? { port: String(port) }
        : {
            port: '0',
            'tls-port': String(port),
            'tls-cert-file': cert,
            'tls-key-file': key,
            'tls-ca-cert-file': cert,
            'tls-auth-clients': 'no',
          };
    const all = {
      bind: '127.0.0.1',
      dir: daemon.folder,
      save: '',
      // Of its own, in a folder that others have used: it would be read at the start.
      dbfilename: `${port}.rdb`,
      ...listen,
      ...(password === undefined ? {} : { requirepass: password }),
      ...settings,
    };
    const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
    const server = new RedisServer(daemon, port, args, {
      ...(certificate === undefined ? {} : { tls: { ca: certificate.cert } }),
      ...(password === undefined ? {} : { password }),
    });
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again after it was killed, with nothing in it. */
  async start(): Promise<void> {
    this.#daemon.start(this.#args);
    await this.until(['PING'], (answer) => answer === 'PONG');
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#daemon.end();
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    await restDaemon(this.#daemon);
  }

  /** Stops it in its tracks: connections stay open and new ones come about, and nothing is answered. */
  freeze(): void {
    this.#daemon.signal('SIGSTOP');
  }

  thaw(): void {
    this.#daemon.signal('SIGCONT');
  }

  /** Sends one command over a connection of its own. */
  async call(name: string, ...args: readonly string[]): Promise<unknown> {
    return callOnce({ ...this.#client, port: this.port }, name, args);
  }

  /** Sends a command again and again until the answer is what it has to be. */
  async until(
    command: readonly [name: string, ...args: string[]],
    matches: (answer: unknown) => boolean,
  ): Promise<void> {
    let last: unknown = 'nothing';
    for (const deadline = performance.now() + LIMIT; performance.now() < deadline; await sleep(20)) {
      if (!this.#daemon.isRunning) throw new Error(`Redis has ended: ${this.#daemon.log}`);
      try {
        last = await this.call(...command);
        if (matches(last)) return;
      } catch (error) {
        last = error;
      }
    }
    throw new Error(`Redis did not come to answer ${command.join(' ')} as it should`, { cause: last });
  }
}

/** Sends one command over a connection of its own. */
export async function callOnce(options: Access, name: string, args: readonly string[]): Promise<unknown> {
  const once = { host: '127.0.0.1', lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null };
  const client = new Redis({ ...options, ...once });
  client.on('error', () => undefined);
  const ended = new Promise((resolve) => client.once('end', resolve));
  try {
    await client.connect();
    return await client.call(name, ...args);
  } finally {
    // One that has ended by itself would only leave a timer.
    if (client.status !== 'end') client.disconnect();
    await ended;
  }
}

/** What gateway.yaml would make of a `redis` key. */
export function redisConfig(url: string | string[], more: { keyPrefix?: string; timeout?: string } = {}): RedisConfig {
  const config = resolveRedis({ version: 1, redis: { url, ...more } });
  if (config === undefined) throw new Error('no Redis');
  return config;
}
