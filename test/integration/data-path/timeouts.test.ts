import { expect } from 'chai';
import { once } from 'node:events';
import { settled } from '../../support/arrivals.ts';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';
const MIB = 1024 * 1024;

onEachEngineAndTls('timeouts', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server: { limits: { bodyBytes: 1GiB }, timeouts: { request: 600ms } }
upstreams:
  patient: { targets: ["${upstream.origin}"], responseTimeout: 1m, idleTimeout: 1m }
  slow: { targets: ["${upstream.origin}"], responseTimeout: 200ms, idleTimeout: 1m }
  idle: { targets: ["${upstream.origin}"], responseTimeout: 1m, idleTimeout: 400ms }
  one: { targets: ["${upstream.origin}"], connections: 1, responseTimeout: 1m, idleTimeout: 1m }
routes:
  - { name: patient, match: { path: "/patient/*rest" }, upstream: patient, timeout: 1m }
  - { name: response, match: { path: "/response/*rest" }, upstream: slow, timeout: 1m }
  - { name: route, match: { path: "/route/*rest" }, upstream: patient, timeout: 200ms }
  - { name: idle, match: { path: "/idle/*rest" }, upstream: idle, timeout: 1m }
  - { name: queue, match: { path: "/queue/*rest" }, upstream: one, timeout: 200ms }
  - { name: large, match: { path: /large }, respond: { status: 200, body: "${'x'.repeat(100_000)}" } }
  - { name: holder, match: { path: "/holder" }, upstream: one, timeout: off }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  let client: RawClient;
  beforeEach(async () => {
    upstream.reset(() => undefined);
    client = await RawClient.open(gateway.port);
  });
  afterEach(async () => client.close());

  async function expectTimeout(words: string): Promise<void> {
    const id = expectProblem(await client.response(), 'upstream-timeout');
    expect((await gateway.accessLine(id))['error']).to.contain(words);
    await (await upstream.requests.at(0)).over();
  }

  it('end an attempt whose answer does not begin within responseTimeout: 504', async () => {
    await client.send(`GET /response/a HTTP/1.1\r\n${HOST}\r\n`);
    await expectTimeout('responseTimeout');
  });

  it('end an exchange behind a large answer that drains only then', async () => {
    const next = 'GET /route/a HTTP/1.1\r\nHost: a\r\n\r\n';
    await client.send(`GET /large HTTP/1.1\r\n${HOST}\r\n${next}`);
    expect((await client.response()).status).to.equal(200);
    await expectTimeout('the route’s timeout');
  });

  it('end an exchange whose answer does not begin within the route’s timeout: 504', async () => {
    await client.send(`GET /route/a HTTP/1.1\r\n${HOST}\r\n`);
    await expectTimeout('timeout');
  });

  it('count waiting for a connection into the route’s timeout', async () => {
    const holder = await RawClient.open(gateway.port);
    await holder.send(`GET /holder HTTP/1.1\r\n${HOST}\r\n`);
    await upstream.requests.at(0);
    await client.send(`GET /queue/a HTTP/1.1\r\n${HOST}\r\n`);
    expectProblem(await client.response(), 'upstream-timeout');
    expect(upstream.requests.items).to.have.length(1);
    await holder.close();
  });

  for (const route of ['response', 'route']) {
    it(`begin with the last byte of the body: a slow upload is no slow upstream (${route})`, async () => {
      upstream.answer = async (request) => {
        await request.body();
        if (!request.target.endsWith('/none')) request.response.end('ok');
      };
      await client.send(`POST /${route}/a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n`);
      const request = await upstream.requests.at(0);
      await request.has(1);
      // Another request takes longer than the timeout of this one.
      expectProblem(await call(`${gateway.url}/${route}/none`), 'upstream-timeout');
      await client.send('4\r\nello\r\n0\r\n\r\n');
      expect((await client.response()).text).to.equal('ok');
    });

    it(`begin with the last byte of the body, and do end it then (${route})`, async () => {
      await client.send(`POST /${route}/a HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`);
      await expectTimeout('imeout');
    });
  }

  it('leave an answer alone that has begun, however long it lasts', async () => {
    await client.send(`GET /route/a HTTP/1.1\r\n${HOST}\r\n`);
    const { response } = await upstream.requests.at(0);
    response.write('hello');
    await client.until('hello');
    const other = await RawClient.open(gateway.port);
    await other.send(`GET /route/b HTTP/1.1\r\n${HOST}\r\n`);
    expectProblem(await other.response(), 'upstream-timeout');
    await other.close();
    response.end(' world');
    expect((await client.response()).text).to.equal('hello world');
  });

  it('cut an answer off that stalls at the upstream for idleTimeout', async () => {
    await client.send(`GET /idle/a HTTP/1.1\r\n${HOST}\r\n`);
    const request = await upstream.requests.at(0);
    request.response.write('hello');
    await client.until('hello');
    const head = await client.head();
    expect(await client.ended()).to.not.match(/0\r\n\r\n$/);
    await request.over();
    const line = await gateway.accessLine(head.header('x-request-id') ?? '');
    expect(line['error']).to.contain('idleTimeout');
  });

  it('let an answer live that sends something now and then', async () => {
    await client.send(`GET /idle/a HTTP/1.1\r\n${HOST}\r\n`);
    const { response } = await upstream.requests.at(0);
    for (let turn = 0; turn < 6; turn += 1) {
      response.write(`event ${turn}\n`);
      await client.until(`event ${turn}\n`);
      await turnOfTheClock(100);
    }
    response.end();
    expect((await client.response()).status).to.equal(200);
  });

  it('answer 408 when the client stalls within an upload for idleTimeout', async () => {
    await client.send(`POST /idle/a HTTP/1.1\r\n${HOST}Content-Length: 20000\r\n\r\nhe`);
    const request = await upstream.requests.at(0);
    const answer = await client.response();
    expectProblem(answer, 'request-timeout');
    expect(answer.header('connection')).to.equal('close');
    await request.over();
    expect(await client.ended()).to.equal('');
  });

  it('answer 504 when the upstream stalls within an upload for idleTimeout', async () => {
    await client.send(`POST /idle/a HTTP/1.1\r\n${HOST}Content-Length: 1000000000\r\n\r\n`);
    await upstream.requests.at(0);
    const answer = client.response();
    while (client.socket.writableLength < 16 * MIB) {
      client.socket.write(Buffer.alloc(MIB));
      await settled(() => 0);
    }
    expectProblem(await answer, 'upstream-timeout');
  });

  it('answer 408 when a request takes longer than server.timeouts.request to arrive', async () => {
    await client.send(`POST /patient/a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
    const request = await upstream.requests.at(0);
    expectProblem(await client.response(), 'request-timeout');
    await request.over();
  });

  it('cut a client off that stops reading for idleTimeout', async () => {
    upstream.answer = async ({ response }) => {
      while (!response.destroyed) {
        if (!response.write(Buffer.alloc(MIB))) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    };
    client.socket.pause();
    await client.send(`GET /idle/endless HTTP/1.1\r\n${HOST}\r\n`);
    const request = await upstream.requests.at(0);
    await request.over();
    const line = await gateway.logs.until(({ path }) => path === '/idle/endless', 'its access line');
    expect(line).to.include({ status: 200, error: 'incomplete' });
  });

  it('let a client live that reads slowly, however small the pieces are', async () => {
    const total = 64 * MIB;
    upstream.answer = async ({ response }) => {
      const chunk = Buffer.alloc(1000);
      // Many small chunks: the gateway reads dozens of them at once.
      for (let sent = 0; sent < total; sent += chunk.length) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    };
    await client.send(`GET /idle/slowly HTTP/1.1\r\n${HOST}\r\n`);
    let read = 0;
    client.socket.removeAllListeners('data');
    client.socket.on('data', (chunk) => (read += chunk.length));
    for (let turn = 0; turn < 6; turn += 1) {
      client.socket.pause();
      await turnOfTheClock(100);
      client.socket.resume();
      const before = read;
      while (read < before + 2 * MIB) await once(client.socket, 'data');
    }
    while (read < total) await once(client.socket, 'data');
    expect(read).to.be.greaterThan(total);
  });

  it('of zero or off are none', async () => {
    const lenient = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"], responseTimeout: off, idleTimeout: off } }
routes: [{ name: any, match: { path: "/*rest" }, upstream: any, timeout: off }]
`);
    upstream.answer = async ({ response }) => {
      await turnOfTheClock(150);
      response.end('late');
    };
    expect((await call(`${lenient.url}/a`)).text).to.equal('late');
    await lenient.stop();
  });
});

/** Lets a share of a configured timeout pass: that nothing happens within it is what is tested. */
async function turnOfTheClock(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
