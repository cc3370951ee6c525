import { expect } from 'chai';
import { compileAccess, type Access, type AccessRule } from '../../../src/auth/access.ts';
import { apiKeyIdentity } from '../../../src/auth/api-keys.ts';
import { BUILT_IN, type Identity } from '../../../src/auth/identity.ts';
import { compileRoles } from '../../../src/auth/permissions.ts';
import type { RequestValues } from '../../../src/auth/where.ts';

const ROLES = compileRoles({
  viewer: { inherits: [], permissions: ['orders:read'] },
  editor: { inherits: ['viewer'], permissions: ['orders:write'] },
  admin: { inherits: [], permissions: ['*'] },
});

function access(...rules: AccessRule[]): Access {
  const compiled = compileAccess(rules, ROLES);
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled;
}

function someone(changes: Partial<Identity> = {}): Identity {
  return {
    issuer: BUILT_IN,
    subject: 'u1',
    roles: ['viewer'],
    roleVersion: 1,
    scopes: [],
    claims: { sub: 'u1' },
    expiresAt: 0,
    credential: 'token',
    ...changes,
  };
}

interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function request({ params = {}, query = '', headers = {} }: Asked = {}): RequestValues {
  return { id: 'r1', params, query, client: { address: '192.0.2.1' }, header: (name) => headers[name] };
}

const NOTHING = request();

describe('access rules', () => {
  const editor = someone({ roles: ['editor'] });
  const admin = someone({ roles: ['admin'] });
  const nobody = someone({ roles: [] });

  it('let in by any of the roles, inherited ones included', () => {
    const rules = access({ roles: ['viewer', 'owner'] });
    expect(rules.allows(someone(), NOTHING)).to.equal(true);
    expect(rules.allows(editor, NOTHING)).to.equal(true);
    expect(rules.allows(nobody, NOTHING)).to.equal(false);
    // A wildcard is over permissions, not over names of roles.
    expect(rules.allows(admin, NOTHING)).to.equal(false);
  });

  it('let in by all of the permissions, of whichever role', () => {
    const rules = access({ permissions: ['orders:read', 'orders:write'] });
    expect(rules.allows(someone(), NOTHING)).to.equal(false);
    expect(rules.allows(editor, NOTHING)).to.equal(true);
    expect(rules.allows(admin, NOTHING)).to.equal(true);
  });

  it('let in by all of the scopes', () => {
    const rules = access({ scopes: ['profile', 'email'] });
    expect(rules.allows(someone({ scopes: ['email', 'profile', 'x'] }), NOTHING)).to.equal(true);
    expect(rules.allows(someone({ scopes: ['email'] }), NOTHING)).to.equal(false);
  });

  it('let in by any of the issuers', () => {
    const rules = access({ issuers: ['corporate', 'partner'] });
    expect(rules.allows(someone({ issuer: 'partner' }), NOTHING)).to.equal(true);
    expect(rules.allows(someone(), NOTHING)).to.equal(false);
  });

  it('let in when all keys of any rule hold', () => {
    const rules = access({ roles: ['admin'] }, { permissions: ['orders:read'], issuers: ['corporate'], scopes: ['p'] });
    expect(rules.allows(admin, NOTHING)).to.equal(true);
    expect(rules.allows(someone({ issuer: 'corporate', scopes: ['p'] }), NOTHING)).to.equal(true);
    expect(rules.allows(someone({ issuer: 'corporate' }), NOTHING)).to.equal(false);
    expect(rules.allows(someone({ scopes: ['p'] }), NOTHING)).to.equal(false);
    expect(access().allows(admin, NOTHING)).to.equal(false);
  });

  describe('with where', () => {
    const own = access({ where: { 'params.id': '{{claims.sub}}' } });

    it('let in whom the path names', () => {
      expect(own.allows(someone(), request({ params: { id: 'u1' } }))).to.equal(true);
      for (const id of ['u2', 'U1', 'u1 ', '', 'u', 'u%31%31'])
        expect(own.allows(someone(), request({ params: { id } })), id).to.equal(false);
    });

    it('take what is absent for different', () => {
      expect(own.allows(someone(), NOTHING)).to.equal(false);
      expect(own.allows(someone({ claims: {} }), NOTHING)).to.equal(false);
      expect(own.allows(someone({ claims: {} }), request({ params: { id: 'undefined' } }))).to.equal(false);
      expect(own.allows(someone({ claims: { sub: null } }), request({ params: { id: 'null' } }))).to.equal(false);
      expect(own.allows(someone({ claims: { sub: 7 } }), request({ params: { id: '7' } }))).to.equal(false);
    });

    it('take a list for all that it contains', () => {
      const teams = access({ where: { 'params.team': '{{claims.teams}}' } });
      const member = someone({ claims: { teams: ['a', 'b', 7] } });
      expect(teams.allows(member, request({ params: { team: 'b' } }))).to.equal(true);
      for (const team of ['c', 'a,b', '7']) expect(teams.allows(member, request({ params: { team } }))).to.equal(false);
    });

    it('let only the built-in identity and API keys in, unless they list issuers', () => {
      const foreign = someone({ issuer: 'corporate' });
      const asked = request({ params: { id: 'u1' } });
      expect(own.allows(foreign, asked)).to.equal(false);
      const listed = access({ where: { 'params.id': '{{claims.sub}}' }, issuers: ['corporate'] });
      expect(listed.allows(foreign, asked)).to.equal(true);
      expect(listed.allows(someone(), asked)).to.equal(false);
      const key = apiKeyIdentity({ id: 'k', role: 'viewer', expiresAt: Infinity });
      expect(own.allows(key, request({ params: { id: 'key:k' } }))).to.equal(true);
    });

    it('compare what a param means, and no escaped slash', () => {
      const mail = someone({ claims: { sub: 'a|b' } });
      expect(own.allows(mail, request({ params: { id: 'a%7Cb' } }))).to.equal(true);
      for (const sub of ['a/b', 'a%2Fb'])
        expect(own.allows(someone({ claims: { sub } }), request({ params: { id: 'a%2Fb' } }))).to.equal(false);
    });

    it('ask all lines, of whatever the request has', () => {
      const rules = access({
        where: {
          'headers.x-tenant': '{{claims.org.tenant}}',
          'query.user': 'user-{{claims.sub}}',
          'claims["https://x/level"]': 'gold',
        },
      });
      const gold = someone({ claims: { sub: 'u1', org: { tenant: 't1' }, 'https://x/level': 'gold' } });
      const asked = { headers: { 'x-tenant': 't1' }, query: '?user=user-u1' };
      expect(rules.allows(gold, request(asked))).to.equal(true);
      expect(rules.allows(gold, request({ ...asked, query: '?user=user-u2' }))).to.equal(false);
      expect(rules.allows(gold, request({ ...asked, headers: {} }))).to.equal(false);
      // Which of two would the upstream take?
      expect(rules.allows(gold, request({ ...asked, query: '?user=user-u1&user=user-u2' }))).to.equal(false);
      expect(rules.allows(someone({ claims: { ...gold.claims, sub: ['u1'] } }), request(asked))).to.equal(false);
    });

    it('reach nothing but own values', () => {
      const rules = access({ where: { 'params.constructor': '{{claims.constructor.name}}' } });
      expect(rules.allows(someone(), request({ params: { id: 'Object' } }))).to.equal(false);
    });

    it('say what they cannot read', () => {
      for (const where of [
        { 'params.id}}{{query.a': 'x' },
        { 'params.id': '{{claims.}}' },
        { id: 'x' },
        { 'params.id': '{{claims' },
      ])
        expect(compileAccess([{ where }], ROLES), JSON.stringify(where)).to.have.property('fault');
    });
  });

  it('say what was missing, without a value', () => {
    const rules = access(
      { roles: ['admin'] },
      { where: { 'params.id': '{{claims.sub}}' } },
      { permissions: ['orders:write'], scopes: ['p'] },
    );
    expect(rules.missing(someone(), request({ params: { id: 'u2' } }))).to.equal(
      "the role admin, or params.id to be the caller's own, or the permission orders:write",
    );
    expect(
      access({ issuers: ['a', 'b'] }, { where: { 'params.id': 'x' } }).missing(someone({ issuer: 'c' }), NOTHING),
    ).to.equal('a token of a or b, or a login at this gateway');
  });
});
