import { randomBytes } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { call, expectProblem, type Answered, type CallOptions } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream, type Answer } from '../../support/upstream.ts';

const JSON_TYPE = ['content-type', 'application/json'] as const;
const HOST = 'Host: shop.example.com\r\n';

onEachEngineAndHttp2('edits of bodies', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - name: requests
    match: { path: "/requests/:id" }
    upstream: any
    bodyBytes: 64KiB
    request:
      body:
        set:
          /audit/order: "order {{params.id}}"
          /audit/user: "{{headers.x-user}}"
          /tags/-: { from: gateway, who: "{{headers.x-user}}" }
        remove: [/internal, /items/0/price]
  - name: both
    match: { path: /both }
    upstream: any
    validate: { body: { type: object, required: [internal] } }
    request: { body: { remove: [/internal] } }
  - name: answers
    match: { path: /answers }
    upstream: any
    response: { body: { set: { /by: "gateway" }, remove: [/secret, /users/0/password] } }
  - name: fixed
    match: { path: /fixed }
    respond: { status: 200, headers: { content-type: application/json }, body: '{"secret":1,"a":2}' }
    response: { body: { remove: [/secret] } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  const post = async (
    path: string,
    body: string | Uint8Array,
    headers: readonly string[] = JSON_TYPE,
  ): Promise<Answered> => call(gateway.url + path, { method: 'POST', headers, body });

  describe('of requests', () => {
    const received = async (): Promise<string> => (await (await upstream.requests.at(0)).body()).toString('utf8');

    it('set, append and remove, and leave all else as it stands', async () => {
      const text = '{"id":12345678901234567890, "internal":{"a":[1,"}"]},"items":[{"price":1,"qty":2}],"tags":[]}';
      expect(
        (await post('/requests/a%20b', text, [...JSON_TYPE, 'x-user', '"}\\', 'content-md5', 'x'])).status,
      ).to.equal(200);
      expect(await received()).to.equal(
        '{"id":12345678901234567890, "items":[{"qty":2}],"tags":[{"from":"gateway","who":"\\"}\\\\"}],"audit":{"order":"order a b","user":"\\"}\\\\"}}',
      );
      const request = await upstream.requests.at(0);
      expect(request.headerValues('content-length')).to.deep.equal([String((await received()).length)]);
      expect(request.header('content-md5')).to.equal(undefined);
    });

    it('let no client say what the gateway has no value for', async () => {
      expect((await post('/requests/1', '{"audit":{"user":"root"},"tags":[]}')).status).to.equal(200);
      expect(await received()).to.equal('{"audit":{"order":"order 1"},"tags":[{"from":"gateway"}]}');
    });

    it('decode what is coded', async () => {
      const coded = [...JSON_TYPE, 'content-encoding', 'gzip'];
      expect((await post('/requests/1', gzipSync('{"internal":1}'), coded)).status).to.equal(200);
      expect(await received()).to.equal('{"audit":{"order":"order 1"},"tags":[{"from":"gateway"}]}');
      expect((await upstream.requests.at(0)).header('content-encoding')).to.equal(undefined);
    });

    it('are not skipped for what is no JSON, too large, or another thing', async () => {
      expectProblem(await post('/requests/1', 'a=1', ['content-type', 'text/plain']), 'unsupported-media-type');
      expectProblem(await post('/requests/1', `"${'a'.repeat(65_536)}"`), 'body-too-large');
      for (const [text, status, fault] of [
        ['{"a":1,"a":2}', 400, '/a'],
        ['[]', 400, '/audit'],
        ['5', 400, ''],
        ['{"audit":"x"}', 400, '/audit'],
        ['{"tags":{"a":1}}', 200, ''],
      ] as const) {
        const answer = await post('/requests/1', text);
        expect(answer.status, text).to.equal(status);
        if (status === 400) expect(answer.text).to.include(`"in":"body","pointer":"${fault}"`);
      }
    });

    it('leave a request without a body alone', async () => {
      expect((await call(`${gateway.url}/requests/1`)).status).to.equal(200);
      expect((await post('/requests/1', '', [...JSON_TYPE, 'transfer-encoding', 'chunked'])).status).to.equal(200);
      expect((await upstream.requests.at(1)).header('content-length')).to.equal('0');
    });

    it('come after the body was judged', async () => {
      expect((await post('/both', '{"internal":1,"a":2}')).status).to.equal(200);
      expect(await received()).to.equal('{"a":2}');
      expect((await post('/both', '{"a":2}')).status).to.equal(400);
    });
  });

  describe('of answers', () => {
    const answering =
      (body: string | Buffer, headers: Readonly<Record<string, string>> = {}, status = 200): Answer =>
      ({ response }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(body);
      };
    const ask = async (answer: Answer, options: CallOptions = {}): Promise<Answered> => {
      upstream.answer = answer;
      return call(`${gateway.url}/answers`, options);
    };
    const TEXT = '{"id":12345678901234567890,"secret":{"a":1},"users":[{"name":"a","password":"b"}]}';
    const EDITED = '{"id":12345678901234567890,"users":[{"name":"a"}],"by":"gateway"}';

    const expectUnedited = async (answer: Answered, cause: RegExp): Promise<void> => {
      const id = expectProblem(answer, 'upstream-invalid-response');
      expect(answer.text).to.not.include('password');
      expect((await gateway.accessLine(id))['error']).to.match(cause);
    };

    it('set and remove', async () => {
      const answer = await ask(answering(TEXT, { 'content-length': String(TEXT.length) }));
      expect(answer.text).to.equal(EDITED);
      expect(answer.header('content-length')).to.equal(String(EDITED.length));
    });

    it('come with fields that are true of what is sent', async () => {
      const answer = await ask(
        answering(gzipSync(TEXT), {
          'content-encoding': 'gzip',
          vary: 'accept-encoding',
          etag: '"1"',
          'content-md5': 'x',
          'repr-digest': 'x',
          'accept-ranges': 'bytes',
          'cache-control': 'no-cache',
        }),
      );
      expect(answer.text).to.equal(EDITED);
      expect(answer.header('etag')).to.equal('W/"1"');
      expect(answer.header('vary')).to.equal('accept-encoding');
      expect(answer.header('cache-control')).to.equal('no-cache');
      for (const name of ['content-encoding', 'content-md5', 'repr-digest', 'accept-ranges'])
        expect(answer.header(name), name).to.equal(undefined);
    });

    it('decode br, and chunks', async () => {
      const bytes = brotliCompressSync(TEXT);
      const answer = await ask(({ response }) => {
        response.writeHead(200, { 'content-type': 'application/vnd.x+json', 'content-encoding': 'br', etag: 'W/"1"' });
        response.write(bytes.subarray(0, 10));
        response.end(bytes.subarray(10));
      });
      expect(answer.text).to.equal(EDITED);
      expect(answer.header('etag')).to.equal('W/"1"');
    });

    it('leave alone what is no JSON', async () => {
      const etag = { 'content-type': 'text/html', etag: '"1"' };
      const answer = await ask(answering('{"secret":1}', etag));
      expect(answer.text).to.equal('{"secret":1}');
      expect(answer.header('etag')).to.equal('"1"');
    });

    it('stream what is no JSON, however large it is', async () => {
      const body = Buffer.alloc(5 * 1024 * 1024, 'x');
      const answer = await ask(answering(body, { 'content-type': 'application/octet-stream' }));
      expect(answer.body.equals(body)).to.equal(true);
    });

    it('leave HEAD, 204 and 304 without a body', async () => {
      const client = await RawClient.open(gateway.port);
      upstream.answer = answering('', { 'content-length': '100', etag: '"1"' });
      await client.send(`HEAD /answers HTTP/1.1\r\n${HOST}\r\n`);
      const head = await client.response({ head: true });
      expect([head.status, head.header('content-length'), head.header('etag')]).to.deep.equal([
        200,
        undefined,
        'W/"1"',
      ]);
      for (const status of [204, 304]) {
        upstream.answer = answering('', { etag: '"1"' }, status);
        await client.send(`GET /answers HTTP/1.1\r\n${HOST}\r\n`);
        const answer = await client.response();
        expect([answer.status, answer.header('content-length')]).to.deep.equal([status, undefined]);
      }
      await client.close();
    });

    it('take texts and numbers as they come', async () => {
      const answer = await ask(answering('{"cut":"\\ud83d","n":1e400,"secret":1}'));
      expect(answer.text).to.equal('{"cut":"\\ud83d","n":1e400,"by":"gateway"}');
    });

    it('take an empty body for what it is', async () => {
      const answer = await ask(answering('', { location: '/x' }, 302));
      expect([answer.status, answer.text, answer.header('content-length')]).to.deep.equal([302, '', '0']);
    });

    it('reach errors of the upstream, too', async () => {
      const answer = await ask(answering('{"secret":1}', { 'content-type': 'application/problem+json' }, 500));
      expect([answer.status, answer.text]).to.deep.equal([500, '{"by":"gateway"}']);
    });

    it('reach an answer of the gateway itself', async () => {
      expect((await call(`${gateway.url}/fixed`)).text).to.equal('{"a":2}');
    });

    it('ask for all of the answer, in a coding that can be undone', async () => {
      const headers = ['range', 'bytes=0-3', 'if-range', '"1"', 'accept-encoding', 'zstd, gzip;q=0.5, br, *'];
      await ask(answering(TEXT), { headers });
      const request = await upstream.requests.at(0);
      expect(request.header('range')).to.equal(undefined);
      expect(request.header('if-range')).to.equal(undefined);
      expect(request.header('accept-encoding')).to.equal('gzip;q=0.5, br');
      await ask(answering(TEXT), { headers: ['accept-encoding', 'zstd'] });
      expect((await upstream.requests.at(1)).header('accept-encoding')).to.equal('identity');
    });

    for (const [what, answer, cause] of [
      ['is cut off', answering(gzipSync(TEXT).subarray(0, -4), { 'content-encoding': 'gzip' }), /broken/],
      ['is in a coding that nobody knows', answering(TEXT, { 'content-encoding': 'zstd' }), /coding is not known/],
      ['is no JSON', answering('<html>password'), /is not JSON/],
      ['has a member twice', answering('{"secret":1,"secret":"password"}'), /\/secret, stands twice/],
      ['is a part', answering('{"secret":1', { 'content-range': 'bytes 0-10/20' }, 206), /a part/],
      [
        'is a part among others',
        answering('{"secret":1', { 'content-type': 'multipart/byteranges; boundary=x' }, 206),
        /a part/,
      ],
      ['is another thing', answering('["password"]'), /must be there/],
      [
        'is one object after the other',
        answering('{"a":1}\n{"password":1}', { 'content-type': 'application/x-ndjson' }),
        /is not JSON/,
      ],
      ['is announced to be too large', answering(JSON.stringify('a'.repeat(1024 * 1024))), /too large/],
      [
        'is too large, decoded',
        answering(gzipSync(JSON.stringify(randomBytes(600_000).toString('hex'))), { 'content-encoding': 'gzip' }),
        /too-large/,
      ],
      [
        'grows too much, decoded',
        answering(gzipSync(JSON.stringify('a'.repeat(500_000))), { 'content-encoding': 'gzip' }),
        /too-dense/,
      ],
      ['holds too many values', answering(`{"secret":[${'0,'.repeat(100_000)}0]}`), /\/secret\/\d+, holds more than/],
    ] as const)
      it(`answer 502 in place of an answer that ${what}`, async () => {
        await expectUnedited(await ask(answer), cause);
      });

    it('answer 502 for JSON that does not say that it is JSON, unless it can be edited', async () => {
      const untyped =
        (text: string): Answer =>
        ({ response }) => {
          response.writeHead(200, ['x-a', '1']);
          response.end(text);
        };
      expect((await ask(untyped(TEXT))).text).to.equal(EDITED);
      await expectUnedited(await ask(untyped('password')), /is not JSON/);
    });

    it('give up an answer that never ends, and its connection', async () => {
      const answer = await ask(({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const chunk = Buffer.alloc(64 * 1024, ' ');
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', more);
        more();
      });
      await expectUnedited(answer, /too large/);
      await (await upstream.requests.at(0)).over();
    });

    it('answer with a problem when the upstream breaks off', async () => {
      const answer = await ask(({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"secret":', () => response.destroy());
      });
      expectProblem(answer, 'upstream-reset');
    });

    it('tell the upstream that the client has left', async () => {
      upstream.answer = ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      };
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /answers HTTP/1.1\r\n${HOST}\r\n`);
      const request = await upstream.requests.at(0);
      await client.close();
      await request.over();
    });

    it('serve the next request on the connection', async () => {
      const client = await RawClient.open(gateway.port);
      upstream.answer = answering('[');
      await client.send(`GET /answers HTTP/1.1\r\n${HOST}\r\n`);
      expect((await client.response()).status).to.equal(502);
      upstream.answer = answering(TEXT);
      await client.send(`GET /answers HTTP/1.1\r\n${HOST}\r\n`);
      expect((await client.response()).text).to.equal(EDITED);
      await client.close();
    });
  });
});
