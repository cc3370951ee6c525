import { expect } from 'chai';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';

onEachEngineAndTls('answers without a body', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;
  let client: RawClient;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: own, match: { path: /own }, respond: { status: 200, body: hello } }
  - { name: nothing, match: { path: /nothing }, respond: { status: 204 } }
  - { name: reset, match: { path: /reset }, respond: { status: 205, body: hello } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(async () => {
    upstream.reset();
    client = await RawClient.open(gateway.port);
  });
  afterEach(async () => client.close());

  /** Another request on the same connection is answered: nothing was left over, and nothing was missing. */
  async function expectUsable(): Promise<void> {
    upstream.reset();
    await client.send(`GET /next HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response()).text).to.equal('ok');
  }

  it('to HEAD keep the length that a GET would have', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, ['content-length', '1234']).end();
    await client.send(`HEAD /a HTTP/1.1\r\n${HOST}\r\n`);
    const answer = await client.response({ head: true });
    expect([answer.status, answer.header('content-length')]).to.deep.equal([200, '1234']);
    expect((await upstream.requests.at(0)).method).to.equal('HEAD');
    await expectUsable();
  });

  it('to HEAD may leave the length open', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, ['transfer-encoding', 'chunked']).end();
    await client.send(`HEAD /a HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response({ head: true })).header('content-length')).to.equal(undefined);
    await expectUsable();
  });

  it('to HEAD have none when they are problems', async () => {
    await client.send(`HEAD /a%00 HTTP/1.1\r\n${HOST}\r\n`);
    const answer = await client.response({ head: true });
    expect([answer.status, answer.header('content-type')]).to.deep.equal([400, 'application/problem+json']);
    expect(Number(answer.header('content-length'))).to.be.greaterThan(100);
    await expectUsable();
  });

  it('to HEAD have none when the gateway answers by itself', async () => {
    await client.send(`HEAD /own HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response({ head: true })).header('content-length')).to.equal('5');
    await expectUsable();
  });

  for (const status of [204, 304]) {
    it(`are those with ${status}`, async () => {
      upstream.answer = ({ response }) => void response.writeHead(status, ['etag', '"a"']).end();
      await client.send(`GET /a HTTP/1.1\r\n${HOST}If-None-Match: "a"\r\n\r\n`);
      const answer = await client.response();
      expect([answer.status, answer.header('etag')]).to.deep.equal([status, '"a"']);
      expect(answer.header('transfer-encoding')).to.equal(undefined);
      await expectUsable();
    });
  }

  for (const framing of [
    ['content-length', '5'],
    ['transfer-encoding', 'chunked', 'trailer', 'x-late'],
  ]) {
    it(`with 205 have a length of zero, whatever comes with them (${framing[0]})`, async () => {
      upstream.answer = ({ response }) => void response.writeHead(205, framing).end('hello');
      await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
      const answer = await client.response();
      expect([answer.status, answer.text, answer.header('content-length')]).to.deep.equal([205, '', '0']);
      expect([answer.header('transfer-encoding'), answer.header('trailer')]).to.deep.equal([undefined, undefined]);
      await expectUsable();
    });
  }

  it('with 205 of the gateway itself have a length of zero', async () => {
    await client.send(`GET /reset HTTP/1.1\r\n${HOST}\r\n`);
    const answer = await client.response();
    expect([answer.status, answer.text, answer.header('content-length')]).to.deep.equal([205, '', '0']);
    await expectUsable();
  });

  it('with 304 may name the length of what did not change', async () => {
    upstream.answer = ({ response }) => void response.writeHead(304, ['content-length', '1234']).end();
    await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response()).header('content-length')).to.equal('1234');
    await expectUsable();
  });

  it('with 204 of the gateway itself name no length', async () => {
    await client.send(`GET /nothing HTTP/1.1\r\n${HOST}\r\n`);
    const answer = await client.response();
    expect([answer.status, answer.header('content-length'), answer.header('transfer-encoding')]).to.deep.equal([
      204,
      undefined,
      undefined,
    ]);
    await expectUsable();
  });

  it('with a length of zero are complete', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, ['content-length', '0']).end();
    await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response()).header('content-length')).to.equal('0');
    await expectUsable();
  });
});
