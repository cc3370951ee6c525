import { expect } from 'chai';
import { Registry } from 'prom-client';
import {
  UpstreamStates,
  type EndpointReading,
  type UpstreamReading,
} from '../../../src/observability/upstream-states.ts';

function endpoint(origin: string, changes: Partial<EndpointReading> = {}): EndpointReading {
  return {
    origin,
    isHealthy: true,
    isEjected: false,
    breaker: undefined,
    inFlight: 0,
    connections: 0,
    idle: 0,
    waiting: 0,
    ...changes,
  };
}

function upstream(name: string, changes: Partial<UpstreamReading> = {}): UpstreamReading {
  return { name, panic: false, bulkhead: undefined, endpoints: [], ...changes };
}

describe('the metrics of upstreams', () => {
  let readings: readonly UpstreamReading[] = [];
  let reads = 0;
  const create = (): { readonly states: UpstreamStates; readonly series: () => Promise<string[]> } => {
    readings = [];
    reads = 0;
    const registry = new Registry();
    const states = new UpstreamStates(registry, () => {
      reads += 1;
      return readings;
    });
    const series = async (): Promise<string[]> =>
      (await registry.metrics())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .toSorted();
    return { states, series };
  };

  it('are none while there is no upstream and nothing has happened', async () => {
    expect(await create().series()).to.deep.equal([]);
  });

  it('are the states as they are when they are asked for', async () => {
    const { series } = create();
    readings = [
      upstream('a', {
        panic: true,
        bulkhead: { inside: 3, queued: 2 },
        endpoints: [
          endpoint('http://one', { breaker: 'closed', inFlight: 4, connections: 5, idle: 2, waiting: 6 }),
          endpoint('http://two', { breaker: 'half-open', isHealthy: false }),
          endpoint('http://three', { breaker: 'open', isEjected: true }),
        ],
      }),
      upstream('b', { endpoints: [endpoint('http://one')] }),
    ];
    expect(await series()).to.deep.equal([
      'gateway_breaker_state{upstream="a",endpoint="http://one"} 0',
      'gateway_breaker_state{upstream="a",endpoint="http://three"} 2',
      'gateway_breaker_state{upstream="a",endpoint="http://two"} 1',
      'gateway_bulkhead_in_use{upstream="a"} 3',
      'gateway_bulkhead_queued{upstream="a"} 2',
      'gateway_endpoint_connections{upstream="a",endpoint="http://one",state="idle"} 2',
      'gateway_endpoint_connections{upstream="a",endpoint="http://one",state="used"} 3',
      'gateway_endpoint_connections{upstream="a",endpoint="http://three",state="idle"} 0',
      'gateway_endpoint_connections{upstream="a",endpoint="http://three",state="used"} 0',
      'gateway_endpoint_connections{upstream="a",endpoint="http://two",state="idle"} 0',
      'gateway_endpoint_connections{upstream="a",endpoint="http://two",state="used"} 0',
      'gateway_endpoint_connections{upstream="b",endpoint="http://one",state="idle"} 0',
      'gateway_endpoint_connections{upstream="b",endpoint="http://one",state="used"} 0',
      'gateway_endpoint_healthy{upstream="a",endpoint="http://one"} 1',
      'gateway_endpoint_healthy{upstream="a",endpoint="http://three"} 0',
      'gateway_endpoint_healthy{upstream="a",endpoint="http://two"} 0',
      'gateway_endpoint_healthy{upstream="b",endpoint="http://one"} 1',
      'gateway_endpoint_requests_in_flight{upstream="a",endpoint="http://one"} 4',
      'gateway_endpoint_requests_in_flight{upstream="a",endpoint="http://three"} 0',
      'gateway_endpoint_requests_in_flight{upstream="a",endpoint="http://two"} 0',
      'gateway_endpoint_requests_in_flight{upstream="b",endpoint="http://one"} 0',
      'gateway_endpoint_requests_waiting{upstream="a",endpoint="http://one"} 6',
      'gateway_endpoint_requests_waiting{upstream="a",endpoint="http://three"} 0',
      'gateway_endpoint_requests_waiting{upstream="a",endpoint="http://two"} 0',
      'gateway_endpoint_requests_waiting{upstream="b",endpoint="http://one"} 0',
      'gateway_upstream_panic{upstream="a"} 1',
      'gateway_upstream_panic{upstream="b"} 0',
    ]);
    expect(reads).to.equal(1);
  });

  it('hold nothing of what is gone', async () => {
    const { series } = create();
    const bulkhead = { inside: 1, queued: 1 };
    readings = [upstream('a', { bulkhead, endpoints: [endpoint('http://one', { breaker: 'open' })] })];
    expect(await series()).to.have.length(9);
    readings = [upstream('a', { endpoints: [endpoint('http://two')] })];
    expect(await series()).to.deep.equal([
      'gateway_endpoint_connections{upstream="a",endpoint="http://two",state="idle"} 0',
      'gateway_endpoint_connections{upstream="a",endpoint="http://two",state="used"} 0',
      'gateway_endpoint_healthy{upstream="a",endpoint="http://two"} 1',
      'gateway_endpoint_requests_in_flight{upstream="a",endpoint="http://two"} 0',
      'gateway_endpoint_requests_waiting{upstream="a",endpoint="http://two"} 0',
      'gateway_upstream_panic{upstream="a"} 0',
    ]);
    readings = [];
    expect(await series()).to.deep.equal([]);
  });

  it('count what happens, and name no endpoint', async () => {
    const { states, series } = create();
    const counts = states.counts('a');
    counts.retry('reset');
    counts.retry(503);
    counts.retry(503);
    counts.hedge();
    counts.refused('circuit-open');
    states.breakerChanged('a', 'open');
    states.ejected('a');
    states.fallback('shop');
    expect(await series()).to.deep.equal([
      'gateway_breaker_transitions_total{upstream="a",to="open"} 1',
      'gateway_endpoint_ejections_total{upstream="a"} 1',
      'gateway_fallbacks_total{route="shop"} 1',
      'gateway_hedges_total{upstream="a"} 1',
      'gateway_retries_total{upstream="a",cause="503"} 2',
      'gateway_retries_total{upstream="a",cause="reset"} 1',
      'gateway_upstream_refusals_total{upstream="a",reason="circuit-open"} 1',
    ]);
  });
});
