import { expect } from 'chai';
import { parseOpenMetrics, promtoolFindings } from '../../support/metric-parsers.ts';
import { answering, Opened, RELOADED, replaceFile, send } from '../../support/reload.ts';
import { startWorkers, until, workerPids, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;

describe('the metrics of two workers', function () {
  // The parsers may have to be fetched first.
  this.timeout(240_000);
  const opened = new Opened();

  it('pass promtool and the parser of OpenMetrics', async () => {
    const { address, admin } = await startWorkers(opened, workersYaml(HOME));
    for (let count = 0; count < 4; count += 1) await send(address, '/');
    const text = (await send(admin, '/metrics')).body;
    expect(text).to.match(/^gateway_requests_total\{.*\} 4$/m);
    expect(text).to.match(/^process_cpu_seconds_total\{worker="2"\} /m);
    expect(await promtoolFindings(text)).to.equal('');
    const open = await send(admin, '/metrics', { headers: { accept: 'application/openmetrics-text' } });
    const families = await parseOpenMetrics(open.body);
    const requests = families.find(({ name }) => name === 'gateway_requests');
    expect(requests?.samples.map(({ name, value }) => [name, value])).to.deep.equal([['gateway_requests_total', 4]]);
  });

  it('are measured alike in all, also in one that started after other buckets were written', async () => {
    const { gateway, file, address, admin } = await startWorkers(
      opened,
      workersYaml(`metrics: { buckets: [1, 2] }\n${HOME}`),
    );
    replaceFile(file, workersYaml(`metrics: { buckets: [3] }\n${HOME}`));
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGKILL');
    await gateway.logged('a worker serves');
    await until('both have answered', async () => {
      await send(address, '/');
      const pids = workerPids(gateway);
      return pids.length === 2 && !pids.includes(victim);
    });
    for (let count = 0; count < 8; count += 1) await send(address, '/');
    const { body } = await send(admin, '/metrics');
    const bounds = [...body.matchAll(/^gateway_request_duration_seconds_bucket\{.*le="(.*)"\}/gm)].map(([, le]) => le);
    expect(bounds).to.deep.equal(['1.0', '2.0', '+Inf']);
    expect(body).to.include('\ngateway_config_restart_required 1\n');
  });
});
