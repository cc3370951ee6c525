/** An endpoint that is probed while it goes, comes back, hangs and fails. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { expect } from 'chai';
import { Arrivals, settled } from '../../support/arrivals.ts';
import { first, second } from '../../support/certificates.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';
import { Prober, type ProbeRules } from '../../../src/upstreams/health/prober.ts';
import type { EndpointTls } from '../../../src/upstreams/endpoint.ts';

const RULES: ProbeRules = {
  path: '/healthz',
  status: [200],
  body: undefined,
  interval: 5,
  timeout: 5000,
  healthyAfter: 1,
  unhealthyAfter: 1,
};
const TLS: EndpointTls = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };

interface Watch {
  readonly prober: Prober;
  /** `healthy: why` or `unhealthy: why`. */
  readonly told: Arrivals<string>;
}

interface TestServer {
  /** Connections and handshakes. */
  readonly seen: Arrivals<string>;
  close(): Promise<void>;
}

describe('active health probes', () => {
  const watches: Watch[] = [];
  const servers: { close(): Promise<void> }[] = [];

  function watch(origin: string, rules: Partial<ProbeRules> = {}, tls: Partial<EndpointTls> = {}): Watch {
    const told = new Arrivals<string>((text) => text);
    const onChange = (isHealthy: boolean, why: string): void =>
      told.push(`${isHealthy ? 'healthy' : 'unhealthy'}: ${why}`);
    const target = { origin, tls: { ...TLS, ...tls } };
    const started = { prober: new Prober(target, { ...RULES, ...rules }, { onChange }, undefined, () => 0), told };
    watches.push(started);
    return started;
  }

  /** @param answer to each request, counted from 0; by default 200 */
  async function upstream(answer?: (response: ServerResponse, index: number) => unknown): Promise<TestUpstream> {
    const started = await TestUpstream.start(({ response }) => {
      if (answer === undefined) response.end();
      else answer(response, started.requests.items.length - 1);
    });
    servers.push(started);
    return started;
  }

  /** A server at a port that was chosen before. */
  async function listenAt(
    port: number,
    certificate?: { readonly cert: string; readonly key: string },
  ): Promise<TestServer> {
    const seen = new Arrivals<string>((event) => event);
    const server =
      certificate === undefined
        ? createServer()
        : createSecureServer({ ...certificate, requestCert: true, ca: second.cert });
    server.on('connection', () => seen.push('connection'));
    server.on('secureConnection', () => seen.push('handshake'));
    server.on('tlsClientError', () => seen.push('failed handshake'));
    server.on('request', (_request, response: ServerResponse) => response.end('{"is":"ok"}'));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const close = async (): Promise<void> => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    };
    servers.push({ close });
    return { seen, close };
  }

  /** Waits as long as another endpoint takes to be probed many times at the same pace: who would go on has gone on. */
  async function manyIntervals(): Promise<void> {
    const other = await upstream();
    const { prober } = watch(other.origin);
    await other.requests.at(20);
    prober.close();
  }

  afterEach(async () => {
    const ended = watches.splice(0).map(({ prober, told }) => {
      prober.close();
      return { told, length: told.items.length };
    });
    for (const server of servers.splice(0)) await server.close();
    for (const { told, length } of ended) expect(await settled(() => told.items.length)).to.equal(length);
  });

  for (const [what, scheme, rules, certificate, answer] of [
    ['deep ones', 'http', { body: '"ok"' }, undefined, 'GET /healthz answered 200'],
    ['shallow ones', 'http', { path: undefined }, undefined, 'connected'],
    ['deep ones over TLS', 'https', { body: '"ok"' }, first, 'GET /healthz answered 200'],
    ['shallow ones over TLS', 'https', { path: undefined }, first, 'connected'],
  ] as const) {
    it(`tell that an endpoint goes, and that it comes back: ${what}`, async () => {
      const port = await closedPort();
      const before = await listenAt(port, certificate);
      const { told } = watch(
        `${scheme}://127.0.0.1:${port}`,
        { ...rules, healthyAfter: 2, unhealthyAfter: 3 },
        { ca: first.cert, cert: second.cert, key: second.key },
      );
      await before.seen.at(8);
      expect(told.items).to.deep.equal([]);
      await before.close();
      // The first of the three may have been cut off, the last was not even let in.
      expect(await told.at(0)).to.equal('unhealthy: connect ECONNREFUSED');
      const after = await listenAt(port, certificate);
      expect(await told.at(1)).to.equal(`healthy: ${answer}`);
      // The endpoint, too, has seen a whole handshake, and no failure.
      if (certificate !== undefined) await after.seen.until((event) => event === 'handshake', 'a handshake');
      expect(after.seen.items).not.to.include('failed handshake');
    });
  }

  it('tell of a change when as many in a row as configured say the same, and not before', async () => {
    const statuses = [500, 501, 200, 502, 503, 504, 200, 505, 201, 202];
    const server = await upstream((response, index) => response.writeHead(statuses[index] ?? 202).end());
    const { told } = watch(server.origin, { status: [200, 201, 202], healthyAfter: 2, unhealthyAfter: 3 });
    await told.at(1);
    expect(told.items).to.deep.equal(['unhealthy: GET /healthz answered 504', 'healthy: GET /healthz answered 202']);
  });

  it('use a connection once', async () => {
    const server = await upstream();
    watch(server.origin);
    await server.requests.at(2);
    expect(server.requests.items.slice(0, 3).map(({ connection }) => connection)).to.deep.equal([0, 1, 2]);
  });

  it('go on after one that ran out of time', async () => {
    const server = await upstream((response, index) => (index === 0 ? undefined : response.end()));
    const { told } = watch(server.origin, { timeout: 50 });
    expect(await told.at(0)).to.match(/^unhealthy: .* within 0\.05 s$/);
    expect(await told.at(1)).to.equal('healthy: GET /healthz answered 200');
  });

  it('go on after one that could not even begin', async () => {
    const asked = new Arrivals<string>((event) => event);
    const tls = {
      ...TLS,
      get cert(): string {
        asked.push('cert');
        return 'no certificate';
      },
    };
    const target = { origin: `https://127.0.0.1:${await closedPort()}`, tls };
    const prober = new Prober(target, RULES, { onChange: () => undefined }, undefined, () => 0);
    try {
      await asked.at(5);
    } finally {
      prober.close();
    }
  });

  it('of one endpoint never overlap, and a slow endpoint delays no other', async () => {
    const slow = await upstream(() => undefined);
    const { told } = watch(slow.origin);
    await manyIntervals();
    expect([slow.connections, told.items]).to.deep.equal([1, []]);
  });

  it('are ended with their prober: the connection closes, and nothing is told', async () => {
    const server = await upstream(() => undefined);
    const { prober, told } = watch(server.origin);
    const asked = await server.requests.at(0);
    prober.close();
    await asked.over();
    await manyIntervals();
    expect([server.connections, told.items]).to.deep.equal([1, []]);
  });

  it('do not begin when their prober is closed at once', async () => {
    const server = await upstream();
    watch(server.origin).prober.close();
    await manyIntervals();
    expect(server.connections).to.equal(0);
  });

  it('do not go on when whoever is told closes the prober', async () => {
    const server = await upstream((response) => response.writeHead(503).end());
    const told: string[] = [];
    const onChange = (_isHealthy: boolean, why: string): void => {
      told.push(why);
      prober.close();
    };
    const prober = new Prober({ origin: server.origin, tls: TLS }, RULES, { onChange }, undefined, () => 0);
    await manyIntervals();
    expect([server.connections, told]).to.deep.equal([1, ['GET /healthz answered 503']]);
  });

  it('take their times from the chance that is given: one for the first, one for each interval', async () => {
    const server = await upstream((response, index) => (index === 2 ? undefined : response.end()));
    let asked = 0;
    const random = (): number => {
      asked += 1;
      return 0;
    };
    const prober = new Prober(
      { origin: server.origin, tls: TLS },
      RULES,
      { onChange: () => undefined },
      undefined,
      random,
    );
    try {
      await server.requests.at(2);
      expect(asked).to.equal(3);
    } finally {
      prober.close();
    }
  });
});
