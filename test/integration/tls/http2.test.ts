import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { expectProblem } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { FLAG, frame, FrameClient, get, headers, number, TYPE } from '../../support/h2-frames.ts';
import { Http2Client } from '../../support/h2.ts';
import { settled } from '../../support/arrivals.ts';
import { TestUpstream } from '../../support/upstream.ts';

const MIB = 1024 * 1024;

describe('a request over HTTP/2', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let client: Http2Client;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server:
  tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] }
  limits: { headerBytes: 4KiB, uriBytes: 1KiB, bodyBytes: 32MiB }
apiKeys: {}
roles: { user: {} }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  idle: { targets: ["${upstream.origin}"], idleTimeout: 400ms }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: idle, match: { path: "/idle/*rest" }, upstream: idle }
  - { name: small, match: { path: /small }, upstream: any, bodyBytes: 1KiB }
  - { name: own, match: { path: /own }, respond: { status: 200, body: own, headers: { x-own: "1" } } }
  - { name: closed, match: { path: /closed }, upstream: any, access: authenticated }
  - { name: shared, match: { path: /shared, methods: [PUT] }, upstream: any, cors: { origins: ["https://app.example.com"] } }
  - { name: socket, match: { path: /socket }, upstream: any, websocket: {} }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(async () => {
    upstream.reset();
    client = await Http2Client.open(gateway.tlsPort);
  });

  afterEach(async () => client.close());

  it('reaches the upstream as one over HTTP/1.1 does', async () => {
    const answer = await client.call('/a?b=c', { 'x-one': ['1', '2'], 'x-forwarded-for': '10.0.0.1' });
    expect(answer).to.include({ status: 200, text: 'ok', reset: 0 });
    const request = await upstream.requests.at(0);
    expect(request).to.include({ method: 'GET', target: '/a?b=c' });
    expect(request.headerNames.filter((name) => name.startsWith(':'))).to.deep.equal([]);
    expect(request.headerValues('x-one')).to.deep.equal(['1', '2']);
    expect(request.header('x-forwarded-proto')).to.equal('https');
    expect(request.headerValues('via')).to.deep.equal(['2 gatewayctl']);
    expect(request.header('x-forwarded-for')).to.equal('127.0.0.1');
    expect(request.header('x-forwarded-host')).to.equal(`localhost:${gateway.tlsPort}`);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line).to.include({ path: '/a', status: 200, bytes: 2, route: 'any' });
  });

  it('has its crumbs of Cookie joined', async () => {
    await client.call('/a', { cookie: ['a=1', 'b=2', 'c=3'] });
    expect((await upstream.requests.at(0)).headerValues('cookie')).to.deep.equal(['a=1; b=2; c=3']);
  });

  it('is answered by the gateway itself', async () => {
    expect(await client.call('/own')).to.include({ status: 200, text: 'own' });
    expectProblem(await client.call('/closed'), 'unauthorized');
    expectProblem(await client.call('/a', { ':method': 'TRACE' }), 'method-not-allowed');
  });

  it('of HEAD has no body', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, { 'content-length': '5' }).end();
    const answer = await client.call('/a', { ':method': 'HEAD' });
    expect(answer).to.include({ status: 200, text: '', reset: 0 });
    expect(answer.header('content-length')).to.equal('5');
  });

  for (const status of [204, 205, 304]) {
    it(`is answered with ${status} and nothing else`, async () => {
      upstream.answer = ({ response }) => void response.writeHead(status).end();
      expect(await client.call('/a')).to.include({ status, text: '', reset: 0 });
    });
  }

  it('is answered with 205 and nothing else, whatever comes with it', async () => {
    upstream.answer = ({ response }) => void response.writeHead(205, ['content-length', '5']).end('hello');
    const answer = await client.call('/a');
    expect(answer).to.include({ status: 205, text: '', reset: 0 });
    expect(answer.header('content-length')).to.equal('0');
    expect((await client.call('/own')).text).to.equal('own');
  });

  it('gets the fields of the answer, but those of a connection', async () => {
    upstream.answer = ({ response }) => {
      response.writeHead(
        200,
        [
          ['Set-Cookie', 'a=1'],
          ['X-Two', '1'],
          ['Set-Cookie', 'b=2'],
          ['X-Two', '2'],
          ['Content-Type', 'a/b'],
          ['Content-Type', 'c/d'],
          ['Connection', 'close, x-gone'],
          ['X-Gone', '1'],
          ['Keep-Alive', 'timeout=5'],
        ].flat(),
      );
      response.end('ok');
    };
    const answer = await client.call('/a');
    expect(answer).to.include({ status: 200, text: 'ok' });
    const cookies = answer.rawHeaders.filter((_text, index) => answer.rawHeaders[index - 1] === 'set-cookie');
    expect(cookies).to.deep.equal(['a=1', 'b=2']);
    expect(answer.header('x-two')).to.equal('1, 2');
    for (const name of ['connection', 'keep-alive', 'x-gone', 'transfer-encoding']) {
      expect(answer.header(name), name).to.equal(undefined);
    }
  });

  it('carries twenty mebibytes there and back unchanged', async () => {
    upstream.answer = (request) => void request.incoming.pipe(request.response);
    const body = randomBytes(20 * MIB);
    const answer = await client.call('/echo', { ':method': 'POST' }, body);
    expect(answer.body.equals(body)).to.equal(true);
  });

  it('sends an upload on as it comes', async () => {
    const request = client.begin('/a', { ':method': 'POST' }, false);
    request.stream.write('one');
    const received = await upstream.requests.at(0);
    await received.has(3);
    request.stream.end('two');
    expect((await received.body()).toString()).to.equal('onetwo');
    expect((await request.answer()).status).to.equal(200);
    expect(received.header('transfer-encoding')).to.equal('chunked');
  });

  it('gets an answer as it comes', async () => {
    upstream.answer = ({ response }) => void response.write('one');
    const request = client.begin('/a');
    await request.until(() => request.text === 'one', 'the first part');
    (await upstream.requests.at(0)).response.end('two');
    expect(await request.answer()).to.include({ text: 'onetwo', reset: 0 });
  });

  it('passes trailers on, there and back', async () => {
    upstream.answer = async (request) => {
      await request.body();
      request.response.writeHead(200, { trailer: 'x-sum' });
      request.response.write('ok');
      request.response.addTrailers({ 'x-sum': request.trailers.join('=') });
      request.response.end();
    };
    const request = client.begin('/a', { ':method': 'POST', trailer: 'x-there' }, false);
    request.stream.on('wantTrailers', () => request.stream.sendTrailers({ 'x-there': '1' }));
    request.stream.end('body');
    const answer = await request.answer();
    expect(answer).to.include({ status: 200, text: 'ok', reset: 0 });
    expect(answer.rawTrailers).to.deep.equal(['x-sum', 'x-there=1']);
  });

  it('gets interim answers', async () => {
    upstream.answer = ({ response }) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('ok');
    };
    const request = client.begin('/a');
    expect((await request.answer()).status).to.equal(200);
    expect(request.interim).to.deep.equal([[':status', '103', 'link', '</a.css>; rel=preload']]);
  });

  it('is told to go on when the body is wanted', async () => {
    const request = client.begin('/a', { ':method': 'POST', expect: '100-continue' }, false);
    await request.until(() => request.interim.length > 0, '100');
    expect(request.interim).to.deep.equal([[':status', '100']]);
    request.stream.end('body');
    expect((await request.answer()).status).to.equal(200);
    expect((await (await upstream.requests.at(0)).body()).toString()).to.equal('body');
  });

  it('is asked about by a preflight', async () => {
    const answer = await client.call('/shared', {
      ':method': 'OPTIONS',
      origin: 'https://app.example.com',
      'access-control-request-method': 'PUT',
    });
    expect(answer.status).to.equal(204);
    expect(answer.header('access-control-allow-origin')).to.equal('https://app.example.com');
  });

  describe('is refused', () => {
    it('with 414 when its target is too long', async () => {
      expectProblem(await client.call(`/${'a'.repeat(2000)}`), 'uri-too-long');
    });

    it('with 431 when its fields are too large', async () => {
      expectProblem(await client.call('/a', { 'x-large': 'a'.repeat(6000) }), 'headers-too-large');
    });

    it('with 400 when Host and :authority differ', async () => {
      expectProblem(await client.call('/a', { ':authority': 'localhost', host: 'other.example.com' }), 'invalid-host');
    });

    it('with 400 when its authority is none', async () => {
      expectProblem(await client.call('/a', { ':authority': 'user@localhost' }), 'invalid-host');
    });

    it('with 400 when its path is ambiguous', async () => {
      expectProblem(await client.call('/a%2Fb'), 'invalid-target');
    });

    for (const method of ['get', 'FOO', 'PRI', 'SOURCE']) {
      it(`with 400 when its method is ${method}`, async () => {
        expectProblem(await client.call('/a', { ':method': method }), 'invalid-request');
        expect(upstream.requests.items).to.deep.equal([]);
      });
    }

    it('with 501 when it wants a tunnel', async () => {
      const stream = client.session.request({ ':method': 'CONNECT', ':authority': 'localhost:1' });
      stream.on('error', () => undefined);
      const status = await new Promise((resolve) => stream.on('response', (head) => resolve(head[':status'])));
      expect(status).to.equal(501);
      stream.destroy();
    });

    it('with 413 when its body is announced as too long', async () => {
      const request = client.begin('/small', { ':method': 'POST', 'content-length': '2000' }, false);
      const answer = await request.answer();
      expectProblem(answer, 'body-too-large');
      expect(upstream.requests.items).to.deep.equal([]);
    });

    it('with 413 when its body becomes too long, and the rest of the connection goes on', async () => {
      const waiting = client.begin('/a', { ':method': 'POST' }, false);
      const request = client.begin('/small', { ':method': 'POST' }, false);
      request.stream.write(Buffer.alloc(900));
      request.stream.write(Buffer.alloc(900));
      expectProblem(await request.answer(), 'body-too-large');
      waiting.stream.end('ok');
      expect((await waiting.answer()).status).to.equal(200);
    });

    it('after a whole answer, when it goes on sending', async () => {
      const request = client.begin('/own', { ':method': 'POST' }, false);
      expect(await request.answer()).to.include({ status: 200, text: 'own', reset: 0 });
    });
  });

  describe('holds back', () => {
    it('a client whose upload nobody reads', async () => {
      upstream.answer = () => undefined;
      const request = client.begin('/a', { ':method': 'POST' }, false);
      const received = await upstream.requests.at(0);
      let sent = 0;
      for (let chunk = 0; chunk < 30; chunk += 1) {
        request.stream.write(Buffer.alloc(MIB), () => (sent += MIB));
      }
      expect(await settled(() => sent)).to.be.below(20 * MIB);
      received.response.end('enough');
      expect((await request.answer()).status).to.equal(200);
    });

    it('an upstream whose answer nobody reads', async () => {
      let written = 0;
      upstream.answer = async ({ response }) => {
        for (let chunk = 0; chunk < 30; chunk += 1) {
          if (!response.write(Buffer.alloc(MIB))) await new Promise((resolve) => response.once('drain', resolve));
          written += MIB;
        }
        response.end();
      };
      const request = client.begin('/a');
      request.stream.pause();
      await upstream.requests.at(0);
      expect(await settled(() => written)).to.be.below(25 * MIB);
      request.stream.resume();
      expect((await request.answer()).body.length).to.equal(30 * MIB);
    });
  });

  describe('ends', () => {
    it('with its upstream request when the client takes it back', async () => {
      upstream.answer = () => undefined;
      const request = client.begin('/taken-back');
      const received = await upstream.requests.at(0);
      request.stream.close(8);
      await received.over();
      const line = await gateway.logs.until(({ path }) => path === '/taken-back', 'its access line');
      expect(line).to.include({ status: 499, error: 'incomplete' });
    });

    for (const code of [0, 8]) {
      it(`as incomplete when an upload is reset with code ${code}`, async () => {
        const frames = await FrameClient.open(gateway.tlsPort);
        const fields = get(`/cut-off/${code}`).map(
          ([name, value]) => [name, name === ':method' ? 'POST' : value] as const,
        );
        frames.send(headers(1, fields, FLAG.endHeaders), frame(TYPE.data, 0, 1, Buffer.from('half')));
        const received = await upstream.requests.at(0);
        await received.has(4);
        frames.send(frame(TYPE.rstStream, 0, 1, number(code)));
        await received.over();
        expect(received.incoming.complete).to.equal(false);
        await frames.close();
      });
    }

    it('with a reset, and no end before it, when the upstream breaks off', async () => {
      upstream.answer = ({ response }) => void response.write('half', () => response.destroy());
      const frames = await FrameClient.open(gateway.tlsPort);
      frames.send(headers(1, get('/a')));
      expect(await frames.resetOf(1)).to.equal(2);
      const data = frames.frames.filter(({ type }) => type === TYPE.data);
      expect(Buffer.concat(data.map(({ payload }) => payload)).toString()).to.equal('half');
      expect(data.map(({ flags }) => flags)).to.not.include(FLAG.endStream);
      await frames.close();
    });

    it('with 408 when the client stalls within an upload', async () => {
      const request = client.begin('/idle/a', { ':method': 'POST' }, false);
      request.stream.write('half');
      expectProblem(await request.answer(), 'request-timeout');
    });

    it('with a reset when the upstream stalls within an answer', async () => {
      upstream.answer = ({ response }) => void response.write('half');
      expect(await client.call('/idle/a')).to.include({ text: 'half', reset: 2 });
    });
  });
});
