import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { answering, FAILED, metricOf, Opened, RELOADED, send } from '../../support/reload.ts';
import { connections, inWorkers, Load, PATIENCE, startWorkers, workerPids, until, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;
const WORKER_ENDED = 'a worker has ended: it is replaced';
const WORKER_SERVES = 'a worker serves';

describe('two workers that reload', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('reloads in all workers under load, and no request fails', async () => {
    const { gateway, file, address, admin } = await startWorkers(opened, workersYaml(HOME));
    const load = new Load(address, '/', await connections(opened, address, 8));
    for (let round = 1; round <= 8; round += 1) {
      writeFileSync(file, workersYaml(`routes:\n${answering(`round ${round}`)}`));
      gateway.kill('SIGHUP');
      await gateway.until(`reload ${round}`, () =>
        gateway.log.filter(({ msg }) => msg === RELOADED).length === round ? true : undefined,
      );
      const answers = await Promise.all([...Array(8).keys()].map(async () => (await send(address, '/')).body));
      expect(new Set(answers)).to.deep.equal(new Set([`round ${round}`]));
    }
    await load.stop();
    expect(load.errors).to.deep.equal([]);
    expect(new Set(load.statuses)).to.deep.equal(new Set([200]));
    expect(await metricOf(admin, 'gateway_config_last_reload_successful')).to.equal(1);
  });

  it('reloads in none when one of them is not ready in time, and in all when it is', async () => {
    const flag = join(opened.folder(), 'flag');
    // A question without an id is not answered; others are, so that it counts as alive.
    const options = inWorkers(
      opened,
      `if (cluster.worker.id === 2) process.on('message', (message) => {
        if (message.kind === 'prepare' && existsSync('${flag}')) delete message.id;
      });`,
    );
    const { gateway, file, address, admin } = await startWorkers(opened, workersYaml(HOME), options);
    writeFileSync(flag, '');
    // Only the watcher reloads: a signal beside it might make it reload twice.
    writeFileSync(file, workersYaml(`routes:\n${answering('new')}`));
    await gateway.logged(FAILED);
    expect(await metricOf(admin, 'gateway_config_last_reload_successful')).to.equal(0);
    const bodies = async (): Promise<Set<string>> =>
      new Set(await Promise.all([...Array(16).keys()].map(async () => (await send(address, '/')).body)));
    expect(await bodies()).to.deep.equal(new Set(['home']));
    rmSync(flag);
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    expect(await bodies()).to.deep.equal(new Set(['new']));
    expect(gateway.log.filter(({ msg }) => msg === WORKER_ENDED)).to.deep.equal([]);
  });

  it('reloads in none when one of them cannot apply it, and in all when it can', async () => {
    const flag = join(opened.folder(), 'flag');
    // What it is sent to make ready has no routes for it then, and nothing else that it needs.
    const options = inWorkers(
      opened,
      `if (cluster.worker.id === 2) process.on('message', (message) => {
        if (message.kind === 'prepare' && existsSync('${flag}')) message.config = {};
      });`,
    );
    const { gateway, file, address, admin } = await startWorkers(opened, workersYaml(HOME), options);
    writeFileSync(flag, '');
    writeFileSync(file, workersYaml(`routes:\n${answering('new')}`));
    await gateway.logged(FAILED);
    const bodies = async (): Promise<Set<string>> =>
      new Set(await Promise.all([...Array(16).keys()].map(async () => (await send(address, '/')).body)));
    expect(await bodies()).to.deep.equal(new Set(['home']));
    expect(await metricOf(admin, 'gateway_config_last_reload_successful')).to.equal(0);
    rmSync(flag);
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    expect(await bodies()).to.deep.equal(new Set(['new']));
    expect(gateway.log.filter(({ msg }) => msg === WORKER_ENDED)).to.deep.equal([]);
  });

  it('refuses a reload whose address is taken, in all workers, and moves all of them to one that is free', async () => {
    const upstream = await opened.upstream('taken');
    const { gateway, file, address } = await startWorkers(opened, workersYaml(HOME));
    const moved = workersYaml(`routes:\n${answering('moved')}`);
    writeFileSync(file, moved.replace("listen: '127.0.0.1:0', w", `listen: '${upstream.origin.slice(7)}', w`));
    gateway.kill('SIGHUP');
    await gateway.logged(FAILED);
    for (let count = 0; count < 4; count += 1) expect((await send(address, '/')).body).to.equal('home');
    const free = upstream.origin.slice(7);
    await upstream.close();
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    for (let count = 0; count < 4; count += 1) expect((await send(free, '/')).body).to.equal('moved');
    await until('the former address is given up', async () =>
      send(address, '/').then(
        () => false,
        () => true,
      ),
    );
    expect(gateway.log.filter(({ msg }) => msg === WORKER_ENDED)).to.deep.equal([]);
  });

  it('serves the new configuration in workers that start while it is made ready', async () => {
    const { gateway, file, address } = await startWorkers(opened, workersYaml(HOME));
    for (let round = 1; round <= 3; round += 1) {
      const [victim = 0] = workerPids(gateway);
      process.kill(victim, 'SIGKILL');
      writeFileSync(file, workersYaml(`routes:\n${answering(`round ${round}`)}`));
      gateway.kill('SIGHUP');
      await gateway.until(`worker ${round}`, () =>
        gateway.log.filter(({ msg }) => msg === WORKER_SERVES).length === round ? true : undefined,
      );
      // A reload that met the worker's death was refused: the watcher, or the next one, makes up for it.
      gateway.kill('SIGHUP');
      await until('all serve it', async () => {
        const answers = await Promise.all([...Array(8).keys()].map(async () => (await send(address, '/')).body));
        return answers.every((body) => body === `round ${round}`);
      });
    }
  });

  it('has all routes of a configuration that is sent in parts', async () => {
    const routes = [...Array(600).keys()].map((index) => answering(`route ${index}`, `/r${index}`)).join('');
    const { file, gateway, address } = await startWorkers(opened, workersYaml(`routes:\n${routes}`));
    const last = async (): Promise<Set<string>> =>
      new Set(await Promise.all([...Array(8).keys()].map(async () => (await send(address, '/r599')).body)));
    expect(await last()).to.deep.equal(new Set(['route 599']));
    writeFileSync(file, workersYaml(`routes:\n${routes.replaceAll('route 5', 'other 5')}`));
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    expect(await last()).to.deep.equal(new Set(['other 599']));
  });

  it('warns that a changed number of workers takes effect after a restart', async () => {
    const { gateway, file, admin } = await startWorkers(opened, workersYaml(HOME));
    writeFileSync(file, workersYaml(HOME, { workers: 3 }));
    gateway.kill('SIGHUP');
    const line = await gateway.logged('a changed setting takes effect after a restart only');
    expect(line['settings']).to.deep.equal(['server.workers']);
    expect(await metricOf(admin, 'gateway_config_restart_required')).to.equal(1);
    expect(workerPids(gateway)).to.have.length(2);
  });
});
