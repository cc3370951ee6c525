import { expect } from 'chai';
import { mergedUpstreams } from '../../../src/cluster/merged-upstreams.ts';
import type { EndpointView, UpstreamView } from '../../../src/upstreams/view.ts';

const ENDPOINT: EndpointView = {
  origin: 'http://a',
  weight: 1,
  condition: 'available',
  why: '',
  isHealthy: true,
  isEjected: false,
  breaker: 'closed',
  inFlight: 1,
  connections: 2,
  idle: 1,
  waiting: 2,
  latency: 0.1,
  share: 1,
};

function view(endpoints: readonly EndpointView[], more: Partial<UpstreamView> = {}): UpstreamView {
  const source = { kind: 'targets', updatedAt: undefined, fault: undefined } as const;
  return { name: 'shop', balance: 'p2c', panic: false, source, bulkhead: undefined, endpoints, ...more };
}

function mergedEndpoint(...views: readonly EndpointView[]): EndpointView | undefined {
  return mergedUpstreams(views.map((each) => [view([each])]))[0]?.endpoints[0];
}

describe('the upstreams of several workers', () => {
  it('are one, with what they do summed, and the mean of their latencies', () => {
    const other = { ...ENDPOINT, inFlight: 3, connections: 4, latency: 0.3, share: 0.5 };
    const unmeasured = { ...ENDPOINT, latency: undefined };
    expect(mergedEndpoint(ENDPOINT, other, unmeasured)).to.deep.equal({
      ...ENDPOINT,
      inFlight: 5,
      connections: 8,
      idle: 3,
      waiting: 6,
      latency: 0.2,
      share: 0.5,
    });
  });

  it('have the worst condition, and say how many workers see it', () => {
    const open: EndpointView = { ...ENDPOINT, condition: 'circuit-open', why: '5 of 5 failed', breaker: 'open' };
    const ejected: EndpointView = { ...ENDPOINT, condition: 'ejected', why: '5 in a row', isEjected: true };
    const found = mergedEndpoint(ENDPOINT, open, ejected);
    expect(found).to.include({ condition: 'circuit-open', why: '5 of 5 failed (1 of 3 workers)', breaker: 'open' });
    expect(found).to.include({ isHealthy: true, isEjected: true });
  });

  it('have the endpoints of all, in the order in which they are found', () => {
    const b = { ...ENDPOINT, origin: 'http://b' };
    const [found] = mergedUpstreams([[view([ENDPOINT])], [view([ENDPOINT, b])]]);
    expect(found?.endpoints.map(({ origin }) => origin)).to.deep.equal(['http://a', 'http://b']);
  });

  it('have what waits in all bulkheads, panic when one does, and the oldest knowledge of their source', () => {
    const source = { kind: 'dns', updatedAt: 5, fault: undefined } as const;
    const views = [
      view([], { bulkhead: { inside: 1, queued: 2 }, source: { ...source, updatedAt: 9 } }),
      view([], { bulkhead: { inside: 3, queued: 4 }, source: { ...source, fault: 'away' }, panic: true }),
    ];
    const [found] = mergedUpstreams(views.map((each) => [each]));
    expect(found).to.deep.include({ bulkhead: { inside: 4, queued: 6 }, panic: true });
    expect(found?.source).to.deep.equal({ kind: 'dns', updatedAt: 5, fault: 'away' });
  });

  it('are none when no worker answers', () => {
    expect(mergedUpstreams([])).to.deep.equal([]);
  });
});
