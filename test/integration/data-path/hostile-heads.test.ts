import { expect } from 'chai';
import type { ProblemCode } from '../../../src/errors.ts';
import { expectProblem } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { rawExchange } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

/** A request that is no request: what it is, its bytes, and the answer. */
type Hostile = readonly [what: string, bytes: string, problem: ProblemCode];

const HOST = 'Host: shop.example.com\r\n';
const get = (lines: string): string => `GET /any HTTP/1.1\r\n${HOST}${lines}\r\n`;
const post = (lines: string, body = ''): string => `POST /any HTTP/1.1\r\n${HOST}${lines}\r\n${body}`;

const HOSTS: readonly Hostile[] = [
  ['no Host', 'GET /any HTTP/1.1\r\n\r\n', 'invalid-host'],
  ['an empty Host', 'GET /any HTTP/1.1\r\nHost:\r\n\r\n', 'invalid-host'],
  ['two Hosts', `GET /any HTTP/1.1\r\n${HOST}Host: other.example.com\r\n\r\n`, 'invalid-host'],
  ['the same Host twice', `GET /any HTTP/1.1\r\n${HOST}${HOST}\r\n`, 'invalid-host'],
  ['a Host with a path', 'GET /any HTTP/1.1\r\nHost: shop.example.com/admin\r\n\r\n', 'invalid-host'],
  ['a Host with a user', 'GET /any HTTP/1.1\r\nHost: admin@shop.example.com\r\n\r\n', 'invalid-host'],
  ['a Host with a space', 'GET /any HTTP/1.1\r\nHost: shop example\r\n\r\n', 'invalid-host'],
  ['a list of Hosts', 'GET /any HTTP/1.1\r\nHost: a.example.com, b.example.com\r\n\r\n', 'invalid-host'],
  ['a Host with a word as port', 'GET /any HTTP/1.1\r\nHost: shop.example.com:http\r\n\r\n', 'invalid-host'],
  ['a Host that is a port', 'GET /any HTTP/1.1\r\nHost: :80\r\n\r\n', 'invalid-host'],
  ['a Host with a quote', 'GET /any HTTP/1.1\r\nHost: a";b="c\r\n\r\n', 'invalid-host'],
  [
    'a target that names another host than Host',
    `GET http://other.example.com/any HTTP/1.1\r\n${HOST}\r\n`,
    'invalid-host',
  ],
  ['a target without a host', `GET http:///any HTTP/1.1\r\n${HOST}\r\n`, 'invalid-host'],
];

const FRAMING: readonly Hostile[] = [
  [
    'Content-Length before Transfer-Encoding',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
  [
    'Transfer-Encoding before Content-Length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
  ['two Content-Lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello!'), 'invalid-request'],
  ['the same Content-Length twice', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'), 'invalid-request'],
  ['a list as Content-Length', post('Content-Length: 5, 5\r\n', 'hello'), 'invalid-request'],
  ['a negative Content-Length', post('Content-Length: -5\r\n', 'hello'), 'invalid-request'],
  ['a Content-Length with a plus', post('Content-Length: +5\r\n', 'hello'), 'invalid-request'],
  ['a hexadecimal Content-Length', post('Content-Length: 0x5\r\n', 'hello'), 'invalid-request'],
  ['an empty Content-Length', post('Content-Length:\r\n', 'hello'), 'invalid-request'],
  ['a Content-Length beyond all numbers', post(`Content-Length: ${'9'.repeat(30)}\r\n`, 'hello'), 'invalid-request'],
  [
    'a Transfer-Encoding other than chunked',
    post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
  [
    'a Transfer-Encoding that only ends in chunked',
    post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
  ['chunked that is not the last coding', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), 'invalid-request'],
  ['a Transfer-Encoding of identity', post('Transfer-Encoding: identity\r\n', '0\r\n\r\n'), 'invalid-request'],
  [
    'Transfer-Encoding twice',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
  [
    'chunked twice in one Transfer-Encoding',
    post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
  ['a Transfer-Encoding in quotes', post('Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n'), 'invalid-request'],
  [
    'Transfer-Encoding in HTTP/1.0',
    `POST /any HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'invalid-request',
  ],
  ['a space before the colon of Content-Length', post('Content-Length : 5\r\n', 'hello'), 'invalid-request'],
  [
    'a space before the colon of Transfer-Encoding',
    post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'),
    'invalid-request',
  ],
];

const SYNTAX: readonly Hostile[] = [
  ['a folded header line', get('X-One: a\r\n b\r\n'), 'invalid-request'],
  ['a fold in the first header line', 'GET /any HTTP/1.1\r\n Host: shop.example.com\r\n\r\n', 'invalid-request'],
  ['a bare line feed after a header', `GET /any HTTP/1.1\r\n${HOST}X-One: a\nX-Two: b\r\n\r\n`, 'invalid-request'],
  ['a bare line feed after the request line', `GET /any HTTP/1.1\n${HOST}\r\n`, 'invalid-request'],
  ['a bare line feed at the end of the head', `GET /any HTTP/1.1\r\n${HOST}\n`, 'invalid-request'],
  ['only bare line feeds', 'GET /any HTTP/1.1\nHost: shop.example.com\n\n', 'invalid-request'],
  ['a bare carriage return in a header', get('X-One: a\rX-Two: b\r\n'), 'invalid-request'],
  ['a bare carriage return at the end of the head', `GET /any HTTP/1.1\r\n${HOST}\r\rX`, 'invalid-request'],
  ['a NUL in a header', get('X-One: a\0b\r\n'), 'invalid-request'],
  ['a NUL in a header’s name', get('X-\0One: a\r\n'), 'invalid-request'],
  ['a space in a header’s name', get('X One: a\r\n'), 'invalid-request'],
  ['a header without a colon', get('X-One\r\n'), 'invalid-request'],
  ['a header without a name', get(': a\r\n'), 'invalid-request'],
  ['a method that is no token', `G\x01T /any HTTP/1.1\r\n${HOST}\r\n`, 'invalid-request'],
  ['a method in lower case', `get /any HTTP/1.1\r\n${HOST}\r\n`, 'invalid-request'],
  ['a method that nobody knows', `FOO /any HTTP/1.1\r\n${HOST}\r\n`, 'invalid-request'],
  ['a method of another protocol', `SOURCE /any HTTP/1.1\r\n${HOST}\r\n`, 'invalid-request'],
  ['the method of the preface of HTTP/2', `PRI /any HTTP/1.1\r\n${HOST}\r\n`, 'invalid-request'],
  ['a space in the target', `GET /any thing HTTP/1.1\r\n${HOST}\r\n`, 'invalid-request'],
  ['a request without a version', 'GET /any\r\n\r\n', 'http-version-not-supported'],
  ['words', 'good morning\r\n\r\n', 'invalid-request'],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'invalid-request'],
  ['the version 1.2', `GET /any HTTP/1.2\r\n${HOST}\r\n`, 'http-version-not-supported'],
  ['the version 2.0', `GET /any HTTP/2.0\r\n${HOST}\r\n`, 'http-version-not-supported'],
  ['the version 0.9', `GET /any HTTP/0.9\r\n${HOST}\r\n`, 'http-version-not-supported'],
  ['the version 9.9', `GET /any HTTP/9.9\r\n${HOST}\r\n`, 'http-version-not-supported'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http-version-not-supported'],
];

const METHODS: readonly Hostile[] = [
  ['CONNECT', `CONNECT shop.example.com:443 HTTP/1.1\r\nHost: shop.example.com:443\r\n\r\n`, 'method-not-implemented'],
  ['TRACE', `TRACE /any HTTP/1.1\r\n${HOST}\r\n`, 'method-not-allowed'],
  [
    'an expectation other than 100-continue',
    post('Expect: 200-ok\r\nContent-Length: 5\r\n', 'hello'),
    'expectation-failed',
  ],
];

onEachEngineAndTls('a request that is not acceptable', (engine) => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
response: { headers: { set: { x-content-type-options: nosniff } } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  const families: readonly (readonly [string, readonly Hostile[]])[] = [
    ['a doubtful Host', HOSTS],
    ['doubtful framing', FRAMING],
    ['broken syntax', SYNTAX],
    ['a method or an expectation that is not for gateways', METHODS],
  ];
  for (const [family, rows] of families) {
    describe(family, () => {
      for (const [what, bytes, problem] of rows) {
        it(`answers ${what} with ${problem}, once, and asks no upstream`, async () => {
          // A second request, smuggled or honest, must not be served after one that was not understood.
          const answers = await rawExchange(gateway.port, bytes);
          expect(answers).to.have.length(1);
          const [answer] = answers;
          if (answer === undefined) return;
          expectProblem(answer, problem);
          expect(answer.header('connection')).to.equal('close');
          expect(answer.header('x-content-type-options')).to.equal('nosniff');
          expect(upstream.requests.items).to.have.length(0);
        });
      }
    });
  }

  it('serves nothing that follows it on the connection', async () => {
    const next = `GET /next HTTP/1.1\r\n${HOST}\r\n`;
    const answers = await rawExchange(gateway.port, `GET /any HTTP/1.1\r\n\r\n${next}`);
    expect(answers.map(({ status }) => status)).to.deep.equal([400]);
    expect(upstream.requests.items).to.have.length(0);
  });

  it('serves nothing that follows garbage on the connection', async () => {
    const next = `GET /next HTTP/1.1\r\n${HOST}\r\n`;
    const answers = await rawExchange(gateway.port, `garbage\r\n\r\n${next}${next}`);
    expect(answers.map(({ status }) => status)).to.deep.equal([400]);
    expect(upstream.requests.items).to.have.length(0);
  });

  it('answers the request before it, and then closes', async () => {
    const first = `GET /first HTTP/1.1\r\n${HOST}\r\n`;
    const answers = await rawExchange(gateway.port, first + 'garbage\r\n\r\n'.repeat(1000));
    expect(answers.map(({ status }) => status)).to.deep.equal(engine === 'node:http' ? [200] : [200, 400]);
    expect(upstream.requests.items.map(({ target }) => target)).to.deep.equal(['/first']);
  });

  it('is one line in the access log, found by the id that the client got', async () => {
    const [answer] = await rawExchange(gateway.port, 'garbage\r\n\r\n');
    const line = await gateway.accessLine(answer?.header('x-request-id') ?? '');
    expect(line).to.include({ method: '', path: '', route: '_none', status: 400, client: '127.0.0.1' });
  });

  it('is refused as well when it comes byte by byte', async () => {
    const answers = await rawExchange(gateway.port, ...`GET /any HTTP/1.1\r\n${HOST}${HOST}\r\n`);
    expect(answers.map(({ status }) => status)).to.deep.equal([400]);
  });

  it('says which methods TRACE could have been', async () => {
    const [answer] = await rawExchange(gateway.port, `TRACE /any HTTP/1.1\r\n${HOST}\r\n`);
    expect(answer?.header('allow')).to.equal('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  });
});
