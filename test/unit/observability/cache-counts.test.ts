import { expect } from 'chai';
import { Registry } from 'prom-client';
import { CacheCounts, type CacheReading } from '../../../src/observability/cache-counts.ts';

describe('the metrics of response caches', () => {
  let reading: CacheReading | undefined;
  const create = (): { readonly counts: CacheCounts; readonly series: () => Promise<string[]> } => {
    reading = undefined;
    const registry = new Registry();
    const counts = new CacheCounts(registry, () => reading);
    const series = async (): Promise<string[]> =>
      (await registry.metrics())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .toSorted();
    return { counts, series };
  };
  const FROM_THE_START = [
    'gateway_cache_evictions_total 0',
    'gateway_cache_purged_total 0',
    'gateway_cache_redis_skipped_total{reason="away"} 0',
    'gateway_cache_redis_skipped_total{reason="refused"} 0',
    'gateway_cache_redis_skipped_total{reason="timeout"} 0',
  ];

  it('are zeroes, and nothing of routes, until something happens', async () => {
    expect(await create().series()).to.deep.equal(FROM_THE_START);
  });

  it('count requests by route and result, through whichever object of a route', async () => {
    const { counts, series } = create();
    counts.route('a').count('hit');
    counts.route('a').count('miss');
    counts.route('a').count('hit');
    counts.route('b').count('hit');
    expect(counts.route('a')).to.equal(counts.route('a'));
    expect((await series()).filter((line) => line.startsWith('gateway_cache_requests_total'))).to.deep.equal([
      'gateway_cache_requests_total{route="a",result="hit"} 2',
      'gateway_cache_requests_total{route="a",result="miss"} 1',
      'gateway_cache_requests_total{route="b",result="hit"} 1',
    ]);
  });

  it('count what was evicted, what was purged, and when Redis was left out', async () => {
    const { counts, series } = create();
    counts.evicted();
    counts.evicted();
    counts.purged(12);
    counts.purged(0);
    counts.skipped('away');
    expect(await series()).to.deep.equal([
      'gateway_cache_evictions_total 2',
      'gateway_cache_purged_total 12',
      'gateway_cache_redis_skipped_total{reason="away"} 1',
      'gateway_cache_redis_skipped_total{reason="refused"} 0',
      'gateway_cache_redis_skipped_total{reason="timeout"} 0',
    ]);
  });

  it('say what is in memory as long as anything is cached there', async () => {
    const { series } = create();
    reading = { bytes: 4096, entries: 3 };
    expect(await series()).to.include.members(['gateway_cache_bytes 4096', 'gateway_cache_entries 3']);
    reading = { bytes: 0, entries: 0 };
    expect(await series()).to.include.members(['gateway_cache_bytes 0', 'gateway_cache_entries 0']);
    reading = undefined;
    expect(await series()).to.deep.equal(FROM_THE_START);
  });
});
