/** How stored answers are purged at the admin listener: of a purge that a test makes up, and of a gateway that serves. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import type { PurgeSelector } from '../../../src/cache/purge.ts';
import { purgeOutcome, type PurgeOutcome } from '../../../src/cache/purged.ts';
import { createLogger } from '../../../src/observability/log.ts';
import { adminOptions } from '../../support/admin.ts';
import { call, type Answered } from '../../support/client.ts';
import { startTestGateway, type LogLine, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream } from '../../support/upstream.ts';

const TOKEN = 'a-token-for-tests';
const REGISTRY_TOKEN = 'a-token-for-instances';
const LISTEN = { host: '127.0.0.1', port: 0 };
const JSON_TYPE = ['content-type', 'application/json'];

/** The code of a problem, with its faults as pointer and code. */
function problemIn({ text }: Answered): { readonly code: unknown; readonly faults: readonly string[] } {
  const { code, errors = [] }: { code?: unknown; errors?: readonly { pointer: string; code: string }[] } =
    JSON.parse(text);
  return { code, faults: errors.map((fault) => `${fault.pointer} ${fault.code}`) };
}

describe('the API for purges', () => {
  let listener: AdminListener;
  let token = '';
  let outcome: PurgeOutcome;
  const purges: PurgeSelector[] = [];
  const log: LogLine[] = [];

  before(async () => {
    const options = await adminOptions({
      logger: createLogger({ format: () => 'json' }, { write: (line) => void log.push(JSON.parse(line)) }),
      config: () => ({ listen: LISTEN, token, registryToken: REGISTRY_TOKEN }),
      purge: async (selector) => {
        purges.push(selector);
        return outcome;
      },
    });
    listener = await AdminListener.open(LISTEN, options);
  });
  beforeEach(() => {
    token = TOKEN;
    outcome = purgeOutcome([{ memory: 12 }]);
    purges.length = 0;
    log.length = 0;
  });
  after(async () => listener.close());

  const ask = async (
    body: unknown,
    { headers = JSON_TYPE, credentials = TOKEN, method = 'POST', query = '' } = {},
  ): Promise<Answered> =>
    call(`http://127.0.0.1:${listener.address.port}/api/v1/cache/purge${query}`, {
      method,
      headers: [...headers, ...(credentials === '' ? [] : ['authorization', `Bearer ${credentials}`])],
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('purges by each condition and by several, says how many answers went, and logs it', async () => {
    for (const selector of [
      { route: 'orders' },
      { path: '/a' },
      { prefix: '/a/' },
      { tag: 'product-42' },
      { all: true },
      { route: 'orders', path: '/a', prefix: '/', tag: 'b' },
    ]) {
      const answer = await ask(selector);
      expect([answer.status, answer.text]).to.deep.equal([200, '{"purged":12}']);
      expect(answer.header('cache-control')).to.equal('no-store');
      expect(purges.splice(0)).to.deep.equal([selector]);
      const [line] = log.splice(0);
      expect(line).to.deep.include({ level: 'info', msg: 'cache purged', selector, purged: 12, client: '127.0.0.1' });
      expect(line?.['requestId']).to.equal(answer.header('x-request-id'));
    }
  });

  it('takes paths as people write them, and purges them as they are stored', async () => {
    for (const [written, stored] of [
      ['/%61//b', '/a/b'],
      ['/caf%c3%a9', '/caf%C3%A9'],
      ['/a%2fb', '/a%2Fb'],
      ['/a/', '/a/'],
    ]) {
      for (const name of ['path', 'prefix']) {
        expect((await ask({ [name]: written })).status).to.equal(200);
        expect(purges.splice(0)).to.deep.equal([{ [name]: stored }]);
      }
    }
  });

  it('refuses what would purge something else than it seems to, and purges nothing', async () => {
    for (const [body, ...faults] of [
      [{}, ' required'],
      ['', ' required'],
      [[], ' wrong-type'],
      ['null', ' wrong-type'],
      ['{"all":true', ' invalid-json'],
      ['{"tag":"a","tag":"b"}', ' duplicate-member'],
      [{ tags: 'a' }, '/tags unknown-member'],
      [{ route: 1, path: null, all: 'true' }, '/route wrong-type', '/path wrong-type', '/all wrong-type'],
      [{ route: '', tag: '', path: '', prefix: '' }, '/route empty', '/path empty', '/prefix empty', '/tag empty'],
      [{ all: false }, '/all invalid-value'],
      [{ all: true, route: 'orders' }, '/all not-alone'],
      [{ path: 'a', prefix: 'http://shop/a' }, '/path invalid-path', '/prefix invalid-path'],
      [{ path: '/a?b=c', prefix: '/%zz' }, '/path invalid-path', '/prefix invalid-path'],
      [{ path: '/a/../b', prefix: '/café' }, '/path invalid-path', '/prefix invalid-path'],
    ] as const) {
      const answer = await ask(body);
      expect(answer.status, JSON.stringify(body)).to.equal(400);
      expect(problemIn(answer), JSON.stringify(body)).to.deep.equal({ code: 'invalid-body', faults });
    }
    expect([purges, log]).to.deep.equal([[], []]);
  });

  it('takes JSON alone, of 16 KiB at the most, without a query, by POST', async () => {
    const all = { all: true };
    expect(problemIn(await ask(all, { headers: ['content-type', 'text/plain'] })).code).to.equal(
      'unsupported-media-type',
    );
    expect(problemIn(await ask({ tag: 'a'.repeat(16 * 1024) })).code).to.equal('body-too-large');
    expect(problemIn(await ask(all, { query: '?tag=a' })).code).to.equal('invalid-query');
    for (const method of ['GET', 'PUT', 'DELETE', 'PURGE']) {
      const answer = await ask(all, { method });
      expect([answer.status, answer.header('allow')]).to.deep.equal([405, 'POST']);
    }
    expect(purges).to.deep.equal([]);
  });

  it('wants the admin token when there is one, and nothing of other sites', async () => {
    const all = { all: true };
    for (const credentials of ['', 'wrong', REGISTRY_TOKEN])
      expect(problemIn(await ask(all, { credentials })).code).to.equal('unauthorized');
    const headers = [...JSON_TYPE, 'origin', 'https://evil.example.com'];
    expect(problemIn(await ask(all, { headers })).code).to.equal('misdirected-request');
    expect(purges).to.deep.equal([]);
    token = '';
    expect((await ask(all, { credentials: '' })).status).to.equal(200);
  });

  for (const [what, reached, words] of [
    [
      'Redis has not answered',
      purgeOutcome([{ memory: 3, shared: 'unavailable' }]),
      'what this gateway holds in memory was purged',
    ],
    ['a worker has not answered', purgeOutcome([{ memory: 3 }], 1), 'a worker has not answered'],
    ['workers have not answered', purgeOutcome([{ memory: 3, shared: 1 }], 2), '2 workers have not answered'],
  ] as const) {
    it(`never says that it is done when ${what}`, async () => {
      outcome = reached;
      const answer = await ask({ tag: 'a' });
      expect([answer.status, answer.header('retry-after')]).to.deep.equal([503, '5']);
      expect(problemIn(answer).code).to.equal('cache-unavailable');
      expect(answer.text).to.include(words);
      expect(log[0]).to.deep.include({ level: 'warn', msg: 'cache purged, and not all of it', purged: 3 });
    });
  }

  it('is described by the OpenAPI document', async () => {
    const text = (
      await call(`http://127.0.0.1:${listener.address.port}/api/v1/openapi.json`, {
        headers: ['authorization', `Bearer ${TOKEN}`],
      })
    ).text;
    const document: { paths: Record<string, { post?: { tags: string[]; responses: object } }> } = JSON.parse(text);
    const operation = document.paths['/cache/purge']?.post;
    expect(operation?.tags).to.deep.equal(['cache']);
    expect(operation?.responses).to.include.all.keys('200', '400', '401', '413', '415', '421', '503');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    const conforms = (pointer: string, value: unknown): unknown => ajv.validate({ $ref: `document#${pointer}` }, value);
    const body = '/paths/~1cache~1purge/post/requestBody/content/application~1json/schema';
    for (const good of [{ all: true }, { tag: 'a', path: '/a' }]) expect(conforms(body, good)).to.equal(true);
    for (const bad of [
      {},
      { all: false },
      { all: true, tag: 'a' },
      { tag: '' },
      { path: 'a' },
      { prefix: '/?' },
      { x: 1 },
    ])
      expect(conforms(body, bad), JSON.stringify(bad)).to.equal(false);
    expect(conforms('/components/schemas/Purged', JSON.parse((await ask({ all: true })).text))).to.equal(true);
    outcome = purgeOutcome([], 1);
    expect(conforms('/components/schemas/Problem', JSON.parse((await ask({ all: true })).text))).to.equal(true);
  });
});

describe('a purge of a gateway that serves', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
  });
  beforeEach(async () => {
    upstream.reset(({ target, response }) => {
      const tag = target.includes('apple') ? 'fruit, red' : 'tool';
      response.writeHead(200, { 'cache-control': 'max-age=3600', 'cache-tag': tag }).end(target);
    });
    gateway = await startTestGateway(`
upstreams:
  shop: { targets: ["${upstream.origin}"] }
routes:
  - { name: shop, match: { path: "/shop/*rest" }, upstream: shop, cache: {} }
  - { name: other, match: { path: "/other/*rest" }, upstream: shop, cache: {} }
  - { name: plain, match: { path: "/plain" }, upstream: shop }
`);
    for (const path of PATHS) await call(gateway.url + path);
    upstream.requests.items.length = 0;
  });
  afterEach(async () => gateway.stop());
  after(async () => upstream.close());

  const PATHS = ['/shop/apple', '/shop/apple?page=2', '/shop/apple/seeds', '/shop/hammer', '/other/apple'];
  const purge = async (selector: PurgeSelector): Promise<unknown> =>
    JSON.parse(
      (
        await call(`${gateway.adminUrl}/api/v1/cache/purge`, {
          method: 'POST',
          headers: JSON_TYPE,
          body: JSON.stringify(selector),
        })
      ).text,
    );
  /** What the upstream is asked for when all paths are. */
  const askedAgain = async (): Promise<string[]> => {
    for (const path of PATHS) expect((await call(gateway.url + path)).status).to.equal(200);
    return upstream.requests.items.splice(0).map(({ target }) => target);
  };

  it('takes away what it says, and nothing else', async () => {
    expect(await askedAgain()).to.deep.equal([]);
    for (const [selector, gone] of [
      [{ path: '/shop/apple' }, ['/shop/apple', '/shop/apple?page=2']],
      [{ prefix: '/shop/apple' }, ['/shop/apple', '/shop/apple?page=2', '/shop/apple/seeds']],
      [{ route: 'other' }, ['/other/apple']],
      [{ tag: 'red', route: 'shop' }, ['/shop/apple', '/shop/apple?page=2', '/shop/apple/seeds']],
      [{ tag: 'red', path: '/shop/hammer' }, []],
      [{ route: 'gone' }, []],
      [{ all: true }, PATHS],
      [{ all: true }, PATHS],
    ] as const) {
      expect(await purge(selector), JSON.stringify(selector)).to.deep.equal({ purged: gone.length });
      expect(await askedAgain(), JSON.stringify(selector)).to.deep.equal(gone);
    }
  });

  it('is seen in the metrics, with what is in memory', async () => {
    const series = async (): Promise<Record<string, number>> => {
      const { text } = await call(`${gateway.adminUrl}/metrics`);
      return Object.fromEntries(
        [...text.matchAll(/^(gateway_cache_(?:bytes|entries|purged_total)) (\d+)$/gm)].map(([, name, value]) => [
          String(name),
          Number(value),
        ]),
      );
    };
    const before = await series();
    expect(before).to.include({ gateway_cache_entries: 5, gateway_cache_purged_total: 0 });
    expect(before['gateway_cache_bytes']).to.be.greaterThan(0);
    await purge({ route: 'shop' });
    expect(await series()).to.include({ gateway_cache_entries: 1, gateway_cache_purged_total: 4 });
    await purge({ all: true });
    expect(await series()).to.deep.equal({
      gateway_cache_bytes: 0,
      gateway_cache_entries: 0,
      gateway_cache_purged_total: 5,
    });
  });

  it('is 0 where no route stores anything', async () => {
    await gateway.write(
      `upstreams: { shop: { targets: ["${upstream.origin}"] } }\nroutes: [{ name: shop, match: { path: / }, upstream: shop }]`,
    );
    await gateway.reload();
    expect(await purge({ all: true })).to.deep.equal({ purged: 0 });
    expect((await call(`${gateway.adminUrl}/metrics`)).text).to.not.match(/^gateway_cache_(?:bytes|entries) /m);
  });
});
