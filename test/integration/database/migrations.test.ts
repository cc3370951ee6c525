/** The schema, and how it is brought up and taken back, on both databases alike. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Database } from '../../../src/database/database.ts';
import { UniqueViolation } from '../../../src/database/failures.ts';
import { MIGRATIONS } from '../../../src/database/migration-files.ts';
import {
  MigrationFailed,
  migrateDown,
  migrateUp,
  MIGRATION_LOCK,
  migrationStatus,
  prepareSchema,
  SchemaNewer,
  schemaState,
  UnknownMigration,
} from '../../../src/database/migrations.ts';
import { openDatabase, type DatabaseOptions } from '../../../src/database/open.ts';
import { within } from '../../support/arrivals.ts';
import { DATABASES, failureOf } from '../../support/databases.ts';

const EVERYTHING = `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`;
const TABLES = ['api_keys', 'gatewayctl_migrations', 'lockouts', 'refresh_tokens', 'sessions', 'users'];

for (const kind of DATABASES) {
  describe(`migrations on ${kind.name}`, () => {
    let options: DatabaseOptions;
    let database: Database;
    let folder: string;

    before(async () => {
      options = await kind.options();
      database = openDatabase(options);
      await database.ready;
      folder = mkdtempSync(join(tmpdir(), 'gatewayctl-migrations-'));
      cpSync(MIGRATIONS, folder, { recursive: true });
      writeFileSync(join(folder, '0002-more.up.sql'), 'CREATE TABLE more (a integer); INSERT INTO more VALUES (1);');
      writeFileSync(join(folder, '0002-more.down.sql'), 'DROP TABLE more;');
    });
    beforeEach(async () => {
      await database.execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    });
    after(async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    });

    const tables = async (): Promise<string[]> =>
      (await database.query<{ name: string }>(EVERYTHING)).map(({ name }) => name);
    const names = (steps: readonly { readonly name: string }[]): string[] => steps.map(({ name }) => name);

    it('bring an empty database up, and find nothing to do then', async () => {
      expect(await schemaState(database)).to.deep.equal({ kind: 'older', pending: ['0001-users'] });
      const told: string[] = [];
      expect(names(await migrateUp(database, { onProgress: (text) => told.push(text) }))).to.deep.equal(['0001-users']);
      expect(told).to.deep.equal(['applied 0001-users']);
      expect(await tables()).to.deep.equal(TABLES);
      expect(await schemaState(database)).to.deep.equal({ kind: 'current' });
      expect(await migrateUp(database)).to.deep.equal([]);
    });

    it('take everything back, and bring it up again', async () => {
      await migrateUp(database, { folder });
      expect(names(await migrateDown(database, { folder }))).to.deep.equal(['0002-more']);
      await migrateUp(database, { folder });
      expect(names(await migrateDown(database, { folder, to: 'all' }))).to.deep.equal(['0002-more', '0001-users']);
      expect(await tables()).to.deep.equal(['gatewayctl_migrations']);
      expect(names(await migrateUp(database, { folder }))).to.deep.equal(['0001-users', '0002-more']);
      expect(names(await migrateDown(database, { folder, to: '0001-users' }))).to.deep.equal([
        '0002-more',
        '0001-users',
      ]);
    });

    it('stop at a name, and refuse one that there is not', async () => {
      expect(names(await migrateUp(database, { folder, to: '0001-users' }))).to.deep.equal(['0001-users']);
      expect(await migrateUp(database, { folder, to: '0001-users' })).to.deep.equal([]);
      const failure = await failureOf(migrateUp(database, { folder, to: '0003-none' }));
      expect(failure).to.be.instanceOf(UnknownMigration);
      expect(failure).to.have.deep.property('candidates', ['0002-more']);
      expect(await failureOf(migrateDown(database, { folder, to: '0002-more' }))).to.be.instanceOf(UnknownMigration);
    });

    it('change nothing in a dry run, and tell the SQL', async () => {
      const steps = await migrateUp(database, { folder, dryRun: true });
      expect(names(steps)).to.deep.equal(['0001-users', '0002-more']);
      expect(steps[0]?.sql).to.include('CREATE TABLE users');
      expect(await tables()).to.deep.equal([]);
      await migrateUp(database, { folder });
      const [down] = await migrateDown(database, { folder, dryRun: true });
      expect(down).to.deep.equal({ name: '0002-more', sql: 'DROP TABLE more;' });
      expect(await tables()).to.include('more');
    });

    it('run once when two run at once', async () => {
      const second = openDatabase(options);
      await second.ready;
      const both = await Promise.all([migrateUp(database, { folder }), migrateUp(second, { folder })]);
      await second.close();
      expect(both.flatMap(names).toSorted()).to.deep.equal(['0001-users', '0002-more']);
      expect(await database.query('SELECT * FROM more')).to.deep.equal([{ a: 1 }]);
      expect(await schemaState(database, folder)).to.deep.equal({ kind: 'current' });
    });

    if (kind.name === 'PostgreSQL') {
      it('wait while another one runs, and say so', async () => {
        const told: string[] = [];
        let waits: (() => void) | undefined;
        const waiting = new Promise<void>((resolve) => (waits = resolve));
        const migrated = await database.session(async (session) => {
          await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
          const migrating = migrateUp(database, {
            onProgress: (text) => {
              told.push(text);
              waits?.();
            },
          });
          await within(waiting, 'the migrator to wait');
          expect(await tables()).to.deep.equal([]);
          await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
          return migrating;
        });
        expect(names(migrated)).to.deep.equal(['0001-users']);
        expect(told).to.deep.equal(['another migration is running: waiting for it', 'applied 0001-users']);
      });
    }

    it('are rolled back whole when one fails, and those before it stand', async () => {
      writeFileSync(join(folder, '0003-wrong.up.sql'), 'CREATE TABLE half (a integer); SELECT nothing;');
      writeFileSync(join(folder, '0003-wrong.down.sql'), 'SELECT 1;');
      try {
        const failure = await failureOf(migrateUp(database, { folder }));
        expect(failure).to.be.instanceOf(MigrationFailed);
        expect(failure).to.have.property('migration', '0003-wrong');
        expect(await tables())
          .to.include('more')
          .and.not.include('half');
        expect(await schemaState(database, folder)).to.deep.equal({ kind: 'older', pending: ['0003-wrong'] });
        // And it holds no lock.
        expect(await failureOf(migrateUp(database, { folder }))).to.be.instanceOf(MigrationFailed);
      } finally {
        rmSync(join(folder, '0003-wrong.up.sql'));
        rmSync(join(folder, '0003-wrong.down.sql'));
      }
    });

    it('leave a schema alone that a newer version has made', async () => {
      await migrateUp(database, { folder });
      expect(await schemaState(database)).to.deep.equal({ kind: 'newer', unknown: ['0002-more'] });
      expect((await migrationStatus(database)).map(({ state }) => state)).to.deep.equal(['applied', 'unknown']);
      expect(await failureOf(migrateUp(database))).to.be.instanceOf(SchemaNewer);
      expect(await failureOf(migrateDown(database))).to.be.instanceOf(SchemaNewer);
      expect(await prepareSchema(database)).to.deep.equal({ kind: 'newer', unknown: ['0002-more'] });
    });

    it(kind.name === 'PostgreSQL' ? 'wait for a person on a server' : 'run by themselves', async () => {
      const state = await prepareSchema(database);
      expect(state.kind).to.equal(kind.name === 'PostgreSQL' ? 'older' : 'current');
    });

    it('make a schema in which exactly one of two concurrent refreshes wins', async () => {
      await migrateUp(database);
      const hash = (text: string): Buffer => Buffer.from(text);
      await database.execute(
        `WITH u AS (INSERT INTO users (email, password_hash, role) VALUES ('a@b.c', 'x', 'viewer') RETURNING id),
              s AS (INSERT INTO sessions (user_id, expires_at) SELECT id, now() + interval '1 day' FROM u RETURNING id)
         INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT $1, id, now() + interval '1 day' FROM s`,
        [hash('old')],
      );
      const rotate = async (next: string): Promise<number> =>
        database.execute(
          `WITH used AS (
             UPDATE refresh_tokens SET used_at = now()
             WHERE hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING session_id, expires_at)
           INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT $2, session_id, expires_at FROM used`,
          [hash('old'), hash(next)],
        );
      const won = await Promise.all(['1', '2', '3', '4'].map(rotate));
      expect(won).to.have.members([0, 0, 0, 1]);
      const again = database.execute("INSERT INTO users (email, password_hash, role) VALUES ('a@b.c', 'x', 'viewer')");
      const failure = await failureOf(again);
      expect(failure).to.be.instanceOf(UniqueViolation);
      expect(failure).to.have.property('constraint', 'users_email_key');
      await database.execute('DELETE FROM users');
      expect(await database.query('SELECT * FROM refresh_tokens')).to.deep.equal([]);
    });
  });
}
