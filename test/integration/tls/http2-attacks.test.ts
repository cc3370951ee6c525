import { expect } from 'chai';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { FLAG, fieldBlock, frame, FrameClient, get, headers, number, TYPE } from '../../support/h2-frames.ts';
import { Http2Client } from '../../support/h2.ts';
import { settled } from '../../support/arrivals.ts';
import { TestUpstream } from '../../support/upstream.ts';

const PROTOCOL_ERROR = 1;
const ENHANCE_YOUR_CALM = 11;

describe('an attack over HTTP/2', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let attacker: FrameClient;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server:
  tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] }
  limits: { headerBytes: 4KiB, uriBytes: 1KiB }
  timeouts: { headers: 1s, keepAlive: 1s }
upstreams:
  any: { targets: ["${upstream.origin}"] }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: own, match: { path: /own }, respond: { status: 200 } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(async () => {
    upstream.reset();
    attacker = await FrameClient.open(gateway.tlsPort);
  });

  afterEach(async () => {
    await attacker.close();
    // Nobody else notices.
    const other = await Http2Client.open(gateway.tlsPort);
    expect((await other.call('/own')).status).to.equal(200);
    await other.close();
  });

  it('by streams that are opened and reset is ended', async () => {
    upstream.answer = () => undefined;
    for (let stream = 1; stream < 3000 && !attacker.ended; stream += 2) {
      attacker.send(headers(stream, get('/reset')), frame(TYPE.rstStream, 0, stream, number(8)));
      if (stream % 100 === 1) await attacker.flushed();
    }
    expect(await attacker.goaway()).to.equal(ENHANCE_YOUR_CALM);
    await attacker.closed();
    expect(await settled(() => upstream.requests.items.length)).to.be.below(300);
  });

  it('by streams that the gateway is made to reset is ended', async () => {
    upstream.answer = () => undefined;
    for (let stream = 1; stream < 3000 && !attacker.ended; stream += 2) {
      // A window that would grow beyond what there can be: RFC 9113 section 6.9.1.
      const fault = frame(TYPE.windowUpdate, 0, stream, number(2 ** 31 - 1));
      attacker.send(headers(stream, get('/made-to')), fault);
      if (stream % 100 === 1) await attacker.flushed();
    }
    await attacker.closed();
    expect(await settled(() => upstream.requests.items.length)).to.be.below(300);
  });

  it('by more streams than may be open is ended', async () => {
    upstream.answer = () => undefined;
    await attacker.until(({ type, flags }) => type === TYPE.settings && flags === FLAG.ack, 'the acknowledgement');
    for (let stream = 1; stream < 200; stream += 2) attacker.send(headers(stream, get('/many')));
    await upstream.requests.at(99);
    expect(attacker.ended).to.equal(false);
    attacker.send(headers(201, get('/many')));
    await attacker.closed();
    expect(await settled(() => upstream.requests.items.length)).to.equal(100);
  });

  it('by a header block without an end is ended before its time is up', async () => {
    const tls = 'tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] }';
    const patient = await startTestGateway(`
server: { ${tls}, timeouts: { headers: 10m } }
routes: [{ name: own, match: { path: "/*rest" }, respond: { status: 200 } }]
`);
    const endless = await FrameClient.open(patient.tlsPort);
    // Otherwise the acknowledgement of its settings would come within the block, which is a fault of another kind.
    await endless.until(({ type, flags }) => type === TYPE.settings && flags === FLAG.ack, 'the acknowledgement');
    endless.send(frame(TYPE.headers, FLAG.endStream, 1, fieldBlock(get('/endless'))));
    for (let piece = 0; piece < 20; piece += 1)
      endless.send(frame(TYPE.continuation, 0, 1, fieldBlock([['x-a', 'a']])));
    await endless.closed();
    expect(patient.logs.items.filter(({ path }) => path === '/endless')).to.deep.equal([]);
    await patient.stop();
  });

  it('by a header block that is never finished is ended', async () => {
    attacker.send(frame(TYPE.headers, FLAG.endStream, 1, fieldBlock(get('/unfinished'))));
    await attacker.closed();
  });

  it('by a connection on which nothing is asked is ended', async () => {
    await attacker.closed();
    const silent = await FrameClient.open(gateway.tlsPort, Buffer.alloc(0));
    await silent.closed();
  });

  it('by a header that is repeated for a byte each is refused', async () => {
    const value = 'a'.repeat(2000);
    // A literal that is remembered (RFC 7541 section 6.2.1), then its index in the table, again and again.
    const literal = Buffer.concat([Buffer.from([0x40]), fieldBlock([['x-bomb', value]]).subarray(1)]);
    const block = Buffer.concat([fieldBlock(get('/bomb')), literal, Buffer.alloc(10_000, 0xbe)]);
    attacker.send(frame(TYPE.headers, FLAG.endHeaders | FLAG.endStream, 1, block));
    expect(await attacker.resetOf(1)).to.equal(ENHANCE_YOUR_CALM);
    expect(upstream.requests.items).to.deep.equal([]);
  });

  it('by too many fields is refused', async () => {
    const fields = Array.from({ length: 600 }, (_none, index) => [`x${index}`, ''] as const);
    attacker.send(headers(1, get('/fields', ...fields)));
    expect(await attacker.resetOf(1)).to.equal(ENHANCE_YOUR_CALM);
  });

  it('by empty DATA frames is ended', async () => {
    upstream.answer = () => undefined;
    attacker.send(headers(1, get('/empty'), FLAG.endHeaders));
    for (let count = 0; count < 5000 && !attacker.ended; count += 1) {
      attacker.send(frame(TYPE.data, 0, 1));
      if (count % 100 === 0) await attacker.flushed();
    }
    await attacker.closed();
  });

  it('by SETTINGS and PING whose answers are not read is ended', async () => {
    attacker.hold(true);
    const flood = Buffer.concat(
      Array.from({ length: 500 }, () => [frame(TYPE.settings, 0, 0), frame(TYPE.ping, 0, 0, Buffer.alloc(8))]).flat(),
    );
    let sent = 0;
    for (; sent < 2000 && (await connections()) > 0; sent += 1) attacker.send(flood);
    attacker.hold(false);
    await attacker.closed();
  });

  it('by an answer that is never read is ended', async () => {
    upstream.answer = ({ response }) => {
      response.on('error', () => undefined);
      response.end(Buffer.alloc(8 * 1024 * 1024));
    };
    // No window: nothing of the answer's body may be sent.
    const noWindow = frame(TYPE.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0]));
    const slow = await FrameClient.open(gateway.tlsPort, noWindow);
    slow.send(headers(1, get('/never-read')));
    const received = await upstream.requests.at(0);
    expect(await slow.resetOf(1)).to.equal(8);
    await received.over();
    // Then nothing is open on the connection, and it is idle.
    await slow.closed();
  });

  for (const [what, fields] of [
    ['Connection', get('/smuggled', ['connection', 'close'])],
    ['Transfer-Encoding', get('/smuggled', ['transfer-encoding', 'chunked'])],
    ['Upgrade', get('/smuggled', ['upgrade', 'websocket'])],
    ['TE other than trailers', get('/smuggled', ['te', 'gzip'])],
    ['a name in upper case', get('/smuggled', ['X-Upper', '1'])],
    ['two paths', get('/smuggled', [':path', '/other'])],
    ['a pseudo-field after the others', [['x-first', '1'], ...get('/smuggled')]],
    ['an unknown pseudo-field', [[':unknown', '1'], ...get('/smuggled')]],
    ['extended CONNECT', [[':protocol', 'websocket'], ...get('/smuggled')]],
    ['no path', get('/smuggled').filter(([name]) => name !== ':path')],
    ['a length and another body', get('/smuggled', ['content-length', '5'])],
    ['two lengths', get('/smuggled', ['content-length', '0'], ['content-length', '0'])],
  ] as const) {
    it(`by ${what} is refused`, async () => {
      attacker.send(headers(1, fields));
      expect(await attacker.resetOf(1)).to.equal(PROTOCOL_ERROR);
      expect(upstream.requests.items).to.deep.equal([]);
    });
  }

  for (const [what, name, value] of [
    ['line ends in a value', 'x-injected', 'a\r\nx-evil: 1'],
    ['a NUL in a value', 'x-injected', 'a\0x-evil'],
    ['a space in a name', 'x-injected x-evil', '1'],
    ['a line end in a name', 'x-injected\nx-evil', '1'],
  ] as const) {
    it(`by ${what} reaches nobody: the field is left out`, async () => {
      attacker.send(headers(1, get('/injected', [name, value], ['x-after', '1'])));
      await attacker.until(({ stream, type }) => stream === 1 && type === TYPE.headers, 'an answer');
      const request = await upstream.requests.at(0);
      expect(request.header('x-after')).to.equal('1');
      expect(request.headerNames.filter((each) => /injected|evil/.test(each))).to.deep.equal([]);
    });
  }

  it('by absolute form is refused', async () => {
    attacker.send(
      headers(1, [
        [':method', 'GET'],
        [':scheme', 'evil'],
        [':authority', 'localhost'],
        [':path', 'evil://localhost/x'],
      ]),
    );
    const { payload } = await attacker.until(({ stream, type }) => stream === 1 && type === TYPE.headers, 'an answer');
    // 12 is `:status: 400` in the static table: RFC 7541 appendix A.
    expect(payload[0]).to.equal(0x80 + 12);
    expect(upstream.requests.items).to.deep.equal([]);
  });

  async function connections(): Promise<number> {
    const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    return Number(/^gateway_connections (\d+)$/m.exec(text)?.[1]);
  }
});
