/** What happens when PostgreSQL is not there, goes away, or does not answer any more. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import type { Database, PoolOptions } from '../../../src/database/database.ts';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { InvalidDatabaseUrl, PooledDatabase } from '../../../src/database/pooled-database.ts';
import { within } from '../../support/arrivals.ts';
import { failureOf } from '../../support/databases.ts';
import { POOL } from '../../support/embedded.ts';
import { postgres, type PostgresServer } from '../../support/postgres.ts';

const QUICK: PoolOptions = { ...POOL, max: 2, connectTimeout: 400, statementTimeout: 400 };

describe('PostgreSQL that is not available', () => {
  let server: PostgresServer;
  const open: Database[] = [];
  const connect = (url: string, pool = QUICK): Database => {
    const database = new PooledDatabase({ url }, pool);
    open.push(database);
    return database;
  };
  const reasonOf = async (promise: Promise<unknown>): Promise<string> => {
    const failure = await within(failureOf(promise), 'a failure');
    if (!(failure instanceof DatabaseUnavailable)) throw failure;
    return failure.reason;
  };
  /** Asks until it is answered. */
  const recovery = async (database: Database): Promise<void> => {
    const deadline = performance.now() + 8000;
    for (;;) {
      try {
        await database.query('SELECT 1');
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || performance.now() > deadline) throw error;
      }
    }
  };

  before(async () => (server = await postgres()));
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (database) => within(database.close(), 'the pool to be closed')));
  });

  it('is told from other failures when the connection is refused, without the password', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    listener.close();
    await once(listener, 'close');
    const database = connect(`postgres://someone:hunter2@127.0.0.1:${port}/shop`);
    const failure = await failureOf(database.query('SELECT 1'));
    expect(failure).to.be.instanceOf(DatabaseUnavailable);
    expect(failure).to.have.property('reason', 'unreachable');
    expect(failure).to.have.nested.property('cause.code', 'ECONNREFUSED');
    expect(failure instanceof Error ? failure.message : '').to.include(`127.0.0.1:${port}/shop`);
    expect(`${String(failure)} ${database.where}`).not.to.include('hunter2');
  });

  it('is given up on when nobody answers a connection', async () => {
    // Read, so that the end of the connection is noticed, and nothing more.
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await reasonOf(connect(`postgres://127.0.0.1:${port}/x`).query('SELECT 1'))).to.equal('unreachable');
    silent.close();
    await once(silent, 'close');
  });

  it('may let nobody in', async () => {
    const database = connect(`postgres://postgres@127.0.0.1:${server.port}/no_such_database`);
    expect(await reasonOf(database.query('SELECT 1'))).to.equal('refused');
  });

  it('is not waited for when all connections are in use', async () => {
    const database = connect(server.url);
    await database.transaction(async () =>
      database.transaction(async () => {
        expect(await reasonOf(database.query('SELECT 1'))).to.equal('unreachable');
      }),
    );
    await database.query('SELECT 1');
  });

  it('ends a statement that takes too long, and keeps the connection', async () => {
    const database = connect(server.url, { ...QUICK, max: 1 });
    const pid = 'SELECT pg_backend_pid() AS pid';
    const usual = await database.query<{ pid: number }>(pid);
    expect(await reasonOf(database.query('SELECT pg_sleep(30)'))).to.equal('timeout');
    expect(await database.query<{ pid: number }>(pid)).to.deep.equal(usual);
  });

  it('replaces a connection that was ended while it was idle, and one that was ended in a statement', async () => {
    const database = connect(server.url, { ...POOL, max: 1 });
    const other = connect(server.url);
    const [mine] = await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await other.query('SELECT pg_terminate_backend($1, 1000)', [mine?.pid]);
    await recovery(database);
    const sleeping = reasonOf(database.query('SELECT pg_sleep(30)'));
    const found = async (): Promise<number> =>
      other.execute(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND state = 'active'",
      );
    while ((await found()) === 0);
    expect(await sleeping).to.equal('refused');
    await database.query('SELECT 1');
  });

  it('is stopped and started mid-traffic: statements fail as unavailable, and work again by themselves', async () => {
    const database = connect(server.url, { ...QUICK, max: 5 });
    await database.query('SELECT 1');
    const unexpected: unknown[] = [];
    let failed = 0;
    let going = true;
    const traffic = async (): Promise<void> => {
      while (going) {
        try {
          await database.query('SELECT pg_sleep(0.01)');
        } catch (error) {
          failed += 1;
          if (!(error instanceof DatabaseUnavailable)) unexpected.push(error);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    };
    const users = Array.from({ length: 5 }, traffic);
    await server.stop();
    expect(await reasonOf(database.query('SELECT 1'))).to.be.oneOf(['unreachable', 'lost', 'refused']);
    await server.start();
    await recovery(database);
    going = false;
    await within(Promise.all(users), 'the traffic to end');
    expect(failed).to.be.greaterThan(0);
    expect(unexpected).to.deep.equal([]);
  });

  it('is killed within a transaction: it fails as unavailable, and nothing of it stays', async () => {
    const database = connect(server.url);
    await database.execute('CREATE TABLE IF NOT EXISTS killed (a integer)');
    const reason = await reasonOf(
      database.transaction(async (transaction) => {
        await transaction.execute('INSERT INTO killed VALUES (1)');
        await server.kill();
        await transaction.execute('INSERT INTO killed VALUES (2)');
      }),
    );
    expect(reason).to.be.oneOf(['lost', 'refused']);
    await server.start();
    await recovery(database);
    expect(await database.query('SELECT * FROM killed')).to.deep.equal([]);
  });

  it('is stopped in its tracks: nothing waits for ever, and closing does not either', async () => {
    const database = connect(server.url);
    const other = connect(server.url);
    await Promise.all([database.query('SELECT 1'), other.query('SELECT 1')]);
    await server.freeze();
    try {
      const began = performance.now();
      const reasons = await Promise.all(
        Array.from({ length: 6 }, async () => reasonOf(database.query('SELECT pg_backend_pid()'))),
      );
      expect(reasons).to.include('timeout');
      // The statement's limit and the grace after it.
      expect(performance.now() - began).to.be.lessThan(4000);
      await within(other.close(), 'the pool to be closed');
    } finally {
      await server.thaw();
    }
    await recovery(database);
  });

  for (const url of [
    'mysql://localhost/x',
    'localhost',
    'postgres://user:hunter2@[bad/x',
    'postgres://u:hunter2@h:99999/x',
    'postgres://u:2024/hunter2@db.internal/x',
  ]) {
    it(`has a URL: ${url.replace('hunter2', '…')} is none`, () => {
      let failure: unknown;
      try {
        connect(url);
      } catch (error) {
        failure = error;
      }
      expect(failure).to.be.instanceOf(InvalidDatabaseUrl);
      expect(`${String(failure)} ${JSON.stringify(failure)}`).not.to.include('hunter2');
    });
  }
});
