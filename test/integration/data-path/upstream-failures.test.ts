import { expect } from 'chai';
import type { Socket } from 'node:net';
import type { ProblemCode } from '../../../src/errors.ts';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { closedPort, onceHead, RawUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';

/** What an upstream does with a request, what the client gets, and the words in the access line. */
type Failing = readonly [what: string, connected: (socket: Socket) => void, problem: ProblemCode, kind: string];

const says =
  (text: string) =>
  (socket: Socket): void =>
    onceHead(socket, () => socket.end(text, 'latin1'));

const FAILING: readonly Failing[] = [
  ['closes without an answer', (socket) => onceHead(socket, () => socket.end()), 'upstream-reset', 'reset'],
  ['resets the connection', (socket) => onceHead(socket, () => socket.resetAndDestroy()), 'upstream-reset', 'reset'],
  ['closes before the request', (socket) => socket.end(), 'upstream-reset', 'reset'],
  ['closes in the middle of a head', says('HTTP/1.1 200 OK\r\nContent-Le'), 'upstream-reset', 'reset'],
  [
    'speaks another protocol',
    says('220 mail.example.com ESMTP\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  ['says HTTP/2', says('HTTP/2 200\r\n\r\n'), 'upstream-invalid-response', 'invalid-response'],
  ['says a status of two digits', says('HTTP/1.1 99 Low\r\n\r\n'), 'upstream-invalid-response', 'invalid-response'],
  ['says the status 099', says('HTTP/1.1 099 Low\r\n\r\n'), 'upstream-invalid-response', 'invalid-response'],
  ['says the status 999', says('HTTP/1.1 999 High\r\n\r\n'), 'upstream-invalid-response', 'invalid-response'],
  [
    'switches protocols unasked',
    says('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'folds a header line',
    says('HTTP/1.1 200 OK\r\nX-One: a\r\n b\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'ends lines with a bare line feed',
    says('HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'sends a bare carriage return',
    says('HTTP/1.1 200 OK\r\nX-One: a\rSet-Cookie: b\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  ['sends a NUL', says('HTTP/1.1 200 OK\r\nX-One: a\0b\r\n\r\n'), 'upstream-invalid-response', 'invalid-response'],
  [
    'puts a space before a colon',
    says('HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'sends a header without a colon',
    says('HTTP/1.1 200 OK\r\nhello\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'frames an answer in two ways',
    says('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'sends two Content-Lengths',
    says('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'sends a negative Content-Length',
    says('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'sends an unknown Transfer-Encoding',
    says('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'),
    'upstream-invalid-response',
    'invalid-response',
  ],
  [
    'sends a head without end',
    says(`HTTP/1.1 200 OK\r\n${'X-One: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(10_000)}`),
    'upstream-invalid-response',
    'invalid-response',
  ],
];

/** Answers that break off or go wrong: what comes first, and what comes once the client has got it. */
const BROKEN: readonly (readonly [what: string, first: string, then: string])[] = [
  ['with a Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello', ''],
  ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', ''],
  ['within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhello', ''],
  ['before its last line', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', '0\r\n'],
  ['with a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'xyz\r\n'],
  [
    'with a chunk that is too long',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello',
    '!\r\n0\r\n\r\n',
  ],
  [
    'with trailers that are none',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    '0\r\nX-One\r\n\r\n',
  ],
];

onEachEngine('an upstream that', () => {
  let gateway: TestGateway;
  let upstream: RawUpstream;
  let silent: RawUpstream;

  before(async () => {
    upstream = await RawUpstream.start(() => undefined);
    silent = await RawUpstream.start(() => undefined);
    gateway = await startTestGateway(`
response: { headers: { set: { x-content-type-options: nosniff } } }
upstreams:
  raw: { targets: ["${upstream.origin}"] }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
  unknown: { targets: ["http://nowhere.invalid:80"] }
  silent: { targets: ["https://127.0.0.1:${silent.port}"], connectTimeout: 100ms }
  plain: { targets: ["https://127.0.0.1:${upstream.port}"] }
routes:
  - { name: raw, match: { path: "/*rest" }, upstream: raw }
  - { name: none, match: { path: /none }, upstream: none }
  - { name: unknown, match: { path: /unknown }, upstream: unknown }
  - { name: silent, match: { path: /silent }, upstream: silent }
  - { name: plain, match: { path: /plain }, upstream: plain }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
    await silent.close();
  });

  async function expectFailure(path: string, problem: ProblemCode, kind: string): Promise<void> {
    const answer = await call(gateway.url + path);
    const id = expectProblem(answer, problem);
    expect(answer.header('x-content-type-options')).to.equal('nosniff');
    const line = await gateway.accessLine(id);
    expect(line['status']).to.equal(answer.status);
    expect(line['error']).to.match(new RegExp(`^${kind}: `));
  }

  for (const [what, connected, problem, kind] of FAILING) {
    it(`${what} is answered for with ${problem}`, async () => {
      upstream.connected = connected;
      await expectFailure('/a', problem, kind);
    });
  }

  it('does not listen is answered for with upstream-unreachable', async () => {
    await expectFailure('/none', 'upstream-unreachable', 'connect');
  });

  it('has no address is answered for with upstream-unreachable', async () => {
    await expectFailure('/unknown', 'upstream-unreachable', 'connect');
  });

  it('does not get a connection up within connectTimeout is answered for with upstream-unreachable', async () => {
    await expectFailure('/silent', 'upstream-unreachable', 'connect-timeout');
  });

  it('closes within the TLS handshake is answered for with upstream-unreachable', async () => {
    upstream.connected = (socket) => void socket.once('data', () => socket.end());
    await expectFailure('/plain', 'upstream-unreachable', '(?:connect|tls)');
  });

  it('speaks no TLS where it should is answered for with upstream-unreachable', async () => {
    upstream.connected = (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expectFailure('/plain', 'upstream-unreachable', 'tls');
  });

  for (const [what, first, then] of BROKEN) {
    it(`breaks off an answer ${what} breaks off the client’s`, async () => {
      let goOn = (): void => undefined;
      upstream.connected = (socket) => {
        onceHead(socket, () => socket.write(first));
        goOn = () => void socket.end(then);
      };
      const client = await RawClient.open(gateway.port);
      await client.send(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
      await client.until('hello');
      goOn();
      const head = await client.head();
      expect(head.status).to.equal(200);
      const rest = await client.ended();
      expect(rest).to.not.match(/0\r\n\r\n$/);
      await client.close();
      const line = await gateway.accessLine(head.header('x-request-id') ?? '');
      expect(line['status']).to.equal(200);
      expect(line['error']).to.match(/^(?:reset|invalid-response): /);
    });
  }

  it('ends an answer of unknown length by closing is complete', async () => {
    upstream.connected = says('HTTP/1.0 200 OK\r\n\r\nhello');
    const answer = await call(`${gateway.url}/a`);
    expect([answer.text, answer.header('transfer-encoding')]).to.deep.equal(['hello', 'chunked']);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line['error']).to.equal(undefined);
  });

  it('sends more than it announced cannot add an answer to another request', async () => {
    const inner = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
    let connections = 0;
    upstream.connected = (socket) => {
      connections += 1;
      const then = connections === 1 ? inner : '';
      onceHead(socket, () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood${then}`);
        if (then === '') socket.end();
      });
    };
    expect((await call(`${gateway.url}/a`)).text).to.equal('good');
    expect((await call(`${gateway.url}/b`)).text).to.equal('good');
    expect(connections).to.equal(2);
  });

  it('answers HEAD with a body cannot add an answer to another request', async () => {
    let connections = 0;
    upstream.connected = (socket) => {
      connections += 1;
      const end = connections > 1;
      onceHead(socket, () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody');
        if (end) socket.end();
      });
    };
    const head = await call(`${gateway.url}/a`, { method: 'HEAD' });
    expect([head.status, head.text, head.header('content-length')]).to.deep.equal([200, '', '4']);
    expect((await call(`${gateway.url}/b`)).text).to.equal('body');
    expect(connections).to.equal(2);
  });

  it('sets its own hop-by-hop headers sets nothing at the client', async () => {
    upstream.connected = says(
      'HTTP/1.1 200 OK\r\nConnection: close, X-Internal\r\nX-Internal: a\r\nKeep-Alive: timeout=1\r\nProxy-Authenticate: Basic\r\nUpgrade: h2c\r\nX-Request-Id: theirs\r\nX-Kept: b\r\nContent-Length: 0\r\n\r\n',
    );
    const answer = await call(`${gateway.url}/a`);
    const names = answer.rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names).to.have.members([
      'x-kept',
      'content-length',
      'x-content-type-options',
      'x-request-id',
      'date',
      'connection',
    ]);
    expect(answer.header('x-request-id')).to.not.equal('theirs');
  });
});
