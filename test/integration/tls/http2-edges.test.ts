import { expect } from 'chai';
import { settled } from '../../support/arrivals.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { FLAG, frame, FrameClient, get, headers, number, TYPE } from '../../support/h2-frames.ts';
import { Http2Client } from '../../support/h2.ts';
import { TestUpstream } from '../../support/upstream.ts';

const KIB = 1024;
const CANCEL = 8;

describe('at the edges of HTTP/2', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let client: Http2Client;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server: { tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] } }
issuers: [{ name: any, issuer: any, audience: api, algorithms: [HS256], secret: a secret that is long enough for HS256 }]
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: own, match: { path: /own }, respond: { status: 200, body: own } }
  - { name: closed, match: { path: /closed }, upstream: any, access: authenticated }
  - { name: judged, match: { path: /judged }, upstream: any, validate: { body: {} } }
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

  describe('a request', () => {
    for (const [method, fields, body, length, coding] of [
      ['GET', {}, undefined, undefined, undefined],
      ['POST', {}, undefined, '0', undefined],
      ['POST', {}, 'body', undefined, 'chunked'],
      ['POST', { 'content-length': '4' }, 'body', '4', undefined],
      ['POST', { 'content-length': '0' }, '', '0', undefined],
      ['DELETE', { 'content-length': '4' }, 'body', '4', undefined],
      ['GET', {}, 'body', undefined, 'chunked'],
    ] as const) {
      const what = body === undefined ? 'no body' : `a body of ${body.length} bytes`;
      const announced = 'content-length' in fields ? ' with a length' : '';
      it(`of ${method} and ${what}${announced} is framed as HTTP/1.1 wants it`, async () => {
        expect((await client.call('/a', { ':method': method, ...fields }, body)).status).to.equal(200);
        const request = await upstream.requests.at(0);
        expect([request.header('content-length'), request.header('transfer-encoding')]).to.deep.equal([length, coding]);
        expect((await request.body()).toString()).to.equal(body ?? '');
      });
    }

    // No client library sends them. The heads of their answers begin with :status, by RFC 7541 section 6.2.1.
    for (const [what, path, name, values, status] of [
      ['two Authorization fields: 401', '/closed', 'authorization', ['Bearer a', 'Bearer a'], '48826801'],
      ['two types of its body: 415', '/judged', 'content-type', ['application/json', 'text/plain'], '4803343135'],
    ] as const) {
      it(`is refused with ${what}`, async () => {
        const frames = await FrameClient.open(gateway.tlsPort);
        const [, ...rest] = get(path, ...values.map((value) => [name, value] as const));
        const head = headers(1, [[':method', 'POST'], ...rest], FLAG.endHeaders);
        frames.send(head, frame(TYPE.data, FLAG.endStream, 1, Buffer.from('{}')));
        const { payload } = await frames.until(
          ({ type, stream }) => type === TYPE.headers && stream === 1,
          'an answer',
        );
        expect(payload.toString('hex').slice(0, status.length)).to.equal(status);
        expect(upstream.requests.items).to.deep.equal([]);
        await frames.close();
      });
    }
  });

  describe('an answer', () => {
    it('to HEAD has the fields of one to GET, whoever gives it', async () => {
      upstream.answer = ({ response }) => void response.writeHead(200, { etag: '"1"' }).end();
      for (const [path, name, value] of [
        ['/a', 'etag', '"1"'],
        ['/own', 'content-length', '3'],
      ] as const) {
        const answer = await client.call(path, { ':method': 'HEAD' });
        expect(answer).to.include({ status: 200, text: '', reset: 0 });
        expect(answer.header(name)).to.equal(value);
      }
    });

    it('of 304 keeps the length of what it stands for, and one of 204 has none', async () => {
      upstream.answer = ({ target, response }) =>
        void response.writeHead(Number(target.slice(1)), { 'content-length': '5', etag: '"1"' }).end();
      const unchanged = await client.call('/304');
      expect(unchanged).to.include({ status: 304, text: '', reset: 0 });
      expect([unchanged.header('etag'), unchanged.header('content-length')]).to.deep.equal(['"1"', '5']);
      upstream.answer = ({ response }) => void response.writeHead(204, { etag: '"1"' }).end();
      const nothing = await client.call('/204');
      expect(nothing).to.include({ status: 204, text: '', reset: 0 });
      expect([nothing.header('etag'), nothing.header('content-length')]).to.deep.equal(['"1"', undefined]);
    });

    it('may be empty, and have trailers all the same', async () => {
      upstream.answer = ({ response }) => {
        response.writeHead(200, { trailer: 'x-sum', 'transfer-encoding': 'chunked' });
        response.addTrailers({ 'x-sum': '0' });
        response.end();
      };
      const answer = await client.call('/a');
      expect(answer).to.include({ status: 200, text: '', reset: 0 });
      expect(answer.rawTrailers).to.deep.equal(['x-sum', '0']);
    });

    it('comes after all of its interim answers', async () => {
      upstream.answer = ({ response }) => {
        for (const name of ['a', 'b', 'c']) response.writeEarlyHints({ link: `</${name}.css>; rel=preload` });
      };
      const request = client.begin('/a');
      await request.until(() => request.interim.length === 3, 'three hints');
      expect(request.interim.map((fields) => fields[3])).to.deep.equal(
        ['a', 'b', 'c'].map((name) => `</${name}.css>; rel=preload`),
      );
      expect(request.status).to.equal(0);
      (await upstream.requests.at(0)).response.end('ok');
      expect(await request.answer()).to.include({ status: 200, text: 'ok' });
    });

    it('goes on as slowly as it is read, and others are not held up by it', async () => {
      const body = Buffer.from(Array.from({ length: 1024 * KIB }, (_none, index) => (index * 7) % 256));
      upstream.answer = ({ target, response }) => void response.end(target === '/large' ? body : 'ok');
      const frames = await FrameClient.open(gateway.tlsPort);
      frames.send(headers(1, get('/large')));
      const received = (stream: number): number =>
        frames.frames.reduce(
          (sum, { type, payload, ...of }) => (type === TYPE.data && of.stream === stream ? sum + payload.length : sum),
          0,
        );
      // Enough for the connection, a little at a time for the stream.
      frames.send(frame(TYPE.windowUpdate, 0, 0, number(2 ** 24)));
      await frames.until(() => received(1) === 65_535, 'a whole window');
      expect(await settled(() => received(1))).to.equal(65_535);
      frames.send(headers(3, get('/small')));
      await frames.until(
        ({ type, stream, flags }) => type === TYPE.data && stream === 3 && flags === FLAG.endStream,
        'another answer',
      );
      for (let more = 65_535; more < body.length;) {
        const step = Math.min(100_000, body.length - more);
        frames.send(frame(TYPE.windowUpdate, 0, 1, number(step)));
        more += step;
        await frames.until(() => received(1) === more, `${more} bytes`);
      }
      const data = frames.frames.filter(({ type, stream }) => type === TYPE.data && stream === 1);
      expect(Buffer.concat(data.map(({ payload }) => payload)).equals(body)).to.equal(true);
      await frames.close();
    });

    it('is given up with its upstream request when the client resets it in its midst, and the rest goes on', async () => {
      upstream.answer = ({ response, target }) =>
        void (target === '/half' ? response.write('half') : response.end('ok'));
      const request = client.begin('/half');
      await request.until(() => request.text === 'half', 'half an answer');
      const received = await upstream.requests.at(0);
      request.stream.close(CANCEL);
      await received.over();
      const line = await gateway.logs.until(({ path }) => path === '/half', 'its access line');
      expect(line).to.include({ status: 200, bytes: 4, error: 'incomplete' });
      expect((await client.call('/a')).text).to.equal('ok');
      expect(client.goaways).to.deep.equal([]);
    });
  });
});
