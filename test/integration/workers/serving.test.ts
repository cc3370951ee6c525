import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM } from '../../support/program.ts';
import { answering, forwarding, metricOf, Opened, send } from '../../support/reload.ts';
import { connections, PATIENCE, startWorkers, workerPids, until, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;
const WORKER_SERVES = 'a worker serves';

describe('two workers that serve', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('splits the requests of 64 connections between 40 and 60 %, and says in each line who answered', async () => {
    const { gateway, address } = await startWorkers(opened, workersYaml(HOME, { access: true }));
    const agents = await connections(opened, address, 64);
    for (let round = 0; round < 31; round += 1)
      await Promise.all(agents.map(async (agent) => send(address, '/', { agent })));
    const lines = await gateway.until('2,048 access lines', () => {
      const found = gateway.log.filter(({ path }) => path === '/');
      return found.length >= 64 * 32 ? found : undefined;
    });
    const byFirst = lines.filter(({ worker }) => worker === 1).length;
    expect(lines.every(({ worker }) => worker === 1 || worker === 2)).to.equal(true);
    expect(byFirst / lines.length).to.be.within(0.4, 0.6);
  });

  it('shows the metrics of all workers as one, and those of processes one by one', async () => {
    const { gateway, address, admin } = await startWorkers(opened, workersYaml(HOME));
    const agents = await connections(opened, address, 8);
    for (const agent of agents) await send(address, '/', { agent });
    const requests = 'gateway_requests_total{route="at",method="GET",status="2xx"}';
    expect(await metricOf(admin, requests)).to.equal(16);
    expect(await metricOf(admin, 'gateway_request_duration_seconds_count{route="at"}')).to.equal(16);
    expect(await metricOf(admin, 'gateway_connections')).to.equal(8);
    expect(await metricOf(admin, 'gateway_config_last_reload_successful')).to.equal(1);
    expect(await metricOf(admin, 'gateway_workers')).to.equal(2);
    for (const worker of [0, 1, 2])
      expect(await metricOf(admin, `process_resident_memory_bytes{worker="${worker}"}`)).to.be.above(1e6);
    const { body } = await send(admin, '/metrics');
    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGKILL');
    await gateway.logged(WORKER_SERVES);
    // What the one had counted that has ended is not lost.
    expect(await metricOf(admin, requests)).to.equal(16);
    for (const agent of await connections(opened, address, 8)) await send(address, '/', { agent });
    expect(await metricOf(admin, requests)).to.equal(32);
    const types = body.split('\n').filter((line) => line.startsWith('# TYPE '));
    expect(new Set(types).size).to.equal(types.length);
  });

  it('tells all workers of an instance that registers, also one that starts later', async () => {
    const upstream = await opened.upstream('instance');
    const yaml = workersYaml(
      `upstreams:\n  reg: { discover: { registry: true } }\nroutes:\n${forwarding('reg', '/')}`,
      { access: true },
    );
    const { gateway, address, admin } = await startWorkers(opened, yaml);
    const put = await send(admin, '/api/v1/upstreams/reg/instances/one', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: upstream.origin, ttl: '1h' }),
    });
    expect(put.status).to.equal(201);
    const statuses = async (): Promise<Set<number>> =>
      new Set(await Promise.all([...Array(8).keys()].map(async () => (await send(address, '/')).status)));
    await until('all workers know it', async () => {
      const found = await statuses();
      return found.size === 1 && found.has(200);
    });
    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGKILL');
    await gateway.logged(WORKER_SERVES);
    expect(await statuses()).to.deep.equal(new Set([200]));
    await until('the state of the upstream is that of both', async () => {
      const { upstreams } = JSON.parse((await send(admin, '/api/v1/upstreams')).body);
      return upstreams[0]?.endpoints[0]?.url === upstream.origin;
    });
    const removed = await send(admin, '/api/v1/upstreams/reg/instances/one', { method: 'DELETE' });
    expect(removed.status).to.equal(204);
    await until('no worker knows it any more', async () => {
      const found = await statuses();
      return found.size === 1 && found.has(503);
    });
  });

  it('takes as many connections as one process would, and refuses others without spinning', async () => {
    const yaml = workersYaml(HOME, { server: 'limits: { connections: 4 }' });
    const { gateway, address, admin } = await startWorkers(opened, yaml);
    const agents = await connections(opened, address, 4);
    const refused = await send(address, '/').then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
    await gateway.logged('connections refused: server.limits.connections is reached');
    expect(await metricOf(admin, 'gateway_connections')).to.equal(4);
    for (const agent of agents) agent.destroy();
    await until('there is room again', async () =>
      send(address, '/').then(
        () => true,
        () => false,
      ),
    );
  });

  it('keeps lines whole that its processes write into one file', async () => {
    const folder = opened.folder();
    const [file, log] = [join(folder, 'gateway.yaml'), join(folder, 'log')];
    writeFileSync(file, workersYaml(HOME, { access: true }));
    const output = openSync(log, 'w');
    opened.add(() => closeSync(output));
    const child = spawn(process.execPath, [...PROGRAM, 'serve', '-c', file], {
      stdio: ['ignore', output, 'inherit'],
    });
    opened.add(() => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const lines = (): Record<string, unknown>[] =>
      readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line): Record<string, unknown> => JSON.parse(line));
    await until('it serves', () => lines().some(({ msg }) => msg === 'serving'));
    const address = String(lines().find(({ msg }) => msg === 'serving')?.['listen']);
    const agents = await connections(opened, address, 16);
    for (let round = 0; round < 60; round += 1)
      await Promise.all(agents.map(async (agent) => send(address, '/', { agent })));
    child.kill('SIGTERM');
    await exited;
    const access = lines().filter(({ path }) => path === '/');
    expect(access).to.have.length(16 * 61);
    expect(new Set(access.map(({ worker }) => worker))).to.deep.equal(new Set([1, 2]));
  });
});
