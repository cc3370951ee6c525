import { expect } from 'chai';
import { countsOf, gaugeRule, mergedMetrics } from '../../../src/cluster/merged-metrics.ts';
import { workerMetrics } from '../../../src/cluster/worker-metrics.ts';
import { openMetricsText, readOpenMetrics } from '../../../src/observability/exposition.ts';
import { Metrics } from '../../../src/observability/metrics.ts';

const READINGS = { inFlight: () => 0, connections: async () => 0 };

function merged(...texts: readonly string[]): string[] {
  const families = mergedMetrics(texts.map((text, worker) => ({ worker, families: readOpenMetrics(text) })));
  return openMetricsText(families)
    .split('\n')
    .filter((line) => !/^(?:# HELP .*|# EOF|)$/.test(line));
}

function gauge(name: string, ...samples: readonly string[]): string {
  return [`# TYPE ${name} gauge`, `# HELP ${name} h`, ...samples.map((sample) => `${name}${sample}`), ''].join('\n');
}

describe('the metrics of several processes', () => {
  it('sums counters by their labels, and says what they are once', () => {
    const text = (a: number, b: number): string =>
      `# TYPE c counter\n# HELP c h\nc_total{l="x y"} ${a}\nc_total{l="z"} ${b}\n`;
    expect(merged('', text(1, 2), text(3, 4))).to.deep.equal([
      '# TYPE c counter',
      'c_total{l="x y"} 4',
      'c_total{l="z"} 6',
    ]);
  });

  it('sums histograms by bucket', () => {
    const text = '# TYPE h histogram\n# HELP h h\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 1.5\nh_count 2\n';
    expect(merged('', text, text)).to.deep.equal([
      '# TYPE h histogram',
      'h_bucket{le="1"} 2',
      'h_bucket{le="+Inf"} 4',
      'h_sum 3',
      'h_count 4',
    ]);
  });

  it('keeps of each bucket the exemplar that is the newest', () => {
    const text = (exemplar: string): string =>
      `# TYPE h histogram\n# HELP h h\nh_bucket{le="1.0"} 1${exemplar}\nh_bucket{le="+Inf"} 2\n`;
    const [old, young] = [' # {trace_id="a"} 0.5 1700000000.500', ' # {trace_id="b"} 0.25 1700000001.000'];
    for (const texts of [
      [old, young],
      [young, old],
      ['', young],
      [young, ''],
    ]) {
      expect(merged('', ...texts.map(text))).to.include(`h_bucket{le="1.0"} 2${young}`);
    }
  });

  for (const [name, one, other, expected] of [
    ['gateway_connections', 2, 3, 5],
    ['gateway_connections_limit', 2, 3, 5],
    ['gateway_tls_certificate_expiry_timestamp_seconds', 9, 8, 8],
    ['gateway_endpoint_healthy', 1, 0, 0],
    ['gateway_breaker_state', 0, 2, 2],
    ['gateway_redis_up', 0, 1, 0],
  ] as const) {
    it(`makes ${expected} of ${one} and ${other} in ${name}`, () => {
      const texts = [one, other].map((value) => gauge(name, `{e="a"} ${value}`));
      expect(merged(gauge(name, '{e="a"} 0'), ...texts)).to.include(`${name}{e="a"} ${expected}`);
    });
  }

  it('has what a process is made of for each of them, the primary included', () => {
    const text = gauge('process_x', ' 1') + gauge('nodejs_y', '{k="v"} +Inf');
    expect(merged(text, text)).to.deep.equal([
      '# TYPE process_x gauge',
      'process_x{worker="0"} 1',
      'process_x{worker="1"} 1',
      '# TYPE nodejs_y gauge',
      'nodejs_y{k="v",worker="0"} +Inf',
      'nodejs_y{k="v",worker="1"} +Inf',
    ]);
  });

  it('takes from the primary what only it knows, and nothing of the requests that it does not serve', () => {
    const primary = gauge('gateway_config_info', '{hash="new"} 1') + gauge('gateway_requests_in_flight', ' 7');
    const worker = gauge('gateway_config_info', '{hash="old"} 1') + gauge('gateway_requests_in_flight', ' 1');
    expect(merged(primary, worker)).to.deep.equal([
      '# TYPE gateway_config_info gauge',
      'gateway_config_info{hash="new"} 1',
      '# TYPE gateway_requests_in_flight gauge',
      'gateway_requests_in_flight 1',
    ]);
  });

  it('takes from the primary what was purged: it is asked, and knows what came of it in all workers', () => {
    const counter = (value: number): string =>
      `# TYPE gateway_cache_purged counter\n# HELP gateway_cache_purged h\ngateway_cache_purged_total ${value}\n`;
    expect(merged(counter(5), counter(0), counter(2))).to.deep.equal([
      '# TYPE gateway_cache_purged counter',
      'gateway_cache_purged_total 5',
    ]);
  });

  it('sums what happens to the primary as well: bugs, and lines that are given up', () => {
    for (const name of ['gateway_internal_errors', 'gateway_log_dropped']) {
      const counter = (value: number): string => `# TYPE ${name} counter\n# HELP ${name} h\n${name}_total ${value}\n`;
      expect(merged(counter(1), counter(2), counter(4))).to.deep.equal([`# TYPE ${name} counter`, `${name}_total 7`]);
    }
  });

  it('leaves of processes that have ended what only grows, and nothing of the primary', () => {
    const counter = '# TYPE c counter\n# HELP c h\nc_total{l="x"} 3\n';
    const others = '# TYPE process_x counter\n# HELP process_x h\nprocess_x_total 5\n';
    const text = counter + others + gauge('gateway_connections', ' 2') + gauge('gateway_config_info', ' 1');
    const families = readOpenMetrics(text);
    expect(openMetricsText(countsOf([countsOf([families]), families]))).to.equal(
      `${counter.replace(' 3', ' 6')}# EOF\n`,
    );
  });

  it('says of every gauge how it is merged', async () => {
    const { registry } = new Metrics(READINGS);
    workerMetrics(registry, () => ({ count: 1, ready: [], restarts: 0 }));
    const gauges = [...(await registry.metrics()).matchAll(/^# TYPE (gateway_\S+) gauge$/gm)].map(
      ([, name = '']) => name,
    );
    registry.clear();
    expect(gauges).to.include.members(['gateway_connections', 'gateway_workers']);
    expect(gauges.filter((name) => gaugeRule(name) === undefined)).to.deep.equal([]);
  });
});
