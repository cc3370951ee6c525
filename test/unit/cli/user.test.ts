import { expect } from 'chai';
import type { People } from '../../../src/cli/people.ts';
import {
  userAdd,
  userList,
  userRemove,
  userSetDisabled,
  userSetPassword,
  userSetRole,
  userShow,
} from '../../../src/cli/user.ts';
import type { AdministrationFault } from '../../../src/users/administration.ts';
import { FakeAdministration } from '../../support/administration.ts';
import { FakeTerminal, identityConfig, outcomeOf, ROLES, type Outcome } from '../../support/commands.ts';

const PASSWORD = 'correct horse battery';
const TEXT = { format: 'text' } as const;
const JSON_FORMAT = { format: 'json' } as const;
const LIST = { format: 'text', search: undefined, role: undefined, limit: undefined } as const;

describe('gatewayctl user', () => {
  let administration: FakeAdministration;
  let people: People;

  beforeEach(() => {
    administration = new FakeAdministration();
    people = { administration, roles: ROLES, identity: identityConfig() };
  });

  describe('add', () => {
    const add = async (
      email: string,
      options: { role?: string; format?: 'text' | 'json'; typed?: FakeTerminal } = {},
    ): Promise<Outcome> => {
      const { role = 'viewer', format = 'text', typed = FakeTerminal.pipe(`${PASSWORD}\n`) } = options;
      return outcomeOf(() => userAdd(people, email, { role, format, passwordStdin: !typed.input.isTTY }, typed));
    };

    it('adds a user with the password of standard input', async () => {
      expect(await add('ada@example.com')).to.deep.equal({
        code: 0,
        message: '',
        stdout: 'added ada@example.com with the role viewer\n',
        stderr: '',
      });
      expect(administration.calls).to.deep.equal([['addUser', 'ada@example.com', PASSWORD, 'viewer']]);
    });

    it('prints JSON with the dates of ISO 8601', async () => {
      const { stdout } = await add('ada@example.com', { format: 'json' });
      expect(JSON.parse(stdout)).to.deep.include({
        email: 'ada@example.com',
        role: 'viewer',
        disabled: false,
        createdAt: '2026-07-22T10:15:00.123Z',
      });
    });

    it('asks on a terminal', async () => {
      const typed = new FakeTerminal(true, `${PASSWORD}\r${PASSWORD}\r`);
      expect((await add('ada@example.com', { typed })).code).to.equal(0);
      expect(administration.calls).to.deep.equal([['addUser', 'ada@example.com', PASSWORD, 'viewer']]);
    });

    it('refuses what is wrong already before anybody types a password', async () => {
      administration.add({ email: 'ada@example.com' });
      const typed = new FakeTerminal(true, '');
      const unknown = await add('bob@example.com', { role: 'editr', typed });
      expect(unknown).to.include({ code: 1 });
      expect(unknown.message).to.equal(
        'there is no role "editr": did you mean "editor"? expected viewer, editor, admin; see gatewayctl role list',
      );
      const taken = await add('ada@example.com', { typed });
      expect(taken.code).to.equal(1);
      expect(taken.message).to.match(/^there is a user ada@example\.com already: see gatewayctl user show ada@/);
      const invalid = await add('ada', { typed });
      expect(invalid).to.include({
        code: 1,
        message: 'found "ada", expected an e-mail address such as ada@example.com',
      });
      people = { ...people, roles: [] };
      expect((await add('bob@example.com', { role: 'a\u001b', typed })).message).to.equal(
        'there is no role "a\\u001b", since the configuration has none: add for example roles: { viewer: ["*"] }',
      );
      expect(typed.rawModes).to.deep.equal([]);
      expect(administration.calls).to.deep.equal([]);
    });

    it('is wrong usage without identity', async () => {
      people = { ...people, identity: undefined };
      const { code, message } = await add('ada@example.com');
      expect(code).to.equal(2);
      expect(message).to.include('the configuration has no identity').and.include('add identity');
    });

    const SENTENCES: Readonly<Record<AdministrationFault, RegExp>> = {
      'invalid-email': /^found "ada@example\.com", expected an e-mail address/,
      'email-taken': /^there is a user ada@example\.com already: see /,
      'unknown-user': /^there is no user "ada@example\.com": .*gatewayctl user list --search ada$/,
      'unknown-role': /^there is no role "viewer": .*gatewayctl role list$/,
      'unknown-key': /^there is no API key "": expected an id; look with gatewayctl key list$/,
      'unknown-session': /^the user "ada@example\.com" has no such session: .*gatewayctl user show ada@example\.com$/,
      'password-too-short': /too short: expected at least 12 characters \(identity\.passwords\.minLength\); try again/,
      'password-too-long': /too long: expected at most 72 bytes in UTF-8.*; try again/,
      'password-invalid-character': /has a NUL or half a character in it: expected text; try again/,
      'password-common': /is one of the most common ones.*: expected another one.*; try again/,
      'changed-meanwhile': /^the user "ada@example\.com" was changed by somebody else at this moment: try again$/,
      busy: /^too many passwords .*: try again$/,
    };
    for (const fault of Object.keys(SENTENCES).filter((name): name is AdministrationFault => name in SENTENCES)) {
      it(`ends with 1 and a sentence for ${fault}`, async () => {
        administration.fault = fault;
        const { code, message, stdout } = await add('ada@example.com');
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
        expect(message).to.match(SENTENCES[fault]).and.not.include(PASSWORD);
      });
    }
  });

  describe('list', () => {
    it('prints a table', async () => {
      administration.add({ email: 'ada@example.com', role: 'admin', sessions: 2 });
      administration.add({ email: 'bob.long@example.com', role: '', disabled: true });
      const { stdout, stderr } = await outcomeOf(() => userList(people, LIST));
      expect(stdout).to.equal(
        [
          'EMAIL                 ROLE   STATE     SESSIONS  CREATED               ID',
          'ada@example.com       admin  enabled   2         2026-07-22T10:15:00Z  00000000-0000-4000-8000-000000000000',
          'bob.long@example.com  none   disabled  0         2026-07-22T10:15:00Z  00000000-0000-4000-8000-000000000001',
          '',
        ].join('\n'),
      );
      expect(stderr).to.equal('');
    });

    it('pages on until it has all, or as many as asked for', async () => {
      for (let count = 0; count < 250; count += 1) administration.add({});
      const all = await outcomeOf(() => userList(people, { ...LIST, format: 'json' }));
      const { users, more }: { users: unknown[]; more: boolean } = JSON.parse(all.stdout);
      expect({ count: users.length, more }).to.deep.equal({ count: 250, more: false });
      expect(administration.calls.map(([, options]) => options)).to.deep.equal([
        { limit: 100 },
        { limit: 100, after: '100' },
        { limit: 100, after: '200' },
      ]);
      administration.calls.length = 0;
      const some = await outcomeOf(() => userList(people, { ...LIST, limit: '120' }));
      expect(some.stdout.split('\n')).to.have.length(122);
      expect(some.stderr).to.equal('gatewayctl: there are more than 120: raise --limit, or leave it out\n');
      expect(administration.calls.map(([, options]) => options)).to.deep.equal([
        { limit: 100 },
        { limit: 20, after: '100' },
      ]);
    });

    it('passes search and role on, and says when there is nobody', async () => {
      const { stdout, stderr } = await outcomeOf(() => userList(people, { ...LIST, search: 'eve', role: 'admin' }));
      expect({ stdout, stderr }).to.deep.equal({ stdout: '', stderr: 'gatewayctl: there is no such user\n' });
      expect(administration.calls).to.deep.equal([['listUsers', { search: 'eve', role: 'admin', limit: 100 }]]);
      const json = await outcomeOf(() => userList(people, { ...LIST, format: 'json' }));
      expect(JSON.parse(json.stdout)).to.deep.equal({ users: [], more: false });
      expect((await outcomeOf(() => userList(people, LIST))).stderr).to.include('gatewayctl user add');
    });

    it('refuses a limit that is none', async () => {
      for (const limit of ['0', '-1', 'ten', '1.5', '', '1e3', '99999999999999999999']) {
        const { code, message } = await outcomeOf(() => userList(people, { ...LIST, limit }));
        expect({ limit, code }).to.deep.equal({ limit, code: 2 });
        expect(message).to.include('expected a whole number above 0');
      }
    });

    it('takes any role, one that is gone and none at all included', async () => {
      administration.add({ email: 'ada@example.com', role: 'oldrole' });
      administration.add({ email: 'bob@example.com', role: '' });
      for (const [role, email] of [
        ['oldrole', 'ada@example.com'],
        ['', 'bob@example.com'],
      ] as const) {
        const { code, stdout } = await outcomeOf(() => userList(people, { ...LIST, format: 'json', role }));
        expect(code).to.equal(0);
        const { users }: { users: readonly { email: string }[] } = JSON.parse(stdout);
        expect(users.map((user) => user.email)).to.deep.equal([email]);
      }
      const nobody = await outcomeOf(() => userList(people, { ...LIST, role: 'admni' }));
      expect(nobody).to.include({ code: 0, stdout: '' });
      expect(nobody.stderr).to.include('there is no such user, and there is no role "admni": did you mean "admin"?');
    });
  });

  describe('show', () => {
    it('shows one, and tells when the role gives nothing', async () => {
      administration.add({ email: 'ada@example.com', role: 'gone', sessions: 1 });
      const { stdout, stderr } = await outcomeOf(() => userShow(people, 'ada@example.com', TEXT));
      expect(stdout).to.equal(
        [
          'email     ada@example.com',
          'id        00000000-0000-4000-8000-000000000000',
          'role      gone',
          'state     enabled',
          'sessions  1',
          'created   2026-07-22T10:15:00Z',
          '',
        ].join('\n'),
      );
      expect(stderr).to.include('the configuration has no role gone');
      const json = await outcomeOf(() => userShow(people, 'ada@example.com', JSON_FORMAT));
      expect(JSON.parse(json.stdout)).to.include({ email: 'ada@example.com', sessions: 1 });
    });

    it('says where to look for one that there is not', async () => {
      const { code, message } = await outcomeOf(() => userShow(people, 'adda@example.com', TEXT));
      expect(code).to.equal(1);
      expect(message).to.equal(
        'there is no user "adda@example.com": expected the e-mail address or the id of one; look with gatewayctl user list --search adda',
      );
      expect((await outcomeOf(() => userShow(people, '$(rm)@x', TEXT))).message).to.match(/--search ''$/);
    });
  });

  it('changes role, password and state', async () => {
    const { id } = administration.add({ email: 'ada@example.com' });
    const typed = FakeTerminal.pipe(PASSWORD);
    const outcomes = [
      await outcomeOf(() => userSetRole(people, 'ada@example.com', 'admin', TEXT)),
      await outcomeOf(() => userSetPassword(people, 'ada@example.com', { ...TEXT, passwordStdin: true }, typed)),
      await outcomeOf(() => userSetDisabled(people, 'ada@example.com', true, TEXT)),
      await outcomeOf(() => userSetDisabled(people, 'ada@example.com', false, JSON_FORMAT)),
    ];
    expect(outcomes.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
    expect(outcomes.slice(0, 3).map(({ stdout }) => stdout)).to.deep.equal([
      'ada@example.com has the role admin now\n',
      'ada@example.com has a new password\n',
      'ada@example.com is disabled now\n',
    ]);
    expect(JSON.parse(outcomes[3]?.stdout ?? '')).to.include({ email: 'ada@example.com', disabled: false });
    expect(administration.calls).to.deep.equal([
      ['setRole', 'ada@example.com', 'admin'],
      ['setPassword', id, PASSWORD],
      ['setDisabled', 'ada@example.com', true],
      ['setDisabled', 'ada@example.com', false],
    ]);
  });

  it('refuses to change a user that there is not', async () => {
    const typed = FakeTerminal.pipe(PASSWORD);
    const outcomes = [
      await outcomeOf(() => userSetRole(people, 'eve', 'admin', TEXT)),
      await outcomeOf(() => userSetPassword(people, 'eve', { ...TEXT, passwordStdin: true }, typed)),
      await outcomeOf(() => userSetDisabled(people, 'eve', true, TEXT)),
      await outcomeOf(() => userRemove(people, 'eve', { ...TEXT, yes: true }, typed)),
    ];
    for (const { code, message } of outcomes) {
      expect(code).to.equal(1);
      expect(message).to.match(/^there is no user "eve": /);
    }
    expect(administration.calls.map(([name]) => name)).to.not.include('setPassword');
  });

  describe('remove', () => {
    const remove = async (yes: boolean, typed: FakeTerminal): Promise<Outcome> =>
      outcomeOf(() => userRemove(people, 'ada@example.com', { ...TEXT, yes }, typed));

    beforeEach(() => administration.add({ email: 'ada@example.com', sessions: 3 }));

    it('removes after the e-mail address was typed', async () => {
      const typed = new FakeTerminal(true, 'ada@example.com\r');
      const { code, stdout, stderr } = await remove(false, typed);
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'removed ada@example.com\n' });
      expect(stderr).to.include('ada@example.com (role viewer, sessions: 3) will be lost for good');
      expect(typed.shown).to.include('Type the e-mail address to remove the user: ');
      expect(administration.calls).to.deep.equal([['removeUser', '00000000-0000-4000-8000-000000000000']]);
    });

    it('changes nothing after anything else', async () => {
      for (const typed of ['yes\r', '\r', 'ada@example.co\r']) {
        const { code, message } = await remove(false, new FakeTerminal(true, typed));
        expect({ code, message }).to.deep.equal({
          code: 1,
          message: 'that is not ada@example.com, and nothing was changed',
        });
      }
      const interrupted = await remove(false, new FakeTerminal(true, 'ada@example.com\u0003'));
      expect(interrupted).to.include({ code: 130, message: 'interrupted: nothing was changed' });
      expect(administration.calls).to.deep.equal([]);
    });

    it('needs --yes where there is no terminal', async () => {
      const refused = await remove(false, FakeTerminal.pipe('ada@example.com\n'));
      expect(refused.code).to.equal(2);
      expect(refused.message).to.include('there is no terminal').and.include('--yes');
      expect(administration.calls).to.deep.equal([]);
      expect((await remove(true, FakeTerminal.pipe(''))).code).to.equal(0);
    });
  });
});
