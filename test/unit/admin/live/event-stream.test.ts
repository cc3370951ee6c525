/** Over real sockets: what a reader does not take stays in the system's buffers first, and those differ. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { EventStream } from '../../../../src/admin/live/event-stream.ts';
import { within } from '../../../support/arrivals.ts';
import { portOf } from '../../../support/upstream.ts';

const LARGE = 1024 * 1024;

describe('a stream of events', () => {
  let server: Server;
  let socket: Socket;
  let response: ServerResponse;
  let stream: EventStream;
  let now = 0;
  let text = '';

  beforeEach(async () => {
    now = 0;
    text = '';
    server = createServer();
    const requested = new Promise<ServerResponse>((resolve) =>
      server.on('request', (_request, given) => resolve(given)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    socket = connect(portOf(server), '127.0.0.1');
    socket.setEncoding('latin1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    response = await requested;
    stream = new EventStream(response, () => now);
  });
  afterEach(async () => {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const read = (): void => void socket.on('data', (chunk: string) => (text += chunk));
  const has = async (what: string): Promise<void> => {
    while (!text.includes(what)) await within(once(socket, 'data'), what.slice(0, 40));
  };
  /** Sends until the system takes no more, and far beyond. */
  const flood = (): number => {
    let largest = 0;
    for (let count = 1; count <= 200; count += 1) {
      stream.send('traffic', `${count}:${'x'.repeat(LARGE)}`);
      stream.send('upstreams', `${count}:${'y'.repeat(LARGE)}`);
      largest = Math.max(largest, response.writableLength);
    }
    return largest;
  };

  it('is what the standard has', async () => {
    read();
    stream.send('status', '{"ready":true}');
    await has('event: status\ndata: {"ready":true}\n\n');
  });

  it('keeps no more for a reader that reads nothing than the newest of each kind', async () => {
    expect(flood()).to.be.below(3 * LARGE);
    read();
    await has('data: 200:y');
    expect(text).to.include('event: traffic\ndata: 200:x');
    expect(text).to.not.include('data: 150:');
    stream.send('traffic', 'after');
    await has('event: traffic\ndata: after\n\n');
  });

  it('is cut off when nothing was taken for half a minute', async () => {
    flood();
    const closed = once(response, 'close');
    now = 30_000;
    stream.send('traffic', 'in time');
    expect(response.destroyed).to.equal(false);
    now = 30_001;
    stream.send('traffic', 'too late');
    expect(response.destroyed).to.equal(true);
    await within(closed, 'the end of the connection');
  });

  it('is not cut off when it was slow, and took all in the end', async () => {
    flood();
    read();
    await has('data: 200:y');
    now = 60_000;
    stream.send('traffic', 'later');
    await has('data: later\n\n');
  });

  it('ends in order for a reader that keeps up, and at once for another', async () => {
    read();
    stream.send('status', '{}');
    stream.end();
    stream.send('status', '{"too":"late"}');
    await has('\r\n0\r\n\r\n');
    expect(text).to.not.include('late');
  });

  it('ends at once for a reader that does not', async () => {
    flood();
    stream.end();
    expect(response.destroyed).to.equal(true);
  });
});
