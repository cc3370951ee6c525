import { expect } from 'chai';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { FLAG, frame, FrameClient, get, headers, number, TYPE, type Frame } from '../../support/h2-frames.ts';
import { TestUpstream } from '../../support/upstream.ts';

const NO_ERROR = 0;
const ENHANCE_YOUR_CALM = 11;

describe('frames over HTTP/2 that are no requests', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let client: FrameClient;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server:
  tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] }
  timeouts: { keepAlive: 1s }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: small, match: { path: /small }, upstream: any, bodyBytes: 1KiB }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(async () => {
    upstream.reset();
    client = await FrameClient.open(gateway.tlsPort);
  });

  afterEach(async () => client.close());

  for (const [what, unit] of [
    ['PING', frame(TYPE.ping, 0, 0, Buffer.alloc(8))],
    ['SETTINGS', frame(TYPE.settings, 0, 0)],
    ['PRIORITY', frame(TYPE.priority, 0, 1, Buffer.from([0, 0, 0, 3, 10]))],
    ['WINDOW_UPDATE', frame(TYPE.windowUpdate, 0, 0, number(1))],
  ] as const) {
    it(`end the connection when there is no end of ${what}, though all answers are read`, async () => {
      upstream.answer = () => undefined;
      // Otherwise the connection is idle, and ends for that.
      client.send(headers(1, get('/held')));
      await upstream.requests.at(0);
      const flood = Buffer.concat(Array.from({ length: 500 }, () => unit));
      let last: Frame | undefined;
      for (let mark = 1; mark < 4000 && last?.type !== TYPE.goaway; mark += 1) {
        // Its answer comes after those to all that was sent before it.
        const marker = Buffer.concat([number(mark), number(mark)]);
        client.send(flood, frame(TYPE.ping, 0, 0, marker));
        last = await client.until(
          ({ type, payload }) => type === TYPE.goaway || (type === TYPE.ping && payload.equals(marker)),
          'an answer',
        );
        client.frames.splice(0, client.frames.indexOf(last));
      }
      expect(await client.goaway()).to.equal(ENHANCE_YOUR_CALM);
      await client.closed();
    });
  }

  it('may be many small pieces of an upload', async () => {
    client.send(headers(1, post('/pieces'), FLAG.endHeaders));
    const piece = frame(TYPE.data, 0, 1, Buffer.from('a'));
    client.send(...Array.from({ length: 60_000 }, () => piece), frame(TYPE.data, FLAG.endStream, 1, Buffer.from('b')));
    await client.until(({ type, stream }) => type === TYPE.headers && stream === 1, 'an answer');
    expect((await (await upstream.requests.at(0)).body()).length).to.equal(60_001);
    // It has looked by the time at which the connection is idle for too long.
    expect(await client.goaway()).to.equal(NO_ERROR);
  });

  it('may be bodies that nobody wants, as long as there are requests before them', async () => {
    for (let stream = 1; stream < 40; stream += 2) {
      client.send(headers(stream, post('/small'), FLAG.endHeaders));
      client.send(...Array.from({ length: 4 }, () => frame(TYPE.data, 0, stream, Buffer.alloc(15 * 1024))));
      await client.resetOf(stream);
    }
    expect(await client.goaway()).to.equal(NO_ERROR);
  });
});

function post(path: string): (readonly [string, string])[] {
  return get(path).map(([name, value]) => [name, name === ':method' ? 'POST' : value] as const);
}
