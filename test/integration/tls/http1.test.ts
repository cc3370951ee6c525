import { expect } from 'chai';
import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { call } from '../../support/client.ts';
import { first } from '../../support/certificates.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { Http2Client } from '../../support/h2.ts';
import { within } from '../../support/arrivals.ts';
import { secureSocket } from '../../support/tls.ts';
import { TestUpstream } from '../../support/upstream.ts';

onEachEngine('a connection over TLS', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server:
  tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: socket, match: { path: /socket }, upstream: any, websocket: {} }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function untilNoneIsOpen(): Promise<void> {
    const open = async (): Promise<string | undefined> =>
      /^gateway_connections (\d+)$/m.exec((await call(`${gateway.adminUrl}/metrics`)).text)?.[1];
    const wait = async (): Promise<void> => {
      while ((await open()) !== '0') await new Promise(setImmediate);
    };
    await within(wait(), 'the last connection to close');
  }

  it('becomes a WebSocket, and carries messages both ways', async () => {
    const server = new WebSocketServer({ server: upstream.server });
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    const client = new WebSocket(`wss://localhost:${gateway.tlsPort}/socket`, { ca: first.cert });
    await within(once(client, 'open'), 'a WebSocket');
    const answered = once(client, 'message');
    client.send('hello');
    expect(String((await within(answered, 'a message'))[0])).to.equal('hello');
    const closed = once(client, 'close');
    client.close();
    await within(closed, 'its end');
    server.close();
    await untilNoneIsOpen();
  });

  it('is closed when an answer to HTTP/1.0 breaks off', async () => {
    upstream.answer = ({ response }) => void response.write('half', () => response.destroy());
    const socket = await secureSocket(gateway.tlsPort);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    const closed = once(socket, 'close');
    socket.write('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n');
    await within(closed, 'its end');
    expect(text).to.contain('half');
    expect(upstream.requests.items).to.have.length(1);
  });

  it('is gone when its client is, whichever protocol it speaks', async () => {
    for (const protocol of ['h2', 'http/1.1']) {
      const socket = await secureSocket(gateway.tlsPort, { ALPNProtocols: [protocol] });
      socket.resume().end();
      await untilNoneIsOpen();
    }
    const client = await Http2Client.open(gateway.tlsPort);
    expect((await client.call('/a')).status).to.equal(200);
    client.session.close();
    await client.ended();
    await untilNoneIsOpen();
  });
});
