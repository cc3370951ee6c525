import { expect } from 'chai';
import { makeApiKey } from '../../../src/auth/api-keys.ts';
import { keyAdd, keyList, keyRevoke } from '../../../src/cli/key.ts';
import type { People } from '../../../src/cli/people.ts';
import { FakeAdministration } from '../../support/administration.ts';
import { identityConfig, outcomeOf, ROLES, type Outcome } from '../../support/commands.ts';

const NOW = Date.UTC(2026, 6, 22, 10, 15);
const DAY = 86_400_000;
const TEXT = { format: 'text' } as const;

describe('gatewayctl key', () => {
  let administration: FakeAdministration;
  let people: People;

  beforeEach(() => {
    administration = new FakeAdministration();
    people = { administration, roles: ROLES, identity: identityConfig() };
  });

  describe('add', () => {
    const add = async (
      name: string,
      { role = 'viewer', expires, format = 'text' }: { role?: string; expires?: string; format?: 'text' | 'json' } = {},
    ): Promise<Outcome> => outcomeOf(() => keyAdd(people, name, { role, expires, format }, NOW));

    it('prints the key alone to standard output, and what to know about it to standard error', async () => {
      const { code, stdout, stderr } = await add('ci', { expires: '90d' });
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'gw_secret\n' });
      expect(stderr).to.include('its id is 00000000000001, and it expires 2026-10-20T10:15:00Z');
      expect(stderr).to.include('shown this once').and.not.include('gw_secret');
      expect(administration.calls).to.deep.equal([['addKey', 'ci', 'viewer', new Date(NOW + 90 * DAY)]]);
    });

    it('never expires unless it is told to', async () => {
      expect((await add('ci')).stderr).to.include('it never expires');
      expect(administration.calls).to.deep.equal([['addKey', 'ci', 'viewer', undefined]]);
    });

    it('prints JSON in which nothing is missing', async () => {
      const { stdout } = await add('ci', { format: 'json' });
      expect(JSON.parse(stdout)).to.deep.equal({
        key: 'gw_secret',
        id: '00000000000001',
        name: 'ci',
        role: 'viewer',
        createdAt: '2026-07-22T10:15:00.123Z',
        expiresAt: null,
        revokedAt: null,
        state: 'active',
      });
    });

    it('takes wrong times and names for wrong usage', async () => {
      for (const expires of ['soon', '0d', 'off', '90', '-1d', '2027-01-01', '40000d', '']) {
        const { code, message } = await add('ci', { expires });
        expect({ expires, code }).to.deep.equal({ expires, code: 2 });
        expect(message).to.include(`found --expires ${expires}, expected`).and.include('90d');
      }
      for (const name of ['', ' ', 'a\nb', 'x'.repeat(101)]) expect((await add(name)).code).to.equal(2);
      expect(administration.calls).to.deep.equal([]);
    });

    it('refuses a role that there is not', async () => {
      const { code, message } = await add('ci', { role: 'Admin' });
      expect(code).to.equal(1);
      expect(message).to.include('did you mean "admin"?');
    });
  });

  it('lists keys with their state', async () => {
    const key = { role: 'viewer', createdAt: new Date(NOW), expiresAt: undefined, revokedAt: undefined };
    administration.keys = [
      { ...key, id: 'a', name: 'ci' },
      { ...key, id: 'b', name: 'old', expiresAt: new Date(NOW) },
      { ...key, id: 'c', name: 'lost', expiresAt: new Date(NOW + DAY), revokedAt: new Date(NOW) },
    ];
    const { stdout } = await outcomeOf(() => keyList(people, TEXT, NOW));
    expect(stdout).to.equal(
      [
        'ID  NAME  ROLE    STATE    CREATED               EXPIRES',
        'a   ci    viewer  active   2026-07-22T10:15:00Z  never',
        'b   old   viewer  expired  2026-07-22T10:15:00Z  2026-07-22T10:15:00Z',
        'c   lost  viewer  revoked  2026-07-22T10:15:00Z  2026-07-23T10:15:00Z',
        '',
      ].join('\n'),
    );
    const json = await outcomeOf(() => keyList(people, { format: 'json' }, NOW));
    const { keys }: { keys: unknown[] } = JSON.parse(json.stdout);
    expect(keys[1]).to.deep.include({ state: 'expired', expiresAt: '2026-07-22T10:15:00.000Z', revokedAt: null });
  });

  it('says how to make one when there is none', async () => {
    const { stdout, stderr } = await outcomeOf(() => keyList(people, TEXT));
    expect(stdout).to.equal('');
    expect(stderr).to.include('gatewayctl key add');
  });

  describe('revoke', () => {
    it('takes the id, and the key itself as well, which no message repeats', async () => {
      const { id, text } = makeApiKey();
      const key = { id, name: 'ci', role: 'viewer', createdAt: new Date(NOW), expiresAt: undefined };
      administration.keys = [{ ...key, revokedAt: undefined }];
      for (const given of [id, text, ` ${text}\n`]) {
        const { code, stdout } = await outcomeOf(() => keyRevoke(people, given, TEXT));
        expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `revoked the API key ci (${id})\n` });
      }
      expect(administration.calls).to.deep.equal([1, 2, 3].map(() => ['revokeKey', id]));
      const wrong = await outcomeOf(() => keyRevoke(people, `${text}x`, TEXT));
      expect(wrong.code).to.equal(2);
      expect(wrong.message).to.include('expected the id').and.not.include(text);
      const json = await outcomeOf(() => keyRevoke(people, id, { format: 'json' }));
      expect(JSON.parse(json.stdout)).to.include({ id, state: 'revoked', revokedAt: '2026-07-23T00:00:00.000Z' });
    });

    it('refuses one that there is not', async () => {
      const { code, message } = await outcomeOf(() => keyRevoke(people, 'nope', TEXT));
      expect(code).to.equal(1);
      expect(message).to.equal('there is no API key "nope": expected an id; look with gatewayctl key list');
    });
  });
});
