import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { call, type Answered } from '../../support/client.ts';
import { TestCollector, type ReceivedSpan } from '../../support/collector.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { until } from '../../support/chaotic.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

const SPAN = '00f067aa0ba902b7';
const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;

let ids = 0;

/** A trace id that nobody else has. */
function traceId(): string {
  ids += 1;
  return String(ids).padStart(32, 'a');
}

onEachEngineAndHttp2('tracing', (_engine, wire) => {
  let collector: TestCollector;
  let gateway: TestGateway;
  let upstream: TestUpstream;
  let spare: TestUpstream;

  const yaml = (tracing: string): string => `
${tracing}
server: { trustedProxies: [127.0.0.1] }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  retried: { targets: ["${upstream.origin}", "${spare.origin}"], retry: { attempts: 3, when: [502, 503], backoff: { base: 0ms, max: 0ms } } }
  hedged: { targets: ["${upstream.origin}", "${spare.origin}"], hedge: { after: 20ms } }
  narrow: { targets: ["${upstream.origin}"], bulkhead: { concurrent: 1, queue: 5 } }
  none: { targets: ["http://127.0.0.1:${closed}"] }
routes:
  - { name: any, match: { path: "/any/:id" }, upstream: any, rewrite: { addPrefix: /v1 } }
  - { name: own, match: { path: /own }, respond: { status: 200, body: hello } }
  - { name: retried, match: { path: /retried }, upstream: retried }
  - { name: hedged, match: { path: /hedged }, upstream: hedged }
  - { name: narrow, match: { path: /narrow }, upstream: narrow }
  - { name: cached, match: { path: /cached }, upstream: any, cache: { ttl: 1m } }
  - { name: none, match: { path: /none }, upstream: none }
  - { name: ws, match: { path: /ws }, upstream: any, websocket: {} }
  - { name: edited, match: { path: /edited }, upstream: any, request: { headers: { remove: [traceparent] } } }
`;
  const traced = (ratio = 1): string =>
    yaml(`tracing: { otlp: "${collector.origin}", serviceName: shop, sampleRatio: ${ratio} }`);
  let closed: number;

  before(async () => {
    closed = await closedPort();
    collector = await TestCollector.start();
    upstream = await TestUpstream.start();
    spare = await TestUpstream.start();
    gateway = await startTestGateway(traced());
  });

  after(async () => {
    await gateway.stop();
    await collector.close();
    await upstream.close();
    await spare.close();
  });

  beforeEach(() => {
    upstream.reset();
    spare.reset();
  });

  /** What the access line of an answer says of its trace. */
  async function traceOf(answer: Answered): Promise<string> {
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    return String(line['traceId']);
  }

  /** Asks with a traceparent. */
  async function ask(path: string, parent: string, more: readonly string[] = []): Promise<Answered> {
    return call(`${gateway.url}${path}`, { headers: ['traceparent', parent, ...more] });
  }

  /** The stages of a trace that have waited. @param count of spans that there are in all */
  async function waits(id: string, count: number): Promise<string[]> {
    const spans = await collector.trace(id, count);
    const [server] = ofKind(spans, SERVER);
    const waited = ofKind(spans, INTERNAL);
    expect(waited.every((span) => span.parentSpanId === server?.spanId)).to.equal(true);
    return waited.map(({ name }) => name);
  }

  function ofKind(spans: readonly ReceivedSpan[], kind: number): ReceivedSpan[] {
    return spans
      .filter((span) => span.kind === kind)
      .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
  }

  /** The value of a counter of the gateway, over all of its labels. */
  async function counter(name: string): Promise<number> {
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    const lines = text.split('\n').filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  it('records a request and its attempt, and tells the upstream of the attempt', async () => {
    const answer = await call(`${gateway.url}/any/7?secret=1`, { headers: ['user-agent', 'test/1'] });
    const id = await traceOf(answer);
    const spans = await collector.trace(id, 2);
    const [server] = ofKind(spans, SERVER);
    const [client] = ofKind(spans, CLIENT);
    const { hostname, port, protocol } = new URL(gateway.url);
    expect(server).to.deep.include({ name: 'GET /any/:id', parentSpanId: '' });
    expect(server).to.not.have.any.keys('status', 'traceState');
    expect(server?.attributes).to.deep.equal({
      'http.request.method': 'GET',
      'url.scheme': protocol.slice(0, -1),
      'url.path': '/any/7',
      'server.address': hostname,
      'server.port': Number(port),
      'network.protocol.version': wire === 'HTTP/2' ? '2' : '1.1',
      'client.address': '127.0.0.1',
      'user_agent.original': 'test/1',
      'http.route': '/any/:id',
      'http.response.status_code': 200,
      'gateway.request.id': answer.header('x-request-id'),
      'gateway.route': 'any',
      'gateway.upstream': 'any',
    });
    expect(server?.resource).to.include({ 'service.name': 'shop', 'process.pid': process.pid });
    expect(client).to.deep.include({ name: 'GET', parentSpanId: server?.spanId });
    expect(client?.attributes).to.deep.equal({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': upstream.port,
      'url.full': `${upstream.origin}/v1/any/7`,
      'network.protocol.version': '1.1',
      'http.response.status_code': 200,
      'gateway.upstream': 'any',
    });
    const [start, end] = [BigInt(server?.startTimeUnixNano ?? 0), BigInt(server?.endTimeUnixNano ?? 0)];
    expect(BigInt(client?.startTimeUnixNano ?? 0) >= start).to.equal(true);
    expect(BigInt(client?.endTimeUnixNano ?? 0) <= end).to.equal(true);
    expect(Math.abs(Number(start / 1_000_000n) - Date.now())).to.be.lessThan(60_000);
    const [request] = upstream.requests.items;
    expect(request?.headerValues('traceparent')).to.deep.equal([`00-${id}-${client?.spanId}-03`]);
    expect((await collector.batches.at(0)).target).to.equal('/v1/traces');
  });

  it('goes on with a sampled trace of a client, and with its state', async () => {
    const id = traceId();
    const answer = await ask('/any/1', `00-${id}-${SPAN}-01`, ['tracestate', 'a=1', 'tracestate', 'b=2']);
    expect(await traceOf(answer)).to.equal(id);
    const spans = await collector.trace(id, 2);
    const [server] = ofKind(spans, SERVER);
    const [client] = ofKind(spans, CLIENT);
    expect(server).to.include({ parentSpanId: SPAN, traceState: 'a=1,b=2' });
    const [request] = upstream.requests.items;
    expect(request?.headerValues('traceparent')).to.deep.equal([`00-${id}-${client?.spanId}-01`]);
    expect(request?.headerValues('tracestate')).to.deep.equal(['a=1,b=2']);
  });

  it('passes an unsampled trace on as it came, and records nothing', async () => {
    const id = traceId();
    const parent = `00-${id}-${SPAN}-00`;
    const answer = await ask('/any/1', parent, ['tracestate', 'a=1']);
    expect(await traceOf(answer)).to.equal(id);
    const [request] = upstream.requests.items;
    expect([request?.header('traceparent'), request?.header('tracestate')]).to.deep.equal([parent, 'a=1']);
    await traceAfter();
    expect(collector.spans.items.filter((span) => span.traceId === id)).to.deep.equal([]);
  });

  it('begins a new trace in the place of one that is not well-formed', async () => {
    const bad = `00-${'0'.repeat(32)}-${SPAN}-01`;
    const answer = await ask('/any/1', bad, ['tracestate', 'a=1']);
    const id = await traceOf(answer);
    expect(id)
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.equal('0'.repeat(32));
    const [server] = ofKind(await collector.trace(id, 2), SERVER);
    expect(server?.parentSpanId).to.equal('');
    const [request] = upstream.requests.items;
    expect(request?.headerValues('traceparent')).to.have.length(1);
    expect(request?.header('traceparent')).to.match(new RegExp(`^00-${id}-`));
    expect(request?.header('tracestate')).to.equal(undefined);
  });

  it('drops a state that is not well-formed, and keeps the trace', async () => {
    const id = traceId();
    await ask('/any/1', `00-${id}-${SPAN}-01`, ['tracestate', 'A=1']);
    const [server] = ofKind(await collector.trace(id, 2), SERVER);
    expect(server).to.not.have.property('traceState');
    expect(upstream.requests.items[0]?.header('tracestate')).to.equal(undefined);
  });

  it('has a span for each attempt of a request that is retried', async () => {
    const id = traceId();
    const fail: typeof upstream.answer = (request) => void request.response.writeHead(503).end();
    upstream.answer = fail;
    spare.answer = fail;
    await ask('/retried', `00-${id}-${SPAN}-01`);
    const spans = await collector.trace(id, 4);
    const [server] = ofKind(spans, SERVER);
    const attempts = ofKind(spans, CLIENT);
    expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).to.deep.equal([undefined, 1, 2]);
    expect(attempts.every((span) => span.parentSpanId === server?.spanId)).to.equal(true);
    expect(attempts.map(({ attributes }) => attributes['error.type'])).to.deep.equal(['503', '503', '503']);
    expect(attempts.every(({ status }) => status?.code === 2)).to.equal(true);
    expect(server?.attributes).to.include({ 'http.response.status_code': 503, 'error.type': '503' });
    const told = [...upstream.requests.items, ...spare.requests.items].map((request) => request.header('traceparent'));
    expect(new Set(told)).to.deep.equal(new Set(attempts.map(({ spanId }) => `00-${id}-${spanId}-01`)));
  });

  it('has a span for a hedge, and says of the one that lost that nobody wanted it any more', async () => {
    const id = traceId();
    let isFirst = true;
    const slowOnce: typeof upstream.answer = (request) => {
      if (!isFirst) request.response.end('ok');
      isFirst = false;
    };
    upstream.answer = slowOnce;
    spare.answer = slowOnce;
    expect((await ask('/hedged', `00-${id}-${SPAN}-01`)).status).to.equal(200);
    const attempts = ofKind(await collector.trace(id, 3), CLIENT);
    expect(attempts.map(({ attributes }) => attributes['gateway.superseded'])).to.deep.equal([true, undefined]);
    expect(attempts.map(({ status }) => status)).to.deep.equal([undefined, undefined]);
    expect(attempts.map(({ attributes }) => attributes['http.response.status_code'])).to.deep.equal([undefined, 200]);
  });

  it('has a span for a stage that waits: in the queue of an upstream, for what another one has asked for', async () => {
    const [first, second] = [traceId(), traceId()];
    const held: (() => void)[] = [];
    upstream.answer = (request) => void held.push(() => request.response.end('ok'));
    const answers = [ask('/narrow', `00-${first}-${SPAN}-01`)];
    await upstream.requests.at(0);
    answers.push(ask('/narrow', `00-${second}-${SPAN}-01`));
    await until(async () => (await counter('gateway_bulkhead_queued')) === 1, 'it is in the queue');
    held.shift()?.();
    await upstream.requests.at(1);
    held.shift()?.();
    await Promise.all(answers);
    expect(await waits(first, 2)).to.deep.equal([]);
    expect(await waits(second, 3)).to.deep.equal(['bulkhead']);
    const [fetches, waiter] = [traceId(), traceId()];
    const both = [ask('/cached', `00-${fetches}-${SPAN}-01`)];
    await upstream.requests.at(2);
    both.push(ask('/cached', `00-${waiter}-${SPAN}-01`));
    await until(async () => (await counter('gateway_requests_in_flight')) === 2, 'both are under way');
    held.shift()?.();
    await Promise.all(both);
    expect(await waits(fetches, 2)).to.deep.equal([]);
    expect(await waits(waiter, 2)).to.deep.equal(['cache']);
  });

  it('says of an upstream that cannot be reached why', async () => {
    const id = traceId();
    expect((await ask('/none', `00-${id}-${SPAN}-01`)).status).to.equal(502);
    const spans = await collector.trace(id, 2);
    const [server] = ofKind(spans, SERVER);
    expect(ofKind(spans, CLIENT)[0]?.attributes).to.include({ 'error.type': 'connect', 'server.port': closed });
    expect(server?.attributes).to.include({ 'http.response.status_code': 502, 'error.type': 'connect' });
    expect(server?.status?.code).to.equal(2);
    expect(server?.status?.message).to.match(/ECONNREFUSED/);
  });

  it('records what no route took, and what a client did wrong is no error', async () => {
    const id = traceId();
    expect((await ask('/nothing', `00-${id}-${SPAN}-01`)).status).to.equal(404);
    const [server] = await collector.trace(id, 1);
    expect(server).to.include({ name: 'GET' });
    expect(server?.attributes).to.not.have.any.keys('http.route', 'error.type');
    expect(server?.attributes).to.include({ 'gateway.problem': 'route-not-found' });
    expect(server).to.not.have.property('status');
  });

  it('does as the edits of a route say', async () => {
    await ask('/edited', `00-${traceId()}-${SPAN}-01`);
    expect(upstream.requests.items[0]?.headerNames).to.not.include('traceparent');
  });

  it('writes the trace, the route’s line and the configuration into the access line', async () => {
    const id = traceId();
    const answer = await ask('/own', `00-${id}-${SPAN}-00`);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line).to.include({ traceId: id });
    expect(line['source']).to.match(/gateway\.yaml:\d+$/);
    expect(line['config']).to.match(/^[0-9a-f]{16}$/);
  });

  if (wire !== 'HTTP/2') {
    it('has a span for the wait for a body', async () => {
      const id = traceId();
      const client = await RawClient.open(gateway.port);
      const head = `POST /any/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\ntraceparent: 00-${id}-${SPAN}-01\r\n\r\n`;
      await client.send(`${head}a`);
      await until(async () => (await counter('gateway_requests_in_flight')) === 1, 'it is under way');
      await client.send('b');
      expect(await waits(id, 3)).to.deep.equal(['gather']);
      await client.close();
    });

    it('ends the span of a wait with its request, when the client leaves', async () => {
      const id = traceId();
      const client = await RawClient.open(gateway.port);
      const head = `POST /any/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\ntraceparent: 00-${id}-${SPAN}-01\r\n\r\n`;
      await client.send(`${head}a`);
      await until(async () => (await counter('gateway_requests_in_flight')) === 1, 'it is under way');
      await client.close();
      expect(await waits(id, 2)).to.deep.equal(['gather']);
    });

    it('records a WebSocket when it is over, and its attempt', async () => {
      const id = traceId();
      const told = new Promise<string>((resolve) => {
        upstream.server.once('upgrade', (request: IncomingMessage, socket: Duplex) => {
          resolve(String(request.headers['traceparent']));
          socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
        });
      });
      const client = await RawClient.open(gateway.port);
      const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
      await client.send(`GET /ws HTTP/1.1\r\nHost: a\r\n${upgrade}traceparent: 00-${id}-${SPAN}-01\r\n\r\n`);
      const parent = await told;
      await client.close();
      const spans = await collector.trace(id, 2);
      const [server] = ofKind(spans, SERVER);
      const [attempt] = ofKind(spans, CLIENT);
      expect(attempt).to.include({ parentSpanId: server?.spanId });
      expect(attempt?.attributes).to.include({ 'http.response.status_code': 101 });
      expect(server?.attributes).to.include({ 'http.response.status_code': 101, 'http.route': '/ws' });
      expect(parent).to.equal(`00-${id}-${attempt?.spanId}-01`);
    });
  }

  it('waits for no collector: requests are answered while it hangs', async () => {
    const waiting = collector.batches.items.length;
    collector.answer = () => undefined;
    await call(`${gateway.url}/own`);
    await collector.batches.at(waiting);
    for (let index = 0; index < 20; index += 1) expect((await call(`${gateway.url}/any/1`)).status).to.equal(200);
    // A collector that has hung so far answers what it is asked next.
    collector.answer = (response) => void response.end();
    await gateway.write(yaml(`tracing: { otlp: "${collector.origin}", serviceName: other }`));
    await gateway.reload();
    const before = await counter('gateway_traces_exported_total');
    const answer = await call(`${gateway.url}/own`);
    const [server] = await collector.trace(await traceOf(answer), 1);
    expect(server?.resource['service.name']).to.equal('other');
    expect(before).to.be.greaterThan(0);
  });

  it('samples by the id: of traces that begin here', async () => {
    await gateway.write(traced(0));
    await gateway.reload();
    const answer = await call(`${gateway.url}/any/1`, { headers: ['tracestate', 'a=1'] });
    const id = await traceOf(answer);
    // Upstreams hear of the decision.
    const [request] = upstream.requests.items;
    expect(request?.header('traceparent')).to.match(new RegExp(`^00-${id}-[0-9a-f]{16}-02$`));
    expect(request?.header('tracestate')).to.equal(undefined);
    await traceAfter();
    expect(collector.spans.items.filter((span) => span.traceId === id)).to.deep.equal([]);
  });

  it('has nothing to do with requests without `tracing`', async () => {
    await gateway.write(yaml(''));
    await gateway.reload();
    const headers = ['traceparent', 'anything', 'tracestate', 'at all'];
    const answer = await call(`${gateway.url}/any/1`, { headers });
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line).to.not.have.property('traceId');
    const [request] = upstream.requests.items;
    expect([request?.header('traceparent'), request?.header('tracestate')]).to.deep.equal(['anything', 'at all']);
    await gateway.write(traced());
    await gateway.reload();
  });

  it('sends what is left when it is stopped', async () => {
    const own = await startTestGateway(traced());
    const id = traceId();
    await call(`${own.url}/own`, { headers: ['traceparent', `00-${id}-${SPAN}-01`] });
    await own.stop();
    expect(collector.spans.items.filter((span) => span.traceId === id)).to.have.length(1);
  });

  /** Waits until the spans of a later request are here: those of an earlier one would have come before. */
  async function traceAfter(): Promise<void> {
    const id = traceId();
    await ask('/own', `00-${id}-${SPAN}-01`);
    await collector.trace(id, 1);
  }
});
