import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { isRecord } from '../../../src/config/path.ts';
import { PROBLEMS, type ProblemCode } from '../../../src/errors.ts';
import { call, type Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { RawUpstream, TestUpstream } from '../../support/upstream.ts';

const JSON_TYPE = ['content-type', 'application/json'] as const;
const HOST = 'Host: shop.example.com\r\n';

/** The code of a problem, and its faults as `in pointer code`. */
function problemOf(answer: Pick<Answered, 'status' | 'text' | 'header'>): { code: string; faults: string[] } {
  expect(answer.header('content-type')).to.equal('application/problem+json');
  const problem: unknown = JSON.parse(answer.text);
  if (!isRecord(problem)) throw new Error(`no problem: ${answer.text}`);
  const errors: unknown[] = Array.isArray(problem['errors']) ? problem['errors'] : [];
  const faults = errors.map((fault) =>
    isRecord(fault) ? [fault['in'], fault['pointer'], fault['code']].map(String).join(' ').replace('  ', ' ') : '',
  );
  return { code: String(problem['code']), faults };
}

function expectRefused(
  answer: Pick<Answered, 'status' | 'text' | 'header'>,
  code: ProblemCode,
  ...faults: string[]
): void {
  expect(problemOf(answer)).to.deep.equal({ code, faults });
  expect(answer.status).to.equal(PROBLEMS[code].status);
}

onEachEngineAndHttp2('validation', (_engine, wire) => {
  let gateway: TestGateway;
  let upstream: TestUpstream;
  let other: TestUpstream;
  let dead: RawUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    other = await TestUpstream.start();
    dead = await RawUpstream.start((socket) => socket.destroy());
    gateway = await startTestGateway(`
upstreams:
  any: { targets: ["${upstream.origin}"], idleTimeout: 60s }
  hasty: { targets: ["${upstream.origin}"], idleTimeout: 200ms }
  other: { targets: ["${other.origin}"] }
  dead: { targets: ["${dead.origin}"] }
  retried:
    targets: ["${dead.origin}", "${upstream.origin}"]
    retry: { attempts: 2, methods: [POST], bodyBuffer: 1KiB, backoff: { base: 1ms, max: 1ms } }
x-order: &order
  type: object
  required: [items]
  properties:
    items:
      type: array
      items: { type: object, required: [qty], properties: { qty: { type: integer, minimum: 1 } } }
    note: { type: string }
routes:
  - name: all
    match: { path: "/all/:id" }
    upstream: any
    validate:
      params: { type: object, properties: { id: { type: integer } } }
      query:
        type: object
        properties: { page: { type: integer, minimum: 1 }, tag: { type: array, items: { type: string } } }
        additionalProperties: false
      headers: { type: object, required: [x-tenant], properties: { x-tenant: { type: string, pattern: "^[a-z]+$" } } }
      body: *order
  - { name: orders, match: { path: /orders }, upstream: any, validate: { body: *order } }
  - { name: any, match: { path: /any }, upstream: any, bodyBytes: 10KiB, validate: { body: {} } }
  - { name: large, match: { path: /large }, upstream: any, validate: { body: {} } }
  - { name: closed, match: { path: /closed }, upstream: any, validate: { body: { type: object, properties: { a: {} }, additionalProperties: false } } }
  - { name: query, match: { path: /query }, upstream: any, validate: { query: { type: object, required: [q] } } }
  - { name: hasty, match: { path: /hasty }, upstream: hasty, validate: { body: {} } }
  - { name: retried, match: { path: /retried }, upstream: retried, validate: { body: {} } }
  - { name: fallback, match: { path: /fallback }, upstream: dead, validate: { body: {} }, fallback: { upstream: any } }
  - { name: mirrored, match: { path: /mirrored }, upstream: any, validate: { body: {} }, mirror: { upstream: other } }
  - name: chat
    match: { path: /chat }
    upstream: any
    websocket: {}
    validate: { query: { type: object, required: [room] }, body: {} }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
    await other.close();
    await dead.close();
  });

  beforeEach(() => {
    upstream.reset();
    other.reset();
  });

  const post = async (
    path: string,
    body: string | Uint8Array,
    headers: readonly string[] = JSON_TYPE,
  ): Promise<Answered> => call(gateway.url + path, { method: 'POST', headers, body });

  /** Sends bytes as they are, and reads one answer. */
  async function ask(...pieces: (string | Uint8Array)[]): ReturnType<RawClient['response']> {
    const client = await RawClient.open(gateway.port);
    try {
      await client.send(...pieces);
      return await client.response();
    } finally {
      await client.close();
    }
  }

  /** What the upstream got: the body, and what the fields say of it. */
  async function received(): Promise<{ body: string; length: string | undefined; coding: string | undefined }> {
    const request = await upstream.requests.at(0);
    const body = (await request.body()).toString('utf8');
    expect(request.header('transfer-encoding')).to.equal(undefined);
    return { body, length: request.header('content-length'), coding: request.header('content-encoding') };
  }

  it('tells all faults of all parts at once', async () => {
    const answer = await post('/all/x?page=0&y=1', '{"items":[{"qty":0},{}],"note":5}');
    expectRefused(
      answer,
      'validation-failed',
      'path /id wrong-type',
      'query /y unknown-member',
      'query /page minimum',
      'header /x-tenant required',
      'body /items/0/qty minimum',
      'body /items/1/qty required',
      'body /note wrong-type',
    );
    expect(upstream.requests.items).to.have.length(0);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line['error']).to.equal('invalid-request: path /id must be integer (and 6 more)');
  });

  it('lets a request on that is as it should be', async () => {
    const answer = await post('/all/7?page=2&tag=a&tag=b', '{"items":[{"qty":1}]}', [...JSON_TYPE, 'X-Tenant', 'acme']);
    expect(answer.status).to.equal(200);
    expect((await upstream.requests.at(0)).target).to.equal('/all/7?page=2&tag=a&tag=b');
  });

  it('sends on the very bytes that it judged', async () => {
    const text = ' {"items" : [ ], "id":12345678901234567890, "x": 1.0, "s":"\\u0041" }\r\n';
    expect((await post('/orders', text)).status).to.equal(200);
    expect(await received()).to.deep.equal({ body: text, length: String(text.length), coding: undefined });
  });

  it('lets nothing by that says otherwise of the bytes that it judged', async () => {
    const twins = ['Content_Encoding', 'content.encoding', 'Content_Type', 'CONTENT.TYPE', 'Content_Length'];
    const fields = twins.flatMap((name) => [name, name.endsWith('h') ? '1' : name.endsWith('g') ? 'gzip' : 'text/xml']);
    expect((await post('/any', '{"a":1}', [...JSON_TYPE, ...fields, 'x_kept', '1'])).status).to.equal(200);
    const { headerNames } = await upstream.requests.at(0);
    expect(headerNames).to.include.members(['content-type', 'x_kept']);
    expect(headerNames.filter((name) => /^content[_.]/.test(name))).to.deep.equal([]);
  });

  it('knows the length of a chunked body when it sends it on', async () => {
    const chunks = `POST /orders HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n`;
    const answer = await ask(chunks, '5\r\n{"ite\r\n', '8\r\nms":[]}\n\r\n', '0\r\nx-sum: 1\r\n\r\n');
    expect(answer.status).to.equal(200);
    expect(await received()).to.deep.equal({ body: '{"items":[]}\n', length: '13', coding: undefined });
    const request = await upstream.requests.at(0);
    expect(request.header('trailer')).to.equal(undefined);
    expect(request.trailers).to.deep.equal([]);
  });

  it('answers Expect: 100-continue when it reads the body', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(
      `POST /orders HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n`,
    );
    expect((await client.response()).status).to.equal(100);
    await client.send('{"items":[]}');
    expect((await client.response()).status).to.equal(200);
    await client.close();
  });

  it('refuses at once whoever waits with a body for which there is no use', async () => {
    const answer = await ask(
      `POST /all/x HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\nX-Tenant: a\r\n\r\n`,
    );
    expectRefused(answer, 'validation-failed', 'path /id wrong-type');
  });

  it('refuses at once a large body of a request that is wrong anyhow', async () => {
    const answer = await ask(
      `POST /all/x HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 70000\r\nX-Tenant: a\r\n\r\n`,
    );
    expectRefused(answer, 'validation-failed', 'path /id wrong-type');
  });

  it('takes HTTP/1.0', async () => {
    const body = '{"items":[{"qty":0}]}';
    const head = `POST /orders HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    expectRefused(await ask(head + body), 'validation-failed', 'body /items/0/qty minimum');
  });

  it('asks for a body, but not where the method needs none', async () => {
    expectRefused(
      await call(`${gateway.url}/orders`, { method: 'POST', headers: ['content-length', '0'] }),
      'validation-failed',
      'body required',
    );
    expectRefused(await post('/orders', ''), 'validation-failed', 'body required');
    for (const method of ['GET', 'HEAD', 'DELETE'])
      expect((await call(`${gateway.url}/orders`, { method })).status, method).to.equal(200);
    expectRefused(
      await call(`${gateway.url}/orders`, { method: 'DELETE', headers: JSON_TYPE, body: '{}' }),
      'validation-failed',
      'body /items required',
    );
  });

  it('answers HEAD without a body', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`HEAD /query HTTP/1.1\r\n${HOST}\r\n`);
    expect((await client.response({ head: true })).status).to.equal(400);
    await client.close();
  });

  for (const type of [
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/vnd.order+json',
    'application/merge-patch+json; charset="utf-8"',
  ])
    it(`takes ${type}`, async () => {
      expect((await post('/any', '{}', ['content-type', type])).status).to.equal(200);
    });

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=utf-7',
    'text/plain; x=application/json',
  ])
    it(`does not take ${type}`, async () => {
      expectRefused(await post('/any', '{}', ['content-type', type]), 'unsupported-media-type');
      expect(upstream.requests.items).to.have.length(0);
    });

  it('does not take a body without a type', async () => {
    expectRefused(await post('/any', '{}', []), 'unsupported-media-type');
  });

  // A client of `node:http2` sends no such thing; http2-edges.test.ts does.
  if (wire !== 'HTTP/2') {
    it('does not take a body with two types', async () => {
      expectRefused(await post('/any', '{}', [...JSON_TYPE, 'content-type', 'text/plain']), 'unsupported-media-type');
    });
  }

  describe('of content that is coded', () => {
    const coded = (coding: string): string[] => [...JSON_TYPE, 'content-encoding', coding];
    const text = '{"items":[{"qty":1}]}';

    for (const [coding, encode] of [
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
      ['deflate', deflateSync],
    ] as const) {
      it(`judges what ${coding} stands for, and sends that on`, async () => {
        expect(
          (await post('/orders', encode(text), [...coded(coding), 'content-digest', 'sha-256=:x:'])).status,
        ).to.equal(200);
        expect(await received()).to.deep.equal({ body: text, length: String(text.length), coding: undefined });
        expect((await upstream.requests.at(0)).header('content-digest')).to.equal(undefined);
        expectRefused(await post('/orders', encode('{}'), coded(coding)), 'validation-failed', 'body /items required');
      });

      it(`refuses ${coding} that grows beyond the limit`, async () => {
        const bomb = encode(JSON.stringify('a'.repeat(10 * 1024 * 1024)));
        expectRefused(await post('/any', bomb, coded(coding)), 'body-too-large');
      });

      it(`refuses ${coding} that is cut off, or followed by something`, async () => {
        const whole = encode(text);
        for (const bytes of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.from('{}')])])
          expectRefused(await post('/orders', bytes, coded(coding)), 'invalid-body', 'body invalid-coding');
        expect(upstream.requests.items).to.have.length(0);
      });
    }

    it('joins two members of gzip', async () => {
      const two = Buffer.concat([gzipSync('{"items"'), gzipSync(':[]}')]);
      expect((await post('/orders', two, coded('gzip'))).status).to.equal(200);
      expect((await received()).body).to.equal('{"items":[]}');
    });

    it('refuses what it cannot decode, and says what it can', async () => {
      for (const coding of ['zstd', 'gzip, gzip', 'compress']) {
        const answer = await post('/any', '{}', coded(coding));
        expectRefused(answer, 'unsupported-media-type');
        expect(answer.header('accept-encoding')).to.equal('gzip, deflate, br');
      }
    });
  });

  describe('of texts that readers read differently', () => {
    for (const [what, text, fault] of [
      ['a member twice', '{"role":"user","role":"admin"}', 'body /role duplicate-member'],
      ['a member twice, once in escapes', '{"role":1,"r\\u006fle":2}', 'body /role duplicate-member'],
      ['half of a surrogate pair', '{"role":"adm\\ud800in"}', 'body /role lone-surrogate'],
      ['a number that is infinite', '{"n":1e999}', 'body /n number-range'],
      ['NaN', '{"n":NaN}', 'body /n invalid-json'],
      ['a comment', '{"n":1/*,"n":2*/}', 'body invalid-json'],
      ['a trailing comma', '{"n":1,}', 'body invalid-json'],
      ['two documents', '{"n":1}{"n":2}', 'body invalid-json'],
      ['a byte order mark', '\u{FEFF}{}', 'body invalid-json'],
      ['a name without quotes', '{n:1}', 'body invalid-json'],
      ['a NUL at the end', '{}\0', 'body invalid-json'],
      ['too many levels', `${'['.repeat(101)}${']'.repeat(101)}`, `body ${'/0'.repeat(100)} too-deep`],
    ] as const)
      it(`refuses ${what}`, async () => {
        expectRefused(await post('/any', text), 'invalid-body', fault);
        expect(upstream.requests.items).to.have.length(0);
      });

    it('refuses bytes that are not UTF-8', async () => {
      expectRefused(await post('/any', Buffer.from('{"a":"\xff"}', 'latin1')), 'invalid-body', 'body invalid-json');
    });

    it('finds __proto__ to be one member too many', async () => {
      expectRefused(
        await post('/closed', '{"__proto__":{"a":1}}'),
        'validation-failed',
        'body /__proto__ unknown-member',
      );
      expect((await post('/any', '{"__proto__":{"polluted":1}}')).status).to.equal(200);
      expect(Object.hasOwn(Object.prototype, 'polluted')).to.equal(false);
    });

    it('says where a fault is, and repeats nothing of the body', async () => {
      const answer = await post('/any', `{"a":\n  ${'secret'.repeat(100)}}`);
      expect(answer.text).to.include('is not JSON from line 2, column 3 on').and.not.include('secret');
    });
  });

  it('keeps an answer short, whatever the body', async () => {
    const long = await post('/closed', JSON.stringify({ ['k'.repeat(9000)]: 'v'.repeat(9000) }));
    expect(long.status).to.equal(400);
    expect(long.text.length).to.be.lessThan(1000);
    const many = await post('/orders', JSON.stringify({ items: Array.from({ length: 90_000 }, () => 0) }));
    expect(problemOf(many).faults).to.have.length(100);
    const line = await gateway.accessLine(long.header('x-request-id') ?? '');
    expect(String(line['error']).length).to.be.lessThan(300);
  });

  it('counts the bytes of a body', async () => {
    const json = (bytes: number): string => `"${'a'.repeat(bytes - 2)}"`;
    expect((await post('/any', json(10_240))).status).to.equal(200);
    expectRefused(await post('/any', json(10_241)), 'body-too-large');
    const chunked = [...JSON_TYPE, 'transfer-encoding', 'chunked'];
    expectRefused(await post('/any', json(10_241), chunked), 'body-too-large');
    expect((await post('/large', json(10 * 1024 * 1024))).status).to.equal(200);
    expectRefused(await post('/large', json(10 * 1024 * 1024 + 1)), 'body-too-large');
  });

  it('does not wait for ever for a slow body', async () => {
    const answer = await ask(
      `POST /hasty HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{`,
    );
    expectRefused(answer, 'request-timeout');
    expect(upstream.requests.items).to.have.length(0);
  });

  it('asks no upstream for a client that leaves in the middle of its body', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(`POST /orders HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
    await client.close();
    await gateway.logs.until((line) => line['status'] === 499 && line['route'] === 'orders', 'the line of the request');
    expect(upstream.requests.items).to.have.length(0);
  });

  it('answers a body that is framed badly, and closes', async () => {
    const client = await RawClient.open(gateway.port);
    const head = `POST /orders HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    await client.send(head, '5\r\n{"ite\r\n', 'x\r\n');
    expectRefused(await client.response(), 'invalid-request');
    expect(await client.ended()).to.equal('');
    await client.close();
    expect(upstream.requests.items).to.have.length(0);
  });

  it('lets a pipelined request follow one that it refused', async () => {
    const body = '{"items":5}';
    const one = `POST /orders HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const client = await RawClient.open(gateway.port);
    await client.send(one + one + `GET /orders HTTP/1.1\r\n${HOST}\r\n`);
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await client.response()).status);
    expect(statuses).to.deep.equal([400, 400, 200]);
    await client.close();
  });

  it('retries with the body that it judged, however large it is', async () => {
    const text = JSON.stringify('a'.repeat(5000));
    for (let round = 0; round < 4; round += 1) {
      upstream.reset();
      expect((await post('/retried', text)).status).to.equal(200);
      expect((await received()).body).to.equal(text);
    }
  });

  it('gives the body to a fallback, and a copy to a mirror', async () => {
    expect((await post('/fallback', '{"a":1}', [...JSON_TYPE, 'idempotency-key', '1'])).status).to.equal(200);
    expect((await received()).body).to.equal('{"a":1}');
    upstream.reset();
    const chunked = [...JSON_TYPE, 'transfer-encoding', 'chunked'];
    expect((await post('/mirrored', '{"b":2}', chunked)).status).to.equal(200);
    expect((await received()).body).to.equal('{"b":2}');
    const copy = await other.requests.at(0);
    expect((await copy.body()).toString()).to.equal('{"b":2}');
    expect(copy.headerValues('content-length')).to.deep.equal(['7']);
  });

  it('judges the request for a WebSocket', async () => {
    const upgrade = `${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    expectRefused(await ask(`GET /chat HTTP/1.1\r\n${upgrade}`), 'validation-failed', 'query /room required');
    upstream.server.once('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    const client = await RawClient.open(gateway.port);
    await client.send(`GET /chat?room=1 HTTP/1.1\r\n${upgrade}`);
    expect((await client.head()).status).to.equal(101);
    await client.close();
  });
});
