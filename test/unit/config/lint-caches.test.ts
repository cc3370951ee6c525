import { expect } from 'chai';
import { parseSize } from '../../../src/config/units.ts';
import { BodyMemory } from '../../../src/server/body-memory.ts';
import { warnings } from '../../support/warnings.ts';

const REDIS = { url: 'redis://127.0.0.1:6379' };

describe('a cache that can keep something', () => {
  it('has no warning, whatever its keys say', async () => {
    const cache = {
      ttl: '30s',
      staleWhileRevalidate: '1m',
      staleIfError: '10m',
      vary: ['accept-language'],
      query: ['page'],
      shareBetweenUsers: true,
      maxBytes: '64MiB',
    };
    const routes = [{ cache }, { cache: {}, match: { path: '/r1', methods: ['GET', 'POST'] } }, { cache: 'off' }];
    expect(await warnings({ routes, top: { cache: { memory: '64MiB' } } })).to.deep.equal([]);
  });
});

describe('a cache of which nothing can be answered', () => {
  const without = (name: string): string =>
    `the route "${name}" answers by itself: there is no answer of an upstream to keep`;

  it('is warned of on a route that answers by itself, but not when the defaults say it', async () => {
    const respond = { upstream: undefined, respond: { status: 204 } };
    const routes = [{}, { ...respond, cache: {} }, respond, { ...respond, cache: 'off' }];
    const top = { defaults: { route: { cache: { storeSetCookie: false } } } };
    expect(await warnings({ top, routes })).to.deep.equal([`routes[1].cache: ${without('r1')}`]);
  });

  it('is warned of on a route without GET', async () => {
    const message = (methods: string): string => `the route "r0" takes ${methods}, and only answers to GET are kept`;
    const route = (...methods: string[]): object => ({ match: { path: '/r0', methods }, cache: {} });
    expect(await warnings({ routes: [route('POST', 'PUT')] })).to.deep.equal([
      `routes[0].cache: ${message('POST, PUT')}`,
    ]);
    expect(await warnings({ routes: [route('HEAD')] })).to.deep.equal([`routes[0].cache: ${message('HEAD')}`]);
    const top = { defaults: { route: { cache: {} } } };
    expect(await warnings({ top, routes: [{ match: { path: '/r0', methods: ['POST'] } }] })).to.deep.equal([]);
  });

  it('is a store that no route uses', async () => {
    const unused = ['cache: no route keeps answers'];
    const cache = { memory: '1MiB' };
    expect(await warnings({ top: { cache } })).to.deep.equal(unused);
    expect(await warnings({ top: { cache }, routes: [{ cache: 'off' }] })).to.deep.equal(unused);
    const answered = { upstream: undefined, respond: { status: 204 } };
    const defaults = { route: { cache: {} } };
    expect(await warnings({ top: { cache, defaults }, routes: [{}, answered] })).to.deep.equal([]);
    expect(await warnings({ top: { cache, defaults }, upstreams: {}, routes: [answered] })).to.deep.equal(unused);
  });

  it('is not warned of while a route cannot be read, which may use it', async () => {
    expect(await warnings({ top: { cache: {} }, routes: [{ cache: {}, timeout: 5 }, {}] })).to.deep.equal([]);
  });

  it('has neither memory nor Redis', async () => {
    const nothing = ['cache.memory: no answer is ever kept: there is neither memory nor a Redis for it'];
    const routes = [{ cache: {} }];
    expect(await warnings({ routes, top: { cache: { memory: '0KiB' } } })).to.deep.equal(nothing);
    expect(await warnings({ routes, top: { cache: { memory: '0B', redis: false }, redis: REDIS } })).to.deep.equal(
      nothing,
    );
    expect(await warnings({ routes, top: { cache: { memory: '0B' }, redis: REDIS } })).to.deep.equal([]);
    expect(await warnings({ routes, top: { cache: { redis: false } } })).to.deep.equal([]);
  });

  it('is for answers that no memory holds', async () => {
    const large = (path: string, bytes: string, memory: string): string =>
      `${path}: answers up to ${bytes} are to be kept, and none above cache.memory, ${memory}, ever is in memory`;
    const routes = [{ cache: { maxBytes: '33MiB' } }];
    const top = { cache: { memory: '32MiB' } };
    expect(await warnings({ routes, top })).to.deep.equal([large('routes[0].cache.maxBytes', '33MiB', '32MiB')]);
    expect(await warnings({ routes, top: { cache: { memory: '33MiB' } } })).to.deep.equal([]);
    const defaults = { route: { cache: { maxBytes: '64MiB' } } };
    expect(await warnings({ routes: [{}], top: { ...top, defaults } })).to.deep.equal([
      large('defaults.route.cache.maxBytes', '64MiB', '32MiB'),
    ]);
    const small = { cache: { memory: '512KiB' } };
    expect(await warnings({ routes: [{ cache: {} }, { cache: {} }], top: small })).to.deep.equal([
      large('cache.memory', '1MiB', '512KiB'),
    ]);
    expect(await warnings({ routes: [{ cache: { maxBytes: '4KiB' } }], top: small })).to.deep.equal([]);
  });

  it('is for answers that are too large to be collected, however much memory there is for them', async () => {
    const large = (path: string, bytes: string): string =>
      `${path}: answers up to ${bytes} are to be kept, and all that are under way have 128MiB to be collected in`;
    const routes = [{ cache: { maxBytes: '65MiB' } }, { cache: { maxBytes: '64MiB' } }];
    for (const memory of ['64MiB', '1GiB', '0B'])
      expect(await warnings({ routes, top: { cache: { memory }, redis: REDIS } })).to.deep.equal([
        large('routes[0].cache.maxBytes', '65MiB'),
      ]);
    const defaults = { route: { cache: { maxBytes: '10GiB' } } };
    expect(await warnings({ routes: [{}], top: { defaults } })).to.deep.equal([
      large('defaults.route.cache.maxBytes', '10GiB'),
    ]);
  });

  it('is told of the memory that there is', () => {
    const memory = new BodyMemory();
    expect([memory.take(parseSize('128MiB')), memory.take(1)]).to.deep.equal([true, false]);
  });
});

describe('workers with a cache', () => {
  const message =
    'server.workers: each worker keeps answers alone: what a change makes one of them drop, the others go on giving';
  const routes = [{ cache: {} }];

  it('are warned of without a Redis', async () => {
    expect(await warnings({ routes, top: { server: { workers: 2 } } })).to.deep.equal([message]);
    expect(await warnings({ routes, top: { server: { workers: 'auto' }, redis: { url: '' } } })).to.deep.equal([
      message,
    ]);
  });

  it('are fine with one, when it is said that each has its own, alone, and without a cache', async () => {
    const server = { workers: 2 };
    expect(await warnings({ routes, top: { server, redis: REDIS } })).to.deep.equal([]);
    expect(await warnings({ routes, top: { server, cache: { redis: false } } })).to.deep.equal([]);
    expect(await warnings({ routes, top: { server: { workers: 1 } } })).to.deep.equal([]);
    expect(await warnings({ routes: [{}], top: { server } })).to.deep.equal([]);
  });
});

describe('credentials in the key of a cache', () => {
  it('are warned of by their header, in whatever case', async () => {
    const message = (name: string): string => `with "${name}" in the key hardly two requests share an answer`;
    const top = { apiKeys: { header: 'X-Key' }, defaults: { route: { cache: { vary: ['cookie'] } } } };
    const routes = [{ cache: { vary: ['accept', 'Authorization', 'x-api-key', 'x-key'] } }];
    expect(await warnings({ top, routes })).to.deep.equal([
      `defaults.route.cache.vary[0]: ${message('cookie')}`,
      `routes[0].cache.vary[1]: ${message('Authorization')}`,
      `routes[0].cache.vary[3]: ${message('x-key')}`,
    ]);
    expect(await warnings({ top: { apiKeys: {} }, routes })).to.have.length(2);
    expect(await warnings({ routes })).to.have.length(1);
  });
});

describe('a cookie that is kept', () => {
  const message = 'callers of the route "r0" share answers: a cookie that is set for one is given to others';
  const top = { apiKeys: {} };
  const cache = { storeSetCookie: true };

  it('is warned of where callers share answers', async () => {
    const found = [`routes[0].cache.storeSetCookie: ${message}`];
    for (const access of ['public', 'optional'])
      expect(await warnings({ top, routes: [{ access, cache }] })).to.deep.equal(found);
    const shared = { ...cache, shareBetweenUsers: true };
    expect(await warnings({ top, routes: [{ access: 'authenticated', cache: shared }] })).to.deep.equal(found);
    expect(await warnings({ top: { defaults: { route: { cache } } } })).to.deep.equal([`routes[0]: ${message}`]);
  });

  it('is fine where each caller has answers of their own', async () => {
    expect(await warnings({ top, routes: [{ access: 'authenticated', cache }] })).to.deep.equal([]);
    expect(await warnings({ top, routes: [{ access: { roles: [] }, cache }] })).to.deep.equal([]);
  });
});

describe('a header that tells the upstream who calls', () => {
  const top = { apiKeys: {} };
  const request = { headers: { set: { 'x-user': '{{claims.sub}}', 'x-id': '{{request.id}}' } } };
  const shared = { shareBetweenUsers: true };
  const message =
    '"x-user" tells the upstream who calls, and callers share answers: one that depends on it goes to others';

  it('is warned of where callers share answers', async () => {
    for (const access of ['authenticated', 'optional'])
      expect(await warnings({ top, routes: [{ access, request, cache: shared }] })).to.deep.equal([
        `routes[0].request.headers.set.x-user: ${message}`,
      ]);
    const added = { headers: { add: { 'x-user': 'user {{claims.sub}}' } } };
    expect(await warnings({ top, routes: [{ access: 'authenticated', request: added, cache: shared }] })).to.deep.equal(
      [`routes[0].request.headers.add.x-user: ${message}`],
    );
    const defaults = { route: { request, cache: shared } };
    expect(await warnings({ top: { ...top, defaults }, routes: [{ access: 'optional' }] })).to.deep.equal([
      `routes[0]: ${message}`,
    ]);
  });

  it('is fine when it is in the key, by itself or with the caller', async () => {
    const access = 'authenticated';
    for (const cache of [{}, { ...shared, vary: ['X-User'] }, 'off'])
      expect(await warnings({ top, routes: [{ access, request, cache }] })).to.deep.equal([]);
  });

  it('is not warned of twice on a public route', async () => {
    const found = await warnings({ routes: [{ request, cache: shared }] });
    expect(found).to.have.length(1);
    expect(found[0]).to.match(/the route "r0" is public and never knows who calls/);
  });
});
