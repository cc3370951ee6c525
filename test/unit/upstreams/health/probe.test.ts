/** One probe of a real server, and what it says of it. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { settled, within } from '../../../support/arrivals.ts';
import { first, second } from '../../../support/certificates.ts';
import { closedPort, onceHead, RawUpstream, TestUpstream } from '../../../support/upstream.ts';
import { Probe, type ProbeOutcome, type ProbeQuestion } from '../../../../src/upstreams/health/probe.ts';
import type { EndpointTls } from '../../../../src/upstreams/endpoint.ts';

const DEEP: ProbeQuestion = { path: '/healthz', status: [200], body: undefined, timeout: 5000 };
const SHALLOW: ProbeQuestion = { ...DEEP, path: undefined };
const TLS: EndpointTls = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };
/** How much of a body is read, in bytes. */
const LIMIT = 64 * 1024;

/** Writes until nobody reads it any more. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(16 * 1024, ' ');
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}

describe('a health probe', () => {
  const servers: { close(): Promise<void> }[] = [];

  /** What a probe is told: `healthy: why` or `unhealthy: why`. */
  async function probe(
    origin: string,
    question: Partial<ProbeQuestion> = {},
    tls: Partial<EndpointTls> = {},
  ): Promise<string> {
    const outcomes: ProbeOutcome[] = [];
    const ended = new Promise<ProbeOutcome>((resolve) => {
      new Probe({ origin, tls: { ...TLS, ...tls } }, { ...DEEP, ...question }, (outcome) => {
        outcomes.push(outcome);
        resolve(outcome);
      }).start();
    });
    const { isHealthy, why } = await within(ended, 'the outcome of a probe');
    expect(await settled(() => outcomes.length)).to.equal(1);
    return `${isHealthy ? 'healthy' : 'unhealthy'}: ${why}`;
  }

  async function upstream(answer: (response: ServerResponse) => unknown): Promise<TestUpstream> {
    const started = await TestUpstream.start(({ response }) => void answer(response));
    servers.push(started);
    return started;
  }

  async function raw(connected: (socket: Socket) => void): Promise<RawUpstream> {
    const started = await RawUpstream.start(connected);
    servers.push(started);
    return started;
  }

  async function secure(options: ServerOptions): Promise<string> {
    const server = createSecureServer(options, (_request, response) => void response.end());
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    servers.push({ close });
    const address = server.address();
    return `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('asks with GET as the gateway, on a connection that it closes', async () => {
    const server = await upstream((response) => response.end());
    expect(await probe(server.origin, { path: '/gesund/ü?full=1' })).to.equal('healthy: GET /gesund/ü answered 200');
    const request = await server.requests.at(0);
    expect([request.method, request.target]).to.deep.equal(['GET', '/gesund/%C3%BC?full=1']);
    expect(request.headerNames.toSorted()).to.deep.equal(['accept', 'connection', 'host', 'user-agent']);
    expect(request.headerValues('host')).to.deep.equal([`127.0.0.1:${server.port}`]);
    expect(request.header('user-agent')).to.equal('gatewayctl-health');
    expect(request.header('connection')).to.equal('close');
  });

  it('tells nothing of the query: it may hold a token', async () => {
    const server = await upstream((response) => response.writeHead(401).end());
    expect(await probe(server.origin, { path: '/h?token=s3cret' })).to.equal('unhealthy: GET /h answered 401');
    expect((await server.requests.at(0)).target).to.equal('/h?token=s3cret');
  });

  it('follows no redirect', async () => {
    const server = await upstream((response) => response.writeHead(302, { location: '/ok' }).end());
    expect(await probe(server.origin)).to.equal('unhealthy: GET /healthz answered 302');
    expect(server.connections).to.equal(1);
  });

  for (const [what, question, answer] of [
    ['a status of the list', { status: [200, 418] }, (response) => response.writeHead(418).end()],
    ['a body without an end that is not read', {}, (response) => flood(response)],
    ['a text in the body', { body: '"ok"' }, (response) => response.end('{"is":"ok"}')],
    ['a text in several chunks', { body: '"ok"' }, (response) => (response.write('"o'), response.end('k"'))],
    ['a text in a body without an end', { body: 'ok' }, (response) => (response.write('ok'), flood(response))],
    ['a text at the end of what is read', { body: 'ok' }, (response) => response.end(`${' '.repeat(LIMIT - 2)}ok`)],
    ['the empty text', { body: '' }, (response) => response.end()],
  ] satisfies [string, Partial<ProbeQuestion>, (response: ServerResponse) => unknown][]) {
    it(`is content with ${what}`, async () => {
      const server = await upstream(answer);
      expect(await probe(server.origin, question)).to.match(/^healthy: GET \/healthz answered (?:200|418)$/);
      await (await server.requests.at(0)).over();
    });
  }

  const WITHOUT = 'GET /healthz answered 200 without the expected text';
  for (const [what, question, answer, why] of [
    ['another status', {}, (response) => response.writeHead(503).end('ok'), 'GET /healthz answered 503'],
    ['another body', { body: '"ok"' }, (response) => response.end('"down"'), WITHOUT],
    ['no body', { body: 'ok' }, (response) => response.end(), WITHOUT],
    [
      'a text that comes too late in the body',
      { body: 'ok' },
      (response) => response.end(`${' '.repeat(LIMIT - 1)}ok`),
      `${WITHOUT} in the first 64 KiB`,
    ],
    ['a body without an end', { body: 'ok' }, (response) => flood(response), `${WITHOUT} in the first 64 KiB`],
    [
      'a body that breaks off',
      { body: 'ok' },
      (response) => response.writeHead(200, { 'content-length': 9 }).write('o', () => response.destroy()),
      'GET /healthz answered 200 and broke off: ECONNRESET',
    ],
    ['no answer but an end', {}, (response) => response.destroy(), 'GET /healthz: no answer (ECONNRESET)'],
  ] satisfies [string, Partial<ProbeQuestion>, (response: ServerResponse) => unknown, string][]) {
    it(`fails at ${what}`, async () => {
      const server = await upstream(answer);
      expect(await probe(server.origin, question)).to.equal(`unhealthy: ${why}`);
      await (await server.requests.at(0)).over();
    });
  }

  for (const [what, bytes, why] of [
    ['what is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', /: an answer that is not valid HTTP \(HPE_\w+\)$/],
    [
      'a status line of garbage',
      'HTTP/1.1 abc OK\r\n\r\n',
      /: an answer that is not valid HTTP \(HPE_INVALID_STATUS\)$/,
    ],
    ['a head without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(LIMIT)}`, /valid HTTP \(HPE_HEADER_OVERFLOW\)$/],
    ['a change of protocol', 'HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', /: no answer \(\w+\)$/],
    [
      'a bad chunk',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nz\r\n',
      / broke off: HPE_INVALID_CHUNK_SIZE$/,
    ],
  ] as const) {
    it(`fails at ${what}`, async () => {
      const { origin } = await raw((socket) => onceHead(socket, () => socket.write(bytes)));
      const told = await probe(origin, { body: 'ok' });
      expect(told).to.match(why);
      expect(told).to.match(/^unhealthy: GET \/healthz/);
    });
  }

  it('reads a body that ends with the connection', async () => {
    const { origin } = await raw((socket) => onceHead(socket, () => socket.end('HTTP/1.0 200 OK\r\n\r\nall is o')));
    expect(await probe(origin, { body: 'all is ok' })).to.equal(`unhealthy: ${WITHOUT}`);
    expect(await probe(origin, { body: 'all is o' })).to.equal('healthy: GET /healthz answered 200');
  });

  for (const [what, tls, options] of [
    ['a private authority', { ca: first.cert }, first],
    ['another name, when that is expected', { ca: first.cert, serverName: 'localhost' }, first],
    ['a certificate that is not to be checked', { verify: false }, first],
    [
      'an endpoint that wants a certificate and gets it',
      { ca: first.cert, cert: second.cert, key: second.key },
      { ...first, requestCert: true, ca: second.cert },
    ],
  ] satisfies [string, Partial<EndpointTls>, ServerOptions][]) {
    it(`is content with ${what}`, async () => {
      const origin = await secure(options);
      expect(await probe(origin, DEEP, tls)).to.equal('healthy: GET /healthz answered 200');
      expect(await probe(origin, SHALLOW, tls)).to.equal('healthy: connected');
    });
  }

  it('sends the name of the endpoint or the one that is configured, and never an address', async () => {
    const names: string[] = [];
    const SNICallback: ServerOptions['SNICallback'] = (name, done) => {
      names.push(name);
      done(null);
    };
    const byAddress = await secure({ ...first, SNICallback });
    const byName = byAddress.replace('127.0.0.1', 'localhost');
    const tls = { ca: first.cert };
    expect(await probe(byAddress, DEEP, tls)).to.equal('healthy: GET /healthz answered 200');
    expect(await probe(byName, DEEP, tls)).to.equal('healthy: GET /healthz answered 200');
    expect(await probe(byName, DEEP, { verify: false, serverName: 'orders.test' })).to.match(/^healthy/);
    expect(names).to.deep.equal(['localhost', 'orders.test']);
  });

  it('fails at an endpoint that wants a certificate and gets none', async () => {
    const origin = await secure({ ...first, requestCert: true, ca: second.cert });
    expect(await probe(origin, DEEP, { ca: first.cert })).to.match(/^unhealthy: GET \/healthz: no answer \(\w+\)$/);
  });

  for (const [depth, question] of [
    ['deep', DEEP],
    ['shallow', SHALLOW],
  ] as const) {
    it(`fails at what is wrong before a request can be sent, when it is ${depth}`, async () => {
      const origin = await secure(first);
      const short = await raw((socket) => void socket.end('no TLS'));
      for (const [to, tls, why] of [
        [`http://127.0.0.1:${await closedPort()}`, {}, /^unhealthy: connect ECONNREFUSED$/],
        [origin, { ca: second.cert }, /^unhealthy: TLS handshake failed: DEPTH_ZERO_SELF_SIGNED_CERT$/],
        [
          origin,
          { ca: first.cert, serverName: 'other.test' },
          /^unhealthy: TLS handshake failed: ERR_TLS_CERT_ALTNAME_INVALID$/,
        ],
        [`https://127.0.0.1:${short.port}`, {}, /^unhealthy: TLS handshake failed: \w+$/],
        // Of settings that cannot be used nothing is told: one of them is a key.
        [origin, { cert: 'a key', key: 'a key' }, /^unhealthy: cannot connect: ERR_\w+$/],
      ] as const)
        expect(await probe(to, question, tls)).to.match(why);
    });
  }

  it('tells nothing when it is cancelled, and closes its connection', async () => {
    const server = await upstream(() => undefined);
    const outcomes: ProbeOutcome[] = [];
    const cancelled = new Probe({ origin: server.origin, tls: TLS }, DEEP, (outcome) => outcomes.push(outcome));
    cancelled.start();
    const request = await server.requests.at(0);
    cancelled.cancel();
    await request.over();
    expect(await settled(() => outcomes.length)).to.equal(0);
  });
});
