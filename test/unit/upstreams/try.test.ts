import { expect } from 'chai';
import type { Socket } from 'node:net';
import { Deadlines } from '../../../src/deadlines.ts';
import type { BodyFault, HeaderList } from '../../../src/exchange.ts';
import type { Failure } from '../../../src/forwarding/failure.ts';
import type { BreakerOptions } from '../../../src/resilience/breaker.ts';
import { Breaker } from '../../../src/resilience/breaker.ts';
import { Outliers } from '../../../src/resilience/outlier.ts';
import { createBalancer } from '../../../src/upstreams/balance/index.ts';
import { Choice } from '../../../src/upstreams/choice.ts';
import { createEndpoint, type Endpoint } from '../../../src/upstreams/endpoint.ts';
import { EndpointState } from '../../../src/upstreams/endpoint-state.ts';
import { Member } from '../../../src/upstreams/member.ts';
import { Try, type TryObserver } from '../../../src/upstreams/try.ts';
import type { Upstream } from '../../../src/upstreams/upstream.ts';
import { Arrivals } from '../../support/arrivals.ts';
import { onceHead, RawUpstream } from '../../support/upstream.ts';

const TLS = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };
const RULES: BreakerOptions = {
  failureRatio: 1,
  minimumRequests: 1,
  window: 3_600_000,
  openFor: 3_600_000,
  halfOpenRequests: 1,
};

/** What is told of a try, as text: `head 200`, `data abc`, `complete`, `failure reset`. */
class Watcher implements TryObserver {
  readonly told = new Arrivals<string>((text) => text);
  /** Whether the answer is wanted. */
  wants = true;

  onBodyStart(): void {
    this.told.push('body');
  }

  onRequestSent(): void {
    this.told.push('sent');
  }

  onInformational(status: number): void {
    this.told.push(`informational ${status}`);
  }

  onHead(_one: Try, status: number): boolean {
    this.told.push(`head ${status}`);
    return this.wants;
  }

  onData(_one: Try, chunk: Buffer): boolean {
    this.told.push(`data ${chunk.toString()}`);
    return true;
  }

  onComplete(_trailers: HeaderList | undefined): void {
    this.told.push('complete');
  }

  onFailure(_one: Try, { kind }: Failure): void {
    this.told.push(`failure ${kind}`);
  }

  onBodyFault(fault: BodyFault): void {
    this.told.push(`fault ${fault}`);
  }

  async until(text: string): Promise<void> {
    await this.told.until((item) => item === text, text);
  }
}

interface Setting {
  readonly member: Member;
  readonly breaker: Breaker;
  /** What the metrics count: outcomes. */
  readonly outcomes: Arrivals<string>;
  /** How often the time to a head was measured. */
  readonly heads: number[];
  readonly watcher: Watcher;
  readonly one: Try;
  start(): void;
}

describe('one try at an endpoint', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  /** @param answer what the endpoint does once it has a request */
  async function setting(answer: (socket: Socket) => unknown): Promise<Setting> {
    const server = await RawUpstream.start((socket) => onceHead(socket, () => void answer(socket)));
    closers.push(async () => server.close());
    const endpoint: Endpoint = createEndpoint(
      { origin: server.origin, connectTimeout: 5000, responseTimeout: 0, idleTimeout: 0, connections: 1, tls: TLS },
      new Deadlines(),
    );
    closers.push(() => endpoint.close());
    const clock = (): number => performance.now();
    const breaker = new Breaker(RULES, clock);
    const outliers = new Outliers({ failures: 1, window: 60_000, ejectFor: 3_600_000, maxEjected: 1 }, clock);
    const member = new Member({
      endpoint,
      weight: 1,
      state: new EndpointState(clock),
      slowStart: 0,
      breaker,
      outlier: outliers.track(server.origin),
    });
    const outcomes = new Arrivals<string>((text) => text);
    const heads: number[] = [];
    const upstream: Upstream = {
      name: 'up',
      preserveHost: false,
      metrics: {
        attempt: (outcome) => outcomes.push(outcome),
        headersAfter: (seconds) => heads.push(seconds),
        retry: () => undefined,
        hedge: () => undefined,
        refused: () => undefined,
      },
      choice: new Choice(createBalancer('round-robin')),
      hashKey: () => '',
      retry: undefined,
      failsWith: () => false,
      hedge: undefined,
      budget: undefined,
      bulkhead: undefined,
      view: () => expect.fail('nobody asks'),
    };
    const watcher = new Watcher();
    const one = new Try(member, upstream, watcher);
    const start = (): void =>
      one.start({ method: 'GET', target: '/', headers: ['host', 'a'], body: undefined, dropped: new Set() });
    return { member, breaker, outcomes, heads, watcher, one, start };
  }

  const answering =
    (text: string) =>
    (socket: Socket): unknown =>
      socket.write(text);
  const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
  const IS_GOOD = ['closed', true, 0];
  const IS_BAD = ['open', false, 0];
  const judged = ({ breaker, member }: Setting): unknown[] => [breaker.state, member.isWell, member.inFlight];

  it('is under way from the moment at which it is made, until its answer is complete', async () => {
    const made = await setting(answering(OK));
    expect(made.member.inFlight).to.equal(1);
    made.start();
    await made.watcher.until('complete');
    expect(made.watcher.told.items.filter((text) => text !== 'sent')).to.deep.equal([
      'head 200',
      'data ok',
      'complete',
    ]);
    expect([judged(made), made.outcomes.items]).to.deep.equal([IS_GOOD, ['2xx']]);
    expect([made.heads.length, made.member.state.latency]).to.deep.equal([1, made.heads[0]]);
  });

  for (const [status, bad] of [
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    [599, true],
    [501, false],
    [505, false],
    [404, false],
    [429, false],
    [304, false],
  ] as const) {
    it(`${bad ? 'speaks' : 'does not speak'} against its endpoint with ${status}`, async () => {
      const made = await setting(answering(`HTTP/1.1 ${status} x\r\ncontent-length: 0\r\n\r\n`));
      made.start();
      await made.watcher.until('complete');
      expect([judged(made), made.outcomes.items]).to.deep.equal([
        bad ? IS_BAD : IS_GOOD,
        [`${Math.trunc(status / 100)}xx`],
      ]);
    });
  }

  it('is judged by its head: a stream may go on for hours', async () => {
    const made = await setting(answering('HTTP/1.1 500 x\r\ntransfer-encoding: chunked\r\n\r\n'));
    made.start();
    await made.watcher.until('head 500');
    expect([judged(made), made.outcomes.items]).to.deep.equal([['open', false, 1], []]);
    made.one.abort('client-aborted');
    expect([made.member.inFlight, made.outcomes.items]).to.deep.equal([0, ['client_aborted']]);
  });

  it('speaks against its endpoint when a good answer is cut off', async () => {
    const made = await setting((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok', () => socket.end());
    });
    made.start();
    await made.watcher.until('failure reset');
    expect([made.breaker.state, made.member.isWell, made.outcomes.items]).to.deep.equal(['open', false, ['reset']]);
  });

  it('speaks against its endpoint without an answer, once', async () => {
    const made = await setting((socket) => socket.resetAndDestroy());
    made.start();
    await made.watcher.until('failure reset');
    expect([judged(made), made.outcomes.items]).to.deep.equal([IS_BAD, ['reset']]);
    made.one.abort('client-aborted');
    expect([judged(made), made.outcomes.items]).to.deep.equal([IS_BAD, ['reset']]);
  });

  for (const [kind, outcome, bad] of [
    ['client-aborted', 'client_aborted', false],
    ['superseded', 'superseded', false],
    ['request-body', 'request_body', false],
    ['headers-timeout', 'timeout', true],
    ['body-timeout', 'body_timeout', true],
  ] as const) {
    it(`${bad ? 'speaks' : 'does not speak'} against its endpoint when it is ended as ${kind}`, async () => {
      const asked = new Arrivals<Socket>(() => 'a request');
      const made = await setting((socket) => asked.push(socket));
      made.start();
      const socket = await asked.at(0);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      made.one.abort(kind);
      expect([judged(made), made.outcomes.items]).to.deep.equal([bad ? IS_BAD : IS_GOOD, [outcome]]);
      // Once, whatever happens after.
      made.one.abort('headers-timeout');
      expect([judged(made), made.outcomes.items]).to.deep.equal([bad ? IS_BAD : IS_GOOD, [outcome]]);
      await closed;
      expect(made.watcher.told.items.filter((text) => text !== 'sent')).to.deep.equal([]);
    });
  }

  it('reads a small answer that nobody wants to its end, so that the connection can be used again', async () => {
    const made = await setting(answering('HTTP/1.1 503 x\r\ncontent-length: 4\r\n\r\nnope'));
    made.watcher.wants = false;
    made.start();
    await made.outcomes.at(0);
    expect([judged(made), made.outcomes.items]).to.deep.equal([IS_BAD, ['5xx']]);
    expect(made.watcher.told.items.filter((text) => text !== 'sent')).to.deep.equal(['head 503']);
    expect(made.member.endpoint.pool.size).to.equal(1);
  });

  it('gives up a large answer that nobody wants', async () => {
    const made = await setting((socket) => {
      socket.write('HTTP/1.1 503 x\r\ncontent-length: 100000000\r\n\r\n');
      socket.write(Buffer.alloc(256 * 1024));
    });
    made.watcher.wants = false;
    made.start();
    await made.outcomes.at(0);
    expect([judged(made), made.outcomes.items]).to.deep.equal([IS_BAD, ['5xx']]);
    expect(made.watcher.told.items.filter((text) => text !== 'sent')).to.deep.equal(['head 503']);
  });

  it('tells nobody when an answer that nobody wants breaks off', async () => {
    const made = await setting((socket) => {
      socket.write('HTTP/1.1 503 x\r\ncontent-length: 4\r\n\r\nno', () => socket.end());
    });
    made.watcher.wants = false;
    made.start();
    await made.outcomes.at(0);
    expect([judged(made), made.outcomes.items]).to.deep.equal([IS_BAD, ['reset']]);
    expect(made.watcher.told.items.filter((text) => text !== 'sent')).to.deep.equal(['head 503']);
  });

  it('passes interim answers on, which say nothing of the endpoint', async () => {
    const made = await setting(answering(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`));
    made.start();
    await made.watcher.until('complete');
    expect(made.watcher.told.items).to.include.members(['informational 103', 'head 200']);
    expect(made.heads).to.have.length(1);
  });
});
