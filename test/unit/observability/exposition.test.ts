import { expect } from 'chai';
import { Counter, Gauge, Registry } from 'prom-client';
import { BoundCounter, BoundHistogram } from '../../../src/observability/bound.ts';
import { familiesOf, openMetricsText, prometheusText, readOpenMetrics } from '../../../src/observability/exposition.ts';
import { Metrics } from '../../../src/observability/metrics.ts';

const TRACES = ['0af7651916cd43dd8448eb211c80319c', '4bf92f3577b34da6a3ce929d0e0e4736'] as const;

describe('metrics as text', () => {
  let registry: Registry;
  let registers: Registry[];

  beforeEach(() => {
    registry = new Registry();
    registers = [registry];
  });

  const open = async (): Promise<string> => openMetricsText(await familiesOf(registry));
  const plain = async (): Promise<string> => prometheusText(await familiesOf(registry));

  it('have counters of the same name in both formats', async () => {
    new BoundCounter({ name: 'a_total', help: 'One.', labelNames: ['x'], registers }).bind({ x: 'y' }).inc();
    new Counter({ name: 'b_seconds_total', help: 'Two.', registers }).inc(0.5);
    expect(await plain()).to.equal(
      '# HELP a_total One.\n# TYPE a_total counter\na_total{x="y"} 1\n\n' +
        '# HELP b_seconds_total Two.\n# TYPE b_seconds_total counter\nb_seconds_total 0.5\n\n',
    );
    expect(await open()).to.equal(
      '# TYPE a counter\n# HELP a One.\na_total{x="y"} 1\n' +
        '# TYPE b_seconds counter\n# UNIT b_seconds seconds\n# HELP b_seconds Two.\nb_seconds_total 0.5\n# EOF\n',
    );
  });

  it('have exemplars in OpenMetrics alone: of each bucket the last trace that was sampled', async () => {
    const began = Date.now() / 1000;
    const histogram = new BoundHistogram({ name: 'h', help: 'H.', buckets: [0.5, 1, 2], registers }).bind({});
    histogram.observe(0.25, TRACES[0]);
    histogram.observe(0.125, TRACES[1]);
    histogram.observe(0.375);
    histogram.observe(0.75);
    histogram.observe(9, TRACES[0]);
    const counts = ['h_bucket{le="0.5"} 3', 'h_bucket{le="1.0"} 4', 'h_bucket{le="2.0"} 4', 'h_bucket{le="+Inf"} 5'];
    expect(await plain()).to.equal(`# HELP h H.\n# TYPE h histogram\n${counts.join('\n')}\nh_sum 10.5\nh_count 5\n\n`);
    const exemplars = [...(await open()).matchAll(/^h_bucket\{le="(.*)"\} \d # \{trace_id="(.*)"\} (\S+) (\S+)$/gm)];
    expect(exemplars.map(([, le, traceId, value]) => [le, traceId, value])).to.deep.equal([
      ['0.5', TRACES[1], '0.125'],
      ['+Inf', TRACES[0], '9'],
    ]);
    for (const [, , , , time] of exemplars) expect(Number(time)).to.be.within(began - 0.001, Date.now() / 1000 + 0.001);
  });

  it('have no exemplars while no trace is sampled', async () => {
    const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
    const route = metrics.route('shop');
    registry = metrics.registry;
    route.observe('GET', 200, 0.1);
    expect(await open()).to.include('gateway_request_duration_seconds_bucket{route="shop",le="0.1"} 1\n');
    route.observe('GET', 200, 0.1, TRACES[0]);
    expect(await open()).to.include(
      `gateway_request_duration_seconds_bucket{route="shop",le="0.1"} 2 # {trace_id="${TRACES[0]}"} 0.1 `,
    );
  });

  it('escape what would end a label or a line', async () => {
    new Gauge({ name: 'g', help: 'A "quote",\na \\.', labelNames: ['x'], registers }).set(
      { x: 'a"b\\c\nd} 1 # {' },
      NaN,
    );
    expect(await plain()).to.equal(
      '# HELP g A "quote",\\na \\\\.\n# TYPE g gauge\ng{x="a\\"b\\\\c\\nd} 1 # {"} NaN\n\n',
    );
    expect(await open()).to.include('# HELP g A \\"quote\\",\\na \\\\.\ng{x="a\\"b\\\\c\\nd} 1 # {"} NaN\n');
  });

  it('are read as they were written', async () => {
    const gauge = new Gauge({ name: 'g_bytes', help: 'A "quote",\na \\n.', labelNames: ['x'], registers });
    for (const [x, value] of [
      ['', -Infinity],
      ['a"b\\c\nd} 1 # {', Infinity],
      ['tiny', 5e-324],
    ] as const)
      gauge.set({ x }, value);
    registry.registerMetric(new Counter({ name: 'empty_total', help: 'None yet.', labelNames: ['x'], registers: [] }));
    const histogram = new BoundHistogram({ name: 'h', help: 'H.', labelNames: ['x'], buckets: [1], registers });
    histogram.bind({ x: 'y' }).observe(0.5, TRACES[0]);
    const families = await familiesOf(registry);
    const text = openMetricsText(families);
    const read = readOpenMetrics(text);
    expect(openMetricsText(read)).to.equal(text);
    expect(prometheusText(read)).to.equal(prometheusText(families));
    expect(readOpenMetrics('')).to.deep.equal([]);
  });

  it('end every counter with _total, and nothing else', async () => {
    const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
    const families = await familiesOf(metrics.registry);
    metrics.registry.clear();
    const text = prometheusText(families);
    for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      expect(name?.endsWith('_total'), name).to.equal(type === 'counter');
    }
  });
});
