import { expect } from 'chai';
import { warnings } from '../../support/warnings.ts';

describe('a configuration without a mistake', () => {
  it('has no warning', async () => expect(await warnings({})).to.deep.equal([]));
});

describe('an upstream that nothing uses', () => {
  it('is warned of', async () => {
    expect(await warnings({ upstreams: { shop: {}, spare: {} } })).to.deep.equal([
      'upstreams.spare: no route uses the upstream "spare"',
    ]);
  });

  it('is used by a split, a mirror or a fallback as well', async () => {
    const routes = [
      {
        upstream: undefined,
        split: {
          to: [
            { upstream: 'a', weight: 1 },
            { upstream: 'shop', weight: 0 },
          ],
        },
      },
      { mirror: { upstream: 'b' }, fallback: { upstream: 'c' } },
    ];
    expect(await warnings({ upstreams: { shop: {}, a: {}, b: {}, c: {} }, routes })).to.deep.equal([]);
  });

  it('is not warned of while a route cannot be read, which may use it', async () => {
    const routes = [{}, { upstream: 'spare', timeout: 5 }];
    expect(await warnings({ upstreams: { shop: {}, spare: {} }, routes })).to.deep.equal([]);
  });
});

describe('retries that cannot fit into the timeout', () => {
  /** The time that all attempts take, as the warning says it. */
  async function sum(upstream: object, timeout: string): Promise<string | undefined> {
    const [warning] = await warnings({ upstreams: { shop: upstream }, routes: [{ timeout }] });
    return /can take (.*), and the route "r0" ends after \w+$/.exec(warning ?? '')?.[1];
  }

  it('are added up: attempts, connecting, answering, and the growing waits between', async () => {
    const retry = { attempts: 4, backoff: { base: '100ms', max: '300ms' } };
    const upstream = { connectTimeout: '500ms', responseTimeout: '2s', retry };
    expect(await sum(upstream, '10s')).to.equal(
      '4 attempts × (500ms connect + 2s answer) + 600ms between them = 10600ms',
    );
    expect(await sum(upstream, '10600ms')).to.equal(undefined);
    expect(await sum(upstream, 'off')).to.equal(undefined);
  });

  it('take the defaults of the upstream and of the language', async () => {
    const upstreams = { shop: { retry: { attempts: 2 } } };
    const defaults = { upstream: { responseTimeout: '4s' }, route: { timeout: '10s' } };
    expect(await warnings({ upstreams, top: { defaults } })).to.have.length(1);
    expect(await warnings({ upstreams, top: { defaults: { upstream: { responseTimeout: '3s' } } } })).to.deep.equal([]);
  });

  it('can be any number without a pause that grows', async () => {
    const retry = { attempts: 2_147_483_647, backoff: { base: '0s' } };
    expect(await sum({ responseTimeout: '1s', connectTimeout: '1s', retry }, '1s')).to.match(/ 0ms between them = /);
    const growing = { attempts: 2_147_483_647, backoff: { base: '1ms', max: '1s' } };
    expect(await sum({ retry: growing }, '1s')).to.match(/^2147483647 attempts/);
  });
});

describe('a public route that changes data beside others that need a login', () => {
  const closed = { match: { path: '/orders/:id', methods: ['GET'] }, access: { roles: ['admin'] } };

  it('is warned of, with the methods that are open', async () => {
    const routes = [closed, { match: { path: '/orders/new', methods: ['GET', 'POST', 'DELETE'] } }];
    expect(await warnings({ routes })).to.deep.equal([
      'routes[1].access: the route "r1" lets anybody POST, DELETE under /orders, where "r0" needs a login',
    ]);
  });

  it('takes every method when it names none, and stands by the default too', async () => {
    const routes = [closed, { match: { path: '/orders/*rest' }, access: undefined }];
    expect(await warnings({ routes, top: { defaults: { route: { access: 'public' } } } })).to.deep.equal([
      'routes[1]: the route "r1" lets anybody POST, PUT, PATCH, DELETE under /orders, where "r0" needs a login',
    ]);
  });

  it('is fine when it only reads, or stands elsewhere', async () => {
    const routes = [
      closed,
      { match: { path: '/orders/latest', methods: ['GET', 'HEAD', 'OPTIONS'] } },
      { match: { path: '/other/new' } },
      { match: { path: '/top' } },
    ];
    expect(await warnings({ routes })).to.deep.equal([]);
  });
});

describe('a route that no request can reach', () => {
  it('has an escaped slash, unless escaped slashes are kept', async () => {
    const routes = [{ match: { path: '/a%2Fb' } }];
    expect(await warnings({ routes })).to.have.length(1);
    expect(await warnings({ routes, top: { server: { paths: { encodedSlash: 'keep' } } } })).to.deep.equal([]);
  });

  it('matches on a header that identifies callers to upstreams', async () => {
    const identified = {
      access: 'authenticated',
      request: { headers: { add: { 'X-User': 'user {{claims.sub}}' } } },
    };
    const matching = { match: { path: '/', headers: { 'x-user': 'a' } } };
    expect(await warnings({ top: { apiKeys: {} }, routes: [identified, matching] })).to.have.length(1);
    const other = { request: { headers: { add: { 'X-User': '{{client.ip}}' } } } };
    expect(await warnings({ routes: [other, matching] })).to.deep.equal([]);
  });
});

describe('a certificate that is not verified', () => {
  it('is warned of where it is written', async () => {
    const tls = { verify: false };
    const message = 'the certificate of the upstream is not verified: anybody on the way can answer in its place';
    expect(await warnings({ upstreams: { shop: { tls } }, top: { defaults: { upstream: { tls } } } })).to.deep.equal([
      `upstreams.shop.tls.verify: ${message}`,
      `defaults.upstream.tls.verify: ${message}`,
    ]);
    expect(await warnings({ upstreams: { shop: { tls: { verify: true } } } })).to.deep.equal([]);
  });
});

describe('a block of addresses', () => {
  it('is warned of when it is written by an address within it', async () => {
    const top = {
      server: { trustedProxies: ['10.0.0.0/8', '192.168.1.1/24'] },
      defaults: { route: { ip: { deny: ['2001:db8::1/32', '::1'] } } },
    };
    const routes = [{ ip: { allow: ['10.0.0.1/8', '10.0.0.1/32', '10.0.0.1', '::ffff:10.0.0.1/104'] } }, { ip: 'off' }];
    expect(await warnings({ top, routes })).to.deep.equal([
      'defaults.route.ip.deny[0]: 2001:db8::1/32 is all of 2001:db8::/32',
      'routes[0].ip.allow[0]: 10.0.0.1/8 is all of 10.0.0.0/8',
      'routes[0].ip.allow[3]: ::ffff:10.0.0.1/104 is all of ::ffff:a00:0/104',
      'server.trustedProxies[1]: 192.168.1.1/24 is all of 192.168.1.0/24',
    ]);
  });
});

describe('claims on a public route', () => {
  const about = (path: string, what: string): string =>
    `routes[0].${path}: the route "r0" is public and never knows who calls, so that "${what}" never gets a value`;
  const sub = '{{claims.sub}}';

  it('are warned of wherever a value is filled from them', async () => {
    const request = {
      headers: { set: { 'x-user': sub, 'x-id': '{{request.id}}' }, add: { 'x-two': `user ${sub}` } },
      query: { set: { user: sub } },
      body: { set: { '/user': sub, '/id': 1 } },
    };
    const response = { headers: { set: { 'x-you': sub } } };
    expect(await warnings({ routes: [{ request, response }] })).to.deep.equal([
      about('request.headers.set.x-user', 'x-user'),
      about('request.headers.add.x-two', 'x-two'),
      about('request.query.set.user', 'user'),
      about('request.body.set["/user"]', '/user'),
      about('response.headers.set.x-you', 'x-you'),
    ]);
  });

  it('are warned of as what is counted', async () => {
    const limit = { requests: 1, per: '1s', by: 'claim:tenant' };
    const message = 'the route "r0" is public and never knows who calls, so that every request counts as its client';
    expect(await warnings({ routes: [{ rateLimit: limit }] })).to.deep.equal([`routes[0].rateLimit.by: ${message}`]);
    expect(await warnings({ routes: [{ rateLimit: [{ requests: 1, per: '1s' }, limit] }] })).to.deep.equal([
      `routes[0].rateLimit[1].by: ${message}`,
    ]);
  });

  it('are warned of when the defaults make it public, and not when they fill the values', async () => {
    const request = { headers: { set: { 'x-user': sub } } };
    const access = { defaults: { route: { access: 'public' } } };
    expect(await warnings({ top: access, routes: [{ access: undefined, request }] })).to.have.length(1);
    expect(await warnings({ top: { defaults: { route: { request } } } })).to.deep.equal([]);
  });

  it('are fine where callers may say who they are', async () => {
    const request = { headers: { set: { 'x-user': sub } } };
    const apiKeys = {};
    for (const access of ['optional', 'authenticated'])
      expect(await warnings({ top: { apiKeys }, routes: [{ access, request }] })).to.deep.equal([]);
  });
});

describe('a mirror', () => {
  const upstreams = { shop: {}, other: {} };
  const mirror = { upstream: 'shop' };
  const twice =
    'the route "r0" sends requests and copies of them to the upstream "shop": what they change is changed twice';

  it('is warned of when its copies go where the requests go', async () => {
    const routes = [{ mirror }];
    expect(await warnings({ routes })).to.deep.equal([`routes[0].mirror.upstream: ${twice}`]);
    expect(await warnings({ top: { defaults: { route: { mirror } } } })).to.deep.equal([`routes[0]: ${twice}`]);
  });

  it('is warned of when an arm of a split is the same', async () => {
    const to = (weight: number): object[] => [
      { upstream: 'other', weight: 1 },
      { upstream: 'shop', weight },
    ];
    const route = { upstream: undefined, mirror };
    expect(await warnings({ upstreams, routes: [{ ...route, split: { to: to(1) } }] })).to.have.length(1);
    expect(await warnings({ upstreams, routes: [{ ...route, split: { to: to(0) } }] })).to.deep.equal([]);
  });

  it('is fine elsewhere, and when it is off', async () => {
    const routes = [{ upstream: 'other', mirror }];
    expect(await warnings({ upstreams, routes })).to.deep.equal([]);
    expect(await warnings({ top: { defaults: { route: { mirror } } }, routes: [{ mirror: 'off' }] })).to.deep.equal([]);
  });
});
