import { expect } from 'chai';
import { answering, forwarding, metricOf, Opened, send } from '../../support/reload.ts';
import {
  connections,
  ended,
  isAlive,
  Load,
  PATIENCE,
  startWorkers,
  workerPids,
  until,
  workersYaml,
} from './workers.ts';

const HOME = `routes:\n${answering('home')}`;
const WORKER_ENDED = 'a worker has ended: it is replaced';
const WORKER_SERVES = 'a worker serves';

describe('two workers that end', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('replaces a worker that is killed under load: only connections of its own fail', async () => {
    const { gateway, address, admin } = await startWorkers(opened, workersYaml(HOME));
    const agents = await connections(opened, address, 16);
    const load = new Load(address, '/', agents);
    await until('there is load', () => load.statuses.length > 500);
    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGKILL');
    const line = await gateway.logged(WORKER_ENDED);
    expect(line).to.include({ pid: victim, signal: 'SIGKILL' });
    const replaced = await gateway.logged(WORKER_SERVES);
    expect(replaced['worker']).to.equal(line['worker']);
    const before = load.statuses.length;
    await until('there is load', () => load.statuses.length > before + 500);
    await load.stop();
    // Half of the clients had their connection there, and each had one request on it. One more may have been on its way.
    expect(load.errors.length).to.be.within(1, 9);
    expect(new Set(load.statuses)).to.deep.equal(new Set([200]));
    expect(workerPids(gateway)).to.have.length(2).and.not.to.include(victim);
    expect(await metricOf(admin, 'gateway_worker_restarts_total')).to.equal(1);
    expect(await metricOf(admin, 'gateway_workers_ready')).to.equal(2);
  });

  it('drains all workers on SIGTERM, and ends with 0', async () => {
    const upstream = await opened.upstream('up');
    const yaml = workersYaml(
      `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${answering('home')}${forwarding('up', '/hold')}`,
      { timeouts: 'drainDelay: 5s, drain: 1h' },
    );
    const { gateway, address, admin } = await startWorkers(opened, yaml);
    const pids = workerPids(gateway);
    const agents = await connections(opened, address, 4);
    const answers = agents.map(async (agent) => send(address, '/hold', { agent, limit: 3 * PATIENCE }));
    await until('the requests are in flight', () => upstream.held === 4);
    // To all processes of the group, as a terminal and systemd do: workers leave it to the primary.
    for (const pid of pids) process.kill(pid, 'SIGTERM');
    gateway.kill('SIGTERM');
    await gateway.logged('stopping');
    expect((await send(admin, '/readyz')).status).to.equal(503);
    // Within drainDelay, which is many times as long as this takes.
    expect((await send(address, '/')).status).to.equal(200);
    await until('nothing new is taken', async () =>
      send(address, '/').then(
        () => false,
        () => true,
      ),
    );
    upstream.release();
    for (const answer of answers) expect((await answer).status).to.equal(200);
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
    expect(pids.filter(isAlive)).to.deep.equal([]);
    expect(gateway.stderr).to.equal('');
    expect(gateway.log.at(-1)).to.include({ msg: 'stopped' });
  });

  it('ends at once with 1 on a second signal, and leaves no worker', async () => {
    const upstream = await opened.upstream('up');
    const yaml = workersYaml(
      `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${answering('home')}${forwarding('up', '/hold')}`,
      { timeouts: 'drainDelay: 0s, drain: 1h' },
    );
    const { gateway, address } = await startWorkers(opened, yaml);
    const pids = workerPids(gateway);
    const answer = send(address, '/hold').catch(() => 'cut off');
    await until('the request is in flight', () => upstream.held === 1);
    gateway.kill('SIGINT');
    await gateway.logged('stopping');
    gateway.kill('SIGINT');
    expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
    expect(await answer).to.equal('cut off');
    expect(pids.filter(isAlive)).to.deep.equal([]);
  });

  it('leaves no worker behind when the primary is killed: they let their requests end first', async () => {
    const upstream = await opened.upstream('up');
    const yaml = workersYaml(
      `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${answering('home')}${forwarding('up', '/hold')}`,
    );
    const { gateway, address } = await startWorkers(opened, yaml);
    const pids = workerPids(gateway);
    const agents = await connections(opened, address, 4);
    const answers = agents.map(async (agent) => send(address, '/hold', { agent, limit: 3 * PATIENCE }));
    await until('the requests are in flight', () => upstream.held === 4);
    gateway.kill('SIGKILL');
    await until('nothing new is taken', async () =>
      send(address, '/').then(
        () => false,
        () => true,
      ),
    );
    upstream.release();
    for (const answer of answers) expect((await answer).status).to.equal(200);
    for (const pid of pids) await ended(opened, pid);
  });

  it('is not ready while no worker serves, and is again when one does', async () => {
    const { gateway, admin } = await startWorkers(opened, workersYaml(HOME));
    const ready = await send(admin, '/readyz');
    const workers = { 1: 'serving', 2: 'serving' };
    expect([ready.status, JSON.parse(ready.body)]).to.deep.equal([200, { status: 'ready', detail: { workers } }]);
    for (const pid of workerPids(gateway)) process.kill(pid, 'SIGKILL');
    await until('it is not ready', async () => {
      const { status, body } = await send(admin, '/readyz');
      return status === 503 && body.includes('no worker serves');
    });
    await until('it is ready', async () => (await send(admin, '/readyz')).status === 200);
  });
});
