import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { Agent as AgentOverTls } from 'node:https';
import { call } from '../../support/client.ts';
import { isOverTls, onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient, rawExchange } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';

onEachEngineAndTls('connections', (engine) => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server: { limits: { bodyBytes: 64MiB } }
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

  beforeEach(() => upstream.reset());

  it('are kept on both sides and used again', async () => {
    const client = await RawClient.open(gateway.port);
    for (let turn = 0; turn < 3; turn += 1) {
      await client.send(`GET /${turn} HTTP/1.1\r\n${HOST}\r\n`);
      expect((await client.response()).text).to.equal('ok');
    }
    await client.close();
    const used = upstream.requests.items.map(({ connection }) => connection);
    expect(new Set(used).size).to.equal(1);
  });

  it('to upstreams are never more than configured, and requests wait for one', async () => {
    const before = upstream.connections;
    let open = 0;
    let most = 0;
    upstream.answer = (request) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        request.response.end('ok');
      });
    };
    const answers = await Promise.all(Array.from({ length: 20 }, async () => call(`${gateway.url}/one/a`)));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array.from({ length: 20 }, () => 200));
    expect({ most, opened: upstream.connections - before }).to.deep.equal({ most: 1, opened: 1 });
  });

  it('carry sixty-four requests at once, each with its own answer', async () => {
    upstream.answer = async (request) => {
      request.response.end(`${request.target} ${(await request.body()).toString()}`);
    };
    const agent = new (isOverTls() ? AgentOverTls : Agent)({ keepAlive: true, maxSockets: 64 });
    const answers = await Promise.all(
      Array.from({ length: 256 }, async (_none, index) =>
        call(`${gateway.url}/${index}`, { method: 'POST', body: `body ${index}`, agent }),
      ),
    );
    expect(answers.map(({ text }) => text)).to.deep.equal(answers.map((_answer, index) => `/${index} body ${index}`));
    agent.destroy();
  });

  it('carry twenty mebibytes there and back unchanged', async () => {
    upstream.answer = (request) => void request.incoming.pipe(request.response);
    const body = randomBytes(20 * 1024 * 1024);
    const answer = await call(`${gateway.url}/echo`, { method: 'POST', body });
    const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(sum(answer.body)).to.equal(sum(body));
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line['bytes']).to.equal(body.length);
  });

  it('carry a chunked body as chunks, and one with a length with its length', async () => {
    await call(`${gateway.url}/length`, { method: 'POST', body: 'hello' });
    await call(`${gateway.url}/chunked`, { method: 'POST', body: 'hello', headers: ['transfer-encoding', 'chunked'] });
    const [length, chunked] = upstream.requests.items;
    expect([length?.header('content-length'), length?.header('transfer-encoding')]).to.deep.equal(['5', undefined]);
    expect([chunked?.header('content-length'), chunked?.header('transfer-encoding')]).to.deep.equal([
      undefined,
      'chunked',
    ]);
    expect((await chunked?.body())?.toString()).to.equal('hello');
  });

  it('answer pipelined requests one after another', async () => {
    let open = 0;
    upstream.answer = (request) => {
      open += 1;
      expect(open, 'asked before the former one was answered').to.equal(1);
      // Not at once: the next one would have the time to come.
      setImmediate(() => {
        open -= 1;
        request.response.end(request.target);
      });
    };
    const client = await RawClient.open(gateway.port);
    await client.send(['/a', '/b', '/c'].map((path) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`).join(''));
    const texts = [await client.response(), await client.response(), await client.response()].map(({ text }) => text);
    expect(texts).to.deep.equal(['/a', '/b', '/c']);
    await client.close();
  });

  it('answer a pipelined HEAD, a refusal and a GET without mixing them up', async () => {
    upstream.answer = (request) => void request.response.setHeader('content-length', 2).end(request.target);
    const client = await RawClient.open(gateway.port);
    await client.send(
      `HEAD /a HTTP/1.1\r\n${HOST}\r\nGET /b%00 HTTP/1.1\r\n${HOST}\r\nGET /c HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    );
    expect((await client.response({ head: true })).header('content-length')).to.equal('2');
    expect((await client.response()).status).to.equal(400);
    expect((await client.response()).text).to.equal('/c');
    expect(await client.ended()).to.equal('');
    await client.close();
  });

  it('survive an upgrade that is asked for behind a request without an answer', async () => {
    upstream.answer = () => undefined;
    const upgrade = `GET /ws HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /slow HTTP/1.1\r\n${HOST}\r\n${upgrade}`);
    // One engine closes the connection, with the other it waits for its turn.
    if (engine === 'node:http') expect(await client.ended()).to.equal('');
    else expect((await upstream.requests.at(0)).target).to.equal('/slow');
    await client.close();
    upstream.reset();
    expect((await call(`${gateway.url}/after`)).status).to.equal(200);
  });

  it('survive a CONNECT behind a request without an answer', async () => {
    upstream.answer = () => undefined;
    const connect = 'CONNECT a.example.com:443 HTTP/1.1\r\nHost: a.example.com:443\r\n\r\n';
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /slow HTTP/1.1\r\n${HOST}\r\n${connect}`);
    // One engine closes the connection, with the other it waits for its turn.
    if (engine === 'node:http') expect(await client.ended()).to.equal('');
    else expect((await upstream.requests.at(0)).target).to.equal('/slow');
    await client.close();
    upstream.reset();
    expect((await call(`${gateway.url}/after`)).status).to.equal(200);
  });

  it('close after an answer when the client says so', async () => {
    const [answer] = await rawExchange(gateway.port, `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
    expect([answer?.text, answer?.header('connection')]).to.deep.equal(['ok', 'close']);
  });

  it('close after an answer, and not before, when the client sends on after saying so', async () => {
    const bytes = `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\n\r\nGET /b HTTP/1.1\r\n${HOST}\r\n`;
    const answers = await rawExchange(gateway.port, bytes);
    expect(answers.map(({ text }) => text)).to.deep.equal(['ok']);
    expect(upstream.requests.items.map(({ target }) => target)).to.deep.equal(['/a']);
  });

  describe('of HTTP/1.0 clients', () => {
    it('close after an answer', async () => {
      const [answer] = await rawExchange(gateway.port, `GET /a HTTP/1.0\r\n${HOST}\r\n`);
      expect([answer?.status, answer?.text]).to.deep.equal([200, 'ok']);
      expect((await upstream.requests.at(0)).header('via')).to.equal('1.0 gatewayctl');
    });

    it('need no Host', async () => {
      const [answer] = await rawExchange(gateway.port, 'GET /a HTTP/1.0\r\n\r\n');
      expect(answer?.status).to.equal(200);
      expect((await upstream.requests.at(0)).header('host')).to.equal(`127.0.0.1:${upstream.port}`);
    });

    it('are kept when the client asks for it', async () => {
      const client = await RawClient.open(gateway.port);
      for (const path of ['/a', '/b']) {
        await client.send(`GET ${path} HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`);
        expect((await client.response()).text).to.equal('ok');
      }
      await client.close();
    });

    it('get an answer of unknown length without chunks, up to the end of the connection', async () => {
      upstream.answer = ({ response }) => {
        response.write('one ');
        response.end('two');
      };
      const [answer] = await rawExchange(gateway.port, `GET /a HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`);
      expect(answer?.header('transfer-encoding')).to.equal(undefined);
      expect(answer?.text).to.equal('one two');
    });

    it('send bodies with a length', async () => {
      await rawExchange(gateway.port, `POST /a HTTP/1.0\r\n${HOST}Content-Length: 5\r\n\r\nhello`);
      expect((await (await upstream.requests.at(0)).body()).toString()).to.equal('hello');
    });

    it('get no interim answer, and no go-ahead that they ask for against the rules', async () => {
      upstream.answer = async (request) => {
        request.response.writeEarlyHints({ link: '</a.css>; rel=preload' });
        await request.body();
        request.response.end('ok');
      };
      const bytes = `POST /a HTTP/1.0\r\n${HOST}Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello`;
      const answers = await rawExchange(gateway.port, bytes);
      expect(answers.map(({ status }) => status)).to.deep.equal([200]);
    });
  });
});
