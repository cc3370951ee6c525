/** Whoever loses access loses it at once, also in what goes on for long: WebSockets and answers without an end. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { WebSocket, WebSocketServer } from 'ws';
import { createKey, readKeys } from '../../../src/auth/key-folder.ts';
import type { Database } from '../../../src/database/database.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { openDatabase, type DatabaseOptions } from '../../../src/database/open.ts';
import { administration, type Administration } from '../../../src/users/administration.ts';
import { within } from '../../support/arrivals.ts';
import { call, expectProblem, open, type Answered } from '../../support/client.ts';
import { DATABASES } from '../../support/databases.ts';
import { newDataDir, POOL } from '../../support/embedded.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type LogLine, type TestGateway } from '../../support/gateway.ts';
import { postgres, type PostgresServer } from '../../support/postgres.ts';
import { es256, forge } from '../../support/tokens.ts';
import { TestUpstream } from '../../support/upstream.ts';

const ADMIN = 'a-token-for-those-who-administer';
const PASSWORD = 'correct horse battery';
const OTHER_PASSWORD = 'staple battery horse';

function yamlOf({ url, dataDir }: Pick<DatabaseOptions, 'url' | 'dataDir'>, keys: string, upstream: string): string {
  const database = url === '' ? `dataDir: "${dataDir}"` : `url: "${url}"`;
  return `
admin: { token: "${ADMIN}" }
database: { ${database}, pool: { connectTimeout: 2s, statementTimeout: 2s } }
identity:
  registration: open
  defaultRole: viewer
  tokens: { issuer: "https://gateway.test", audience: "https://api.test", algorithm: ES256, keys: "${keys}" }
  passwords: { bcryptCost: 4 }
  rateLimit: { requests: 100000, per: 1m }
apiKeys: {}
roles: { viewer: ["orders:read"], editor: ["orders:write"] }
defaults: { route: { access: authenticated } }
upstreams: { any: { targets: ["${upstream}"] } }
routes:
  - { name: chat, match: { path: /chat }, upstream: any, websocket: {} }
  - { name: events, match: { path: /events }, upstream: any }
  - { name: mine, match: { path: /mine }, respond: { status: 200, body: mine } }
`;
}

/** How somebody proves who it is: header fields, names and values alternately. */
type Proof = readonly [name: string, value: string];

const bearer = (token: string): Proof => ['authorization', `Bearer ${token}`];

function textIn(answer: Answered, name: string): string {
  const body: unknown = JSON.parse(answer.text);
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== 'string') throw new Error(`there is no ${name} in ${answer.status} ${answer.text}`);
  return value;
}

/** A user who has logged in. */
interface Person {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
}

/** What a user does through a gateway. */
class Client {
  readonly gateway: TestGateway;

  constructor(gateway: TestGateway) {
    this.gateway = gateway;
  }

  async post(path: string, body: object, ...headers: string[]): Promise<Answered> {
    return call(`${this.gateway.url}/auth${path}`, {
      method: 'POST',
      headers: ['content-type', 'application/json', ...headers],
      body: JSON.stringify(body),
    });
  }

  async newPerson(name: string): Promise<Person> {
    const email = `${name.replaceAll(' ', '-')}@example.com`;
    const registered = await this.post('/register', { email, password: PASSWORD });
    expect(registered.status, registered.text).to.equal(201);
    const id = textIn(registered, 'id');
    return { id, email, ...(await this.login(email)) };
  }

  async login(email: string): Promise<Pick<Person, 'token' | 'refreshToken'>> {
    const answer = await this.post('/login', { email, password: PASSWORD });
    return { token: textIn(answer, 'access_token'), refreshToken: textIn(answer, 'refresh_token') };
  }

  /** A request to the API for administrators. */
  async administer(method: string, path: string, body?: object): Promise<void> {
    const answer = await call(`${this.gateway.adminUrl}/api/v1${path}`, {
      method,
      headers: [...bearer(ADMIN), ...(body === undefined ? [] : ['content-type', 'application/json'])],
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.status, answer.text).to.be.oneOf([200, 204]);
  }

  async ask(proof: Proof): Promise<Answered> {
    return call(`${this.gateway.url}/mine`, { headers: proof });
  }
}

/** How somebody loses access, at a gateway. */
type Loss = (at: Client, person: Person) => Promise<unknown>;

/** What another process can do as well, and does to another instance. */
const LOSSES: Readonly<Record<string, Loss>> = {
  'is disabled': async (at, { id }) => at.administer('PATCH', `/users/${id}`, { disabled: true }),
  'logs out': async (at, { token }) => {
    expect((await at.post('/logout', {}, ...bearer(token))).status).to.equal(204);
  },
  'gets another role': async (at, { id }) => at.administer('PATCH', `/users/${id}`, { role: 'editor' }),
  'is removed': async (at, { id }) => at.administer('DELETE', `/users/${id}`),
  'has all sessions ended': async (at, { email }) => at.administer('DELETE', `/users/${email}/sessions`),
  'changes the password elsewhere': async (at, { email }) => {
    const { token } = await at.login(email);
    const body = { current_password: PASSWORD, new_password: OTHER_PASSWORD };
    const answer = await at.post('/password', body, ...bearer(token));
    expect(answer.status, answer.text).to.equal(204);
  },
  'has a refresh token that two have': async (at, { refreshToken }) => {
    const refresh = async (): Promise<Answered> => at.post('/refresh', { refresh_token: refreshToken });
    expect([(await refresh()).status, (await refresh()).status]).to.deep.equal([200, 401]);
  },
};

/** A WebSocket and an answer without an end, both open. */
interface Streams {
  readonly socket: WebSocket;
  readonly events: IncomingMessage;
  readonly ended: { readonly socket: Promise<unknown>; readonly events: Promise<unknown> };
}

/** An upstream whose answers to `/events` never end, and which echoes what comes through WebSockets. */
class Streaming {
  readonly upstream: TestUpstream;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #opened: Streams[] = [];

  private constructor(upstream: TestUpstream) {
    this.upstream = upstream;
    upstream.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
      this.#server.handleUpgrade(request, duplex, head, (socket) => {
        socket.on('error', () => undefined);
        socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
      });
    });
  }

  static async start(): Promise<Streaming> {
    const upstream = await TestUpstream.start((request) => {
      request.response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
    });
    return new Streaming(upstream);
  }

  async open({ gateway }: Client, proof: Proof): Promise<Streams> {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/chat`, { headers: { [proof[0]]: proof[1] } });
    socket.on('error', () => undefined);
    const socketEnded = once(socket, 'close');
    await within(once(socket, 'open'), 'the WebSocket to open');
    const events = await open(`${gateway.url}/events`, { headers: proof });
    expect(events.statusCode).to.equal(200);
    events.on('error', () => undefined);
    const eventsEnded = new Promise((resolve) => events.once('close', resolve));
    await within(once(events, 'data'), 'the first event');
    const streams = { socket, events, ended: { socket: socketEnded, events: eventsEnded } };
    this.#opened.push(streams);
    return streams;
  }

  /** Fails unless data still goes through both. */
  async expectOpen(streams: Streams, what: string): Promise<void> {
    const { socket, events } = streams;
    expect([socket.readyState, events.destroyed], what).to.deep.equal([WebSocket.OPEN, false]);
    const echo = once(socket, 'message');
    const event = once(events, 'data');
    socket.send('still here');
    for (const { target, response } of this.upstream.requests.items)
      if (target === '/events' && !response.destroyed) response.write('data: more\n\n');
    await within(Promise.all([echo, event]), `data of ${what}`);
  }

  /** Lets go of what clients have open. */
  async release(): Promise<void> {
    for (const { socket, events, ended } of this.#opened.splice(0)) {
      socket.terminate();
      events.destroy();
      await within(Promise.all([ended.socket, ended.events]), 'the streams to be closed');
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#server.clients) socket.terminate();
    await this.upstream.close();
  }
}

/** Waits until both have been cut off, which is no orderly end. */
async function expectCut({ events, ended }: Streams, who: string): Promise<void> {
  await within(ended.socket, `the WebSocket to end of whoever ${who}`);
  await within(ended.events, `the answer to end of whoever ${who}`);
  expect(events.complete, who).to.equal(false);
}

function administrationOn(database: Database): Administration {
  return administration({
    database,
    roles: new Set(['viewer', 'editor']),
    passwords: { hash: async () => 'busy' },
    policy: () => undefined,
    now: Date.now,
  });
}

for (const kind of DATABASES) {
  onEachEngine(`losing access on ${kind.name}`, () => {
    let options: DatabaseOptions;
    let keys: string;
    let streaming: Streaming;
    let near: Client;

    before(async () => {
      options = await kind.options();
      keys = newDataDir();
      if (options.url !== '') {
        await createKey(keys, 'ES256', Date.now() - 60_000);
        const database = openDatabase(options);
        await migrateUp(database);
        await database.close();
      }
      streaming = await Streaming.start();
      near = await startClient();
    });
    afterEach(async () => streaming.release());
    after(async () => {
      await near.gateway.stop();
      await streaming.close();
    });

    /** Starts an instance. */
    async function startClient(): Promise<Client> {
      const gateway = await startTestGateway(yamlOf(options, keys, streaming.upstream.origin));
      await gateway.logs.until(({ msg }) => msg === 'the database can be asked', 'a database that can be asked');
      return new Client(gateway);
    }

    it('refuses the very next request, ends what is open, and leaves others alone', async () => {
      const other = await near.newPerson('other');
      const others = await streaming.open(near, bearer(other.token));
      const second = await near.login(other.email);
      const losers: { who: string; person: Person; lose: Loss; streams: Streams }[] = [];
      for (const [who, lose] of Object.entries(LOSSES)) {
        const person = await near.newPerson(who);
        losers.push({ who, person, lose, streams: await streaming.open(near, bearer(person.token)) });
      }
      for (const { who, person, lose, streams } of losers) {
        await streaming.expectOpen(streams, `whoever ${who}`);
        expect((await near.ask(bearer(person.token))).status).to.equal(200);
        await lose(near, person);
        expectProblem(await near.ask(bearer(person.token)), 'unauthorized');
      }
      await Promise.all(losers.map(async ({ who, streams }) => expectCut(streams, who)));
      await streaming.expectOpen(others, 'the other user');
      // Another session of the same user is another matter.
      expect((await near.post('/logout', {}, ...bearer(second.token))).status).to.equal(204);
      expectProblem(await near.ask(bearer(second.token)), 'unauthorized');
      expect((await near.ask(bearer(other.token))).status).to.equal(200);
    });

    it('ends what is open with a key that is revoked by a command, and leaves what other keys have', async () => {
      // As a command does it: in the embedded database through the one that has it open.
      const database = openDatabase({ ...options, pool: { ...POOL, min: 0 } });
      try {
        await database.ready;
        const keysOf = administrationOn(database);
        const made = await Promise.all([1, 2].map(async (n) => keysOf.addKey(`key ${n}`, 'viewer', undefined)));
        const [mine, others] = made.map((key) => ('fault' in key ? undefined : key));
        if (mine === undefined || others === undefined) throw new Error('no keys');
        const streams = await streaming.open(near, ['x-api-key', mine.key]);
        const untouched = await streaming.open(near, ['x-api-key', others.key]);
        await keysOf.revokeKey(mine.record.id);
        await expectCut(streams, 'has the key');
        expectProblem(await near.ask(['x-api-key', mine.key]), 'unauthorized');
        await streaming.expectOpen(untouched, 'the other key');
      } finally {
        await database.close();
      }
    });

    // Neither is about which database it is.
    if (kind.name === 'PostgreSQL') {
      it('ends a WebSocket when its token expires, and no answer that has begun', async () => {
        const { token } = await near.newPerson('expiring');
        const lasting = await streaming.open(near, bearer(token));
        const [, payload = ''] = token.split('.');
        const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString());
        const [key] = await readKeys(keys).then((found) => ('faults' in found ? [] : found));
        if (key === undefined) throw new Error('no key');
        // Clocks may differ by 30 s: this one is over in about 3 s.
        const exp = Math.ceil(Date.now() / 1000) - 27;
        const header = { alg: 'ES256', typ: 'at+jwt', kid: key.kid };
        const expiring = forge(header, { ...claims, iat: exp - 1, exp }, es256(key.privateKey));
        const streams = await streaming.open(near, bearer(expiring));
        await within(streams.ended.socket, 'the WebSocket to end');
        expect(streams.events.destroyed).to.equal(false);
        expectProblem(await near.ask(bearer(expiring)), 'unauthorized');
        await streaming.expectOpen(lasting, 'the token that has not expired');
      });

      it('ends what is open when a reload changes who may call', async () => {
        const far = await startClient();
        try {
          const { token } = await far.newPerson('with another role by a reload');
          const streams = await streaming.open(far, bearer(token));
          const text = yamlOf(options, keys, streaming.upstream.origin);
          await far.gateway.write(text.replace('viewer: ["orders:read"]', 'viewer: ["orders:none"]'));
          await far.gateway.reload();
          await expectCut(streams, 'has another role by a reload');
        } finally {
          await far.gateway.stop();
        }
      });

      it('takes effect at another instance within seconds, and leaves others alone there', async () => {
        const far = await startClient();
        try {
          const other = await near.newPerson('other far away');
          const others = await streaming.open(far, bearer(other.token));
          const losers: { who: string; person: Person; streams: Streams }[] = [];
          for (const who of Object.keys(LOSSES)) {
            const person = await near.newPerson(`${who} far away`);
            losers.push({ who, person, streams: await streaming.open(far, bearer(person.token)) });
            expect((await far.ask(bearer(person.token))).status).to.equal(200);
          }
          for (const { who, person } of losers) await LOSSES[who]?.(near, person);
          await Promise.all(losers.map(async ({ who, streams }) => expectCut(streams, who)));
          for (const { person } of losers) expectProblem(await far.ask(bearer(person.token)), 'unauthorized');
          await streaming.expectOpen(others, 'the other user');
          // The new role is in new tokens, which are good at once.
          const { email } = losers.find(({ who }) => who === 'gets another role')?.person ?? other;
          expect((await far.ask(bearer((await near.login(email)).token))).status).to.equal(200);
        } finally {
          await streaming.release();
          await far.gateway.stop();
        }
      });
    }
  });
}

onEachEngine('losing the database', () => {
  let server: PostgresServer;
  let streaming: Streaming;
  let client: Client;

  before(async () => {
    server = await postgres();
    const url = await server.createDatabase();
    const database = openDatabase({ url, dataDir: '', pool: POOL });
    await migrateUp(database);
    await database.close();
    const keys = newDataDir();
    await createKey(keys, 'ES256', Date.now() - 60_000);
    streaming = await Streaming.start();
    const gateway = await startTestGateway(yamlOf({ url, dataDir: '' }, keys, streaming.upstream.origin));
    client = new Client(gateway);
  });
  afterEach(async () => streaming.release());
  after(async () => {
    await server.start();
    await client.gateway.stop();
    await streaming.close();
  });

  const isLine = (line: LogLine, message: string): boolean => line['msg'] === message;

  /** @param from how many lines there were before */
  async function lookThatFailed(from: number): Promise<LogLine> {
    const { logs } = client.gateway;
    return logs.until(
      (line) => isLine(line, 'the database cannot be asked') && logs.items.indexOf(line) >= from,
      'a look that failed',
    );
  }

  async function lookAfter(failed: LogLine): Promise<void> {
    const { logs } = client.gateway;
    await logs.until(
      (line) => isLine(line, 'the database can be asked') && logs.items.indexOf(line) > logs.items.indexOf(failed),
      'a look that did not fail',
    );
  }

  it('cuts nothing off, and once it is back access is lost as ever', async () => {
    const person = await client.newPerson('ann');
    const streams = await streaming.open(client, bearer(person.token));
    let away: LogLine;
    const from = client.gateway.logs.items.length;
    await server.stop();
    try {
      // Nobody asks but the one who looks for lost access.
      away = await lookThatFailed(from);
      await streaming.expectOpen(streams, 'whoever was let in before');
      expect((await client.ask(bearer(person.token))).status).to.equal(200);
    } finally {
      await server.start();
    }
    await lookAfter(away);
    await streaming.expectOpen(streams, 'whoever was let in before');
    await client.administer('PATCH', `/users/${person.id}`, { disabled: true });
    await expectCut(streams, 'is disabled');
  });

  it('cuts nobody off of whom nothing can be learnt, and once it is back whoever has lost access', async () => {
    const [first, person, other] = [
      await client.newPerson('first'),
      await client.newPerson('bob'),
      await client.newPerson('carol'),
    ];
    const streams = await streaming.open(client, bearer(person.token));
    const others = await streaming.open(client, bearer(other.token));
    const before = await streaming.open(client, bearer(first.token));
    await client.administer('PATCH', `/users/${first.id}`, { disabled: true });
    await expectCut(before, 'is disabled');
    // It has looked just now: before the next look there is a second.
    await client.administer('PATCH', `/users/${person.id}`, { disabled: true });
    const from = client.gateway.logs.items.length;
    await server.freeze();
    let away: LogLine;
    try {
      away = await lookThatFailed(from);
      await streaming.expectOpen(streams, 'whoever nothing is known of');
      await streaming.expectOpen(others, 'whoever was let in before');
    } finally {
      await server.thaw();
    }
    await lookAfter(away);
    await expectCut(streams, 'was disabled in the last moment');
    await streaming.expectOpen(others, 'whoever was let in before');
  });
});
