import { expect } from 'chai';
import { isShownUpstream, shownUpstream } from '../../../src/upstreams/shown.ts';
import type { EndpointView, UpstreamView } from '../../../src/upstreams/view.ts';

const NOW = Date.UTC(2026, 6, 22, 10, 15, 0, 250);

const ENDPOINT: EndpointView = {
  origin: 'http://127.0.0.1:9001',
  weight: 3,
  condition: 'half-open',
  why: 'one request tries it',
  isHealthy: true,
  isEjected: false,
  breaker: 'half-open',
  inFlight: 2,
  connections: 5,
  idle: 0,
  waiting: 0,
  latency: 0.012_345_678_9,
  share: 0.1 + 0.2,
};
const UPSTREAM: UpstreamView = {
  name: 'orders',
  balance: 'p2c',
  panic: true,
  source: { kind: 'consul', updatedAt: NOW - 61_500, fault: 'http://127.0.0.1:8500 answered 500' },
  bulkhead: { inside: 8, queued: 2 },
  endpoints: [ENDPOINT],
};
const BARE: UpstreamView = {
  name: 'users',
  balance: 'round-robin',
  panic: false,
  source: { kind: 'targets', updatedAt: undefined, fault: undefined },
  bulkhead: undefined,
  endpoints: [{ ...ENDPOINT, breaker: undefined, latency: undefined }],
};

describe('an upstream as the admin API shows it', () => {
  it('has everything that the view has, in seconds and RFC 3339', () => {
    expect(shownUpstream(UPSTREAM, NOW)).to.deep.equal({
      name: 'orders',
      balance: 'p2c',
      panic: true,
      source: {
        kind: 'consul',
        updated_at: '2026-07-22T10:13:58.750Z',
        age_seconds: 61.5,
        fault: 'http://127.0.0.1:8500 answered 500',
      },
      bulkhead: { inside: 8, queued: 2 },
      endpoints: [
        {
          url: 'http://127.0.0.1:9001',
          weight: 3,
          condition: 'half-open',
          why: 'one request tries it',
          healthy: true,
          ejected: false,
          breaker: 'half-open',
          in_flight: 2,
          connections: 5,
          latency_seconds: 0.012_346,
          share: 0.3,
        },
      ],
    });
  });

  it('has null for what there is not', () => {
    const shown = shownUpstream(BARE, NOW);
    expect(shown.source).to.deep.equal({ kind: 'targets', updated_at: null, age_seconds: null, fault: null });
    expect(shown.bulkhead).to.equal(null);
    expect(shown.endpoints[0]).to.include({ breaker: null, latency_seconds: null });
  });

  it('is never of an age below zero, though the clock was set back', () => {
    expect(shownUpstream(UPSTREAM, NOW - 3_600_000).source.age_seconds).to.equal(0);
  });

  it('is known again when it comes back as JSON', () => {
    for (const view of [UPSTREAM, BARE]) {
      const shown: object = JSON.parse(JSON.stringify(shownUpstream(view, NOW)));
      expect(isShownUpstream(shown)).to.equal(true);
      expect(isShownUpstream({ ...shown, more: 1 }), 'of a later version').to.equal(true);
    }
  });

  it('is not taken for one when a member is missing or of another type, however deep', () => {
    const shown = shownUpstream(UPSTREAM, NOW);
    const [endpoint] = shown.endpoints;
    for (const [part, whole] of [
      [shown, (faulty: object) => faulty],
      [shown.source, (source: object) => ({ ...shown, source })],
      [shown.bulkhead, (bulkhead: object) => ({ ...shown, bulkhead })],
      [endpoint, (faulty: object) => ({ ...shown, endpoints: [endpoint, faulty] })],
    ] as const) {
      for (const name of Object.keys(part ?? {})) {
        for (const wrong of [undefined, [[]]]) {
          expect(isShownUpstream(whole({ ...part, [name]: wrong })), `${name}: ${String(wrong)}`).to.equal(false);
        }
      }
    }
    for (const other of [null, [], 'orders', { ...shown, endpoints: {} }, { ...shown, source: null }])
      expect(isShownUpstream(other)).to.equal(false);
  });
});
