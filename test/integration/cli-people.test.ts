/** Users, API keys and roles over the command line, on both databases. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { keyAdd, keyList, keyRevoke } from '../../src/cli/key.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { withKeys, withPeople, withUsers, type People, type PeopleConfig } from '../../src/cli/people.ts';
import {
  userAdd,
  userList,
  userRemove,
  userSetDisabled,
  userSetPassword,
  userSetRole,
  userShow,
} from '../../src/cli/user.ts';
import { openDatabase } from '../../src/database/open.ts';
import { FakeTerminal, identityConfig, outcomeOf, ROLES, type Outcome } from '../support/commands.ts';
import { DATABASES } from '../support/databases.ts';
import { POOL } from '../support/embedded.ts';

const PASSWORD = 'correct horse battery';
const TEXT = { format: 'text' } as const;
const JSON_FORMAT = { format: 'json' } as const;
const ALL = { format: 'json', search: undefined, role: undefined, limit: undefined } as const;

for (const kind of DATABASES) {
  describe(`people over the command line, on ${kind.name}`, () => {
    let config: PeopleConfig;

    before(async () => {
      config = { database: await kind.options(), roles: ROLES, identity: identityConfig() };
    });

    let open: People | undefined;

    /** A command opens the database and closes it, unless the test has it open. */
    const run = async (work: (people: People) => Promise<void>): Promise<Outcome> =>
      outcomeOf(() => (open === undefined ? withPeople(config, work) : work(open)));
    /** A test of several commands: the embedded database takes a second to open. */
    const inOneGo = (test: () => Promise<void>) => async (): Promise<void> =>
      withPeople(config, async (people) => {
        open = people;
        try {
          await test();
        } finally {
          open = undefined;
        }
      });
    const add = async (email: string, password = PASSWORD, role = 'viewer'): Promise<Outcome> =>
      run((people) => userAdd(people, email, { ...TEXT, role, passwordStdin: true }, FakeTerminal.pipe(password)));
    const emails = async (flags: { search?: string; role?: string; limit?: string }): Promise<readonly string[]> => {
      const { stdout } = await run((people) => userList(people, { ...ALL, ...flags }));
      const { users }: { users: readonly { email: string }[] } = JSON.parse(stdout);
      return users.map(({ email }) => email);
    };
    const stored = async (email: string): Promise<{ password_hash: string; role: string } | undefined> => {
      const database = openDatabase(config.database);
      try {
        await database.ready;
        const [row] = await database.query<{ password_hash: string; role: string }>(
          'SELECT password_hash, role FROM users WHERE email = $1',
          [email],
        );
        return row;
      } finally {
        await database.close();
      }
    };

    it('needs the schema of this version', async () => {
      const outcome = await run((people) => userList(people, ALL));
      if (config.database.url === '') {
        // The embedded one brings itself up to date, and says so to people only.
        expect(outcome.code).to.equal(0);
        expect(outcome.stderr).to.include('applied 0001-users');
        expect(JSON.parse(outcome.stdout)).to.deep.equal({ users: [], more: false });
        return;
      }
      expect(outcome).to.include({ code: 1, stdout: '' });
      expect(outcome.message).to.include('0001-users is pending; type gatewayctl migrate up');
      const up = await outcomeOf(() =>
        migrate('up', config.database, { ...TEXT, dryRun: false, to: undefined, yes: false }),
      );
      expect(up.code).to.equal(0);
      expect((await run((people) => userList(people, ALL))).code).to.equal(0);
    });

    it(
      'adds users and refuses what cannot be one',
      inOneGo(async () => {
        expect(await add(' Ada@Example.com ')).to.include({
          code: 0,
          stdout: 'added ada@example.com with the role viewer\n',
        });
        expect((await stored('ada@example.com'))?.password_hash).to.match(/^\$2b\$04\$/);
        for (const [email, password, role, expected] of [
          ['ada@EXAMPLE.com', PASSWORD, 'viewer', 'already'],
          ['no address', PASSWORD, 'viewer', 'expected an e-mail address'],
          ['bob@example.com', PASSWORD, 'viewr', 'did you mean "viewer"?'],
          ['bob@example.com', 'short', 'viewer', 'at least 12 characters'],
          ['bob@example.com', 'x'.repeat(73), 'viewer', 'at most 72 bytes'],
          ['bob@example.com', 'a NUL \0 inside it', 'viewer', 'NUL'],
          ['bob@example.com', 'unbelievable', 'viewer', 'most common'],
        ] as const) {
          const { code, message, stdout } = await add(email, password, role);
          expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
          expect(message).to.include(expected);
        }
        expect(await emails({})).to.deep.equal(['ada@example.com']);
      }),
    );

    it(
      'lists by search and role, up to a limit',
      inOneGo(async () => {
        await add('bob@example.com', PASSWORD, 'editor');
        await add('carol@example.org', PASSWORD, 'editor');
        expect(await emails({})).to.deep.equal(['ada@example.com', 'bob@example.com', 'carol@example.org']);
        expect(await emails({ limit: '2' })).to.deep.equal(['ada@example.com', 'bob@example.com']);
        expect(await emails({ role: 'editor' })).to.deep.equal(['bob@example.com', 'carol@example.org']);
        expect(await emails({ search: 'example.org' })).to.deep.equal(['carol@example.org']);
        expect(await emails({ role: 'gone' })).to.deep.equal([]);
        const { stderr } = await run((people) => userList(people, { ...ALL, format: 'text', limit: '2' }));
        expect(stderr).to.include('there are more than 2');
      }),
    );

    it(
      'lists those with a role that is gone, and those without one',
      inOneGo(async () => {
        const database = openDatabase(config.database);
        const give = async (email: string, role: string): Promise<void> => {
          await database.ready;
          await database.execute('UPDATE users SET role = $2 WHERE email = $1', [email, role]);
        };
        try {
          await give('bob@example.com', 'gone');
          await give('carol@example.org', '');
          expect(await emails({ role: 'gone' })).to.deep.equal(['bob@example.com']);
          expect(await emails({ role: '' })).to.deep.equal(['carol@example.org']);
        } finally {
          await give('bob@example.com', 'editor');
          await give('carol@example.org', 'editor');
          await database.close();
        }
      }),
    );

    it(
      'finds a domain of another script as people write it, and as DNS has it',
      inOneGo(async () => {
        expect((await add('jörg@Bücher.example')).stdout).to.include('added jörg@xn--bcher-kva.example ');
        for (const search of ['bücher', 'BÜCHER', 'bu\u0308cher.ex', '@bücher.example', 'g@bücher', 'xn--bcher', 'JÖR'])
          expect(await emails({ search }), search).to.deep.equal(['jörg@xn--bcher-kva.example']);
        for (const search of ['bücherei', '@jörg', 'ü/x', '\0ü%']) expect(await emails({ search })).to.deep.equal([]);
        await run((people) => userRemove(people, 'jörg@bücher.example', { ...TEXT, yes: true }));
      }),
    );

    it(
      'changes role, password and state, by address or id',
      inOneGo(async () => {
        const show = await run((people) => userShow(people, 'BOB@example.com', JSON_FORMAT));
        const { id }: { id: string } = JSON.parse(show.stdout);
        expect((await run((people) => userSetRole(people, id, 'admin', TEXT))).stdout).to.equal(
          'bob@example.com has the role admin now\n',
        );
        const before = await stored('bob@example.com');
        expect(before?.role).to.equal('admin');
        const typed = new FakeTerminal(true, 'another horse battery\ranother horse battery\r');
        const changed = await run((people) => userSetPassword(people, id, { ...TEXT, passwordStdin: false }, typed));
        expect(changed).to.include({ code: 0, stdout: 'bob@example.com has a new password\n' });
        expect((await stored('bob@example.com'))?.password_hash).to.not.equal(before?.password_hash);
        expect(typed.shown).to.include('bob@example.com').and.not.include('horse');
        for (const disabled of [true, false]) {
          await run((people) => userSetDisabled(people, 'bob@example.com', disabled, TEXT));
          const { stdout } = await run((people) => userShow(people, id, JSON_FORMAT));
          expect(JSON.parse(stdout)).to.include({ disabled });
        }
      }),
    );

    it('works while something else has the database open', async () => {
      const served = openDatabase(config.database);
      try {
        await served.ready;
        expect((await run((people) => userSetRole(people, 'ada@example.com', 'editor', TEXT))).code).to.equal(0);
        const rows = await served.query<{ role: string }>("SELECT role FROM users WHERE email = 'ada@example.com'");
        expect(rows).to.deep.equal([{ role: 'editor' }]);
      } finally {
        await served.close();
      }
    });

    it('removes a user', async () => {
      const typed = new FakeTerminal(true, 'carol@example.org\r');
      const removed = await run((people) => userRemove(people, 'Carol@example.org', { ...TEXT, yes: false }, typed));
      expect(removed).to.include({ code: 0, stdout: 'removed carol@example.org\n' });
      const again = await run((people) => userRemove(people, 'carol@example.org', { ...TEXT, yes: true }));
      expect(again.code).to.equal(1);
      expect(again.message).to.include('there is no user "carol@example.org"');
      expect(await emails({})).to.deep.equal(['ada@example.com', 'bob@example.com']);
    });

    it(
      'makes, lists and revokes API keys, of which only hashes are kept',
      inOneGo(async () => {
        const made = await run((people) => keyAdd(people, 'ci', { ...TEXT, role: 'viewer', expires: '90d' }));
        expect(made.code).to.equal(0);
        expect(made.stdout).to.match(/^gw_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}\n$/);
        const key = made.stdout.trim();
        const list = await run((people) => keyList(people, TEXT));
        expect(list.stdout).to.include(' ci ').and.include(' active ').and.not.include(key);
        const revoked = await run((people) => keyRevoke(people, key, TEXT));
        expect(revoked).to.include({ code: 0 });
        const shown = await run((people) => keyList(people, JSON_FORMAT));
        expect(JSON.parse(shown.stdout)).to.have.nested.property('keys[0].state', 'revoked');
        const none = await run((people) => keyRevoke(people, '00000000000000', TEXT));
        expect(none.message).to.include('there is no API key "00000000000000"');
      }),
    );

    it('works without identity where no user logs in', async () => {
      config = { ...config, identity: undefined };
      expect((await run((people) => keyList(people, JSON_FORMAT))).code).to.equal(0);
      expect((await add('dave@example.com')).code).to.equal(2);
    });
  });
}

describe('people over the command line, of a configuration without them', () => {
  it('names what to add, and creates no database', async () => {
    const dataDir = join(tmpdir(), `gatewayctl-none-${process.pid}`);
    const config = {
      database: { url: '', dataDir, pool: POOL },
      roles: ROLES,
      identity: undefined,
      apiKeys: undefined,
    };
    const users = await outcomeOf(() => withUsers(config, (people) => userList(people, ALL)));
    expect(users).to.include({ code: 2, stdout: '', stderr: '' });
    expect(users.message).to.include('the configuration has no identity').and.include('add identity with');
    const keys = await outcomeOf(() => withKeys(config, (people) => keyList(people, TEXT)));
    expect(keys).to.include({ code: 2, stdout: '', stderr: '' });
    expect(keys.message).to.include('the configuration has no apiKeys').and.include('add apiKeys: {}');
    expect(existsSync(dataDir)).to.equal(false);
  });
});

describe('people over the command line, without a database', () => {
  const run = async (url: string): Promise<Outcome> => {
    const config = { database: { url, dataDir: '', pool: POOL }, roles: ROLES, identity: identityConfig() };
    return outcomeOf(() => withPeople(config, (people) => userList(people, ALL)));
  };

  it('says what cannot be reached, and hides the password', async () => {
    const { code, message } = await run('postgres://u:hunter2@127.0.0.1:1/shop');
    expect(code).to.equal(1);
    expect(message)
      .to.include('127.0.0.1:1/shop')
      .and.include('check the host and the port')
      .and.not.include('hunter2');
  });

  it('takes a wrong URL for wrong configuration', async () => {
    const { code, message } = await run('mysql://u:hunter2@x/y');
    expect(code).to.equal(2);
    expect(message).to.include('postgres://').and.not.include('hunter2');
  });
});
