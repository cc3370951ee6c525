/** The embedded database: its files, who may open them, and what is left of it when it ends badly. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Client } from 'pg';
import { EmbeddedDatabase, type EmbeddedOptions } from '../../../src/database/embedded/embedded-database.ts';
import { EmbeddedFailure } from '../../../src/database/embedded/failure.ts';
import { FolderLock } from '../../../src/database/embedded/folder-lock.ts';
import { Pauses } from '../../../src/database/embedded/pauses.ts';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { within } from '../../support/arrivals.ts';
import { failureOf } from '../../support/databases.ts';
import { createdDataDir, newDataDir, POOL } from '../../support/embedded.ts';
import { call } from '../../support/client.ts';
import { TestProcess } from '../../support/process.ts';
import { yaml } from '../../support/reload.ts';

const WRITER = fileURLToPath(new URL('../../support/embedded-writer.ts', import.meta.url));
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The option of Node that loads some code before the program. */
function preload(code: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

/** As on a disk that is full: nothing is written any more, whichever way. */
const FULL_DISK = preload(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const full = () => { throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }); };
  const { writeFileSync } = fs;
  fs.writeFileSync = (file, ...more) => (String(file).includes('/lock.') ? full() : writeFileSync(file, ...more));
  fs.writeSync = full;
  syncBuiltinESMExports();
`);

describe('the embedded database', () => {
  const closing: (() => unknown)[] = [];
  const closeAfter = (close: () => unknown): void => void closing.push(close);
  const open = (dataDir: string, more: Partial<EmbeddedOptions> = {}): EmbeddedDatabase => {
    const database = new EmbeddedDatabase({ dataDir, pool: POOL, ...more });
    closeAfter(async () => database.close());
    return database;
  };
  const writer = (dataDir: string, first: number, count: number, ...options: string[]): TestProcess =>
    new TestProcess([...options, '--import', LOADER, WRITER, dataDir, String(first), String(count)], closeAfter);
  const numbers = (process: TestProcess): number[] => process.stdout.split('\n').slice(1, -1).map(Number);
  /** What is told meanwhile. */
  const listener = (): { readonly told: string[]; readonly onProgress: (text: string) => void } => {
    const told: string[] = [];
    return { told, onProgress: (text) => told.push(text) };
  };
  const holds = async (what: string, condition: () => boolean): Promise<void> => {
    const deadline = performance.now() + 15_000;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await sleep(10);
    }
  };
  /** Asks until it is answered; nothing but that it is away may happen meanwhile. */
  const asked = async (database: EmbeddedDatabase, text: string): Promise<unknown> => {
    const ask = async (): Promise<unknown> =>
      database.query(text).catch(async (error: unknown) => {
        if (!(error instanceof DatabaseUnavailable) || error.reason === 'closed') throw error;
        return sleep(10).then(ask);
      });
    return within(ask(), 'the database to be back');
  };
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
    // No fault of the database, to be told to anybody.
    for (const failure of [await failureOf(database.ready), await failureOf(database.query('SELECT 1'))]) {
      expect(failure).to.be.instanceOf(DatabaseUnavailable);
      expect(failure).to.have.property('reason', 'closed');
    }
    expect(readdirSync(dataDir)).to.deep.equal([]);
  });

  it('is created all the same when only the process that does it is interrupted', async function () {
    const children = (): string[] => {
      const tasks = `/proc/${process.pid}/task`;
      const all = readdirSync(tasks).flatMap((task) => readFileSync(`${tasks}/${task}/children`, 'utf8').split(' '));
      return all.filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir));
    };
    const dataDir = newDataDir();
    if (!existsSync(`/proc/${process.pid}/task/${process.pid}/children`)) this.skip();
    const database = open(dataDir);
    await holds('it to be created', () => children().length > 0);
    for (const pid of children()) process.kill(Number(pid), 'SIGINT');
    await database.ready;
    expect(database.owned).to.equal(true);
  });

  it('says in one line why it cannot be created, and leaves nothing', async () => {
    const dataDir = newDataDir();
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = FULL_DISK;
    try {
      const failure = await failureOf(open(dataDir).ready);
      expect(failure).to.have.property('code', 'failed');
      expect(failure)
        .to.have.property('message')
        .that.match(/^the embedded database could not be created.*: ENOSPC: no space left on device$/);
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
    expect(readdirSync(dataDir)).to.deep.equal([]);
  });

  it('keeps the mode of a folder that is there, and its own files from others', async () => {
    const dataDir = await createdDataDir();
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'postgres'), 0o755);
    const umask = process.umask(0);
    try {
      const database = open(dataDir);
      await database.ready;
      expect(mode(dataDir)).to.equal('755');
      const own = ['postgres', 'lock', '.s.PGSQL.5432'].map((name) => mode(join(dataDir, name)));
      expect(own).to.deep.equal(['700', '600', '600']);
      await database.close();
      expect(readdirSync(dataDir)).to.deep.equal(['postgres']);

      const other = newDataDir();
      mkdirSync(other, { mode: 0o755 });
      const created = open(other);
      await created.ready;
      expect([mode(other), mode(join(other, 'postgres'))]).to.deep.equal(['755', '700']);
    } finally {
      process.umask(umask);
    }
  });

  it('refuses a folder that others can write to, and leaves it as it is', async () => {
    for (const [bits, advice] of [
      [
        0o1777,
        /\(mode 1777\); set database\.dataDir to a folder of its own, such as .*\/gatewayctl, which is made then$/,
      ],
      [0o775, /\(mode 0775\); .*; or, if nothing else is kept in .*, type: chmod go-w .*$/],
    ] as const) {
      const dataDir = newDataDir();
      mkdirSync(dataDir);
      chmodSync(dataDir, bits);
      const database = open(dataDir);
      expect(await codeOf(database)).to.equal('open-to-others');
      expect(String(await failureOf(database.ready))).to.match(advice);
      expect(readdirSync(dataDir)).to.deep.equal([]);
      expect(statSync(dataDir).mode & 0o7777).to.equal(bits);
    }
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

  it('is run by its guest when its owner closes it', async () => {
    const dataDir = await createdDataDir();
    const owner = open(dataDir);
    await owner.ready;
    await owner.execute('CREATE TABLE kept (a integer); INSERT INTO kept VALUES (1)');
    const { told, onProgress } = listener();
    const guest = open(dataDir, { onProgress });
    await guest.ready;
    expect(guest.owned).to.equal(false);
    expect(await guest.query('SELECT a FROM kept')).to.deep.equal([{ a: 1 }]);
    await owner.close();
    const failure = await failureOf(guest.query('SELECT a FROM kept'));
    expect(failure).to.be.instanceOf(DatabaseUnavailable);
    expect(await asked(guest, 'SELECT a FROM kept')).to.deep.equal([{ a: 1 }]);
    await holds('it to be told', () => told.join().includes('running the embedded database in'));
    expect(told.join()).to.match(/running the embedded database in .* from now on: the process that ran it has ended$/);
    expect(guest.owned).to.equal(true);
    await guest.close();
    expect(readdirSync(dataDir)).to.deep.equal(['postgres']);
  });

  it('is run by one of two guests, and the other one is its guest', async () => {
    const dataDir = await createdDataDir();
    for (let round = 0; round < 4; round += 1) {
      const owner = open(dataDir);
      await owner.ready;
      const guests = [open(dataDir), open(dataDir)];
      await Promise.all(guests.map(async ({ ready }) => ready));
      await owner.close();
      await Promise.all(guests.map(async (guest) => asked(guest, 'SELECT 1')));
      expect(guests.map(({ owned }) => owned)).to.have.members([true, false]);
      const last = guests.find(({ owned }) => !owned);
      await guests.find(({ owned }) => owned)?.close();
      expect(await asked(last ?? expect.fail(), 'SELECT 1 AS a')).to.deep.equal([{ a: 1 }]);
      await last?.close();
    }
  });

  it('loses no acknowledged row when one owner after the other is killed', async () => {
    const dataDir = await createdDataDir();
    const all = [0, 1, 2, 3].map((index) => writer(dataDir, index * 100_000, 100_000));
    const runs = ({ stdout, stderr }: TestProcess): boolean =>
      stdout.startsWith('owner') || stderr.includes('running the embedded database');
    const left = [...all];
    while (left.length > 1) {
      const counts = new Map(left.map((process) => [process, numbers(process).length]));
      await Promise.all(
        left.map(async (process) =>
          process.until('50 more rows', () => numbers(process).length > (counts.get(process) ?? 0) + 50 || undefined),
        ),
      );
      await holds('an owner', () => left.some(runs));
      expect(left.filter(runs)).to.have.length(1);
      const [owner] = left.splice(left.findIndex(runs), 1);
      owner?.kill('SIGKILL');
      await owner?.end();
    }
    const [last] = left;
    await holds('the last one to run it', () => last !== undefined && runs(last));
    const database = open(dataDir);
    await database.ready;
    expect(database.owned).to.equal(false);
    const rows = await database.query<{ number: number }>('SELECT number FROM numbers');
    // Those that have come since.
    const found = new Set(rows.map(({ number }) => number));
    const dead = all.filter((process) => process !== last).flatMap(numbers);
    expect(dead.filter((number) => !found.has(number))).to.deep.equal([]);
  }).timeout(60_000);

  it('is closed while a guest takes it over, and is free then', async () => {
    const dataDir = await createdDataDir();
    for (const delay of [0, 110, 200, 300, 500]) {
      const owner = open(dataDir);
      await owner.ready;
      const guest = open(dataDir);
      await guest.ready;
      const closed = owner.close();
      await sleep(delay);
      await within(guest.close(), 'the guest to be closed');
      await closed;
      expect(await failureOf(guest.query('SELECT 1'))).to.have.property('reason', 'closed');
      expect(readdirSync(dataDir).filter((name) => !name.startsWith('.'))).to.deep.equal(['postgres']);
    }
  });

  it('serves users when a command had it first and has ended', async () => {
    const dataDir = await createdDataDir();
    const command = open(dataDir);
    await command.ready;
    const folder = newDataDir();
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'gateway.yaml'),
      yaml(`database: { dataDir: "${dataDir}" }
identity:
  registration: open
  tokens: { issuer: "https://gateway.test", audience: "https://api.test", algorithm: ES256, keys: "${folder}/keys" }
  passwords: { bcryptCost: 4 }
routes:
  - { name: open, match: { path: /open }, access: public, respond: { status: 200, body: open } }
`),
    );
    const gateway = TestProcess.gatewayctl(['serve', '-c', join(folder, 'gateway.yaml')], closeAfter);
    const { address } = await gateway.serving();
    const register = async (email: string): Promise<number> => {
      const { status } = await call(`http://${address}/auth/register`, {
        method: 'POST',
        headers: ['content-type', 'application/json'],
        body: JSON.stringify({ email, password: 'correct horse battery' }),
      });
      return status;
    };
    await gateway.logged('the database can be asked');
    expect(await register('first@example.com')).to.equal(201);
    await command.close();
    await gateway.until('that it runs it', () =>
      gateway.log.find(({ msg }) => String(msg).startsWith('running the embedded database')),
    );
    expect(await register('second@example.com')).to.equal(201);
    const later = open(dataDir);
    await later.ready;
    expect(later.owned).to.equal(false);
    expect(await later.query('SELECT email FROM users ORDER BY email')).to.deep.equal([
      { email: 'first@example.com' },
      { email: 'second@example.com' },
    ]);
    gateway.kill('SIGTERM');
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
    expect(gateway.stderr).to.equal('');
  });

  it('is reached by others when its disk is full, and says so to one that would run it', async () => {
    const dataDir = await createdDataDir();
    const alone = writer(dataDir, 0, 1, FULL_DISK);
    expect(await alone.end()).to.include({ code: 1 });
    expect(alone.stderr)
      .to.match(/EmbeddedFailure: the embedded database in .* cannot be opened: ENOSPC.*room on its disk/)
      .and.to.not.include('choose another');
    const database = open(dataDir);
    await database.ready;
    const guest = writer(dataDir, 0, 20, FULL_DISK);
    expect(await guest.end()).to.deep.equal({ code: 0, signal: null });
    expect(guest.stdout).to.match(/^guest\n0\n/);
  });

  it('is no guest of the process whose folder it was copied from', async () => {
    const dataDir = await createdDataDir();
    const database = open(dataDir);
    await database.ready;
    const copy = newDataDir();
    cpSync(dataDir, copy, { recursive: true, preserveTimestamps: true, filter: (file) => !file.includes('.s.PGSQL') });
    expect(existsSync(join(copy, 'lock'))).to.equal(true);
    const { told, onProgress } = listener();
    const other = open(copy, { holderLimit: 200, onProgress });
    await within(other.ready, 'the copy to be ready');
    expect(other.owned).to.equal(true);
    expect(told.join()).to.match(/^ignoring the lock of process \d+, which came to .* with a copy of another folder$/);
  });

  it('keeps its lock when its folder is moved', async () => {
    const dataDir = await createdDataDir();
    const lock = FolderLock.take(join(dataDir, 'lock'));
    const moved = newDataDir();
    renameSync(dataDir, moved);
    expect(await codeOf(open(moved, { holderLimit: 100 }))).to.equal('held');
    renameSync(moved, dataDir);
    lock?.release();
  });

  it('does not open a folder that a living process holds without an answer', async () => {
    const dataDir = await createdDataDir();
    const lock = FolderLock.take(join(dataDir, 'lock'));
    const told: string[] = [];
    const database = open(dataDir, { holderLimit: 200, onProgress: (text) => told.push(text) });
    expect(await codeOf(database)).to.equal('held');
    expect(told.join()).to.include(`waiting for process ${process.pid}`);
    expect(String(await failureOf(database.ready))).to.match(/: stop it$/);
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

  it('is not kept out by one that was killed while it cleared a dead one away', async () => {
    const dataDir = await createdDataDir();
    const file = join(dataDir, 'lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: '1', token: 'x' }));
    writeFileSync(`${file}.clear-x`, JSON.stringify({ pid: process.pid, started: '1', token: 'y' }));
    const database = open(dataDir);
    await within(database.ready, 'the database to be ready');
    await database.close();
    expect(readdirSync(dataDir)).to.deep.equal(['postgres']);
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
    expect(await asked(database, 'SELECT a FROM kept')).to.deep.equal([{ a: 1 }]);
    expect(told.join()).to.include('stopped by itself (a statement ran for more than 1.5 s): starting it again');
  });

  it('says once why it cannot be started again, and is when it can', async () => {
    const dataDir = await createdDataDir();
    const { told, onProgress } = listener();
    const database = open(dataDir, { pool: { ...POOL, statementTimeout: 100 }, stallLimit: 1000, onProgress });
    await database.ready;
    await database.execute('CREATE TABLE kept (a integer); INSERT INTO kept VALUES (1)');
    const cluster = join(dataDir, 'postgres');
    const aside = join(dataDir, 'aside');
    const sound = readFileSync(join(cluster, 'PG_VERSION'));
    const stalled = failureOf(database.query('SELECT count(*) FROM generate_series(1, 1000000000000)'));
    // It has begun, and needs no file any more.
    await sleep(300);
    renameSync(cluster, aside);
    await stalled;
    const causes = (): string[] => told.filter((text) => text.includes('is still away'));
    await holds('the first cause', () => causes().length === 1);
    expect(causes()[0]).to.match(/the files of the embedded database in .* have gone$/);
    // Time for several further attempts.
    await sleep(1000);
    expect(causes()).to.have.length(1);
    writeFileSync(join(aside, 'PG_VERSION'), 'garbage\n');
    renameSync(aside, cluster);
    await holds('the second cause', () => causes().length === 2);
    expect(causes()[1]).to.include('could not be started');
    writeFileSync(join(cluster, 'PG_VERSION'), sound);
    expect(await asked(database, 'SELECT a FROM kept')).to.deep.equal([{ a: 1 }]);
    expect(told.filter((text) => text.includes('starting it again'))).to.have.length(1);
  });

  it('is tried again less and less often', () => {
    const pauses = new Pauses(100, 350);
    expect([1, 2, 3, 4].map(() => pauses.next())).to.deep.equal([100, 200, 350, 350]);
    pauses.lasted(349);
    expect(pauses.next()).to.equal(350);
    pauses.lasted(350);
    expect(pauses.next()).to.equal(100);
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
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o755);
    expect(await codeOf(open(dataDir, { findPackage }))).to.equal('missing-package');
    expect([readdirSync(dataDir), mode(dataDir)]).to.deep.equal([[], '755']);
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
