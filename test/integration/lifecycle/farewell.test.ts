import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { WebSocket, WebSocketServer } from 'ws';
import { Arrivals } from '../../support/arrivals.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

interface Opened {
  readonly socket: WebSocket;
  /** Under the WebSocket: what is written to it goes to the gateway as it is. */
  readonly raw: Duplex;
}

onEachEngine('a gateway that stops', () => {
  let gateway: TestGateway | undefined;
  let server: Server;
  const upgrades = new WebSocketServer({ noServer: true });
  const opened = new Arrivals<Opened>(() => 'a WebSocket');

  before(async () => {
    server = createServer();
    server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
      upgrades.handleUpgrade(request, raw, head, (socket) => {
        socket.on('error', () => undefined);
        opened.push({ socket, raw });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Once: what is stopped cannot be stopped again. */
  const stop = async (): Promise<void> => {
    const running = gateway;
    gateway = undefined;
    await running?.stop();
  };

  afterEach(stop);

  async function connected(): Promise<{ client: WebSocket; upstream: Opened }> {
    const address: AddressInfo | string | null = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    gateway = await startTestGateway(`
upstreams:
  chat: { targets: ["http://127.0.0.1:${port}"] }
routes:
  - { name: chat, match: { path: / }, upstream: chat, websocket: {} }
`);
    const client = new WebSocket(gateway.url.replace('http', 'ws'));
    const before = opened.items.length;
    await once(client, 'open');
    return { client, upstream: await opened.at(before) };
  }

  it('tells both ends of a WebSocket that it goes', async () => {
    const { client, upstream } = await connected();
    const closes = Promise.all([once(client, 'close'), once(upstream.socket, 'close')]);
    await stop();
    expect((await closes).map(([code]) => Number(code))).to.deep.equal([1001, 1001]);
  });

  it('lets a message that is under way end before', async () => {
    const { client, upstream } = await connected();
    const message = once(client, 'message');
    const closed = once(client, 'close');
    // Half of a text frame of 10 bytes; the rest comes when the gateway is stopping.
    upstream.raw.write(Buffer.from([0x81, 10, ...Buffer.from('01234')]));
    await new Promise<void>((resolve) => setRead(client, resolve));
    const stopped = stop();
    upstream.raw.write(Buffer.from('56789'));
    expect(String((await message)[0])).to.equal('0123456789');
    expect((await closed)[0]).to.equal(1001);
    await stopped;
  });
});

/** Calls back when the client has read something of a frame. */
function setRead(client: WebSocket, read: () => void): void {
  const socket: Socket | undefined = Reflect.get(client, '_socket');
  socket?.once('data', () => read());
}
