import { expect } from 'chai';
import { once } from 'node:events';
import { call } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';

onEachEngineAndTls('a client that leaves', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server: { limits: { bodyBytes: 1GiB } }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  one: { targets: ["${upstream.origin}"], connections: 1 }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: one, match: { path: "/one/*rest" }, upstream: one }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset(() => undefined));

  it('takes its request back while the upstream is at it', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /waiting HTTP/1.1\r\n${HOST}\r\n`);
    const request = await upstream.requests.at(0);
    await client.close();
    await request.over();
    expect(request.response.writableEnded).to.equal(false);
    const line = await gateway.logs.until(({ path }) => path === '/waiting', 'its access line');
    expect(line).to.include({ status: 499, upstream: 'any', attempts: 1, bytes: 0, error: 'incomplete' });
  });

  it('takes it back while the answer comes', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /streaming HTTP/1.1\r\n${HOST}\r\n`);
    const request = await upstream.requests.at(0);
    request.response.write('hello');
    await client.until('hello');
    await client.close();
    await request.over();
    const line = await gateway.logs.until(({ path }) => path === '/streaming', 'its access line');
    expect(line).to.include({ status: 200, bytes: 5, error: 'incomplete' });
  });

  it('takes it back while it is not reading', async () => {
    upstream.answer = async ({ response }) => {
      const chunk = Buffer.alloc(1024 * 1024);
      while (!response.destroyed)
        if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    };
    const client = await RawClient.open(gateway.port);
    client.socket.pause();
    await client.send(`GET /not-reading HTTP/1.1\r\n${HOST}\r\n`);
    const request = await upstream.requests.at(0);
    await client.close();
    await request.over();
    const line = await gateway.logs.until(({ path }) => path === '/not-reading', 'its access line');
    expect(line['error']).to.equal('incomplete');
  });

  it('takes it back in the middle of an upload', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /upload HTTP/1.1\r\n${HOST}Content-Length: 20000\r\n\r\nhello`);
    const request = await upstream.requests.at(0);
    await client.close();
    await request.over();
    expect(request.incoming.complete).to.equal(false);
    const line = await gateway.logs.until(({ path }) => path === '/upload', 'its access line');
    expect(line).to.include({ status: 499, error: 'incomplete' });
  });

  it('takes it back in the middle of an upload that the upstream does not read', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /stuck HTTP/1.1\r\n${HOST}Content-Length: 1000000000\r\n\r\n`);
    const request = await upstream.requests.at(0);
    while (client.socket.write(Buffer.alloc(1024 * 1024))) await upstream.requests.at(0);
    await client.close();
    request.incoming.resume();
    await request.over();
    const line = await gateway.logs.until(({ path }) => path === '/stuck', 'its access line');
    expect(line).to.include({ status: 499, error: 'incomplete' });
  });

  it('while it waits for a connection never reaches the upstream, and the next one is served', async () => {
    const first = await RawClient.open(gateway.port);
    await first.send(`GET /one/first HTTP/1.1\r\n${HOST}\r\n`);
    const held = await upstream.requests.at(0);
    const waiting = await Promise.all(Array.from({ length: 5 }, async () => RawClient.open(gateway.port)));
    await Promise.all(waiting.map(async (client) => client.send(`GET /one/left HTTP/1.1\r\n${HOST}\r\n`)));
    const last = await RawClient.open(gateway.port);
    await last.send(`GET /one/last HTTP/1.1\r\n${HOST}\r\n`);
    await Promise.all(waiting.map(async (client) => client.close()));
    const left = (): number => gateway.logs.items.filter(({ path }) => path === '/one/left').length;
    await gateway.logs.until(() => left() === 5, 'five access lines');
    upstream.reset();
    held.response.end('first');
    expect((await first.response()).text).to.equal('first');
    expect((await last.response()).text).to.equal('ok');
    expect(upstream.requests.items.map(({ target }) => target)).to.deep.equal(['/one/last']);
    await first.close();
    await last.close();
  });

  it('while it holds the only connection frees it for the next one', async () => {
    const first = await RawClient.open(gateway.port);
    await first.send(`GET /one/first HTTP/1.1\r\n${HOST}\r\n`);
    await upstream.requests.at(0);
    upstream.answer = ({ response }) => void response.end('ok');
    const next = call(`${gateway.url}/one/next`);
    await first.close();
    expect((await next).text).to.equal('ok');
  });
});
