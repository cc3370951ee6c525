import { expect } from 'chai';
import { settled } from '../../support/arrivals.ts';
import { expectProblem } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { closedPort, onceHead, RawUpstream, TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';
const EXPECTING = `${HOST}Expect: 100-continue\r\nContent-Length: 5\r\n`;

onEachEngineAndTls('interim answers', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;
  let raw: RawUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    raw = await RawUpstream.start(() => undefined);
    gateway = await startTestGateway(`
server: { limits: { bodyBytes: 1KiB } }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  one: { targets: ["${upstream.origin}"], connections: 1 }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
  raw: { targets: ["${raw.origin}"] }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: one, match: { path: "/one/*rest" }, upstream: one }
  - { name: none, match: { path: /none }, upstream: none }
  - { name: raw, match: { path: /raw }, upstream: raw }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
    await raw.close();
  });

  let client: RawClient;
  beforeEach(async () => {
    upstream.reset();
    client = await RawClient.open(gateway.port);
  });
  afterEach(async () => client.close());

  describe('100 (Continue)', () => {
    it('is the client’s go-ahead once the upstream wants the body', async () => {
      await client.send(`POST /a HTTP/1.1\r\n${EXPECTING}\r\n`);
      expect((await client.response()).status).to.equal(100);
      const request = await upstream.requests.at(0);
      expect(request.header('expect')).to.equal(undefined);
      await client.send('hello');
      expect((await client.response()).text).to.equal('ok');
      expect((await request.body()).toString()).to.equal('hello');
    });

    it('waits as long as the request waits for a connection', async () => {
      upstream.answer = () => undefined;
      const other = await RawClient.open(gateway.port);
      await other.send(`GET /one/a HTTP/1.1\r\n${HOST}\r\n`);
      const first = await upstream.requests.at(0);
      await client.send(`POST /one/b HTTP/1.1\r\n${EXPECTING}\r\n`);
      expect(await settled(() => client.total)).to.equal(0);
      upstream.reset();
      first.response.end('first');
      expect((await client.response()).status).to.equal(100);
      await client.send('hello');
      expect((await client.response()).text).to.equal('ok');
      await other.close();
    });

    it('is never sent for a body that is too large', async () => {
      await client.send(`POST /a HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 1025\r\n\r\n`);
      const answer = await client.response();
      expectProblem(answer, 'body-too-large');
      // What the client does now is open: it may still send the body, or the next request.
      expect(answer.header('connection')).to.equal('close');
      expect(await client.ended()).to.equal('');
    });

    it('is never sent for a request without a route', async () => {
      await client.send(`POST /a%00 HTTP/1.1\r\n${EXPECTING}\r\n`);
      expectProblem(await client.response(), 'invalid-target');
      expect(await client.ended()).to.equal('');
    });

    it('is never sent when the upstream cannot be reached', async () => {
      await client.send(`POST /none HTTP/1.1\r\n${EXPECTING}\r\n`);
      expectProblem(await client.response(), 'upstream-unreachable');
    });

    it('is not waited for by every client', async () => {
      await client.send(`POST /a HTTP/1.1\r\n${EXPECTING}\r\nhello`);
      const answers = [await client.response()];
      if (answers[0]?.status === 100) answers.push(await client.response());
      expect(answers.at(-1)?.text).to.equal('ok');
    });

    it('of the upstream, which nobody asked for, is dropped', async () => {
      raw.connected = (socket) => {
        onceHead(socket, () =>
          socket.end('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok'),
        );
      };
      await client.send(`GET /raw HTTP/1.1\r\n${HOST}\r\n`);
      const answer = await client.response();
      expect([answer.status, answer.text]).to.deep.equal([200, 'ok']);
    });
  });

  it('with expectations other than that are none: 417', async () => {
    await client.send(`POST /a HTTP/1.1\r\n${HOST}Expect: something\r\nContent-Length: 5\r\n\r\n`);
    expectProblem(await client.response(), 'expectation-failed');
  });

  it('103 (Early Hints) reach the client before the answer, every one of them', async () => {
    upstream.answer = ({ response }) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' });
      response.writeEarlyHints({ link: '</b.js>; rel=preload; as=script' });
    };
    await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
    const hints = [await client.response(), await client.response()];
    expect(hints.map(({ status }) => status)).to.deep.equal([103, 103]);
    expect(hints.map((hint) => hint.header('link'))).to.deep.equal([
      '</a.css>; rel=preload; as=style',
      '</b.js>; rel=preload; as=script',
    ]);
    (await upstream.requests.at(0)).response.end('ok');
    expect((await client.response()).text).to.equal('ok');
  });

  it('lose the fields of one connection only', async () => {
    raw.connected = (socket) => {
      onceHead(socket, () =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: X-One\r\nX-One: a\r\nKeep-Alive: timeout=5\r\n\r\n' +
            'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
        ),
      );
    };
    await client.send(`GET /raw HTTP/1.1\r\n${HOST}\r\n`);
    const hint = await client.response();
    expect([hint.status, ...hint.rawHeaders]).to.deep.equal([103, 'Link', '</a>']);
  });

  it('without end are an invalid answer', async () => {
    raw.connected = (socket) => {
      onceHead(socket, () => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)));
    };
    await client.send(`GET /raw HTTP/1.1\r\n${HOST}\r\n`);
    let answer = await client.response();
    while (answer.status === 103) answer = await client.response();
    expectProblem(answer, 'upstream-invalid-response');
  });
});
