import { expect } from 'chai';
import { resolveIp, resolveLimits, resolveMirror, resolveSplit } from '../../../src/config/resolve-traffic.ts';

describe('the limits of a route, resolved', () => {
  it('have the burst of their rate, the client as their key and a counter of the route', () => {
    expect(resolveLimits({ requests: 100, per: '1m' }, 'orders')).to.deep.equal([
      {
        name: 'default',
        scope: 'orders/0',
        requests: 100,
        per: 60_000,
        burst: 100,
        by: { kind: 'client' },
      },
    ]);
  });

  it('have counters of their own when there are several, unless they have a name', () => {
    const rate = { requests: 1, per: '1s' };
    const limits = resolveLimits([rate, { ...rate, name: 'shared' }, { ...rate, burst: 7 }], 'orders');
    expect(limits.map(({ name, scope, burst }) => [name, scope, burst])).to.deep.equal([
      ['default', 'orders/0', 1],
      ['shared', 'shared', 1],
      ['limit-3', 'orders/2', 7],
    ]);
  });

  for (const [by, key] of [
    ['client', { kind: 'client' }],
    ['user', { kind: 'user' }],
    ['route', { kind: 'route' }],
    ['header:X-Tenant', { kind: 'header', name: 'x-tenant' }],
    ['claim:Tenant', { kind: 'claim', name: 'Tenant' }],
    ['claim:https://example.com/tenant', { kind: 'claim', name: 'https://example.com/tenant' }],
  ] as const) {
    it(`count by ${by}`, () => {
      expect(resolveLimits({ requests: 1, per: '1s', by }, 'orders')[0]?.by).to.deep.equal(key);
    });
  }
});

describe('the addresses of a route, resolved', () => {
  it('are two lists', () => {
    expect(resolveIp({})).to.deep.equal({ allow: [], deny: [] });
    expect(resolveIp({ deny: ['::1'] })).to.deep.equal({ allow: [], deny: ['::1'] });
  });
});

describe('a split, resolved', () => {
  const to = [{ upstream: 'one', weight: 1 }];

  it('goes by chance unless it says otherwise', () => {
    expect(resolveSplit({ to })).to.deep.equal({ sticky: undefined, to });
    expect(resolveSplit({ to, sticky: 'off' })).to.deep.equal({ sticky: undefined, to });
  });

  it('goes by what it names', () => {
    expect(resolveSplit({ to, sticky: 'client' }).sticky).to.deep.equal({ kind: 'client' });
    expect(resolveSplit({ to, sticky: 'header:X-Id' }).sticky).to.deep.equal({ kind: 'header', name: 'x-id' });
    expect(resolveSplit({ to, sticky: 'cookie:Sid' }).sticky).to.deep.equal({ kind: 'cookie', name: 'Sid' });
  });
});

describe('a mirror, resolved', () => {
  it('copies everything unless it says otherwise', () => {
    expect(resolveMirror({ upstream: 'next' })).to.deep.equal({ upstream: 'next', ratio: 1 });
    expect(resolveMirror({ upstream: 'next', ratio: 0 })).to.deep.equal({ upstream: 'next', ratio: 0 });
  });
});
