import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { isOverTls, onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient, rawExchange } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';

onEachEngineAndTls('limits', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server:
  limits: { headerBytes: 4KiB, uriBytes: 1KiB, bodyBytes: 10KiB }
  timeouts: { headers: 1s }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: small, match: { path: /small }, upstream: any, bodyBytes: 100B }
  - { name: large, match: { path: /large }, upstream: any, bodyBytes: 1MiB }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function ask(...pieces: string[]): ReturnType<RawClient['response']> {
    const client = await RawClient.open(gateway.port);
    try {
      await client.send(...pieces);
      return await client.response();
    } finally {
      await client.close();
    }
  }

  describe('of the head', () => {
    it('let a target of exactly uriBytes through', async () => {
      expect((await ask(`GET /${'a'.repeat(1023)} HTTP/1.1\r\n${HOST}\r\n`)).status).to.equal(200);
    });

    it('refuse a longer one with 414', async () => {
      expectProblem(await ask(`GET /${'a'.repeat(1024)} HTTP/1.1\r\n${HOST}\r\n`), 'uri-too-long');
    });

    it('count the query', async () => {
      expectProblem(await ask(`GET /a?${'a'.repeat(1024)} HTTP/1.1\r\n${HOST}\r\n`), 'uri-too-long');
    });

    it('refuse a target with 414 that is longer than all of a head may be', async () => {
      expectProblem(await ask(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`), 'uri-too-long');
    });

    it('let fields of exactly headerBytes through, their line ends counted', async () => {
      const rest = 4096 - HOST.length - 'X-One: \r\n'.length;
      expect((await ask(`GET /a HTTP/1.1\r\n${HOST}X-One: ${'a'.repeat(rest)}\r\n\r\n`)).status).to.equal(200);
    });

    it('refuse more with 431', async () => {
      const rest = 4096 - HOST.length - 'X-One: \r\n'.length;
      const answer = await ask(`GET /a HTTP/1.1\r\n${HOST}X-One: ${'a'.repeat(rest + 1)}\r\n\r\n`);
      expectProblem(answer, 'headers-too-large');
    });

    it('refuse one huge field with 431', async () => {
      expectProblem(await ask(`GET /a HTTP/1.1\r\n${HOST}X-One: ${'a'.repeat(20_000)}\r\n\r\n`), 'headers-too-large');
    });

    it('refuse ten thousand fields with 431', async () => {
      expectProblem(await ask(`GET /a HTTP/1.1\r\n${HOST}${'a: b\r\n'.repeat(10_000)}\r\n`), 'headers-too-large');
    });

    it('pass on every one of many small fields', async () => {
      const answer = await ask(`GET /a HTTP/1.1\r\n${HOST}${'a: b\r\n'.repeat(600)}\r\n`);
      expect(answer.status).to.equal(200);
      expect((await upstream.requests.at(0)).headerValues('a')).to.have.length(600);
    });

    it('refuse a head with 408 that does not come to an end', async () => {
      expectProblem(await ask(`GET /a HTTP/1.1\r\n${HOST}X-One: a`), 'request-timeout');
      expect(upstream.requests.items).to.have.length(0);
    });

    it('refuse a head with 408 that comes drop by drop on a kept connection', async () => {
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
      expect((await client.response()).status).to.equal(200);
      await client.send('GET /b HTT', 'P/1.1\r\nHos', 't: shop');
      expectProblem(await client.response(), 'request-timeout');
      expect(await client.ended()).to.equal('');
      await client.close();
    });
  });

  describe('of the body', () => {
    it('let a body of exactly bodyBytes through', async () => {
      const body = 'a'.repeat(10_240);
      expect((await ask(`POST /a HTTP/1.1\r\n${HOST}Content-Length: 10240\r\n\r\n${body}`)).status).to.equal(200);
      expect((await (await upstream.requests.at(0)).body()).length).to.equal(10_240);
    });

    it('refuse a longer one with 413 by its Content-Length, before it comes', async () => {
      expectProblem(await ask(`POST /a HTTP/1.1\r\n${HOST}Content-Length: 10241\r\n\r\n`), 'body-too-large');
      expect(upstream.requests.items).to.have.length(0);
    });

    it('refuse one with 413 that turns out to be longer while it streams, and cut the upstream off', async () => {
      const chunk = `1000\r\n${'a'.repeat(4096)}\r\n`;
      const client = await RawClient.open(gateway.port);
      await client.send(`POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
      const request = await upstream.requests.at(0);
      await client.send(chunk, chunk);
      const answer = await client.response();
      expectProblem(answer, 'body-too-large');
      expect(answer.header('connection')).to.equal('close');
      await request.over();
      expect(request.incoming.complete).to.equal(false);
      await client.close();
    });

    it('are lower where a route says so', async () => {
      expectProblem(await ask(`POST /small HTTP/1.1\r\n${HOST}Content-Length: 101\r\n\r\n`), 'body-too-large');
      const chunked = `POST /small HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n65\r\n${'a'.repeat(101)}\r\n0\r\n\r\n`;
      expectProblem(await ask(chunked), 'body-too-large');
    });

    it('are higher where a route says so', async () => {
      const body = 'a'.repeat(100_000);
      expect((await ask(`POST /large HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n${body}`)).status).to.equal(200);
    });

    it('are told to a client that sends all before it looks at the answer', async () => {
      // To a client that encrypts all of it at once what is over the limit of lingering means a reset.
      const body = Buffer.alloc((isOverTls() ? 12 : 20) * 1024 * 1024);
      for (let turn = 0; turn < 5; turn += 1) {
        const answer = await call(`${gateway.url}/a`, { method: 'POST', body });
        expectProblem(answer, 'body-too-large');
      }
    });

    it('are told to a client that is still sending, though it reads only afterwards', async () => {
      const client = await RawClient.open(gateway.port);
      client.socket.pause();
      await client.send(`POST /a HTTP/1.1\r\n${HOST}Content-Length: 1000000\r\n\r\n`);
      for (let sent = 0; sent < 1_000_000; sent += 50_000) await client.send(Buffer.alloc(50_000));
      client.socket.resume();
      const answer = await client.response();
      expectProblem(answer, 'body-too-large');
      expect(answer.header('connection')).to.equal('close');
      await client.close();
    });
  });

  it('of connections close one more without an answer', async () => {
    const strict = await startTestGateway(`
server: { limits: { connections: 1 } }
routes: [{ name: any, match: { path: "/*rest" }, respond: { status: 200 } }]
`);
    const first = await RawClient.open(strict.port);
    await first.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    expect((await first.response()).status).to.equal(200);
    // Over TLS there is not even a handshake.
    const another = rawExchange(strict.port, `GET / HTTP/1.1\r\n${HOST}\r\n`);
    expect(await (isOverTls() ? another.catch(() => []) : another)).to.deep.equal([]);
    await first.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    expect((await first.response()).status).to.equal(200);
    await rawExchange(strict.port, 'GET').catch(() => []);
    const { text } = await call(`${strict.adminUrl}/metrics`);
    expect(text).to.include('\ngateway_connections_refused_total 2\n').and.include('\ngateway_connections_limit 1\n');
    await first.close();
    await strict.stop();
    // Anybody can have as many refused as they like.
    const told = strict.logs.items.filter(
      ({ msg }) => msg === 'connections refused: server.limits.connections is reached',
    );
    expect(told.map(({ connections }) => connections)).to.deep.equal([1]);
  });
});
