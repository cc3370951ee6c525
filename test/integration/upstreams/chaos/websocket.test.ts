import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { within } from '../../../support/arrivals.ts';
import { answers, ok, Scene, until, type Chaotic, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';
import type { RawResponse } from '../../../support/raw.ts';

const UPGRADE =
  'Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
/** One failure opens it for longer than any test lasts. */
const BREAKER = 'breaker: { failureRatio: 0, minimumRequests: 1, window: 1m, openFor: 1h, halfOpenRequests: 1 }';
const ROUTE = 'websocket: {}';

type Upgraded = (duplex: Duplex, request: IncomingMessage, head: Buffer) => void;
const server = new WebSocketServer({ noServer: true });

const agrees: Upgraded = (duplex, request, head) =>
  server.handleUpgrade(request, duplex, head, (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data) => socket.send(data));
  });
const refuses =
  (status: number): Upgraded =>
  (duplex) =>
    duplex.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno`);
const vanishes: Upgraded = (duplex) => duplex.destroy();
const silent: Upgraded = () => undefined;

/** Says what an endpoint does with upgrades. @returns how many came */
function upgrades(endpoint: Chaotic, upgraded: Upgraded = agrees): { count: number } {
  const seen = { count: 0 };
  endpoint.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    duplex.on('error', () => undefined);
    seen.count += 1;
    upgraded(duplex, request, head);
  });
  return seen;
}

async function connect(part: Part): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${part.gateway.port}${part.path}`);
  client.on('error', () => undefined);
  await within(once(client, 'open'), 'a WebSocket to open');
  return client;
}

/** Asks for a WebSocket that is refused. */
async function refusal(part: Part): Promise<RawResponse> {
  const client = await part.client();
  await client.send(`GET ${part.path} HTTP/1.1\r\n${UPGRADE}`);
  return client.response();
}

async function inFlight(part: Part, wanted: readonly number[]): Promise<void> {
  await until(
    async () => {
      const { endpoints } = await part.shown();
      return endpoints.every((endpoint, index) => endpoint.in_flight === wanted[index]);
    },
    `${wanted.join(' and ')} in flight`,
  );
}

onEachEngine('a WebSocket, among endpoints that fail,', () => {
  const scene = new Scene();

  scene.it('is not sent where a breaker is open', { endpoints: 2, upstream: BREAKER, route: ROUTE }, async (part) => {
    const [a, b] = [upgrades(part.a), upgrades(part.b)];
    part.a.script(answers(500));
    expect((await part.call()).status).to.equal(500);
    const clients = [await connect(part), await connect(part), await connect(part)];
    expect([a.count, b.count]).to.deep.equal([0, 3]);
    for (const client of clients) client.terminate();
  });

  scene.it(
    'is not sent to one that probes find unhealthy',
    {
      endpoints: 2,
      upstream: 'health: { path: /health, interval: 50ms, timeout: 1s, unhealthyAfter: 1, healthyAfter: 1 }',
      route: ROUTE,
    },
    async (part) => {
      const [a, b] = [upgrades(part.a), upgrades(part.b)];
      part.a.script(answers(503));
      part.b.script(ok);
      await until(async () => (await part.shown()).endpoints[0]?.healthy === false, 'an unhealthy endpoint');
      const clients = [await connect(part), await connect(part)];
      expect([a.count, b.count]).to.deep.equal([0, 2]);
      for (const client of clients) client.terminate();
    },
  );

  for (const [what, upgraded, problem] of [
    ['vanishes', vanishes, 'upstream-reset'],
    ['is silent', silent, 'upstream-timeout'],
  ] as const) {
    scene.it(
      `counts as a failure when the upstream ${what}`,
      { upstream: BREAKER, route: `timeout: 200ms, ${ROUTE}` },
      async (part) => {
        const seen = upgrades(part.a, upgraded);
        const answer = await refusal(part);
        expectProblem(answer, problem);
        expect((await part.shown()).endpoints[0]?.breaker).to.equal('open');
        const next = await refusal(part);
        expectProblem(next, 'circuit-open');
        expect(Number(next.header('retry-after'))).to.be.within(3500, 3600);
        expect(await part.told(next, 1)).to.deep.include({ attempts: 0, error: 'circuit-open' });
        expect([seen.count, part.a.connections]).to.deep.equal([1, 1]);
        await inFlight(part, [0]);
      },
    );
  }

  scene.it('counts as a failure when nobody listens', { upstream: BREAKER, route: ROUTE }, async (part) => {
    await part.a.close();
    const answer = await refusal(part);
    expectProblem(answer, 'upstream-unreachable');
    expect(await part.told(answer, 1)).to.deep.include({ attempts: 1, error: 'connect', outcomes: { connect: 1 } });
    expectProblem(await part.call(), 'circuit-open');
  });

  scene.it('counts as a failure when it is refused with 500', { upstream: BREAKER, route: ROUTE }, async (part) => {
    upgrades(part.a, refuses(500));
    const answer = await refusal(part);
    expect([answer.status, answer.text]).to.deep.equal([500, 'no']);
    expect((await part.shown()).endpoints[0]?.breaker).to.equal('open');
  });

  scene.it('counts as none when it is refused with 401', { upstream: BREAKER, route: ROUTE }, async (part) => {
    upgrades(part.a, refuses(401));
    for (let turn = 0; turn < 3; turn += 1) expect((await refusal(part)).status).to.equal(401);
    expect((await part.shown()).endpoints[0]?.breaker).to.equal('closed');
    await inFlight(part, [0]);
  });

  scene.it('counts as none when the client leaves first', { upstream: BREAKER, route: ROUTE }, async (part) => {
    const seen = upgrades(part.a, silent);
    const client = await part.client();
    await client.send(`GET ${part.path} HTTP/1.1\r\n${UPGRADE}`);
    await until(() => seen.count === 1, 'an upgrade');
    await client.close();
    await inFlight(part, [0]);
    expect((await part.shown()).endpoints[0]?.breaker).to.equal('closed');
    expect(await part.counted('gateway_upstream_attempts_total', 'outcome', 1)).to.deep.equal({ client_aborted: 1 });
  });

  scene.it('counts as in flight for as long as it is open', { endpoints: 2, route: ROUTE }, async (part) => {
    upgrades(part.a);
    upgrades(part.b);
    const [one, two, three] = [await connect(part), await connect(part), await connect(part)];
    await inFlight(part, [2, 1]);
    one.close();
    await inFlight(part, [1, 1]);
    two.terminate();
    await inFlight(part, [1, 0]);
    await part.a.close();
    await inFlight(part, [0, 0]);
    await until(() => three.readyState === WebSocket.CLOSED, 'the end of the last one');
  });

  scene.it(
    'weighs as a request does with least-connections',
    { endpoints: 2, upstream: 'balance: least-connections', route: ROUTE },
    async (part) => {
      upgrades(part.a);
      upgrades(part.b);
      const one = await connect(part);
      const two = await connect(part);
      await inFlight(part, [1, 1]);
      two.terminate();
      await until(async () => (await part.shown()).endpoints.some((endpoint) => endpoint.in_flight === 0), 'an end');
      const free = (await part.shown()).endpoints.findIndex((endpoint) => endpoint.in_flight === 0);
      for (let turn = 0; turn < 4; turn += 1) await part.call();
      expect(part.counts[free]).to.equal(4);
      one.terminate();
    },
  );
});

onEachEngine('a WebSocket and a bulkhead', () => {
  const scene = new Scene();
  const one = { upstream: 'bulkhead: { concurrent: 1, queue: 1, queueTimeout: 1h }', route: ROUTE };
  const queued = async (part: Part, wanted: number): Promise<void> =>
    until(async () => (await part.shown()).bulkhead?.queued === wanted, `${wanted} in the queue`);

  scene.it('share the room with requests, until it closes', one, async (part) => {
    upgrades(part.a);
    const socket = await connect(part);
    const waiting = part.call();
    await queued(part, 1);
    expectProblem(await part.call(), 'upstream-busy');
    expectProblem(await refusal(part), 'upstream-busy');
    expect(part.a.count).to.equal(0);
    socket.terminate();
    expect((await waiting).text).to.equal('ok');
    expect((await part.shown()).bulkhead).to.deep.equal({ inside: 0, queued: 0 });
  });

  scene.it('let it wait for its turn', one, async (part) => {
    const seen = upgrades(part.a);
    const first = await connect(part);
    const waiting = connect(part);
    await queued(part, 1);
    expect(seen.count).to.equal(1);
    first.close();
    const second = await waiting;
    expect(seen.count).to.equal(2);
    second.terminate();
    await until(async () => (await part.shown()).bulkhead?.inside === 0, 'an empty bulkhead');
  });

  scene.it('forget one whose client leaves the queue', one, async (part) => {
    const seen = upgrades(part.a);
    const first = await connect(part);
    const leaving = await part.client();
    await leaving.send(`GET ${part.path} HTTP/1.1\r\n${UPGRADE}`);
    await queued(part, 1);
    await leaving.close();
    await queued(part, 0);
    first.terminate();
    await until(async () => (await part.shown()).bulkhead?.inside === 0, 'an empty bulkhead');
    const next = await connect(part);
    expect(seen.count).to.equal(2);
    next.terminate();
  });

  scene.it('count the queue into the route’s timeout', { ...one, route: `timeout: 300ms, ${ROUTE}` }, async (part) => {
    upgrades(part.a);
    const first = await connect(part);
    expectProblem(await refusal(part), 'upstream-timeout');
    await queued(part, 0);
    first.terminate();
  });
});
