/** The embedded database: its files, who may open them, and what is left of it when it ends badly. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Client } from 'pg';
import { EmbeddedDatabase, type EmbeddedOptions } from '../../../src/database/embedded/embedded-database.ts';
import { EmbeddedFailure } from '../../../src/database/embedded/failure.ts';
import { FolderLock } from '../../../src/database/embedded/folder-lock.ts';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { within } from '../../support/arrivals.ts';
import { failureOf } from '../../support/databases.ts';
import { createdDataDir, newDataDir, POOL } from '../../support/embedded.ts';
import { TestProcess } from '../../support/process.ts';

const WRITER = fileURLToPath(new URL('../../support/embedded-writer.ts', import.meta.url));
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

describe('the embedded database', () => {
  const closing: (() => unknown)[] = [];
  const closeAfter = (close: () => unknown): void => void closing.push(close);
  const open = (dataDir: string, more: Partial<EmbeddedOptions> = {}): EmbeddedDatabase => {
    const database = new EmbeddedDatabase({ dataDir, pool: POOL, ...more });
    closeAfter(async () => database.close());
    return database;
  };
  const writer = (dataDir: string, first: number, count: number): TestProcess =>
    new TestProcess(['--import', LOADER, WRITER, dataDir, String(first), String(count)], closeAfter);
  const numbers = (process: TestProcess): number[] => process.stdout.split('\n').slice(1, -1).map(Number);
  const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
  const codeOf = async (database: EmbeddedDatabase): Promise<string> => {
    const failure = await failureOf(database.ready);
    if (!(failure instanceof EmbeddedFailure)) throw failure;
    return failure.code;
  };

  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  it('is created where there is none, for nobody else to read, and says so', async () => {
    const dataDir = newDataDir();
    const told: string[] = [];
    const database = open(dataDir, { onProgress: (text) => told.push(text) });
    const early = await failureOf(database.query('SELECT 1'));
    expect(early).to.be.instanceOf(DatabaseUnavailable);
    expect(early).to.have.property('reason', 'starting');
    await database.ready;
    expect(told.join('\n')).to.match(/^creating the embedded database in .*\ncreated the embedded database$/);
    expect(await database.query('SHOW shared_buffers')).to.deep.equal([{ shared_buffers: '8MB' }]);
    expect([mode(dataDir), mode(join(dataDir, '.s.PGSQL.5432'))]).to.deep.equal(['700', '600']);
    await database.close();
    expect(readdirSync(dataDir)).to.deep.equal(['postgres']);
  });

  it('leaves nothing half-made when it is closed while it is created', async () => {
    const dataDir = newDataDir();
    let begun: (() => void) | undefined;
    const creating = new Promise<void>((resolve) => (begun = resolve));
    const database = open(dataDir, { onProgress: () => begun?.() });
    await creating;
    await within(database.close(), 'the database to be closed');
    expect(await failureOf(database.ready)).to.be.instanceOf(Error);
    expect(readdirSync(dataDir)).to.deep.equal([]);
  });

  it('keeps its rows, and has no more than five connections', async () => {
    const dataDir = await createdDataDir();
    const first = open(dataDir, { pool: { ...POOL, max: 30 } });
    await first.ready;
    await first.execute('CREATE TABLE kept (a integer)');
    await Promise.all(Array.from({ length: 30 }, async (_, a) => first.execute('INSERT INTO kept VALUES ($1)', [a])));
    await first.close();
    const second = open(dataDir);
    await second.ready;
    expect(await second.query('SELECT count(*)::int AS n FROM kept')).to.deep.equal([{ n: 30 }]);
  });

  it('is reached through its socket by a second process, which opens nothing', async () => {
    const dataDir = await createdDataDir();
    const database = open(dataDir);
    await database.ready;
    const guest = writer(dataDir, 0, 20);
    expect(await guest.end()).to.deep.equal({ code: 0, signal: null });
    expect(guest.stdout).to.match(/^guest\n0\n/);
    expect(await database.query('SELECT count(*)::int AS n FROM numbers')).to.deep.equal([{ n: 20 }]);
    expect(database.owned).to.equal(true);
  });

  it('lets two that open it at once agree on who runs it', async () => {
    const dataDir = await createdDataDir();
    const both = [writer(dataDir, 0, 10_000), writer(dataDir, 50_000, 10_000)];
    // Neither ends before the other has come.
    await Promise.all(
      both.map(async (process) => process.until('30 rows', () => (numbers(process).length >= 30 ? true : undefined))),
    );
    for (const process of both) process.kill('SIGKILL');
    await Promise.all(both.map(async (process) => process.end()));
    expect(both.map(({ stdout }) => stdout.split('\n')[0])).to.have.members(['guest', 'owner']);
    const database = open(dataDir);
    await database.ready;
    const rows = await database.query<{ number: number }>('SELECT number FROM numbers');
    expect(rows.map(({ number }) => number)).to.include.members(both.flatMap(numbers));
  });

  it('loses no acknowledged row when its process is killed, and is taken over', async () => {
    const dataDir = await createdDataDir();
    const process = writer(dataDir, 0, 100_000);
    await process.until('300 rows', () => (numbers(process).length >= 300 ? true : undefined));
    process.kill('SIGKILL');
    await process.end();
    expect(existsSync(join(dataDir, 'lock'))).to.equal(true);
    const told: string[] = [];
    const database = open(dataDir, { onProgress: (text) => told.push(text) });
    await database.ready;
    expect(told.join()).to.match(/taking over .* from process \d+, which is gone/);
    const rows = await database.query<{ number: number }>('SELECT number FROM numbers');
    const acknowledged = numbers(process);
    expect(acknowledged.length).to.be.at.least(300);
    expect(rows.map(({ number }) => number)).to.include.members(acknowledged);
  });

  it('does not open a folder that a living process holds without an answer', async () => {
    const dataDir = await createdDataDir();
    const lock = FolderLock.take(join(dataDir, 'lock'));
    const told: string[] = [];
    const database = open(dataDir, { holderLimit: 200, onProgress: (text) => told.push(text) });
    expect(await codeOf(database)).to.equal('held');
    expect(told.join()).to.include(`waiting for process ${process.pid}`);
    lock?.release();
  });

  it('is not fooled by a process that has the id of a dead one', async () => {
    const dataDir = await createdDataDir();
    const stale = { pid: process.pid, started: '1', token: 'x' };
    writeFileSync(join(dataDir, 'lock'), JSON.stringify(stale));
    const database = open(dataDir);
    await within(database.ready, 'the database to be ready');
    expect(database.owned).to.equal(true);
  });

  it('rolls a client back that dies within a transaction, and serves the others', async () => {
    const dataDir = await createdDataDir();
    const database = open(dataDir);
    await database.ready;
    await database.execute('CREATE TABLE kept (a integer)');
    const client = new Client({ host: dataDir, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO kept VALUES (1)');
    const waiting = database.query('SELECT * FROM kept');
    client.connection.stream.destroy();
    expect(await within(waiting, 'another client')).to.deep.equal([]);
  });

  it('rolls a client back that says nothing within a transaction', async () => {
    const dataDir = await createdDataDir();
    const database = open(dataDir, { transactionIdle: 100 });
    await database.ready;
    const failure = await failureOf(
      database.transaction(async () => {
        expect(await within(database.query('SELECT 1 AS a'), 'another client')).to.deep.equal([{ a: 1 }]);
      }),
    );
    expect(failure).to.be.instanceOf(DatabaseUnavailable);
    expect(await database.query('SELECT 1 AS a')).to.deep.equal([{ a: 1 }]);
  });

  it('does not stop the event loop while a statement runs, and gives up on one that takes too long', async () => {
    const dataDir = await createdDataDir();
    const database = open(dataDir, { pool: { ...POOL, statementTimeout: 100 } });
    await database.ready;
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 10);
    const failure = await failureOf(database.query('SELECT count(*) FROM generate_series(1, 5000000)'));
    clearInterval(timer);
    expect(failure).to.have.property('reason', 'timeout');
    expect(turns).to.be.greaterThan(10);
  });

  it('is started again when a statement never ends, and keeps its rows', async () => {
    const dataDir = await createdDataDir();
    const told: string[] = [];
    const options = { pool: { ...POOL, statementTimeout: 200 }, stallLimit: 1500 };
    const database = open(dataDir, { ...options, onProgress: (text) => told.push(text) });
    await database.ready;
    await database.execute('CREATE TABLE kept (a integer); INSERT INTO kept VALUES (1)');
    expect(await failureOf(database.query('SELECT count(*) FROM generate_series(1, 1000000000000)'))).to.include({
      reason: 'timeout',
    });
    const asked = async (): Promise<unknown> =>
      database.query('SELECT a FROM kept').catch((error: unknown) => {
        if (error instanceof DatabaseUnavailable) return asked();
        throw error;
      });
    expect(await within(asked(), 'the database to be back')).to.deep.equal([{ a: 1 }]);
    expect(told.join()).to.include('starting it again');
  });

  it('says what to install when its package is missing, and what to set instead', async () => {
    const dataDir = newDataDir();
    const findPackage = (name: string): string => {
      throw Object.assign(new Error(`Cannot find module ${name}`), { code: 'MODULE_NOT_FOUND' });
    };
    const database = open(dataDir, { findPackage });
    expect(await codeOf(database)).to.equal('missing-package');
    const failure = await failureOf(database.ready);
    expect(String(failure)).to.match(/npm install @electric-sql\/pglite@[\d.]+, or set database\.url/);
    expect(existsSync(dataDir)).to.equal(false);
    expect(await failureOf(database.query('SELECT 1'))).to.be.instanceOf(DatabaseUnavailable);
  });

  it('says so when its folder cannot be made, or is too long a path', async () => {
    const file = newDataDir();
    writeFileSync(file, '');
    expect(await codeOf(open(join(file, 'data')))).to.equal('not-writable');
    const long = join(newDataDir(), 'x'.repeat(100));
    expect(await codeOf(open(long))).to.equal('path-too-long');
  });

  it('says so when its files are of no use', async () => {
    const dataDir = newDataDir();
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '9\n');
    expect(await codeOf(open(dataDir))).to.equal('failed');
    expect(readdirSync(dataDir)).to.deep.equal(['postgres']);
  });
});
