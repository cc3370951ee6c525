import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { answering, metricOf, Opened, send } from '../../support/reload.ts';
import { connections, inWorkers, Load, PATIENCE, startWorkers, workerPids, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;
const KEEPS_ENDING = 'a worker keeps ending: the next one has to wait';
const WORKER_ENDED = 'a worker has ended: it is replaced';

describe('a worker that ends again and again', function () {
  // It starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('is replaced ever more slowly, while the other goes on, and holds up no stop', async () => {
    const flag = join(opened.folder(), 'flag');
    const options = inWorkers(opened, `if (existsSync('${flag}')) process.exit(9);`);
    const yaml = workersYaml(HOME, { timeouts: 'drainDelay: 0s, drain: 1h' });
    const { gateway, address, admin } = await startWorkers(opened, yaml, options);
    const [victim = 0] = workerPids(gateway);
    writeFileSync(flag, '');
    process.kill(victim, 'SIGKILL');
    const { worker: place } = await gateway.logged(WORKER_ENDED);
    const load = new Load(address, '/', await connections(opened, address, 2));
    const last = await gateway.logged(KEEPS_ENDING);
    await load.stop();
    expect(load.errors).to.deep.equal([]);
    const crashes = gateway.log.filter(({ code }) => code === 9);
    // The first that is killed may have served for a while or not: then it counts as a quick one, too.
    const pauses = [100, 200, 400, 800, 10_000];
    expect(crashes.map(({ pause }) => pause)).to.deep.equal(pauses.slice(-crashes.length));
    expect(crashes).to.have.length.within(4, 5);
    expect(crashes.every(({ worker }) => worker === place)).to.equal(true);
    expect(last).to.include({ level: 'error', pause: 10_000 });
    const ready = await send(admin, '/readyz');
    expect(ready.status).to.equal(200);
    const { detail } = JSON.parse(ready.body);
    expect(Object.values(detail.workers)).to.have.members(['ended', 'serving']);
    expect(await metricOf(admin, 'gateway_workers_ready')).to.equal(1);
    gateway.kill('SIGTERM');
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
  });
});
