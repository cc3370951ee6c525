import { expect } from 'chai';
import { CachedGateway } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import type { UpstreamRequest } from '../../support/upstream.ts';

const FRESH = ['Cache-Control', 'max-age=60', 'Vary', 'X-Lang'];

/** Writes go another way than reads: through a route on the same paths that stores nothing. */
const routes = (origin: string): string => `
upstreams: { origin: { targets: ["${origin}"] } }
routes:
  - { name: reads, match: { path: "/*rest", methods: [GET, HEAD] }, upstream: origin, cache: {} }
  - { name: searches, match: { path: "/*rest", methods: [GET], headers: { x-search: "1" } }, upstream: origin, cache: {} }
  - { name: writes, match: { path: "/*rest", methods: [POST, PUT, PATCH, DELETE] }, upstream: origin }
  - { name: own, match: { path: /own }, upstream: origin, cache: {} }
  - { name: fixed, match: { path: "/fixed", methods: [POST] }, respond: { status: 200, body: ok } }
`;

onEachEngineAndHttp2('RFC 9111 section 4.4: invalidating stored responses', (_engine, wire) => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start(routes)));
  after(async () => cached.stop());
  beforeEach(() => {
    cached.reset();
    answering(200);
  });

  /** Reads are stored; writes are answered as given. */
  function answering(status: number, headers: readonly string[] = []): void {
    cached.answers(async (request: UpstreamRequest) => {
      await request.body();
      const body = String(cached.asked);
      const length = ['Content-Length', String(body.length)];
      if (request.method === 'GET') request.response.writeHead(200, [...FRESH, ...length]).end(body);
      else request.response.writeHead(status, [...headers, 'Content-Length', '0']).end();
    });
  }

  /** Whether an answer is still stored after somebody else has asked for something. */
  async function survives(write: () => Promise<unknown>, target = cached.path, ...headers: string[]): Promise<boolean> {
    const before = await cached.call(target, { headers });
    await write();
    return (await cached.call(target, { headers })).text === before.text;
  }

  const write = async (method = 'POST', target = cached.path, ...headers: string[]): Promise<unknown> =>
    cached.call(target, { method, headers });

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    it(`${method} on another route drops what is stored`, async () =>
      expect(await survives(async () => write(method))).to.equal(false));

  it('a method that nobody knows drops what is stored by its own route', async () => {
    expect(await survives(async () => write('PROPPATCH', '/own'), '/own')).to.equal(false);
  });

  for (const status of [200, 201, 204, 303, 304])
    it(`with ${status} it is dropped`, async () => {
      answering(status);
      expect(await survives(write)).to.equal(false);
    });

  for (const status of [400, 403, 404, 409, 500, 503])
    it(`with ${status} nothing has changed`, async () => {
      answering(status);
      expect(await survives(write)).to.equal(true);
    });

  it('safe methods drop nothing', async () => {
    for (const method of ['HEAD', 'GET'])
      expect(await survives(async () => write(method, cached.path, 'x-lang', 'other'))).to.equal(true);
  });

  it('it is dropped with every query, on every route, and in every variant', async () => {
    const kept: [string, string[]][] = [
      [cached.path, []],
      [cached.path, ['x-lang', 'de']],
      [`${cached.path}?a=1`, []],
      [`${cached.path}?a=2&b`, ['x-search', '1']],
      [cached.path, ['authorization', 'Basic x']],
    ];
    const before: string[] = [];
    for (const [target, headers] of kept) before.push((await cached.call(target, { headers })).text);
    await write('POST', `${cached.path}?other`);
    for (const [index, [target, headers]] of kept.entries())
      expect((await cached.call(target, { headers })).text).to.not.equal(before[index]);
  });

  it('other paths are not dropped', async () => {
    for (const target of [`${cached.path}/`, `${cached.path}/a`, `${cached.path}x`, '/'])
      expect(await survives(write, target)).to.equal(true);
  });

  it('a path is the same however it is written', async () => {
    const encoded = `/%74${cached.path.slice(2)}`;
    expect(await survives(async () => write('POST', encoded))).to.equal(false);
  });

  it('another host is another resource, and another port is not', async () => {
    expect(await survives(async () => write('POST', cached.path, 'host', 'other.example'))).to.equal(true);
    const there = ['host', 'shop.example'];
    expect(await survives(async () => write('POST', cached.path, 'host', 'SHOP.example:8443'), cached.path, ...there))
      .to //
      .equal(false);
  });

  for (const name of ['Location', 'Content-Location']) {
    const host = ['host', 'shop.example'];
    const scheme = wire === 'HTTP/2' ? 'https' : 'http';
    const there = async (location: string): Promise<boolean> => {
      answering(201, [name, location]);
      return survives(async () => write('POST', '/orders', ...host), `${cached.path}/new`, ...host);
    };

    it(`${name} of the same host is dropped, too: absolute`, async () => {
      expect(await there(`${scheme}://shop.example${cached.path}/new`)).to.equal(false);
      expect(await there(`${scheme}://SHOP.example:${scheme === 'http' ? 80 : 443}${cached.path}/n%65w?q#f`)).to.equal(
        false,
      );
      expect(await there(`//shop.example${cached.path}/new`)).to.equal(false);
    });

    it(`${name} of the same host is dropped, too: relative`, async () => {
      expect(await there(`${cached.path}/new`)).to.equal(false);
      expect(await there(`.${cached.path}/new`)).to.equal(false);
      expect(await there(`/x/..${cached.path}/new`)).to.equal(false);
    });

    it(`${name} of another host drops nothing`, async () => {
      for (const origin of ['http://other.example', '//other.example', `${scheme}://shop.example:8443`])
        expect(await there(`${origin}${cached.path}/new`), origin).to.equal(true);
    });

    it(`${name} that cannot be read drops nothing else`, async () => {
      for (const location of ['http://', 'http://[', '\\\\', '%', ''])
        expect(await there(location), location).to.equal(true);
    });
  }

  it('an answer that was asked for before is not stored after', async () => {
    let release = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      cached.answers(async ({ method, response }) => {
        if (method === 'GET') {
          resolve();
          await new Promise<void>((free) => (release = free));
          response.writeHead(200, [...FRESH, 'Content-Length', '3']).end('old');
        } else response.end();
      });
    });
    const reading = cached.ask();
    await asked;
    await write();
    release();
    expect((await reading).text).to.equal('old');
    answering(200);
    expect((await cached.ask()).text).to.not.equal('old');
  });

  it('an answer of which the body still came is not stored after', async () => {
    let finish = (): void => undefined;
    cached.answers(({ method, response }) => {
      if (method !== 'GET') return void response.end();
      response.writeHead(200, [...FRESH, 'Content-Length', '3']).write('o');
      finish = () => void response.end('ld');
    });
    const reading = cached.ask();
    await cached.origin.requests.at(0);
    await write();
    finish();
    expect((await reading).text).to.equal('old');
    answering(200);
    expect((await cached.ask()).text).to.not.equal('old');
  });

  it('answers of the gateway itself drop what is stored, too', async () => {
    expect(await survives(async () => write('POST', '/fixed'), '/fixed')).to.equal(false);
  });

  it('a write that is refused before it is done drops nothing', async () => {
    const closed = await CachedGateway.start(
      (origin) => `
upstreams: { origin: { targets: ["${origin}"] } }
routes:
  - { name: reads, match: { path: "/*rest", methods: [GET] }, upstream: origin, cache: {} }
  - { name: writes, match: { path: "/*rest", methods: [POST] }, upstream: origin, ip: { deny: [127.0.0.0/8] } }
`,
    );
    try {
      closed.says({ headers: FRESH });
      await closed.call('/a');
      expect((await closed.call('/a', { method: 'POST' })).status).to.equal(403);
      expect((await closed.call('/a')).text).to.equal('answer 1');
    } finally {
      await closed.stop();
    }
  });
});
