/** Two gateways that share a Redis and a PostgreSQL, behind haproxy: what deploy/compose.yaml has, as processes. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '../../../src/auth/key-folder.ts';
import type { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { POOL } from '../embedded.ts';
import { postgresDatabase } from '../postgres.ts';
import { TestProcess } from '../process.ts';
import { RedisServer } from '../redis.ts';
import { metricOf } from '../reload.ts';
import { closedPort } from '../upstream.ts';
import { Haproxy } from './haproxy.ts';

/** How long a gateway may take to start, or to end, in milliseconds. */
const PATIENCE = 60_000;
/** How long the upstream takes between the two halves of an answer to `/open/slow`, in milliseconds. */
const SLOW = 200;
const BODY = Buffer.alloc(1024, 'x');

export interface PairOptions {
  /** `dist/cli/main.js`; without it they are run from the sources. */
  readonly program?: string;
  /** How many requests of one client the limited route takes. */
  readonly burst: number;
  /** Of Redis; the default of the gateway when it is left out. */
  readonly redisTimeout?: string;
  /** Of the gateways, before they close their listeners; the default when it is left out. */
  readonly drainDelay?: string;
}

export class Pair {
  readonly haproxy: Haproxy;
  /** Where each takes clients without haproxy. */
  readonly addresses: readonly string[];
  /** Another connection to their database. */
  readonly database: Database;
  /** Why requests were counted by one gateway alone, and how many, of gateways that have ended. */
  readonly #alone = new Map(['timeout', 'away', 'refused'].map((reason) => [reason, 0]));
  readonly #admins: readonly string[];
  readonly #start: (index: number) => Promise<TestProcess>;
  readonly #gateways: TestProcess[];
  readonly #closers: (() => unknown)[];

  private constructor(parts: {
    haproxy: Haproxy;
    addresses: readonly string[];
    admins: readonly string[];
    database: Database;
    start: (index: number) => Promise<TestProcess>;
    gateways: TestProcess[];
    closers: (() => unknown)[];
  }) {
    this.haproxy = parts.haproxy;
    this.addresses = parts.addresses;
    this.database = parts.database;
    this.#admins = parts.admins;
    this.#start = parts.start;
    this.#gateways = parts.gateways;
    this.#closers = parts.closers;
  }

  static async start(options: PairOptions): Promise<Pair> {
    const closers: (() => unknown)[] = [];
    try {
      return await Pair.#open(options, closers);
    } catch (error) {
      await closeAll(closers);
      throw error;
    }
  }

  static async #open(options: PairOptions, closers: (() => unknown)[]): Promise<Pair> {
    const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-pair-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const upstream = await startUpstream();
    closers.push(async () => closeServer(upstream));
    const redis = await RedisServer.start();
    closers.push(async () => redis.end());
    const url = await postgresDatabase();
    const database = openDatabase({ url, dataDir: '', pool: POOL });
    closers.push(async () => database.close());
    await database.ready;
    await migrateUp(database);
    const keys = join(folder, 'keys');
    await createKey(keys, 'RS256', Date.now() - 60_000);
    const servers = [];
    for (let count = 0; count < 2; count += 1)
      servers.push({ port: await closedPort(), adminPort: await closedPort() });
    for (const [index, { port, adminPort }] of servers.entries()) {
      const ports = { port, adminPort, upstream: portOf(upstream) };
      const config = configuration(options, ports, { redis: redis.url, database: url, keys });
      writeFileSync(join(folder, `${index}.yaml`), JSON.stringify(config));
    }
    const start = async (index: number): Promise<TestProcess> => {
      const args = ['serve', '-c', join(folder, `${index}.yaml`)];
      const how = { limit: PATIENCE };
      const add = (close: () => unknown): number => closers.push(close);
      const gateway =
        options.program === undefined
          ? TestProcess.gatewayctl(args, add, how)
          : new TestProcess([options.program, ...args], add, { ...how, env: { NODE_ENV: 'production' } });
      await gateway.serving();
      return gateway;
    };
    const gateways = await Promise.all(servers.map(async (_, index) => start(index)));
    const haproxy = await Haproxy.start(servers);
    closers.push(async () => haproxy.end());
    return new Pair({
      haproxy,
      addresses: servers.map(({ port }) => `127.0.0.1:${port}`),
      admins: servers.map(({ adminPort }) => `127.0.0.1:${adminPort}`),
      database,
      start,
      gateways,
      closers,
    });
  }

  /**
   * Ends one of them and starts it again.
   *
   * @param index from 0
   * @returns milliseconds until it served again, and until haproxy sent requests to it again
   */
  async restart(
    index: number,
    signal: 'SIGKILL' | 'SIGTERM',
  ): Promise<{ readonly served: number; readonly up: number }> {
    await this.#lookAt(index, this.#alone);
    const began = performance.now();
    const gateway = this.#gateways[index];
    gateway?.kill(signal);
    await gateway?.end();
    this.#gateways[index] = await this.#start(index);
    const served = performance.now() - began;
    // It may have been back before haproxy noticed that it was gone.
    await this.haproxy.sees(index, 'UP');
    return { served, up: performance.now() - began };
  }

  /** Why requests were counted by one gateway alone, and how many, as far as those that were killed could still tell. */
  async countedAlone(): Promise<ReadonlyMap<string, number>> {
    const all = new Map(this.#alone);
    for (const index of this.addresses.keys()) await this.#lookAt(index, all);
    return all;
  }

  /** Adds what one of them tells. Its counters end with it. */
  async #lookAt(index: number, into: Map<string, number>): Promise<void> {
    for (const [reason, count] of into) {
      const series = `gateway_rate_limit_local_total{reason="${reason}"}`;
      into.set(reason, count + ((await metricOf(this.#admins[index] ?? '', series)) ?? 0));
    }
  }

  async close(): Promise<void> {
    await closeAll(this.#closers);
  }
}

async function closeAll(closers: (() => unknown)[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}

function configuration(
  { burst, redisTimeout, drainDelay }: PairOptions,
  ports: { readonly port: number; readonly adminPort: number; readonly upstream: number },
  shared: { readonly redis: string; readonly database: string; readonly keys: string },
): object {
  return {
    version: 1,
    server: {
      listen: `127.0.0.1:${ports.port}`,
      trustedProxies: ['127.0.0.1'],
      ...(drainDelay === undefined ? {} : { timeouts: { drainDelay } }),
    },
    admin: { listen: `127.0.0.1:${ports.adminPort}` },
    logs: { access: false },
    database: { url: shared.database },
    redis: { url: shared.redis, ...(redisTimeout === undefined ? {} : { timeout: redisTimeout }) },
    identity: {
      registration: 'open',
      // The work of hashing is not what is looked at.
      passwords: { bcryptCost: 4 },
      rateLimit: { requests: 1_000_000, per: '1s' },
      tokens: { issuer: 'https://gateway.test', audience: 'https://api.test', keys: shared.keys },
    },
    upstreams: { any: { targets: [`http://127.0.0.1:${ports.upstream}`] } },
    routes: [
      { name: 'open', match: { path: '/open/*rest' }, upstream: 'any', access: 'public' },
      {
        name: 'limited',
        match: { path: '/limited' },
        upstream: 'any',
        access: 'public',
        rateLimit: { requests: 1, per: '1h', burst },
      },
    ],
  };
}

/** Answers with 1 KiB, to `/open/slow` in two halves. */
async function startUpstream(): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    incoming.resume();
    if (incoming.url !== '/open/slow') return response.end(BODY);
    response.write(BODY);
    return setTimeout(() => response.end(BODY), SLOW);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the upstream does not listen');
  return address.port;
}
