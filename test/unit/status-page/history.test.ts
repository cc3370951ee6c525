import { expect } from 'chai';
import { History, LOOK_BACK } from '../../../status-page/history.js';
import type { Traffic } from '../../../status-page/shapes.d.ts';

const BEGAN = Date.parse('2026-01-09T03:00:00Z');

function at(milliseconds: number): Traffic {
  const none = { p50_seconds: null, p95_seconds: null, p99_seconds: null };
  return {
    at: new Date(BEGAN + milliseconds).toISOString(),
    interval_seconds: 1,
    total: { ...none, requests_per_second: 0, errors_per_second: 0, in_flight: 0, connections: 0 },
    routes: [],
    cache: { hit_ratio: null, bytes: null, entries: null, routes: [] },
    process: { cpu_cores: 0, memory_bytes: 0, event_loop_lag_seconds: null },
  };
}

describe('the history of the status page', () => {
  it('keeps five minutes', () => {
    const history = new History();
    for (let second = 0; second < 1000; second += 1) history.add(at(second * 1000));
    expect(history.samples).to.have.length(LOOK_BACK / 1000);
    expect(history.samples.at(-1)?.at).to.equal(BEGAN + 999_000);
  });

  it('begins anew when the clock of the gateway was set back', () => {
    const history = new History();
    history.add(at(5000));
    history.add(at(1000));
    expect(history.samples.map((sample) => sample.at - BEGAN)).to.deep.equal([1000]);
  });
});
