import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { onceHead, RawUpstream, TestUpstream } from '../../support/upstream.ts';

onEachEngine('a request that waits', () => {
  let gateway: TestGateway;
  let close: () => Promise<void>;

  afterEach(async () => {
    await gateway.stop();
    await close();
  });

  async function start(origin: string, route: string): Promise<void> {
    gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${origin}"], connections: 1, idleTimeout: 300ms }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin, ${route} }
  - { name: held, match: { path: /held }, upstream: origin, timeout: 1h }
`);
  }

  it('for a connection with a body is ended by the route’s timeout', async () => {
    const upstream = await TestUpstream.start(() => undefined);
    close = async () => upstream.close();
    await start(upstream.origin, 'timeout: 400ms');
    const held = call(`${gateway.url}/held`);
    const request = await upstream.requests.at(0);
    expectProblem(await call(`${gateway.url}/second`, { method: 'POST', body: 'abc' }), 'upstream-timeout');
    request.response.end();
    await held;
    expect(upstream.requests.items).to.have.lengthOf(1);
  });

  const key = Buffer.alloc(16).toString('base64');
  const handshake = `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;

  it('for a WebSocket whose client leaves leaves the upstream, too', async () => {
    let gone: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (gone = resolve));
    const asked = new Promise<void>((resolve) => {
      void RawUpstream.start((socket) => {
        socket.on('close', () => gone());
        onceHead(socket, () => resolve());
      }).then(async (upstream) => {
        close = async () => upstream.close();
        await start(upstream.origin, 'timeout: 1h, websocket: {}');
        const client = connect({ port: gateway.port, host: '127.0.0.1' });
        client.write(handshake);
        await asked;
        client.end();
      });
    });
    await asked;
    await left;
  });

  it('for a WebSocket does not get another protocol', async () => {
    const upstream = await RawUpstream.start((socket) =>
      onceHead(socket, () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
      ),
    );
    close = async () => upstream.close();
    await start(upstream.origin, 'websocket: {}');
    const client = await RawClient.open(gateway.port);
    await client.send(handshake);
    expect((await client.response()).status).to.equal(502);
    await client.close();
  });

  it('for a WebSocket gets an answer with an id and edits, and without a length', async () => {
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const upstream = await RawUpstream.start((socket) =>
      onceHead(socket, () =>
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nServer: x\r\nContent-Length: 4\r\n\r\n`,
        ),
      ),
    );
    close = async () => upstream.close();
    await start(upstream.origin, 'websocket: {}, response: { headers: { remove: [server] } }');
    const client = await RawClient.open(gateway.port);
    await client.send(handshake);
    const answer = await client.head();
    expect(answer.status).to.equal(101);
    expect(answer.header('x-request-id')).to.be.a('string');
    expect(answer.header('sec-websocket-accept')).to.equal(accept);
    expect(answer.header('server')).to.equal(undefined);
    expect(answer.header('content-length')).to.equal(undefined);
    await client.close();
  });

  it('for the end of a refusal that stalls is ended by idleTimeout', async () => {
    const upstream = await RawUpstream.start((socket) =>
      onceHead(socket, () => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\nabc')),
    );
    close = async () => upstream.close();
    await start(upstream.origin, 'websocket: {}');
    const client = await RawClient.open(gateway.port);
    await client.send(handshake);
    expect(await client.ended()).to.match(/^HTTP\/1\.1 401 /);
    await client.close();
  });
});

onEachEngine('an answer that must not be misread', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let answer = '';

  beforeEach(async () => {
    upstream = await RawUpstream.start((socket) => onceHead(socket, () => socket.write(answer)));
    gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${upstream.origin}"], idleTimeout: 300ms }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin, request: { headers: { remove: [x-admin], set: { x-tenant: t1 } } } }
  - { name: own, match: { path: /own }, respond: { status: 200, body: ok } }
`);
  });

  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it('has no Content-Length with 204', async () => {
    answer = 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n';
    const { status, header } = await call(gateway.url).then((got) => ({
      status: got.status,
      header: got.header('content-length'),
    }));
    expect({ status, header }).to.deep.equal({ status: 204, header: undefined });
  });

  it('has no Content-Length with 103', async () => {
    answer =
      'HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
    const client = await RawClient.open(gateway.port);
    await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const hints = await client.head();
    expect(hints.status).to.equal(103);
    expect(hints.header('content-length')).to.equal(undefined);
    await client.close();
  });

  it('is cut with a reset for a client of HTTP/1.0, to which an orderly end would say that it is whole', async () => {
    answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n';
    const client = connect({ port: gateway.port, host: '127.0.0.1' });
    client.resume();
    const end = new Promise<string>((resolve) => {
      client.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      client.on('end', () => resolve('end'));
    });
    client.write('GET / HTTP/1.0\r\n\r\n');
    expect(await end).to.equal('ECONNRESET');
  });

  it('reaches a client that is still sending a large body', async () => {
    const size = 5 * 1024 * 1024;
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /own HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`, Buffer.alloc(size));
    const got = await client.response();
    expect(got.status).to.equal(200);
    expect(got.header('connection')).to.equal('close');
    await client.close();
  });
});

onEachEngine('trailers of a request', () => {
  it('do not bring back what the route removes or sets', async () => {
    const upstream = await TestUpstream.start(async (request) => {
      await request.body();
      request.response.end();
    });
    const gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${upstream.origin}"] }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin, request: { headers: { remove: [x-admin], set: { x-tenant: t1 } } } }
`);
    const client = await RawClient.open(gateway.port);
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent_Length: 10\r\n\r\n';
    await client.send(`${head}0\r\nX-Admin: 1\r\nX_Tenant: evil\r\nX-Checksum: 7\r\n\r\n`);
    await client.response();
    const request = await upstream.requests.at(0);
    expect(request.trailers).to.deep.equal(['X-Checksum', '7']);
    expect(request.headerNames).to.not.include('content_length');
    expect(request.header('x-tenant')).to.equal('t1');
    await client.close();
    await gateway.stop();
    await upstream.close();
  });
});
