import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: a.example.com\r\n';
const CONNECTIONS = 8;

onEachEngineAndTls('clients that send their bodies slowly', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let slow: RawClient[];

  beforeEach(async () => {
    upstream = await TestUpstream.start();
    slow = [];
    gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${upstream.origin}"], connections: ${CONNECTIONS} }
  hasty: { targets: ["${upstream.origin}"], idleTimeout: 300ms }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin }
  - { name: hasty, match: { path: /hasty }, upstream: hasty }
`);
  });

  afterEach(async () => {
    await Promise.all(slow.map(async (client) => client.close()));
    await gateway.stop();
    await upstream.close();
  });

  /** Begins as many requests, each with a body that does not come to its end. */
  async function begin(count: number, framing: string, part: string): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const client = await RawClient.open(gateway.port);
      slow.push(client);
      await client.send(`POST /slow HTTP/1.1\r\n${HOST}${framing}\r\n\r\n${part}`);
    }
  }

  it('do not reach the upstream before a small one is whole', async () => {
    await begin(3 * CONNECTIONS, 'Content-Length: 5', 'h');
    for (let count = 0; count < CONNECTIONS; count += 1) {
      expect((await call(`${gateway.url}/get`)).status).to.equal(200);
      expect((await call(`${gateway.url}/post`, { method: 'POST', body: 'hello' })).status).to.equal(200);
    }
    expect(new Set(upstream.requests.items.map(({ target }) => target))).to.deep.equal(new Set(['/get', '/post']));
    await slow[0]?.send('ello');
    expect((await slow[0]?.response())?.status).to.equal(200);
    const [arrived] = upstream.requests.items.filter(({ target }) => target === '/slow');
    expect((await arrived?.body())?.toString()).to.equal('hello');
  });

  for (const [kind, framing, part] of [
    ['chunked', 'Transfer-Encoding: chunked', '1\r\nh\r\n'],
    ['large', 'Content-Length: 1000000', 'h'],
  ] as const) {
    it(`leave connections to the others when the bodies are ${kind}`, async () => {
      upstream.answer = async (request) => {
        await request.body();
        request.response.end('ok');
      };
      await begin(3 * CONNECTIONS, framing, part);
      await upstream.requests.at((CONNECTIONS * 3) / 4 - 1);
      for (let count = 0; count < CONNECTIONS; count += 1) {
        expect((await call(`${gateway.url}/get`)).status).to.equal(200);
        expect((await call(`${gateway.url}/post`, { method: 'POST', body: 'hello' })).status).to.equal(200);
      }
      expect(upstream.requests.items.filter(({ target }) => target === '/slow')).to.have.lengthOf(
        (CONNECTIONS * 3) / 4,
      );
    });
  }

  it('make room for one another', async () => {
    upstream.answer = async (request) => {
      await request.body();
      // Keeps its connection, and is no upload any more.
      if (request.target === '/slow') await new Promise((resolve) => request.response.on('close', resolve));
    };
    await begin(CONNECTIONS, 'Transfer-Encoding: chunked', '1\r\nh\r\n');
    await upstream.requests.at((CONNECTIONS * 3) / 4 - 1);
    await slow[0]?.send('0\r\n\r\n');
    await upstream.requests.at((CONNECTIONS * 3) / 4);
    await slow[1]?.close();
    await upstream.requests.at((CONNECTIONS * 3) / 4 + 1);
  });

  it('get 408 when they stop', async () => {
    const client = await RawClient.open(gateway.port);
    slow.push(client);
    await client.send(`POST /hasty HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhe`);
    const answer = await client.response();
    expectProblem(answer, 'request-timeout');
    expect(answer.header('connection')).to.equal('close');
    expect(await client.ended()).to.equal('');
    expect(upstream.requests.items).to.deep.equal([]);
  });

  it('and leave in the middle cost the upstream nothing', async () => {
    await begin(1, 'Content-Length: 5', 'h');
    await slow[0]?.close();
    const line = await gateway.logs.until(({ path }) => path === '/slow', 'its access line');
    expect(line).to.include({ status: 499, error: 'incomplete' });
    expect(upstream.requests.items).to.deep.equal([]);
  });
});
