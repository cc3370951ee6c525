import { expect } from 'chai';
import { loadConfig } from '../../../src/config/load.ts';
import { resolveCache, resolveRouteCache } from '../../../src/config/resolve-cache.ts';

const ROUTES = 'routes: [{ name: shop, match: { path: / }, upstream: shop, access: public';
const UPSTREAMS = 'upstreams: { shop: { targets: [http://127.0.0.1:9001] } }';

interface Hashes {
  readonly hash: string | undefined;
  readonly fingerprint: string | undefined;
}

/** The hashes of a configuration with more keys at the top and in its one route. */
async function hashes(top: string, route: string): Promise<Hashes> {
  const stdin = (async function* () {
    yield `version: 1\n${UPSTREAMS}\n${top}\n${ROUTES}${route} }]\n`;
  })();
  const { config, diagnostics } = await loadConfig('-', { env: () => undefined, stdin });
  if (config === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { hash: config.hash, fingerprint: config.routes[0]?.fingerprint };
}

describe('the store of all caches, resolved', () => {
  it('has 64 MiB of memory in front of Redis', () => {
    expect(resolveCache({ version: 1 })).to.deep.equal({ memory: 64 * 1024 ** 2, redis: true });
    expect(resolveCache({ version: 1, cache: {} })).to.deep.equal({ memory: 64 * 1024 ** 2, redis: true });
  });

  it('can have no memory, and no Redis', () => {
    expect(resolveCache({ version: 1, cache: { memory: '0B' } })).to.deep.equal({ memory: 0, redis: true });
    expect(resolveCache({ version: 1, cache: { redis: false } })).to.include({ redis: false });
  });
});

describe('the cache of a route, resolved', () => {
  it('keeps what the origin allows, up to 1 MiB, for each caller', () => {
    expect(resolveRouteCache({})).to.deep.equal({
      ttl: undefined,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      vary: [],
      query: undefined,
      shareBetweenUsers: false,
      storeSetCookie: false,
      maxBytes: 1024 ** 2,
    });
  });

  it('has milliseconds and bytes', () => {
    const written = { ttl: '30s', staleWhileRevalidate: '1m', staleIfError: '10m', maxBytes: '16KiB' };
    const seconds = { ttl: 30_000, staleWhileRevalidate: 60_000, staleIfError: 600_000, maxBytes: 16_384 };
    expect(resolveRouteCache(written)).to.include(seconds);
  });

  it('tells a ttl of nothing from none', () => {
    expect(resolveRouteCache({ ttl: '0s' }).ttl).to.equal(0);
  });

  it('keeps nothing for longer than 2^31 seconds', () => {
    const times = { ttl: '999999999d', staleWhileRevalidate: '999999999d', staleIfError: '24855d' };
    expect(resolveRouteCache(times)).to.include({
      ttl: 2 ** 31 * 1000,
      staleWhileRevalidate: 2 ** 31 * 1000,
      staleIfError: 24_855 * 86_400_000,
    });
  });

  it('has the names of headers in lower case, each once, and those of parameters as they are', () => {
    const { vary, query } = resolveRouteCache({ vary: ['Accept-Language', 'accept-language', 'X-B'], query: ['Page'] });
    expect(vary).to.deep.equal(['accept-language', 'x-b']);
    expect(query).to.deep.equal(['Page']);
  });

  it('tells no parameter from all of them', () => {
    expect(resolveRouteCache({ query: [] }).query).to.deep.equal([]);
  });

  it('comes from the defaults, and off takes it away', async () => {
    const defaults = 'defaults: { route: { cache: { ttl: 1m } } }';
    const none = await hashes('', '');
    expect((await hashes(defaults, '')).fingerprint).to.equal((await hashes('', ', cache: { ttl: 1m }')).fingerprint);
    expect((await hashes(defaults, ', cache: off')).fingerprint).to.equal(none.fingerprint);
    const own = await hashes(defaults, ', cache: { staleIfError: 1m }');
    expect(own.fingerprint).to.equal((await hashes('', ', cache: { staleIfError: 1m }')).fingerprint);
  });

  it('belongs to the fingerprint of the route, each key of it', async () => {
    const keys = [
      'ttl: 1m',
      'ttl: 0s',
      'staleWhileRevalidate: 1m',
      'staleIfError: 1m',
      'vary: [x-a]',
      'query: []',
      'query: [a]',
      'shareBetweenUsers: true',
      'storeSetCookie: true',
      'maxBytes: 1KiB',
      '',
    ].map((key) => `, cache: { ${key} }`);
    const all = await Promise.all(['', ...keys].map(async (route) => hashes('', route)));
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).to.equal(keys.length + 1);
    expect(new Set(all.map(({ hash }) => hash)).size).to.equal(keys.length + 1);
  });

  it('is the same route when the store changes, in another configuration', async () => {
    const cache = ', cache: {}';
    const all = await Promise.all(
      ['', 'cache: { memory: 8MiB }', 'cache: { redis: false }'].map(async (top) => hashes(top, cache)),
    );
    expect(new Set(all.map(({ hash }) => hash)).size).to.equal(3);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).to.equal(1);
  });
});
