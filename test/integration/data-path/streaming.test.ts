import { expect } from 'chai';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { settled } from '../../support/arrivals.ts';
import { call, open } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';
const MIB = 1024 * 1024;
/** More than all kernel buffers on the way hold together, by far. */
const LARGE = 160 * MIB;
/** What the kernel may hold on both connections, each way. A gateway that buffers takes all of it. */
const KERNEL = 64 * MIB;

onEachEngineAndTls('bodies', () => {
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
  - { name: held, match: { path: /one/held }, upstream: one, timeout: off }
  - { name: one, match: { path: "/one/*rest" }, upstream: one, timeout: 300ms }
  - { name: any, match: { path: "/*rest" }, upstream: any }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  it('reach the client chunk by chunk, before the upstream has sent the last', async () => {
    upstream.answer = () => undefined;
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
    const { response } = await upstream.requests.at(0);
    response.write('first');
    await client.until('first');
    response.write('second');
    await client.until('second');
    response.end('third');
    expect((await client.response()).text).to.equal('firstsecondthird');
    await client.close();
  });

  it('reach the upstream chunk by chunk, before the client has sent the last', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /a HTTP/1.1\r\n${HOST}Content-Length: 20015\r\n\r\nfirst`);
    const request = await upstream.requests.at(0);
    const body = request.body();
    await request.has(5);
    expect(request.received).to.equal(5);
    await client.send('secondthir', 'd'.repeat(20_000));
    expect((await client.response()).text).to.equal('ok');
    expect((await body).toString()).to.equal(`firstsecondthir${'d'.repeat(20_000)}`);
    await client.close();
  });

  it('may flow in both directions at the same time', async () => {
    upstream.answer = (request) => void request.incoming.pipe(request.response);
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
    for (const word of ['one', 'two', 'three']) {
      await client.send(`${word.length.toString(16)}\r\n${word}\r\n`);
      await client.until(word);
    }
    await client.send('0\r\n\r\n');
    expect((await client.response()).text).to.equal('onetwothree');
    await client.close();
  });

  it('have a head that reaches the client before any of them, as an event stream needs it', async () => {
    upstream.answer = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
    };
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /events HTTP/1.1\r\n${HOST}Accept: text/event-stream\r\n\r\n`);
    const head = await client.head();
    expect([head.status, head.header('content-type')]).to.deep.equal([200, 'text/event-stream']);
    const { response } = await upstream.requests.at(0);
    response.write('data: 1\n\n');
    await client.until('data: 1\n\n');
    response.write('data: 2\n\n');
    await client.until('data: 2\n\n');
    await client.close();
  });

  it('are taken from the upstream only as fast as the client reads', async () => {
    let sent = 0;
    upstream.answer = async ({ response }) => {
      response.writeHead(200, { 'content-length': LARGE });
      const chunk = Buffer.alloc(MIB);
      for (; sent < LARGE; sent += MIB) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    };
    const client = await RawClient.open(gateway.port);
    client.socket.pause();
    await client.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`);
    await upstream.requests.at(0);
    expect(await settled(() => sent)).to.be.lessThan(KERNEL);
    let read = 0;
    client.socket.removeAllListeners('data');
    client.socket.on('data', (chunk) => (read += chunk.length));
    client.socket.resume();
    while (read < LARGE) await once(client.socket, 'data');
    expect(sent).to.equal(LARGE);
    await client.close();
  });

  it('are taken from the upstream only as fast as the client reads, when they are chunked, too', async () => {
    let sent = 0;
    upstream.answer = async ({ response }) => {
      const chunk = Buffer.alloc(10_000);
      for (; sent < LARGE; sent += chunk.length) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    };
    const client = await RawClient.open(gateway.port);
    client.socket.pause();
    await client.send(`GET /large HTTP/1.1\r\n${HOST}\r\n`);
    const request = await upstream.requests.at(0);
    expect(await settled(() => sent)).to.be.lessThan(KERNEL);
    await client.close();
    await request.over();
  });

  it('stay what they are, however many flow at once and however slow some clients are', async () => {
    // Longer than what the kernel takes at once, and different at every place and for every client.
    const bodyOf = (target: string): Buffer => {
      const words = new Uint32Array(4 * MIB);
      for (let index = 0; index < words.length; index += 1) words[index] = index * 8 + Number(target.slice(1));
      return Buffer.from(words.buffer);
    };
    upstream.answer = ({ target, response }) => {
      const body = bodyOf(target);
      response.writeHead(200, Number(target.slice(1)) % 2 === 0 ? { 'content-length': body.length } : {});
      response.end(body);
    };
    const ask = async (): Promise<void> => {
      const answers = await Promise.all(
        [0, 1, 2, 3, 4, 5, 6, 7].map(async (number) => open(`${gateway.url}/${number}`)),
      );
      // Half of them are read when the others are through.
      for (const half of [answers.slice(4), answers.slice(0, 4)]) {
        const bodies = await Promise.all(half.map(async (answer) => buffer(answer)));
        for (const [index, body] of bodies.entries()) {
          const number = answers.indexOf(half[index] ?? answers[0] ?? expect.fail('no answer'));
          expect(body.equals(bodyOf(`/${number}`)), `answer ${number}`).to.equal(true);
        }
      }
    };
    await ask();
    // Again, on upstream connections that have carried large answers.
    await ask();
  });

  it('are taken from the client only as fast as the upstream reads', async () => {
    upstream.answer = () => undefined;
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /large HTTP/1.1\r\n${HOST}Content-Length: ${LARGE}\r\n\r\n`);
    let sent = 0;
    const upload = (async (): Promise<void> => {
      const chunk = Buffer.alloc(MIB);
      for (; sent < LARGE; sent += MIB) if (!client.socket.write(chunk)) await once(client.socket, 'drain');
    })();
    const request = await upstream.requests.at(0);
    expect(await settled(() => sent)).to.be.lessThan(KERNEL);
    let received = 0;
    request.incoming.on('data', (chunk: Buffer) => (received += chunk.length));
    request.incoming.on('end', () => request.response.end('taken'));
    await upload;
    expect((await client.response()).text).to.equal('taken');
    expect(received).to.equal(LARGE);
    await client.close();
  });

  it('that the upstream answers before it has read them are not sent to their end', async () => {
    upstream.answer = ({ response }) => void response.writeHead(409, { connection: 'close' }).end('enough');
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /large HTTP/1.1\r\n${HOST}Content-Length: ${LARGE}\r\n\r\nsome`);
    const answer = await client.response();
    expect([answer.status, answer.text, answer.header('connection')]).to.deep.equal([409, 'enough', 'close']);
    expect(await client.ended()).to.equal('');
    await client.close();
  });

  it('that nobody wants and that are long in chunks end the connection, but not before the answer', async () => {
    upstream.answer = ({ response }) => void response.writeHead(409).end('enough');
    for (const [chunks, isKept] of [
      [30, true],
      [100, false],
      [1000, false],
    ] as const) {
      const client = await RawClient.open(gateway.port);
      await client.send(`POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`);
      expect((await client.response()).text).to.equal('enough');
      await client.send(`400\r\n${'x'.repeat(1024)}\r\n`.repeat(chunks), '0\r\n\r\n');
      if (isKept) {
        await client.send(`POST /b HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`);
        expect((await client.response()).text).to.equal('enough');
      } else expect(await client.ended()).to.equal('');
      await client.close();
    }
  });

  it('that nobody reads any more do not keep their answer from the client', async () => {
    upstream.answer = () => undefined;
    const holder = call(`${gateway.url}/one/held`);
    const held = await upstream.requests.at(0);
    const client = await RawClient.open(gateway.port);
    // No connection is free for it: its body stands still until the route's time is over.
    const chunk = `2800\r\n${'x'.repeat(10_240)}\r\n`;
    await client.send(`POST /one/a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk.repeat(8));
    expect((await client.response()).status).to.equal(504);
    await client.close();
    held.response.end('ok');
    await holder;
  });

  it('that are short and answered early leave the connection usable', async () => {
    upstream.answer = ({ response }) => void response.writeHead(409).end('enough');
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /a HTTP/1.1\r\n${HOST}Content-Length: 20000\r\n\r\nsome`);
    expect((await client.response()).text).to.equal('enough');
    upstream.reset();
    await client.send(Buffer.alloc(19_996), `GET /b HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response()).text).to.equal('ok');
    expect(upstream.requests.items.map(({ target }) => target)).to.deep.equal(['/b']);
    await client.close();
  });

  it('with trailers keep them, but for those that a head must say', async () => {
    upstream.answer = ({ response }) => {
      response.writeHead(200, { trailer: 'x-sum, x-more' });
      response.write('hello');
      response.addTrailers([
        ['X-Sum', '1'],
        ['Set-Cookie', 'a=b'],
        ['X-Sum', '2'],
        ['Content-Type', 'text/html'],
      ]);
      response.end();
    };
    const answer = await call(`${gateway.url}/a`);
    expect(answer.text).to.equal('hello');
    expect(answer.header('trailer')).to.equal('x-sum, x-more');
    expect(answer.rawTrailers).to.deep.equal(['X-Sum', '1', 'X-Sum', '2']);
  });
});
