import { request as requestHttp, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import { discoverEtcd } from '../../../src/upstreams/discovery/etcd.ts';
import { settled } from '../../support/arrivals.ts';
import { HOSTILE, Sources } from '../../support/discovery.ts';
import { Etcd } from '../../support/etcd.ts';
import { TestUpstream, type UpstreamRequest } from '../../support/upstream.ts';

const ONE = 'http://10.0.0.1:8001';
const TWO = 'http://10.0.0.2:8002';

describe('endpoints from etcd', function () {
  // It may have to be fetched.
  this.timeout(120_000);
  const sources = new Sources();
  let etcd: Etcd;
  let prefix: string;
  let tests = 0;

  before(async () => {
    etcd = await Etcd.start();
  });

  after(async () => {
    await etcd.kill();
  });

  beforeEach(() => {
    tests += 1;
    prefix = `/services/${tests}/orders/`;
  });

  afterEach(async () => {
    await sources.close();
  });

  function discover(url = etcd.url) {
    return sources.start(discoverEtcd, { etcd: url, prefix });
  }

  /** Between the source and etcd: sees what is asked, and can keep it waiting. */
  async function withProxy(
    before: (request: UpstreamRequest) => Promise<void> | void,
    use: (proxy: TestUpstream) => Promise<void>,
  ): Promise<void> {
    const proxy = await TestUpstream.start(async (request) => {
      const body = await request.body();
      await before(request);
      const onward = requestHttp(`${etcd.url}${request.target}`, { method: 'POST', agent: false });
      onward.on('response', (response) => {
        request.response.writeHead(response.statusCode ?? 0);
        response.on('error', () => undefined).pipe(request.response);
      });
      onward.on('error', () => request.response.destroy());
      request.response.on('close', () => onward.destroy());
      onward.end(body);
    });
    try {
      await use(proxy);
    } finally {
      await sources.close();
      await proxy.close();
    }
  }

  it('appear, change and vanish', async () => {
    await etcd.put(`${prefix}a`, ONE);
    const before = Date.now();
    const { source, listener } = discover();
    expect(source.updatedAt).to.equal(undefined);
    expect(await listener.next()).to.deep.equal([ONE]);
    expect(source.updatedAt).to.be.within(before, Date.now());
    await etcd.put(`${prefix}b`, JSON.stringify({ url: TWO, weight: 3, more: [] }));
    expect(await listener.next()).to.deep.equal([ONE, `${TWO}*3`]);
    await etcd.put(`${prefix}a`, ` {"url": "${ONE}/"}\n`);
    await etcd.put(`${prefix}b`, 'https://10.0.0.2');
    expect(await listener.next()).to.deep.equal([ONE, 'https://10.0.0.2']);
    await etcd.delete(`${prefix}a`);
    expect(await listener.next()).to.deep.equal(['https://10.0.0.2']);
    await etcd.delete(`${prefix}b`);
    expect(await listener.next()).to.deep.equal([]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are none without keys, and those of other prefixes are not taken', async () => {
    await etcd.put(prefix.replace('orders/', 'orders'), ONE);
    await etcd.put(prefix.replace('orders/', 'orders0'), ONE);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([]);
    await etcd.put(prefix.replace('orders/', 'orders.'), ONE);
    await etcd.put(prefix, TWO);
    expect(await listener.next()).to.deep.equal([TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('vanish with their lease', async () => {
    await etcd.put(`${prefix}a`, ONE, await etcd.grant(1));
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    expect(await listener.next()).to.deep.equal([]);
  });

  it('take no traffic with a weight of 0', async () => {
    await etcd.put(`${prefix}a`, JSON.stringify({ url: ONE, weight: 0 }));
    await etcd.put(`${prefix}b`, TWO);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([TWO]);
  });

  it('that changed between the reading and the watch are not missed', async () => {
    await etcd.put(`${prefix}a`, ONE);
    const changeBeforeWatch = async ({ target }: UpstreamRequest): Promise<void> => {
      if (target === '/v3/watch') await etcd.put(`${prefix}b`, TWO);
    };
    await withProxy(changeBeforeWatch, async (proxy) => {
      const { listener } = discover(proxy.origin);
      expect(await listener.next()).to.deep.equal([ONE]);
      expect(await listener.next()).to.deep.equal([ONE, TWO]);
    });
  });

  it('are read anew when what the watch begins with was compacted', async () => {
    await etcd.put(`${prefix}a`, ONE);
    let watches = 0;
    const compactBeforeWatch = async ({ target }: UpstreamRequest): Promise<void> => {
      if (target !== '/v3/watch' || ++watches > 1) return;
      await etcd.put(`${prefix}a`, TWO);
      await etcd.compact(await etcd.put(`${prefix}b`, ONE));
    };
    await withProxy(compactBeforeWatch, async (proxy) => {
      const { listener } = discover(proxy.origin);
      expect(await listener.next()).to.deep.equal([ONE]);
      // No failure in between.
      expect(await listener.next()).to.deep.equal([ONE, TWO]);
      const targets = proxy.requests.items.map(({ target }) => target);
      expect(targets.slice(0, 3)).to.deep.equal(['/v3/kv/range', '/v3/watch', '/v3/kv/range']);
      await etcd.delete(`${prefix}a`);
      expect(await listener.next()).to.deep.equal([ONE]);
      expect(listener.rest).to.deep.equal([]);
    });
  });

  it('stay while etcd is gone, which is told once, and are told again only when they changed', async () => {
    await etcd.put(`${prefix}a`, ONE);
    const { source, listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    await etcd.kill();
    const { updatedAt } = source;
    expect(await listener.failure()).to.match(/^http:\/\/127\.0\.0\.1:\d+ cannot be reached: ECONN(?:REFUSED|RESET)$/);
    expect(source.updatedAt).to.equal(updatedAt);
    await etcd.start();
    expect(await listener.next()).to.equal('recovery');
    await etcd.put(`${prefix}b`, TWO);
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('stay when one value cannot be read, until it is mended', async () => {
    await etcd.put(`${prefix}a`, ONE);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    await etcd.put(`${prefix}b\n"`, 'postgres://user:hunter2@10.0.0.1/');
    expect(await listener.failure()).to.equal(
      `the key ${JSON.stringify(`${prefix}b\n"`)} holds neither a URL nor {"url", "weight"}`,
    );
    await etcd.put(`${prefix}b\n"`, TWO);
    // The next reading may find it bad once more, which is not told again.
    expect(await listener.next()).to.equal('recovery');
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
  });

  for (const value of [
    '',
    'null',
    '{',
    '{}',
    '{"__proto__": {"url": "http://10.6.6.6"}}',
    `{"url": "${ONE}", "weight": -1}`,
    `{"url": "${ONE}", "weight": "3"}`,
    `{"url": "${ONE}", "weight": 1e9}`,
    `{"url": ["${ONE}"]}`,
    '10.0.0.1:80',
    'ftp://10.0.0.1',
    'http://10.0.0.1/path',
    'http://10.0.0.1?query',
    'http://user@10.0.0.1',
    'http://10.0.0.1:99999',
    'http://10.0.0.1\nhttp://10.0.0.2',
  ]) {
    it(`cannot be ${JSON.stringify(value)}`, async () => {
      await etcd.put(`${prefix}a`, value);
      const { listener } = discover();
      expect(await listener.failure()).to.match(/ holds neither a URL nor/);
    });
  }

  it('end in the middle of a watch', async () => {
    await withProxy(
      () => undefined,
      async (proxy) => {
        const { source, listener } = discover(proxy.origin);
        await listener.next();
        const watch = await proxy.requests.at(1);
        expect(watch.target).to.equal('/v3/watch');
        source.close();
        await watch.over();
        await etcd.put(`${prefix}a`, ONE);
        await settled(() => proxy.requests.items.length);
        expect(proxy.requests.items).to.have.length(2);
        expect(listener.rest).to.deep.equal([]);
      },
    );
  });

  it('may be ten thousand', async () => {
    const urls = Array.from({ length: 10_000 }, (_none, number) => `http://10.1.${number >> 8}.${number & 255}`);
    await etcd.putAll(urls.map((url) => [`${prefix}${url}`, url]));
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal(urls.toSorted());
    await etcd.delete(`${prefix}${urls[0]}`);
    expect(await listener.next()).to.have.length(9999);
  });

  describe('that says something else', () => {
    let hostile: TestUpstream;

    beforeEach(async () => {
      hostile = await TestUpstream.start();
    });

    afterEach(async () => {
      await sources.close();
      await hostile.close();
    });

    const pair = { key: btoa('a'), value: btoa(ONE) };
    const range = { header: { revision: '7' }, kvs: [pair] };

    /** Answers the first two requests well, as far as they are given, and says something else after that. */
    function answers(good: readonly object[], then: (response: ServerResponse) => unknown): void {
      let requests = 0;
      hostile.answer = ({ response }) => {
        const next = good[requests++];
        if (next === undefined) then(response);
        else response.end(`${JSON.stringify(next)}\n`);
      };
    }

    for (const [what, answer, cause] of HOSTILE) {
      it(`stay when it sends ${what} for the keys`, async () => {
        answers([range, { result: { events: [] } }], answer);
        const { listener } = discover(hostile.origin);
        expect(await listener.next()).to.deep.equal([ONE]);
        expect(await listener.failure()).to.match(cause);
        answers([], (response) => response.end(JSON.stringify({ ...range, kvs: [] })));
        expect(await listener.next()).to.equal('recovery');
        expect(await listener.next()).to.deep.equal([]);
      });
    }

    // Without the end of a line there is nothing to read, good or bad.
    for (const [what, answer, cause] of HOSTILE.filter(([, , { source }]) => !source.includes('JSON'))) {
      it(`stay when it sends ${what} for the watch`, async () => {
        answers([range], answer);
        const { listener } = discover(hostile.origin);
        expect(await listener.next()).to.deep.equal([ONE]);
        expect(await listener.failure()).to.match(cause);
      });
    }

    for (const [what, body] of [
      ['a list', '[]'],
      ['null', 'null'],
      ['no revision', '{"kvs": []}'],
      ['a revision that is none', '{"header": {"revision": "-7"}}'],
      ['keys that are no list', '{"header": {"revision": "7"}, "kvs": {}}'],
      ['a revision in a prototype', '{"__proto__": {"header": {"revision": "7"}}}'],
      ['a key that is none', '{"header": {"revision": "7"}, "kvs": [null]}'],
      ['a value that is none', '{"header": {"revision": "7"}, "kvs": [{"key": "YQ==", "value": 7}]}'],
    ] as const) {
      it(`stay when it sends ${what}`, async () => {
        answers([range, { result: {} }], (response) => response.end(body));
        const { listener } = discover(hostile.origin);
        expect(await listener.next()).to.deep.equal([ONE]);
        expect(await listener.failure()).to.match(/^etcd sent |^the key "a" holds/);
      });
    }

    for (const [what, line, cause] of [
      ['no JSON', 'what?', /not JSON$/],
      ['an error', '{"error": {"grpc_code": 13, "message": "hunter2"}}', /^etcd ended the watch with an error$/],
      ['that it is cancelled', '{"result": {"canceled": true}}', /^etcd cancelled the watch$/],
      ['events that are no list', '{"result": {"events": 7}}', /^etcd ended the watch/],
      ['an event that is none', '{"result": {"events": [7]}}', /^etcd sent a value without a key$/],
      ['an event of a new kind', '{"result": {"events": [{"type": "X", "kv": {"key": "YQ=="}}]}}', /neither a put nor/],
      ['a prototype', '{"__proto__": {"result": {"events": []}}}', /^etcd ended the watch/],
    ] as const) {
      it(`stay when the watch says ${what}`, async () => {
        answers([range], (response) => response.write(`${line}\n`));
        const { listener } = discover(hostile.origin);
        expect(await listener.next()).to.deep.equal([ONE]);
        expect(await listener.failure()).to.match(cause);
      });
    }

    it('are read from lines in pieces, and from several at once', async () => {
      const second = JSON.stringify({ result: { events: [{ kv: { key: btoa('b'), value: btoa(TWO) } }] } });
      const third = JSON.stringify({ result: { events: [{ type: 'DELETE', kv: { key: btoa('a') } }] } });
      let watch: ServerResponse | undefined;
      answers([range], (response) => (watch = response).write(second.slice(0, 30)));
      const { listener } = discover(hostile.origin);
      expect(await listener.next()).to.deep.equal([ONE]);
      await hostile.requests.at(1);
      watch?.write(`${second.slice(30)}\n${third}\n\n`);
      expect(await listener.next()).to.deep.equal([TWO]);
    });
  });
});
