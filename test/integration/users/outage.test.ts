/** What users see while PostgreSQL is away: an answer each time, soon, and everything again once it is back. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import type { Database, Queries } from '../../../src/database/database.ts';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { migrateUp } from '../../../src/database/migrations.ts';
import { PooledDatabase } from '../../../src/database/pooled-database.ts';
import { within } from '../../support/arrivals.ts';
import { POOL } from '../../support/embedded.ts';
import { testIdentity, type TestIdentity } from '../../support/identity.ts';
import { postgres, type PostgresServer } from '../../support/postgres.ts';

const BODY = { email: 'ann@example.com', password: 'correct horse battery' };
/** Logins that a stopped server cuts off stay counted as failures: this is not what is looked at here. */
const LENIENT = { failures: 100_000, accountFailures: 100_000 };

describe('users while PostgreSQL is away', () => {
  let server: PostgresServer;
  let database: Database;
  let api: TestIdentity;

  before(async () => {
    server = await postgres();
    database = new PooledDatabase({ url: await server.createDatabase() }, { ...POOL, connectTimeout: 1000 });
    await migrateUp(database);
    api = testIdentity(database, { lockout: LENIENT });
    expect((await api.ask('POST /register', { body: BODY })).status).to.equal(201);
  });
  after(async () => {
    await server.start();
    await database.close();
  });

  it('answers 503 with Retry-After, and what needs no database as ever', async () => {
    const tokens = await api.ask('POST /login', { body: BODY });
    const token = tokens.text('access_token');
    await server.stop();
    try {
      for (const [target, more] of [
        ['POST /login', { body: BODY }],
        ['POST /register', { body: BODY }],
        ['POST /refresh', { body: { refresh_token: tokens.text('refresh_token') } }],
        ['POST /logout', { token }],
        ['GET /me', { token }],
        ['GET /sessions', { token }],
      ] as const) {
        const answer = await within(api.ask(target, more), target);
        expect([answer.status, answer.text('code')], target).to.deep.equal([503, 'database-unavailable']);
        expect(answer.header('retry-after')).to.equal('5');
        expect(JSON.stringify(answer.json)).not.to.include('127.0.0.1');
      }
      expect((await api.ask('GET /openapi.json')).status).to.equal(200);
      expect((await api.ask('GET /me')).status).to.equal(401);
    } finally {
      await server.start();
    }
    // Nothing was used up.
    const refreshed = await api.ask('POST /refresh', { body: { refresh_token: tokens.text('refresh_token') } });
    expect(refreshed.status).to.equal(200);
  });

  it('answers 503 when the server undoes a transaction, since others wait for it and it for them', async () => {
    const lock = async (queries: Queries, id: number): Promise<unknown> =>
      queries.query('SELECT pg_advisory_xact_lock($1)', [id]);
    let first = (): void => undefined;
    const second = new Promise<void>((resolve) => (first = resolve));
    const results = await Promise.allSettled([
      database.transaction(async (transaction) => {
        await lock(transaction, 1);
        await second;
        await lock(transaction, 2);
      }),
      database.transaction(async (transaction) => {
        await lock(transaction, 2);
        first();
        await lock(transaction, 1);
      }),
    ]);
    const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    expect(failures).to.have.length(1);
    // What the API answers 503 for.
    expect(failures[0]).to.be.instanceOf(DatabaseUnavailable).with.property('reason', 'timeout');
    expect(failures[0]).to.have.nested.property('cause.code', '40P01');
    await Promise.all(Array.from({ length: 5 }, async () => database.query('SELECT 1')));
  });

  it('lets live sessions go on for a minute, and then nobody', async () => {
    const token = (await api.ask('POST /login', { body: BODY })).text('access_token');
    const identity = await api.identityOf(token);
    const unseen = await api.identityOf((await api.ask('POST /login', { body: BODY })).text('access_token'));
    if (identity === undefined || unseen === undefined) throw new Error('no identity');
    expect(await api.live.check(identity)).to.equal('live');
    await server.stop();
    try {
      expect(api.live.check(identity)).to.equal('live');
      expect(await api.live.check(unseen)).to.equal('unknown');
      api.clock.now += 5_000;
      expect(await api.live.check(identity)).to.equal('live');
      // Nobody waits any more once it is known to be away.
      api.clock.now += 50_000;
      expect(api.live.check(identity)).to.equal('live');
      api.clock.now += 5_000;
      expect(await api.live.check(identity)).to.equal('unknown');
    } finally {
      await server.start();
    }
    // It is not asked again at once after it has failed.
    api.clock.now += 1_000;
    expect(await api.live.check(identity)).to.equal('live');
  });

  it('is stopped and started in the middle of traffic: each request is answered, and no answer is wrong', async () => {
    const seen = new Map<string, number>();
    let running = true;
    const traffic = async (): Promise<void> => {
      while (running) {
        const login = await api.ask('POST /login', { body: BODY });
        const more = [login];
        if (login.status === 200) {
          const body = { refresh_token: login.text('refresh_token') };
          more.push(await api.ask('POST /refresh', { body }));
          more.push(await api.ask('GET /me', { token: login.text('access_token') }));
        }
        for (const { status } of more) seen.set(String(status), (seen.get(String(status)) ?? 0) + 1);
        await nextTurn();
      }
    };
    const enough = async (status: string, more: number): Promise<void> => {
      const goal = (seen.get(status) ?? 0) + more;
      const deadline = performance.now() + 8000;
      while ((seen.get(status) ?? 0) < goal) {
        if (performance.now() > deadline) throw new Error(`waited in vain for ${status}: ${JSON.stringify([...seen])}`);
        await nextTurn();
      }
    };
    const callers = [traffic(), traffic(), traffic()];
    try {
      await enough('200', 20);
      await server.stop();
      await enough('503', 5);
      await server.start();
      await enough('200', 20);
    } finally {
      running = false;
      await within(Promise.all(callers), 'the traffic to end');
    }
    expect([...seen.keys()].toSorted()).to.deep.equal(['200', '503']);
  });
});
