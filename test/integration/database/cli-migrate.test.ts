/** What `gatewayctl migrate` prints, and how it ends. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { expect } from 'chai';
import { Client } from 'pg';
import { ExitError } from '../../../src/cli/exit.ts';
import { migrate, type MigrateAction, type MigrateFlags, type MigrateParts } from '../../../src/cli/migrate.ts';
import { MIGRATIONS } from '../../../src/database/migration-files.ts';
import type { DatabaseOptions } from '../../../src/database/open.ts';
import { FakeTerminal } from '../../support/commands.ts';
import { DATABASES } from '../../support/databases.ts';
import { POOL } from '../../support/embedded.ts';
import { postgresDatabase } from '../../support/postgres.ts';

interface Outcome {
  readonly code: number;
  readonly message: string;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  action: MigrateAction,
  options: DatabaseOptions,
  flags: Partial<MigrateFlags> = {},
  parts: MigrateParts = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const mocks = (['stdout', 'stderr'] as const).map((name) =>
    mock.method(process[name], 'write', (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    const terminal = FakeTerminal.pipe('');
    const all = { format: 'text', dryRun: false, to: undefined, yes: false, ...flags } as const;
    await migrate(action, options, all, { terminal, ...parts });
    return { code: 0, message: '', ...written };
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return { code: error.exitCode, message: error.message, ...written };
  } finally {
    for (const { mock: mocked } of mocks) mocked.restore();
  }
}

/** The migrations of this version, and one more. */
function migrationsAndMore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
  writeFileSync(join(folder, '0002-more.up.sql'), 'CREATE TABLE more (a integer);\n');
  writeFileSync(join(folder, '0002-more.down.sql'), 'DROP TABLE more;\n');
  return folder;
}

for (const kind of DATABASES) {
  describe(`gatewayctl migrate on ${kind.name}`, () => {
    let options: DatabaseOptions;
    let folder: string;

    before(async () => {
      options = await kind.options();
      folder = migrationsAndMore();
    });
    after(() => rmSync(folder, { recursive: true }));

    it('goes the whole way: status 3, dry run, up, status 0, down', async () => {
      const before = await run('status', options);
      expect(before).to.include({ code: 3, stdout: 'pending  0001-users\n' });
      expect(before.message).to.equal('1 pending: gatewayctl migrate up');

      const dry = await run('up', options, { dryRun: true });
      expect(dry.code).to.equal(0);
      expect(dry.stdout).to.match(
        /^CREATE TABLE IF NOT EXISTS gatewayctl_migrations [^]*;\n\n-- 0001-users up\nBEGIN;\nINSERT INTO [^]*CREATE TABLE users[^]*\nCOMMIT;\n$/,
      );
      expect((await run('status', options)).code).to.equal(3);

      const up = await run('up', options);
      expect(up).to.include({ code: 0, stdout: '' });
      expect(up.stderr).to.equal('gatewayctl: applied 0001-users\n');
      expect((await run('up', options)).stderr).to.equal('gatewayctl: nothing to do: the schema is current\n');

      const after = await run('status', options, { format: 'json' });
      expect(after.code).to.equal(0);
      const { migrations }: { migrations: unknown } = JSON.parse(after.stdout);
      expect(migrations).to.have.deep.nested.property('[0].state', 'applied');

      const down = await run('down', options, { format: 'json', to: 'all', yes: true });
      expect(JSON.parse(down.stdout)).to.deep.include({
        action: 'down',
        dryRun: false,
        migrations: [{ name: '0001-users' }],
      });
      expect((await run('down', options, { yes: true })).stderr).to.equal('gatewayctl: nothing to take back\n');
      const asked = await run('down', options, {}, { terminal: new FakeTerminal(true, '') });
      expect(asked).to.include({ code: 0, stderr: 'gatewayctl: nothing to take back\n' });
    });

    it('takes nothing back until somebody has said so', async () => {
      await run('up', options, {}, { folder });
      const piped = await run('down', options, {}, { folder, terminal: FakeTerminal.pipe('0002-more\n') });
      expect(piped).to.include({ code: 1, stdout: '', stderr: '' });
      expect(piped.message).to.include('no terminal').and.include('--dry-run').and.include('--yes');
      const wrong = await run('down', options, {}, { folder, terminal: new FakeTerminal(true, 'yes\r') });
      expect(wrong).to.include({ code: 1, message: 'that is not 0002-more, and nothing was changed' });

      const terminal = new FakeTerminal(true, '0002-more\r');
      const down = await run('down', options, {}, { folder, terminal });
      expect(down.code).to.equal(0);
      expect(down.stderr).to.match(/will be lost for good\n.*took back 0002-more\n$/s);
      expect(terminal.shown).to.include('Type the name of the migration (0002-more) to take it back: ');
      await run('down', options, { yes: true }, { folder });
    });

    it('refuses a name that there is not, and a schema that is newer', async () => {
      const wrong = await run('up', options, { to: '0007-none' });
      expect(wrong.code).to.equal(2);
      expect(wrong.message).to.equal(
        'there is no migration "0007-none" to carry out: there is 0001-users; see gatewayctl migrate status',
      );
      await run('up', options, {}, { folder });
      const newer = await run('status', options);
      expect(newer.code).to.equal(1);
      expect(newer.stdout).to.include('unknown  0002-more');
      expect(newer.message).to.include('a newer version of gatewayctl has applied 0002-more');
      expect((await run('up', options)).code).to.equal(1);
    });
  });
}

describe('gatewayctl migrate on a server of somebody else', () => {
  const pool = { dataDir: '', pool: POOL };
  let folder: string;

  before(() => {
    folder = migrationsAndMore();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('prints SQL that does by hand what it would do itself', async () => {
    const options = { url: await postgresDatabase(), ...pool };
    const { stdout: sql } = await run('up', options, { dryRun: true });
    const client = new Client({ connectionString: options.url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
    const status = await run('status', options);
    expect(status.code).to.equal(0);
    expect(status.stdout).to.match(/^applied +0001-users /);
    expect((await run('up', options)).stderr).to.equal('gatewayctl: nothing to do: the schema is current\n');
  });

  it('asks for the last of those that it would take back, and not in a dry run', async () => {
    const options = { url: await postgresDatabase(), ...pool };
    await run('up', options, {}, { folder });
    const { stdout: applied } = await run('status', options, {}, { folder });
    for (const [typed, code] of [
      ['\r', 1],
      ['0002-more\r', 1],
      ['\u0003', 130],
    ] as const) {
      const terminal = new FakeTerminal(true, typed);
      const refused = await run('down', options, { to: 'all' }, { folder, terminal });
      expect(refused.code).to.equal(code);
      expect(refused.message).to.match(/nothing was changed$/);
      expect(refused.stderr).to.include('all data that 0002-more, 0001-users has brought to the database at ');
      expect(terminal.shown).to.include('(0001-users)');
    }
    const dry = await run('down', options, { dryRun: true }, { folder });
    expect(dry).to.include({ code: 0, stderr: '' });
    expect(dry.stdout).to.match(/^-- 0002-more down\nBEGIN;\n/);
    expect((await run('status', options, {}, { folder })).stdout).to.equal(applied);

    await run('down', options, { yes: true }, { folder });
    expect((await run('up', options, { dryRun: true }, { folder })).stdout).to.match(/^-- 0002-more up\nBEGIN;\n/);
  });

  it('says what to check when it lets nobody in', async () => {
    const url = new URL(await postgresDatabase());
    url.pathname = '/no_such_database';
    const { code, message } = await run('status', { url: url.href, ...pool });
    expect(code).to.equal(1);
    expect(message).to.include('lets nobody in').and.include('"no_such_database" does not exist');
    expect(message).to.include('check the user, the password and the name of the database in database.url');
    expect(message).to.not.include('that the server runs');
  });
});

describe('gatewayctl migrate without a database', () => {
  it('says what cannot be reached, without the password', async () => {
    const outcome = await run('up', { url: 'postgres://u:hunter2@127.0.0.1:1/shop', dataDir: '', pool: POOL });
    expect(outcome.code).to.equal(1);
    expect(outcome.message)
      .to.include('127.0.0.1:1/shop')
      .and.include('check the host and the port')
      .and.not.include('hunter2');
  });

  it('takes a wrong URL for wrong usage', async () => {
    const outcome = await run('up', { url: 'mysql://u:hunter2@x/y', dataDir: '', pool: POOL });
    expect(outcome.code).to.equal(2);
    expect(outcome.message).to.include('postgres://').and.not.include('hunter2');
  });
});
