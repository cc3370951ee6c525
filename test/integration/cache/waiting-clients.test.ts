import { expect } from 'chai';
import { once } from 'node:events';
import { within } from '../../support/arrivals.ts';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import { open } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { RawClient } from '../../support/raw.ts';
import type { UpstreamRequest } from '../../support/upstream.ts';

const FRESH = ['Cache-Control', 'max-age=60'];
/** 300 KiB, of which no two parts are the same. */
const LARGE = Buffer.from(Array.from({ length: 30 * 1024 }, (_, index) => String(index).padStart(10, '.')).join(''));

onEachEngine('clients that wait for the same', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  async function raw(...fields: string[]): Promise<RawClient> {
    const client = await RawClient.open(cached.gateway.port);
    const lines = fields.map((field) => `${field}\r\n`).join('');
    await client.send(`GET ${cached.path} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`);
    return client;
  }

  /** Clients of which the first is at the origin before the others come. */
  async function clients(count: number): Promise<{ request: UpstreamRequest; all: RawClient[] }> {
    cached.answers(() => undefined);
    const all = [await raw()];
    const request = await cached.origin.requests.at(0);
    while (all.length < count) all.push(await raw());
    await cached.waiting(count);
    return { request, all };
  }

  it('get it when the first of them leaves before the answer', async () => {
    const { request, all } = await clients(4);
    await all[0]?.close();
    await cached.waiting(3);
    send(request, { headers: FRESH, body: 'whole' });
    for (const client of all.slice(1)) {
      expect((await client.response()).text).to.equal('whole');
      await client.close();
    }
    expect([(await cached.call(cached.path, { headers: ['host', 'a'] })).text, cached.asked]).to.deep.equal([
      'whole',
      1,
    ]);
  });

  it('get all of it when the first of them leaves in the middle', async () => {
    const { request, all } = await clients(4);
    request.response.writeHead(200, [...FRESH, 'Content-Length', '8']).write('half');
    for (const client of all) await client.received(100);
    await all[0]?.close();
    await cached.waiting(3);
    request.response.end('full');
    for (const client of all.slice(1)) {
      expect((await client.response()).text).to.equal('halffull');
      await client.close();
    }
    expect((await cached.call(cached.path, { headers: ['host', 'a'] })).text).to.equal('halffull');
    expect(cached.asked).to.equal(1);
  });

  it('leave the origin alone when all of them have left', async () => {
    const { request, all } = await clients(3);
    for (const client of all) await client.close();
    await request.over();
    expect(request.response.writableFinished).to.equal(false);
    cached.says({ headers: FRESH, body: 'new' });
    expect((await cached.call(cached.path, { headers: ['host', 'a'] })).text).to.equal('new');
  });

  it('get early hints for the first alone: nobody knows yet for whom the answer is', async () => {
    const { request, all } = await clients(2);
    request.response.writeEarlyHints({ link: '</mine.css>; rel=preload' });
    const interim = await all[0]?.response();
    expect([interim?.status, interim?.header('link')]).to.deep.equal([103, '</mine.css>; rel=preload']);
    send(request, { headers: FRESH, body: 'whole' });
    for (const client of all) {
      const answer = await client.response();
      expect([answer.status, answer.text]).to.deep.equal([200, 'whole']);
      await client.close();
    }
  });

  it('read at speeds of their own', async () => {
    const { request, all } = await clients(5);
    const [stopped, slow] = all;
    stopped?.socket.pause();
    slow?.socket.pause();
    request.response.writeHead(200, FRESH);
    for (let at = 0; at < LARGE.length; at += 10_000) {
      await new Promise((resolve) => request.response.write(LARGE.subarray(at, at + 10_000), resolve));
      if (at === 100_000) slow?.socket.resume();
    }
    request.response.end();
    for (const client of all.slice(1)) expect((await client.response()).body.equals(LARGE)).to.equal(true);
    stopped?.socket.resume();
    expect((await stopped?.response())?.body.equals(LARGE)).to.equal(true);
    for (const client of all) await client.close();
    expect(cached.asked).to.equal(1);
  });
});

describe('a client that reads nothing', () => {
  /** More than all buffers between the gateway and a client take. */
  const SIZE = 64 * 1024 * 1024;

  it('does not keep the others from a large answer for ever', async () => {
    const cached = await CachedGateway.start(cachingAll('{ maxBytes: 16KiB }'));
    try {
      cached.reset();
      cached.answers(() => undefined);
      const mute = await RawClient.open(cached.gateway.port);
      mute.socket.pause();
      const host = `127.0.0.1:${cached.gateway.port}`;
      await mute.send(`GET ${cached.path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      const { response } = await cached.origin.requests.at(0);
      const others = Array.from({ length: 3 }, async () => open(cached.gateway.url + cached.path));
      await cached.waiting(4);
      response.writeHead(200, FRESH);
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const sent = (async () => {
        for (let at = 0; at < SIZE; at += chunk.length) await new Promise((resolve) => response.write(chunk, resolve));
        response.end();
      })();
      const sizes = others.map(async (other) => {
        let size = 0;
        const answer = await other;
        answer.on('data', ({ length }: Buffer) => (size += length));
        await once(answer, 'end');
        return size;
      });
      expect(await Promise.all(sizes)).to.deep.equal([SIZE, SIZE, SIZE]);
      await within(sent, 'the origin to have sent all');
      expect(cached.asked).to.equal(1);
      mute.socket.resume();
      await mute.ended().catch(() => undefined);
      expect(mute.total).to.be.lessThan(SIZE);
      await mute.close();
    } finally {
      await cached.stop();
    }
  });
});
