import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

describe('a body that the admin listener does not read', () => {
  let gateway: TestGateway;

  before(async () => {
    gateway = await startTestGateway('routes:\n  - { name: own, match: { path: / }, respond: { status: 204 } }\n');
  });

  after(async () => gateway.stop());

  it('costs its connection when it does not end', async () => {
    const socket = connect(gateway.adminPort, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
    socket.write('POST /nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')]);
    let sent = 0;
    const send = (): void => {
      while (!socket.destroyed && sent < 512) {
        sent += 1;
        if (!socket.write(chunk)) return void socket.once('drain', send);
      }
    };
    send();
    await closed;
    // 32 MiB in all, of which it has taken a part.
    expect(sent).to.be.lessThan(512);
  });
});
