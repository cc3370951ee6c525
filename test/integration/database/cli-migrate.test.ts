/** What `gatewayctl migrate` prints, and how it ends. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { expect } from 'chai';
import { ExitError } from '../../../src/cli/exit.ts';
import { migrate, type MigrateAction, type MigrateFlags } from '../../../src/cli/migrate.ts';
import { MIGRATIONS } from '../../../src/database/migration-files.ts';
import type { DatabaseOptions } from '../../../src/database/open.ts';
import { DATABASES } from '../../support/databases.ts';
import { POOL } from '../../support/embedded.ts';

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
  folder?: string,
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const mocks = (['stdout', 'stderr'] as const).map((name) =>
    mock.method(process[name], 'write', (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    await migrate(action, options, { format: 'text', dryRun: false, to: undefined, ...flags }, folder);
    return { code: 0, message: '', ...written };
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return { code: error.exitCode, message: error.message, ...written };
  } finally {
    for (const { mock: mocked } of mocks) mocked.restore();
  }
}

for (const kind of DATABASES) {
  describe(`gatewayctl migrate on ${kind.name}`, () => {
    let options: DatabaseOptions;
    let folder: string;

    before(async () => {
      options = await kind.options();
      folder = mkdtempSync(join(tmpdir(), 'gatewayctl-migrations-'));
      cpSync(MIGRATIONS, folder, { recursive: true });
      writeFileSync(join(folder, '0002-more.up.sql'), 'CREATE TABLE more (a integer);\n');
      writeFileSync(join(folder, '0002-more.down.sql'), 'DROP TABLE more;\n');
    });
    after(() => rmSync(folder, { recursive: true }));

    it('goes the whole way: status 3, dry run, up, status 0, down', async () => {
      const before = await run('status', options);
      expect(before).to.include({ code: 3, stdout: 'pending  0001-users\n' });
      expect(before.message).to.equal('1 pending: gatewayctl migrate up');

      const dry = await run('up', options, { dryRun: true });
      expect(dry.code).to.equal(0);
      expect(dry.stdout).to.match(/^-- 0001-users up\nBEGIN;\nINSERT INTO [^]*CREATE TABLE users[^]*\nCOMMIT;\n$/);
      expect((await run('status', options)).code).to.equal(3);

      const up = await run('up', options);
      expect(up).to.include({ code: 0, stdout: '' });
      expect(up.stderr).to.equal('gatewayctl: applied 0001-users\n');
      expect((await run('up', options)).stderr).to.equal('gatewayctl: nothing to do: the schema is current\n');

      const after = await run('status', options, { format: 'json' });
      expect(after.code).to.equal(0);
      const { migrations }: { migrations: unknown } = JSON.parse(after.stdout);
      expect(migrations).to.have.deep.nested.property('[0].state', 'applied');

      const down = await run('down', options, { format: 'json', to: 'all' });
      expect(JSON.parse(down.stdout)).to.deep.include({
        action: 'down',
        dryRun: false,
        migrations: [{ name: '0001-users' }],
      });
      expect((await run('down', options)).stderr).to.equal('gatewayctl: nothing to take back\n');
    });

    it('refuses a name that there is not, and a schema that is newer', async () => {
      const wrong = await run('up', options, { to: '0007-none' });
      expect(wrong.code).to.equal(2);
      expect(wrong.message).to.equal(
        'there is no migration "0007-none" to carry out: there is 0001-users; see gatewayctl migrate status',
      );
      await run('up', options, {}, folder);
      const newer = await run('status', options);
      expect(newer.code).to.equal(1);
      expect(newer.stdout).to.include('unknown  0002-more');
      expect(newer.message).to.include('a newer version of gatewayctl has applied 0002-more');
      expect((await run('up', options)).code).to.equal(1);
    });
  });
}

describe('gatewayctl migrate without a database', () => {
  it('says what cannot be reached, without the password', async () => {
    const outcome = await run('up', { url: 'postgres://u:hunter2@127.0.0.1:1/shop', dataDir: '', pool: POOL });
    expect(outcome.code).to.equal(1);
    expect(outcome.message).to.include('127.0.0.1:1/shop').and.include('check database.url').and.not.include('hunter2');
  });

  it('takes a wrong URL for wrong usage', async () => {
    const outcome = await run('up', { url: 'mysql://u:hunter2@x/y', dataDir: '', pool: POOL });
    expect(outcome.code).to.equal(2);
    expect(outcome.message).to.include('postgres://').and.not.include('hunter2');
  });
});
