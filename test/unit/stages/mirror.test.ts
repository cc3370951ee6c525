import { expect } from 'chai';
import { mock } from 'node:test';
import type { Exchange } from '../../../src/exchange.ts';
import type { Attempt } from '../../../src/forwarding/attempt.ts';
import { planRequestHeaders } from '../../../src/forwarding/headers.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { mirror } from '../../../src/stages/mirror.ts';
import type { Stage } from '../../../src/stages/stage.ts';
import type { Member } from '../../../src/upstreams/member.ts';
import { ChunkedBody, ReaderLog } from '../../support/chunks.ts';
import { Endpoints } from '../../support/choosing.ts';
import { fakeExchange } from '../../support/exchange.ts';

interface Mirrored {
  readonly stage: Stage;
  readonly member: Member;
  /** The copies, none of which is carried by a connection. */
  readonly attempts: Attempt[];
  readonly counts: string[];
}

/** A mirror without a network. @param points what chance says */
function mirrored(ratio = 1, ...points: number[]): Mirrored {
  const endpoints = new Endpoints();
  const [member] = endpoints.have('a');
  if (member === undefined) throw new Error('there is no endpoint');
  const attempts: Attempt[] = [];
  mock.method(member.endpoint.pool, 'send', (attempt: Attempt) => void attempts.push(attempt));
  const counts: string[] = [];
  const stage = mirror({
    upstream: {
      name: 'copies',
      preserveHost: false,
      metrics: new Metrics({ inFlight: () => 0, connections: async () => 0 }).upstream('copies'),
      choice: endpoints.choice,
      hashKey: () => '',
      retry: undefined,
      failsWith: () => false,
      hedge: undefined,
      budget: undefined,
      bulkhead: undefined,
      view: () => expect.fail('nobody looks'),
    },
    ratio,
    path: ({ path }) => path,
    query: ({ query }) => query,
    headers: planRequestHeaders(undefined, { headers: [], cookies: [] }),
    count: (result) => void counts.push(result),
    random: () => points.shift() ?? 0,
  });
  return { stage, member, attempts, counts };
}

/** The bodies that the request itself has behind the stage. */
function run(stage: Stage, exchange: Exchange): Exchange {
  void stage(() => undefined)(exchange);
  return exchange;
}

describe('a mirror', () => {
  it('copies a request without a body at once', () => {
    const { stage, attempts, counts } = mirrored();
    run(stage, fakeExchange({ method: 'DELETE', path: '/a', query: '?b', headers: ['x-one', '1'] }));
    expect(attempts.map(({ request }) => `${request.method} ${request.target}`)).to.deep.equal(['DELETE /a?b']);
    expect(attempts[0]?.request.headers.slice(0, 2)).to.deep.equal(['x-one', '1']);
    expect(attempts[0]?.request.body).to.equal(undefined);
    expect(counts).to.deep.equal(['sent']);
  });

  it('copies one with a body when all of it has come, and the reader has it', () => {
    const { stage, attempts, counts } = mirrored();
    const body = new ChunkedBody();
    const { body: copied } = run(stage, fakeExchange({ method: 'POST', body }));
    const reader = new ReaderLog();
    copied?.start(reader, 1);
    body.data('abc');
    expect(counts).to.deep.equal([]);
    body.end();
    expect(reader.told).to.deep.equal(['data abc', 'end']);
    expect(counts).to.deep.equal(['sent']);
    expect(attempts[0]?.request.body?.length).to.equal(3);
    expect(attempts[0]?.request.headers.slice(-2)).to.deep.equal(['content-length', '3']);
  });

  it('leaves a body alone that is known to be too large', () => {
    const { stage, counts } = mirrored();
    const body = new ChunkedBody(64 * 1024 + 1);
    expect(run(stage, fakeExchange({ body })).body).to.equal(body);
    expect(counts).to.deep.equal(['skipped']);
  });

  it('copies the share that its ratio says', () => {
    const { stage, counts } = mirrored(0.25, 0, 0.2499, 0.25, 0.9999);
    for (let time = 0; time < 4; time += 1) run(stage, fakeExchange());
    expect(counts).to.deep.equal(['sent', 'sent']);
  });

  it('copies no upgrade', () => {
    const { stage, counts } = mirrored();
    run(stage, fakeExchange({ upgrade: { protocol: 'websocket', accept: () => expect.fail('nobody accepts') } }));
    expect(counts).to.deep.equal([]);
  });

  for (const [how, end] of [
    ['an answer', (attempt: Attempt) => attempt.head(200, [])],
    ['a failure', (attempt: Attempt) => attempt.failed({ kind: 'reset', cause: 'gone' })],
    ['a body that nobody takes', (attempt: Attempt) => attempt.bodyFault('stalled')],
  ] as const) {
    it(`has at most a hundred under way, and room again after ${how}`, () => {
      const { stage, attempts, counts, member } = mirrored();
      const add = (): void => void run(stage, fakeExchange());
      for (let time = 0; time < 102; time += 1) add();
      expect(counts.slice(99)).to.deep.equal(['sent', 'skipped', 'skipped']);
      for (const attempt of attempts.slice(0, 2)) {
        end(attempt);
        attempt.complete(undefined);
      }
      for (let time = 0; time < 3; time += 1) add();
      expect(counts.slice(102)).to.deep.equal(['sent', 'sent', 'skipped']);
      expect(member.view().inFlight).to.equal(100);
    });
  }
});
