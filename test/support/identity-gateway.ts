/** A gateway with users of its own: real sockets in front, a real database and a real upstream behind. */
import { createKey, type KeyFile } from '../../src/auth/key-folder.ts';
import type { Database } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrations.ts';
import { openDatabase, type DatabaseOptions } from '../../src/database/open.ts';
import { administration, type Administration } from '../../src/users/administration.ts';
import { call, type Answered } from './client.ts';
import type { DatabaseKind } from './databases.ts';
import { newDataDir } from './embedded.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { TestUpstream } from './upstream.ts';

export const ISSUER = 'https://gateway.test';
export const AUDIENCE = 'https://api.test';
export const ADMIN_TOKEN = 'a-token-for-tests';
export const PASSWORD = 'correct horse battery';

export interface IdentityGatewayOptions {
  /** Members of `identity`, in place of those that it has otherwise. */
  readonly identity?: object;
  /** Members of `identity.tokens`, in addition. */
  readonly tokens?: object;
  /** In addition to `/orders/…`, `/reports/…` and `/open/…`. */
  readonly routes?: readonly object[];
}

export interface Ask {
  /** An object is sent as JSON. */
  readonly body?: object | string;
  /** Of the body; empty = none. */
  readonly type?: string;
  /** Of Authorization: Bearer. */
  readonly token?: string;
  readonly cookie?: string;
  /** Names and values alternately. */
  readonly headers?: readonly string[];
  /** The address that the request comes from, by the word of a trusted proxy. */
  readonly client?: string;
}

export interface JsonAnswer extends Answered {
  /** Undefined when the body is none. */
  readonly json: unknown;
  /** A member of the body that is a text; empty when there is none. */
  member(name: string): string;
}

/** A value within a value of JSON; undefined when there is none. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** The claims of a token, or its header, without a look at the signature. */
export function partOf(token: string, part: 'header' | 'claims'): Record<string, unknown> {
  const text = token.split('.')[part === 'header' ? 0 : 1] ?? '';
  return { ...JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) };
}

export class IdentityGateway {
  readonly gateway: TestGateway;
  readonly upstream: TestUpstream;
  /** Another connection to the gateway's database. */
  readonly database: Database;
  /** The key that the gateway signs with. */
  readonly key: KeyFile;
  /** What a command does: the gateway is not told of it. */
  readonly administration: Administration;

  private constructor(parts: { gateway: TestGateway; upstream: TestUpstream; database: Database; key: KeyFile }) {
    this.gateway = parts.gateway;
    this.upstream = parts.upstream;
    this.database = parts.database;
    this.key = parts.key;
    this.administration = administration({
      database: parts.database,
      roles: new Set(['viewer', 'editor']),
      passwords: { hash: async () => 'busy' },
      policy: () => undefined,
      now: Date.now,
    });
  }

  static async start(kind: DatabaseKind, options: IdentityGatewayOptions = {}): Promise<IdentityGateway> {
    const upstream = await TestUpstream.start();
    const database = await kind.options();
    const embedded = database.url === '';
    const keys = newDataDir();
    const key = await createKey(keys, 'RS256', Date.now());
    const server = embedded ? undefined : await migrated(database);
    const text = JSON.stringify(
      configuration(options, embedded ? { dataDir: database.dataDir } : { url: database.url }, keys, upstream),
    );
    const gateway = await startTestGateway(text);
    // The embedded one is run by the gateway: it is there a while after it.
    await gateway.logs.until(({ msg }) => msg === 'the database can be asked', 'the database');
    return new IdentityGateway({ gateway, upstream, database: server ?? (await opened(database)), key });
  }

  async stop(): Promise<void> {
    await this.database.close();
    await this.gateway.stop();
    await this.upstream.close();
  }

  /** @param target `POST /auth/login` */
  async ask(target: string, more: Ask = {}): Promise<JsonAnswer> {
    return this.#send(this.gateway.url, target, more);
  }

  /** @param target `GET /users`, below /api/v1 */
  async askAdmin(target: string, more: Ask = {}): Promise<JsonAnswer> {
    const [method = '', path = ''] = target.split(' ');
    return this.#send(this.gateway.adminUrl, `${method} /api/v1${path}`, { token: ADMIN_TOKEN, ...more });
  }

  async #send(
    url: string,
    target: string,
    { body, type = 'application/json', token, cookie, headers = [], client }: Ask,
  ): Promise<JsonAnswer> {
    const [method = '', path = ''] = target.split(' ');
    const fields: [name: string, value: string | undefined][] = [
      ['content-type', body === undefined || type === '' ? undefined : type],
      ['authorization', token === undefined ? undefined : `Bearer ${token}`],
      ['cookie', cookie],
      ['x-forwarded-for', client],
    ];
    const named = fields.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
    const answer = await call(`${url}${path}`, {
      method,
      headers: [...named, ...headers],
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const isJson = answer.text !== '' && /json/.test(answer.header('content-type') ?? '');
    const json: unknown = isJson ? JSON.parse(answer.text) : undefined;
    const member = (name: string): string => {
      const value = at(json, name);
      return typeof value === 'string' ? value : '';
    };
    return { ...answer, json, member };
  }

  async register(email: string, password = PASSWORD): Promise<JsonAnswer> {
    return this.ask('POST /auth/register', { body: { email, password } });
  }

  async login(email: string, password = PASSWORD, more: Ask = {}): Promise<JsonAnswer> {
    return this.ask('POST /auth/login', { body: { email, password }, ...more });
  }

  async refresh(token: string): Promise<JsonAnswer> {
    return this.ask('POST /auth/refresh', { body: { refresh_token: token } });
  }

  /** The status of a route that needs `orders:read`. */
  async use(token: string): Promise<number> {
    return (await this.ask('GET /orders/1', { token })).status;
  }

  /** Nobody is there any more, and nothing was tried. */
  async empty(): Promise<void> {
    this.upstream.reset();
    await this.database.execute('TRUNCATE users, sessions, refresh_tokens, lockouts, api_keys');
  }
}

async function opened(options: DatabaseOptions): Promise<Database> {
  const database = openDatabase(options);
  await database.ready;
  return database;
}

async function migrated(options: DatabaseOptions): Promise<Database> {
  const database = await opened(options);
  await migrateUp(database);
  return database;
}

function configuration(
  { identity, tokens, routes = [] }: IdentityGatewayOptions,
  database: object,
  keys: string,
  upstream: TestUpstream,
): object {
  const user = { headers: { set: { 'x-user': '{{claims.sub}}' } } };
  return {
    server: { trustedProxies: ['127.0.0.1'] },
    admin: { token: ADMIN_TOKEN },
    database,
    identity: {
      registration: 'open',
      defaultRole: 'viewer',
      passwords: { bcryptCost: 4 },
      rateLimit: { requests: 1_000_000, per: '1s' },
      ...identity,
      tokens: { issuer: ISSUER, audience: AUDIENCE, keys, ...tokens },
    },
    apiKeys: {},
    roles: { viewer: ['orders:read'], editor: { inherits: ['viewer'], permissions: ['reports:read'] } },
    upstreams: { any: { targets: [upstream.origin] } },
    routes: [
      {
        name: 'orders',
        match: { path: '/orders/*rest' },
        upstream: 'any',
        access: { permissions: ['orders:read'] },
        request: user,
      },
      {
        name: 'reports',
        match: { path: '/reports/*rest' },
        upstream: 'any',
        access: { permissions: ['reports:read'] },
      },
      { name: 'open', match: { path: '/open/*rest' }, upstream: 'any', access: 'public' },
      ...routes,
    ],
  };
}
