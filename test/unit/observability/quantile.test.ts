import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { quantileOf, type Bucket } from '../../../src/observability/quantile.ts';
import { promtool } from '../../support/promql.ts';

/** @param counts cumulated, by their bounds */
function histogram(counts: readonly (readonly [bound: number, count: number])[]): Bucket[] {
  return counts.map(([bound, count]) => ({ bound, count }));
}

const BUCKETS = histogram([
  [0.1, 10],
  [0.2, 30],
  [0.5, 90],
  [1, 98],
  [Infinity, 100],
]);

const GAP = histogram([
  [0.1, 0],
  [0.2, 4],
  [0.5, 4],
  [1, 8],
  [Infinity, 8],
]);
const ABOVE = histogram([
  [0.1, 1],
  [0.2, 1],
  [Infinity, 7],
]);

describe('a quantile of a histogram', () => {
  for (const [rank, value] of [
    [0.05, 0.05],
    [0.1, 0.1],
    [0.2, 0.15],
    [0.5, 0.3],
    [0.9, 0.5],
    [0.95, 0.8125],
    [0.98, 1],
  ] as const) {
    it(`is interpolated within its bucket: ${rank} is ${value}`, () => {
      expect(quantileOf(rank, BUCKETS)).to.be.closeTo(value, 1e-12);
    });
  }

  it('is the highest bound when it lies above that', () => {
    expect(quantileOf(0.99, BUCKETS)).to.equal(1);
    expect(quantileOf(1, BUCKETS)).to.equal(1);
  });

  it('begins at 0 in the lowest bucket', () => {
    const all = histogram([
      [0.4, 8],
      [1, 8],
      [Infinity, 8],
    ]);
    expect(quantileOf(0.5, all)).to.be.closeTo(0.2, 1e-12);
    expect(quantileOf(1, all)).to.be.closeTo(0.4, 1e-12);
  });

  it('passes over buckets that nothing fell into', () => {
    expect(quantileOf(0.5, GAP)).to.be.closeTo(0.2, 1e-12);
    expect(quantileOf(0.75, GAP)).to.be.closeTo(0.75, 1e-12);
  });

  it('is not known without observations, or without a bound', () => {
    expect(quantileOf(0.5, [])).to.equal(undefined);
    expect(quantileOf(0.5, histogram([[Infinity, 3]]))).to.equal(undefined);
    expect(
      quantileOf(
        0.5,
        histogram([
          [1, 0],
          [Infinity, 0],
        ]),
      ),
    ).to.equal(undefined);
  });

  it('is what Prometheus makes of the same buckets', async function () {
    // promtool may have to be fetched first.
    this.timeout(240_000);
    const histograms = [BUCKETS, GAP, ABOVE];
    const text = (bound: number): string => (bound === Infinity ? '+Inf' : String(bound));
    const series = histograms.flatMap((buckets, name) =>
      buckets.map(({ bound, count }) => ({ series: `b{name="${name}", le="${text(bound)}"}`, values: `${count}x1` })),
    );
    const questions = histograms.flatMap((buckets, name) =>
      [0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1].map((rank) => ({
        eval_time: '1m',
        expr: `abs(histogram_quantile(${rank}, b{name="${name}"}) - ${quantileOf(rank, buckets)}) < bool 1e-9`,
        exp_samples: [{ labels: `{name="${name}"}`, value: 1 }],
      })),
    );
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
    try {
      const file = join(folder, 'quantiles.yml');
      const tests = [{ interval: '1m', input_series: series, promql_expr_test: questions }];
      await writeFile(file, JSON.stringify({ evaluation_interval: '1m', rule_files: [], tests }));
      await promtool('test', 'rules', file);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
