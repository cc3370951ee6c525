import { expect } from 'chai';
import { CachedGateway, cachingAll } from '../../support/cached.ts';
import { metricOf } from '../../support/reload.ts';
import { forge, hs256 } from '../../support/tokens.ts';

const FRESH = ['Cache-Control', 'public, max-age=60'];
const SECRET = 'a secret that is long enough for HS256';

function bearer(sub: string): string[] {
  const payload = { iss: 'machines', aud: 'api', sub, exp: Math.trunc(Date.now() / 1000) + 600 };
  return ['authorization', `Bearer ${forge({ alg: 'HS256' }, payload, hs256(SECRET))}`];
}

/** Puts another configuration in the place of the one that serves. */
async function reload({ gateway }: CachedGateway, yaml: string): Promise<void> {
  await gateway.write(yaml);
  await gateway.reload();
  const host = gateway.adminUrl.slice('http://'.length);
  expect(await metricOf(host, 'gateway_config_last_reload_successful')).to.equal(1);
}

/** What was stored under other rules must not be given out. */
describe('a reload of a route with a cache', () => {
  const JSON_ANSWER = { headers: [...FRESH, 'Content-Type', 'application/json'], body: '{"open":1,"secret":2}' };

  async function afterReload(more: string, before = '', cache = '{}'): Promise<{ text: string; asked: number }> {
    const own = await CachedGateway.start(cachingAll('{}', before));
    try {
      own.says(JSON_ANSWER);
      await own.call('/a?debug=1');
      await reload(own, cachingAll(cache, more)(own.origin.origin));
      return { text: (await own.call('/a?debug=1')).text, asked: own.asked };
    } finally {
      await own.stop();
    }
  }

  it('that takes something out of bodies does not give out what was stored with it', async () =>
    expect(await afterReload(', response: { body: { remove: [/secret] } }')).to.deep.equal({
      text: '{"open":1}',
      asked: 2,
    }));

  for (const [what, more, cache] of [
    ['rewrites the path', ', rewrite: { addPrefix: /b }', '{}'],
    ['edits request headers', ', request: { headers: { set: { x-a: b } } }', '{}'],
    ['edits the query', ', request: { query: { remove: [debug] } }', '{}'],
    ['changes the parameters that count', '', '{ query: [page] }'],
    ['changes the headers that count', '', '{ vary: [accept] }'],
    ['lets users share', '', '{ shareBetweenUsers: true }'],
  ] as const)
    it(`that ${what} asks anew`, async () => expect((await afterReload(more, '', cache)).asked).to.equal(2));

  it('that changes nothing of it keeps what is stored', async () => {
    expect((await afterReload('')).asked).to.equal(1);
    expect((await afterReload(', timeout: 7s, response: { headers: { set: { x-a: b } } }')).asked).to.equal(1);
  });

  it('that asks for access does not give out what was stored without', async () => {
    const own = await CachedGateway.start(cachingAll());
    try {
      own.says(JSON_ANSWER);
      await own.call('/a');
      const issuers = `issuers: [{ name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: "${SECRET}" }]\n`;
      await reload(own, issuers + cachingAll('{}', ', access: authenticated')(own.origin.origin));
      expect((await own.call('/a')).status).to.equal(401);
      await own.call('/a', { headers: bearer('ann') });
      expect(own.asked).to.equal(2);
    } finally {
      await own.stop();
    }
  });

  it('that takes the cache away takes what it holds away', async () => {
    const own = await CachedGateway.start(cachingAll());
    try {
      own.says(JSON_ANSWER);
      await own.call('/a');
      await reload(own, cachingAll()(own.origin.origin).replace(', cache: {}', ''));
      expect((await own.call('/a')).header('cache-status')).to.equal(undefined);
      expect(own.asked).to.equal(2);
    } finally {
      await own.stop();
    }
  });
});
