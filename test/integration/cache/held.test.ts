import { expect } from 'chai';
import { once } from 'node:events';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import { open } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { RawClient } from '../../support/raw.ts';
import { until } from '../../support/reload.ts';

const FRESH = ['Cache-Control', 'max-age=60'];
const MIB = 1024 * 1024;
/** More than the buffers between the gateway and a client take. */
const LARGE = Buffer.alloc(12 * MIB, 'x');

onEachEngine('what a cache holds for its clients', () => {
  let cached: CachedGateway;
  let small: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start(cachingAll('{ maxBytes: 16MiB }'));
    small = await CachedGateway.start(cachingAll('{ maxBytes: 1KiB }'));
  });

  after(async () => {
    await cached.stop();
    await small.stop();
  });

  beforeEach(() => {
    cached.reset();
    small.reset();
  });

  const held = async (from: CachedGateway): Promise<number> => (await from.metric('gateway_held_body_bytes')) ?? NaN;

  async function raw(to: CachedGateway, isMute = false): Promise<RawClient> {
    const client = await RawClient.open(to.gateway.port);
    if (isMute) client.socket.pause();
    await client.send(`GET ${to.path} HTTP/1.1\r\nHost: 127.0.0.1:${to.gateway.port}\r\n\r\n`);
    return client;
  }

  describe('bytes that are to be stored', () => {
    for (const [what, framing] of [
      ['with a length', ['Content-Length', String(LARGE.length)]],
      ['in chunks', []],
    ] as const)
      it(`are counted until those who do not read are gone: ${what}`, async () => {
        cached.answers(({ response }) => {
          response.writeHead(200, [...FRESH, ...framing]).end(LARGE);
        });
        const mute = [await raw(cached, true), await raw(cached, true)];
        const request = await cached.origin.requests.at(0);
        await request.over();
        await until('it is stored', async () => ((await cached.metric('gateway_cache_entries')) ?? 0) > 0);
        // All of it has come and is stored: it goes on to be held for those who have yet to read it.
        expect(await held(cached)).to.be.at.least(LARGE.length);
        expect((await open(cached.gateway.url + cached.path)).resume().statusCode).to.equal(200);
        expect(cached.asked).to.equal(1);
        await mute[0]?.close();
        await cached.waiting(1);
        expect(await held(cached)).to.be.at.least(LARGE.length);
        await mute[1]?.close();
        await until('nothing is held', async () => (await held(cached)) === 0);
        await cached.purge({ all: true });
      });

    it('are counted while they come, and no more when nobody wants them', async () => {
      cached.answers(() => undefined);
      const clients = [await raw(cached, true), await raw(cached, true)];
      const request = await cached.origin.requests.at(0);
      const { response } = request;
      response.writeHead(200, FRESH).write(Buffer.alloc(MIB, 'x'));
      await until('it is held', async () => (await held(cached)) >= MIB);
      for (const client of clients) await client.close();
      await request.over();
      await until('nothing is held', async () => (await held(cached)) === 0);
      expect(response.writableFinished).to.equal(false);
    });
  });

  it('is nothing any more once an answer in chunks has outgrown what may be stored and everybody has read', async () => {
    small.answers(() => undefined);
    const others = Array.from({ length: 3 }, async () => open(small.gateway.url + small.path));
    const { response } = await small.origin.requests.at(0);
    await small.waiting(3);
    response.writeHead(200, FRESH).write('begins');
    const sizes: number[] = [];
    for (const [index, other] of others.entries()) {
      sizes[index] = 0;
      (await other).on('data', ({ length }: Buffer) => (sizes[index] = (sizes[index] ?? 0) + length));
    }
    await until('they have what came first', () => sizes.every((size) => size === 6));
    expect(await held(small)).to.be.at.least(6);
    let sent = 6;
    // What clients take at once, and what they have to be waited for.
    for (const size of [2048, 1024, MIB, 1024]) {
      response.write(Buffer.alloc(size, 'x'));
      sent += size;
      await until('they have it all', () => sizes.every((each) => each === sent));
      await until('nothing is held', async () => (await held(small)) === 0);
    }
    const ends = others.map(async (other) => once(await other, 'end'));
    response.end();
    await Promise.all(ends);
    expect(small.asked).to.equal(1);
  });

  it('is nothing after a storm of clients that leave, and the configuration of before ends', async function () {
    this.timeout(60_000);
    const own = await CachedGateway.start(cachingAll('{ maxBytes: 16MiB }'));
    try {
      own.reset();
      own.answers((request) => {
        const { target, response } = request;
        if (target.endsWith('?silent')) return;
        if (target.endsWith('?begun')) return void response.writeHead(200, FRESH).write('begun');
        if (target.endsWith('?large')) return send(request, { headers: FRESH, body: LARGE });
        send(request, { headers: [...FRESH, ...(target.endsWith('?private') ? ['Set-Cookie', 'a=1'] : [])] });
      });
      const kinds = ['silent', 'begun', 'large', 'private', 'stored'];
      for (let round = 0; round < 4; round += 1) {
        const clients: RawClient[] = [];
        for (const kind of kinds) {
          for (let count = 0; count < 4; count += 1) {
            const client = await RawClient.open(own.gateway.port);
            clients.push(client);
            if (kind === 'large') client.socket.pause();
            const cookie = count === 3 ? 'Cookie: a=1\r\n' : '';
            const method = count === 2 && kind !== 'begun' ? 'HEAD' : 'GET';
            await client.send(`${method} /${round}?${kind} HTTP/1.1\r\nHost: a\r\n${cookie}\r\n`);
            if (kind === 'private' || kind === 'stored') await client.response({ head: method === 'HEAD' });
            if (kind === 'begun' && count === 0) await client.until('begun');
          }
        }
        // Some go one after the other, some at once.
        if (round % 2 === 0) for (const client of clients) await client.close();
        else await Promise.all(clients.map(async (client) => client.close()));
      }
      const endpoint = `gateway_endpoint_requests_in_flight{upstream="origin",endpoint="${own.origin.origin}"}`;
      expect(await own.metric(endpoint)).to.not.equal(undefined);
      for (const series of ['gateway_requests_in_flight', endpoint, 'gateway_held_body_bytes'])
        await until(`${series} is 0`, async () => (await own.metric(series)) === 0);
      // It still answers, and stores.
      own.says({ headers: FRESH });
      expect((await own.ask()).text).to.equal((await own.ask()).text);

      await own.gateway.write(
        'server: { timeouts: { drain: 1h } }\nroutes: [{ name: alone, match: { path: / }, respond: { status: 200 } }]',
      );
      await own.gateway.reload();
      // What it had opened is closed as soon as no request of it is left.
      await until('its connections to the origin are closed', async () => {
        const connections = await new Promise<number>((resolve) =>
          own.origin.server.getConnections((_, count) => resolve(count)),
        );
        return connections === 0;
      });
      expect(await own.metric(endpoint)).to.equal(undefined);
    } finally {
      await own.stop();
    }
  });
});
