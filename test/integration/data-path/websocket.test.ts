import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Arrivals, within } from '../../support/arrivals.ts';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { closedPort, onceHead, RawUpstream, TestUpstream } from '../../support/upstream.ts';

const UPGRADE =
  'Host: shop.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

onEachEngine('a WebSocket', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;
  let raw: RawUpstream;
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  const sockets = new Arrivals<{ readonly socket: WebSocket; readonly request: IncomingMessage }>(
    ({ request }) => request.url ?? '',
  );
  const clients: WebSocket[] = [];

  before(async () => {
    upstream = await TestUpstream.start();
    raw = await RawUpstream.start(() => undefined);
    upstream.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
      if (request.url === '/ws/refused') {
        duplex.end(
          'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 6\r\n\r\nnobody',
        );
        return;
      }
      server.handleUpgrade(request, duplex, head, (socket) => {
        socket.on('error', () => undefined);
        sockets.push({ socket, request });
        socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
      });
    });
    gateway = await startTestGateway(`
upstreams:
  any: { targets: ["${upstream.origin}"] }
  raw: { targets: ["${raw.origin}"] }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
  silent: { targets: ["https://127.0.0.1:${raw.port}"], connectTimeout: 100ms }
routes:
  - { name: chat, match: { path: "/ws/*rest" }, upstream: any, websocket: {}, request: { headers: { set: { x-id: "{{request.id}}" } } } }
  - { name: idle, match: { path: /idle }, upstream: any, websocket: { idleTimeout: 400ms } }
  - { name: two, match: { path: /two }, upstream: any, websocket: { maxConnections: 2 } }
  - { name: raw, match: { path: /raw }, upstream: raw, websocket: {}, timeout: 300ms }
  - { name: none, match: { path: /none }, upstream: none, websocket: {} }
  - { name: silent, match: { path: /silent }, upstream: silent, websocket: {} }
  - { name: plain, match: { path: /plain }, upstream: any }
  - { name: own, match: { path: /own }, respond: { status: 200, body: own } }
`);
  });

  after(async () => {
    server.close();
    await gateway.stop();
    await upstream.close();
    await raw.close();
  });

  beforeEach(() => {
    upstream.reset();
    sockets.items.length = 0;
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.terminate();
    for (const { socket } of sockets.items) socket.terminate();
  });

  async function connect(path: string, headers: Record<string, string> = {}): Promise<WebSocket> {
    const client = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, { headers });
    clients.push(client);
    await within(once(client, 'open'), `the WebSocket ${path} to open`);
    client.on('error', () => undefined);
    return client;
  }

  async function message(socket: WebSocket): Promise<Buffer> {
    return within(
      new Promise((resolve) => {
        socket.once('message', (data) => {
          resolve(Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data);
        });
      }),
      'a message',
    );
  }

  async function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
    return within(
      new Promise((resolve) => {
        socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
      }),
      'the WebSocket to close',
    );
  }

  it('carries messages both ways', async () => {
    const client = await connect('/ws/a?q=1');
    for (const text of ['one', 'two', '']) {
      const answer = message(client);
      client.send(text);
      expect((await answer).toString()).to.equal(text);
    }
    const { request } = await sockets.at(0);
    expect(request.url).to.equal('/ws/a?q=1');
  });

  it('carries big messages whole', async () => {
    const client = await connect('/ws/big');
    const data = Buffer.alloc(16 * 1024 * 1024, 'gateway');
    const answer = message(client);
    client.send(data);
    expect((await answer).equals(data)).to.equal(true);
  });

  it('tells the upstream of the client as any request does', async () => {
    await connect('/ws/a', { 'x-one': 'a', 'x-forwarded-for': '10.0.0.1' });
    const { request } = await sockets.at(0);
    expect(request.headers).to.include({
      host: `127.0.0.1:${upstream.port}`,
      'x-one': 'a',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      via: '1.1 gatewayctl',
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
    expect(request.headers['x-id']).to.equal(request.headers['x-request-id']);
  });

  it('agrees on the protocol that the upstream chose', async () => {
    const client = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws/a`, ['other', 'chat']);
    clients.push(client);
    await within(once(client, 'open'), 'the WebSocket to open');
    expect(client.protocol).to.equal('other');
  });

  it('carries what the client sent along with its request', async () => {
    const client = await RawClient.open(gateway.port);
    const frame = Buffer.from([0x81, 0x85, 0, 0, 0, 0, ...Buffer.from('early')]);
    await client.send(Buffer.concat([Buffer.from(`GET /ws/a HTTP/1.1\r\n${UPGRADE}\r\n`), frame]));
    expect((await client.response()).status).to.equal(101);
    await client.until('early');
    await client.close();
  });

  it('carries what the upstream sends along with its consent', async () => {
    raw.connected = (socket) => {
      onceHead(socket, () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly'),
      );
    };
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /raw HTTP/1.1\r\n${UPGRADE}\r\n`);
    expect((await client.response()).status).to.equal(101);
    await client.until('early');
    await client.close();
  });

  it('passes close codes and reasons on, from the client', async () => {
    const client = await connect('/ws/a');
    const { socket } = await sockets.at(0);
    const closed = closing(socket);
    client.close(4001, 'enough');
    expect(await closed).to.deep.equal({ code: 4001, reason: 'enough' });
  });

  it('passes close codes and reasons on, from the upstream', async () => {
    const client = await connect('/ws/a');
    const { socket } = await sockets.at(0);
    const closed = closing(client);
    socket.close(4002, 'go away');
    expect(await closed).to.deep.equal({ code: 4002, reason: 'go away' });
  });

  it('ends at the upstream when the client dies', async () => {
    const client = await connect('/ws/a');
    const { socket } = await sockets.at(0);
    const closed = closing(socket);
    client.terminate();
    expect((await closed).code).to.equal(1006);
  });

  it('ends at the client when the upstream dies', async () => {
    const client = await connect('/ws/a');
    const { socket } = await sockets.at(0);
    const closed = closing(client);
    socket.terminate();
    expect((await closed).code).to.equal(1006);
  });

  it('is one line in the access log, once it is closed', async () => {
    const client = await connect('/ws/logged');
    const { request } = await sockets.at(0);
    const id = String(request.headers['x-request-id']);
    expect(gateway.logs.items.some(({ requestId }) => requestId === id)).to.equal(false);
    client.close();
    expect(await gateway.accessLine(id)).to.include({
      method: 'GET',
      path: '/ws/logged',
      route: 'chat',
      status: 101,
      upstream: 'any',
      attempts: 1,
    });
  });

  it('is closed with a frame when nothing has moved on it for idleTimeout', async () => {
    const client = await connect('/idle');
    const { socket } = await sockets.at(0);
    const closed = [closing(client), closing(socket)];
    expect((await Promise.all(closed)).map(({ code }) => code)).to.deep.equal([1001, 1001]);
  });

  it('lives on when something moves on it now and then', async () => {
    const client = await connect('/idle');
    for (let turn = 0; turn < 6; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answer = message(client);
      client.send('still here');
      await answer;
    }
    expect(client.readyState).to.equal(WebSocket.OPEN);
  });

  it('is refused with 503 beyond maxConnections, until another one has ended', async () => {
    const first = await connect('/two');
    await connect('/two');
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /two HTTP/1.1\r\n${UPGRADE}\r\n`);
    expectProblem(await client.response(), 'too-many-websockets');
    await client.close();
    expect(sockets.items).to.have.length(2);
    first.close();
    await gateway.logs.until(({ route, status }) => route === 'two' && status === 101, 'the end of the first');
    await connect('/two');
  });

  it('counts as open in the metrics only while it is', async () => {
    const count = async (): Promise<string | undefined> =>
      /^gateway_websockets\{route="chat"\} (\d+)$/m.exec((await call(`${gateway.adminUrl}/metrics`)).text)?.[1];
    const client = await connect('/ws/counted');
    const before = Number(await count());
    expect(before).to.be.greaterThan(0);
    const { request } = await sockets.at(0);
    client.close();
    await gateway.accessLine(String(request.headers['x-request-id']));
    expect(Number(await count())).to.equal(before - 1);
  });

  describe('that the upstream does not want', () => {
    it('gets the upstream’s answer as it is', async () => {
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /ws/refused HTTP/1.1\r\n${UPGRADE}\r\n`);
      const answer = await client.response();
      expect([answer.status, answer.text]).to.deep.equal([401, 'nobody']);
      expect(answer.header('www-authenticate')).to.equal('Bearer');
      expect(answer.headerValues('set-cookie')).to.deep.equal(['a=1', 'b=2']);
      expect(await client.ended()).to.equal('');
      await client.close();
      const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
      expect(line).to.include({ route: 'chat', status: 401, bytes: 6 });
    });

    it('gets 502 when there is no upstream', async () => {
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /none HTTP/1.1\r\n${UPGRADE}\r\n`);
      expectProblem(await client.response(), 'upstream-unreachable');
      await client.close();
    });

    it('gets 502 when no connection is up within connectTimeout', async () => {
      raw.connected = () => undefined;
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /silent HTTP/1.1\r\n${UPGRADE}\r\n`);
      const id = expectProblem(await client.response(), 'upstream-unreachable');
      expect((await gateway.accessLine(id))['error']).to.equal('connect-timeout: connectTimeout ran out');
      await client.close();
    });

    it('gets 502 when the upstream closes without an answer', async () => {
      raw.connected = (socket) => onceHead(socket, () => socket.end());
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /raw HTTP/1.1\r\n${UPGRADE}\r\n`);
      expectProblem(await client.response(), 'upstream-reset');
      await client.close();
    });

    it('gets 502 when the upstream answers with something that is no HTTP', async () => {
      raw.connected = (socket) => onceHead(socket, () => socket.end('hello\r\n\r\n'));
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /raw HTTP/1.1\r\n${UPGRADE}\r\n`);
      expectProblem(await client.response(), 'upstream-invalid-response');
      await client.close();
    });

    it('gets 504 when the upstream does not answer within the route’s timeout', async () => {
      raw.connected = () => undefined;
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /raw HTTP/1.1\r\n${UPGRADE}\r\n`);
      expectProblem(await client.response(), 'upstream-timeout');
      await client.close();
    });

    it('does not reach it any more when the client leaves before it answers', async () => {
      const left = new Promise<void>((resolve) => {
        raw.connected = (socket) => {
          socket.on('close', () => resolve());
          onceHead(socket, () => client.socket.destroy());
        };
      });
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /raw HTTP/1.1\r\n${UPGRADE}\r\n`);
      await within(left, 'the upstream’s connection to close');
      await client.close();
    });
  });

  describe('is refused with 403', () => {
    for (const path of ['/plain', '/own']) {
      it(`on a route without websocket: ${path}`, async () => {
        const client = await RawClient.open(gateway.port);
        await client.send(`GET ${path} HTTP/1.1\r\n${UPGRADE}\r\n`);
        const answer = await client.response();
        expectProblem(answer, 'upgrade-refused');
        expect(answer.header('connection')).to.equal('close');
        expect(await client.ended()).to.equal('');
        await client.close();
        expect(upstream.requests.items).to.have.length(0);
      });
    }

    for (const protocol of ['h2c', 'websocket, h2c', 'TLS/1.3']) {
      it(`when it is another protocol: ${protocol}`, async () => {
        const client = await RawClient.open(gateway.port);
        const upgrade = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n`;
        await client.send(`GET /ws/a HTTP/1.1\r\nHost: shop.example.com\r\n${upgrade}\r\n`);
        expectProblem(await client.response(), 'upgrade-refused');
        await client.close();
        expect(upstream.requests.items).to.have.length(0);
      });
    }
  });

  it('is refused with 400 when it comes with a body', async () => {
    for (const framing of [
      'Content-Length: 5\r\n\r\nhello',
      'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    ]) {
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /ws/a HTTP/1.1\r\n${UPGRADE}${framing}`);
      expectProblem(await client.response(), 'invalid-request');
      await client.close();
    }
    expect(sockets.items).to.have.length(0);
  });

  it('is refused like any request for what its head says', async () => {
    for (const [head, status] of [
      [`GET /ws/%00 HTTP/1.1\r\n${UPGRADE}`, 400],
      [`GET /nowhere HTTP/1.1\r\n${UPGRADE}`, 404],
      [`GET /ws/a HTTP/1.1\r\n${UPGRADE}Host: b\r\n`, 400],
      [`GET /ws/${'a'.repeat(9000)} HTTP/1.1\r\n${UPGRADE}`, 414],
    ] as const) {
      const client = await RawClient.open(gateway.port);
      await client.send(`${head}\r\n`);
      expect((await client.response()).status).to.equal(status);
      await client.close();
    }
    expect(sockets.items).to.have.length(0);
  });

  it('is not asked for by a request that only names the protocol', async () => {
    const answer = await call(`${gateway.url}/ws/a`, { headers: ['upgrade', 'websocket'] });
    expect([answer.status, answer.text]).to.deep.equal([200, 'ok']);
    expect((await upstream.requests.at(0)).header('upgrade')).to.equal(undefined);
  });
});
