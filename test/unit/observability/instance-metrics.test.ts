import { expect } from 'chai';
import { Metrics } from '../../../src/observability/metrics.ts';

const READINGS = { inFlight: () => 0, connections: async () => 0 };

describe('what an instance tells of itself', () => {
  it('is there from the start, for alerts on a rise', async () => {
    const text = await new Metrics(READINGS).registry.metrics();
    for (const name of ['internal_errors', 'connections_refused', 'log_dropped'])
      expect(text).to.include(`\ngateway_${name}_total 0\n`);
  });

  it('has the version, the limit of connections and the lines that were given up', async () => {
    let droppedLines = 0;
    const more = { version: '1.2.3', connectionsLimit: () => 7, droppedLogLines: () => (droppedLines += 2) };
    const { registry } = new Metrics({ ...READINGS, ...more });
    await registry.metrics();
    expect(await registry.metrics())
      .to.include('\ngateway_build_info{version="1.2.3"} 1\n')
      .and.include('\ngateway_connections_limit 7\n')
      .and.include('\ngateway_log_dropped_total 4\n');
  });

  it('counts an attempt that a bug has ended, and no other', async () => {
    const metrics = new Metrics(READINGS);
    for (const outcome of ['2xx', 'connect', 'internal', 'internal']) metrics.upstream('a').attempt(outcome);
    expect(await metrics.registry.metrics()).to.include('\ngateway_internal_errors_total 2\n');
  });

  it('forgets a certificate that is not shown any more', async () => {
    const { instance, registry } = new Metrics(READINGS);
    instance.certificates(new Map([['old.test', 1]]));
    instance.certificates(new Map([['new.test', 2]]));
    const series = (await registry.metrics()).match(/^gateway_tls_certificate_expiry\S+ .*/gm);
    expect(series).to.deep.equal(['gateway_tls_certificate_expiry_timestamp_seconds{certificate="new.test"} 2']);
  });
});
