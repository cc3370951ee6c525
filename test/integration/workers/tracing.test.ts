import { expect } from 'chai';
import { TestCollector } from '../../support/collector.ts';
import { answering, metricOf, Opened } from '../../support/reload.ts';
import { connections, PATIENCE, startWorkers, until, workerPids, workersYaml } from './workers.ts';

describe('the traces of several workers', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();
  let collector: TestCollector;

  before(async () => {
    collector = await TestCollector.start();
  });

  after(async () => collector.close());
  afterEach(async () => opened.close());

  it('come from each of them, are counted as one, and are not lost at a stop', async () => {
    const tracing = `tracing: { otlp: "${collector.origin}" }\nroutes:\n${answering('home')}`;
    const { gateway, address, admin } = await startWorkers(opened, workersYaml(tracing));
    const pids = workerPids(gateway);
    await connections(opened, address, 8);
    await collector.spans.until(() => collector.spans.items.length === 8, 'eight spans');
    const recorded = new Set(collector.spans.items.map(({ resource }) => resource['process.pid']));
    expect(recorded).to.deep.equal(new Set(pids));
    const instances = new Set(collector.spans.items.map(({ resource }) => resource['service.instance.id']));
    expect(instances.size).to.equal(2);
    // They are counted when the collector's answer is here.
    await until('eight spans counted', async () => (await metricOf(admin, 'gateway_traces_exported_total')) === 8);
    expect(await metricOf(admin, 'gateway_traces_dropped_total{reason="queue-full"}')).to.equal(0);
    await connections(opened, address, 4);
    gateway.kill('SIGTERM');
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
    expect(collector.spans.items).to.have.length(12);
  });
});
