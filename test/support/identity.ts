/** The identity API on a database of its own, with a clock that the test moves. */
import { generateKeyPairSync } from 'node:crypto';
import { builtInIssuer } from '../../src/auth/access-tokens.ts';
import type { Identity } from '../../src/auth/identity.ts';
import type { LockoutRules } from '../../src/auth/lockout.ts';
import { compilePasswordPolicy } from '../../src/auth/password-policy.ts';
import { passwords, type Passwords } from '../../src/auth/passwords.ts';
import { storedSigningKeys } from '../../src/auth/signing-keys.ts';
import { verifier } from '../../src/auth/verifier.ts';
import type { Database } from '../../src/database/database.ts';
import { accounts } from '../../src/users/accounts.ts';
import { administration, type Administration } from '../../src/users/administration.ts';
import type { OnChange } from '../../src/users/changes.ts';
import { ACCESS_COOKIE } from '../../src/users/cookies.ts';
import { csrfTokens } from '../../src/users/csrf.ts';
import { identityApi, type RateLimit } from '../../src/users/http.ts';
import { live, type Live } from '../../src/users/live.ts';
import type { Header } from '../../src/users/problems.ts';

export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  /** The header field of a name; undefined when there is none. */
  header(name: string): string | undefined;
  /** The body as JSON; null when there is none. */
  readonly json: unknown;
  /** A member of the body that is a text; empty when there is none. */
  text(name: string): string;
}

export interface Ask {
  readonly body?: object | string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly address?: string;
}

export interface TestIdentity {
  readonly administration: Administration;
  readonly live: Live;
  /** How often bcrypt compared, and how often it hashed. */
  readonly work: { compared: number; hashed: number };
  /** In milliseconds since 1970; to be moved. */
  readonly clock: { now: number };
  /** @param target `POST /login` */
  ask(target: string, more?: Ask): Promise<Answer>;
  /** Who a token says that it is for, verified. */
  identityOf(token: string): Promise<Identity | undefined>;
}

export interface TestIdentityOptions {
  readonly registration?: 'open' | 'closed';
  readonly defaultRole?: string | undefined;
  readonly transport?: 'header' | 'cookie';
  readonly lockout?: Partial<LockoutRules>;
  readonly limit?: RateLimit;
  /** Instead of real passwords: says that there is no room. */
  readonly busy?: () => boolean;
  /** Whether there seems to be room; as it is unless given. */
  readonly room?: () => boolean;
  /** How many passwords may wait. */
  readonly waiting?: number;
  /** See `IdentityApiParts`. */
  readonly mayAct?: (origin: string) => boolean;
  /** Is told what `Live` is told. */
  readonly onChange?: OnChange;
  /** What happens while bcrypt compares. */
  readonly meanwhile?: () => Promise<unknown>;
  /** bcrypt's. */
  readonly cost?: number;
}

export const LOCKOUT: LockoutRules = { failures: 3, accountFailures: 6, window: 900_000, duration: 900_000 };
export const PATH = '/auth';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEYS = storedSigningKeys([{ kid: 'k1', algorithm: 'ES256', privateKey, publicKey, signsFrom: 0 }], 'ES256');

/** @param database with its schema */
export function testIdentity(database: Database, options: TestIdentityOptions = {}): TestIdentity {
  const clock = { now: Date.UTC(2030, 0, 1) };
  const now = (): number => clock.now;
  const work = { compared: 0, hashed: 0 };
  const transport = options.transport ?? 'header';
  const { cost = 4, waiting = 1000 } = options;
  const counted = counting(passwords({ cost, concurrency: 2, waiting }), work, options);
  const policy = compilePasswordPolicy({ minLength: 12, rejectCommon: true });
  const tokens = { issuer: 'https://gateway.test', audience: 'https://api.test', ttl: 900_000, keys: KEYS };
  const known = live({ database, now, clock: now });
  const onChange: OnChange = (change) => {
    known.changed(change);
    options.onChange?.(change);
  };
  const service = accounts(
    {
      registration: options.registration ?? 'open',
      defaultRole: 'defaultRole' in options ? options.defaultRole : 'viewer',
      lockout: { ...LOCKOUT, ...options.lockout },
      tokens,
      refreshTtl: 30 * 86_400_000,
    },
    { database, passwords: counted, policy, now, onChange },
  );
  const api = identityApi(
    { path: PATH, transport, registration: options.registration ?? 'open' },
    {
      accounts: service,
      csrf: csrfTokens({ current: () => privateKey, all: () => [privateKey] }),
      limit: options.limit,
      mayAct: options.mayAct,
    },
  );
  const judge = verifier({ issuers: [builtInIssuer(tokens)], now });
  const identityOf = async (token: string): Promise<Identity | undefined> => {
    const verification = await judge.verify(token);
    return 'identity' in verification ? verification.identity : undefined;
  };
  let count = 0;
  return {
    administration: administration({
      database,
      roles: new Set(['viewer', 'editor', 'admin']),
      passwords: counted,
      policy,
      now,
      onChange,
    }),
    live: known,
    work,
    clock,
    identityOf,
    async ask(target, { body, headers = {}, token, address = '192.0.2.1' } = {}) {
      const [method = '', path = ''] = target.split(' ');
      const fields: Record<string, string> = {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      };
      const used = token ?? new RegExp(`${ACCESS_COOKIE}=([^;]+)`).exec(fields['cookie'] ?? '')?.[1];
      count += 1;
      const answer = await api.handle({
        method,
        path,
        header: (name) => fields[name],
        client: { address, scheme: 'https' },
        authority: 'gateway.test',
        body: bytesOf(body),
        identity: used === undefined ? undefined : await identityOf(used),
        requestId: `r${count}`,
      });
      const json: unknown = answer.body === '' ? null : JSON.parse(answer.body);
      return {
        ...answer,
        header: (name) => answer.headers.find(([found]) => found === name)?.[1],
        json,
        text: (name) => textIn(json, name),
      };
    },
  };
}

function bytesOf(body: object | string | Buffer | undefined): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function textIn(json: unknown, name: string): string {
  const value: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
  return typeof value === 'string' ? value : '';
}

function counting(
  real: Passwords,
  work: TestIdentity['work'],
  { busy = () => false, room = () => !busy(), meanwhile = async () => undefined }: TestIdentityOptions,
): Passwords {
  return {
    hasRoom: (coming) => room() && real.hasRoom(coming),
    hash: async (password) => {
      work.hashed += 1;
      return busy() ? 'busy' : real.hash(password);
    },
    verify: async (password, hash) => {
      work.compared += 1;
      if (busy()) return 'busy';
      const verdict = await real.verify(password, hash);
      await meanwhile();
      return verdict;
    },
    outdated: (hash) => real.outdated(hash),
  };
}

/** The cookies that an answer sets, as a browser sends them back. */
export function cookiesOf(answer: Answer): string {
  return answer.headers
    .filter(([name]) => name === 'set-cookie')
    .map(([, value]) => value.split(';')[0] ?? '')
    .filter((pair) => !pair.endsWith('='))
    .join('; ');
}
