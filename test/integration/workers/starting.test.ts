import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { answering, freeAddress, occupyPort, Opened, RELOADED, send } from '../../support/reload.ts';
import { beginWorkers, ended, inWorkers, isAlive, PATIENCE, until, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;

describe('two workers that start', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();
  let folder: string;
  let go: string;

  beforeEach(() => {
    folder = opened.folder();
    go = join(folder, 'go');
  });

  /** The processes of the two, as far as they have begun. */
  function begun(): number[] {
    const files = [1, 2].map((id) => join(folder, String(id))).filter((file) => existsSync(file));
    return files.map((file) => Number(readFileSync(file, 'utf8')));
  }

  /** What each worker does before anything else: it says that it is there. */
  const there = (): string => `writeFileSync('${folder}/' + cluster.worker.id, String(process.pid));`;
  /** It goes on when it may. */
  const waiting = (): string => `while (!existsSync('${go}')) await new Promise((done) => setTimeout(done, 10));`;

  for (const [when, dying] of [
    ['before it says anything', `process.kill(process.pid, 'SIGKILL');`],
    ['when it is told to begin', `process.on('message', () => process.kill(process.pid, 'SIGKILL'));`],
  ] as const) {
    it(`ends with 1 when one dies ${when}, and leaves no other`, async () => {
      const options = inWorkers(opened, `${there()} if (cluster.worker.id === 2) { ${dying} }`);
      const { gateway } = beginWorkers(opened, workersYaml(HOME), options);
      expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
      expect(gateway.stderr).to.equal('gatewayctl: worker 2 has ended with SIGKILL\n');
      expect(begun().filter(isAlive)).to.deep.equal([]);
    });
  }

  it('does not wait for the others when one has failed', async () => {
    const failing = `if (cluster.worker.id === 1) ${waiting()} else process.exit(7);`;
    const { gateway } = beginWorkers(opened, workersYaml(HOME), inWorkers(opened, failing));
    expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
    expect(gateway.stderr).to.equal('gatewayctl: worker 2 has ended with code 7\n');
  });

  for (const [what, key] of [
    ['clients', "listen: '127.0.0.1:0', w"],
    ['administrators', "admin: { listen: '127.0.0.1:0'"],
  ] as const) {
    it(`ends with 1 and one line when the address for ${what} is taken, before any worker is started`, async () => {
      const address = await occupyPort(opened);
      const yaml = workersYaml(HOME).replace(key, key.replace('127.0.0.1:0', address));
      const { gateway } = beginWorkers(opened, yaml, inWorkers(opened, there()));
      expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
      expect(gateway.stderr).to.match(/^gatewayctl: .*another process listens there; stop it or change listen\n$/);
      expect(gateway.stderr).to.include(address);
      expect(begun()).to.deep.equal([]);
    });
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 on ${signal}, and leaves none behind`, async () => {
      const options = inWorkers(opened, `${there()} ${waiting()}`);
      const { gateway } = beginWorkers(opened, workersYaml(HOME), options);
      await until('both are there', () => begun().filter((pid) => pid > 0).length === 2);
      gateway.kill(signal);
      expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
      expect(gateway.stderr).to.equal('');
      for (const pid of begun()) await ended(opened, pid);
    });
  }

  it('serve what the file says when it changes meanwhile, and are not ended by SIGHUP', async () => {
    const options = inWorkers(opened, `${there()} ${waiting()}`);
    const { gateway, file } = beginWorkers(opened, workersYaml(HOME), options);
    await until('both are there', () => begun().filter((pid) => pid > 0).length === 2);
    writeFileSync(file, workersYaml(`routes:\n${answering('new')}`));
    gateway.kill('SIGHUP');
    writeFileSync(go, '');
    const { address } = await gateway.serving();
    await gateway.logged(RELOADED);
    for (let count = 0; count < 8; count += 1) expect((await send(address, '/')).body).to.equal('new');
  });

  it('are replaced when one that serves dies before the other does', async () => {
    // Nobody holds an address while no worker listens: of a free port the next one would get another.
    const [listen, admin] = [await freeAddress(), await freeAddress()];
    const options = inWorkers(opened, `${there()} if (cluster.worker.id === 2) ${waiting()}`);
    const yaml = workersYaml(HOME)
      .replace("admin: { listen: '127.0.0.1:0'", `admin: { listen: '${admin}'`)
      .replace("server: { listen: '127.0.0.1:0'", `server: { listen: '${listen}'`);
    const { gateway } = beginWorkers(opened, yaml, options);
    const workers = async (): Promise<unknown> =>
      send(admin, '/readyz').then(
        ({ body }) => JSON.parse(body).detail.workers,
        () => undefined,
      );
    const are = async (first: string, second: string): Promise<void> =>
      until(`the first is ${first} and the second ${second}`, async () => {
        return JSON.stringify(await workers()) === JSON.stringify({ 1: first, 2: second });
      });
    await are('serving', 'starting');
    const [victim = 0] = begun();
    process.kill(victim, 'SIGKILL');
    await ended(opened, victim);
    writeFileSync(go, '');
    const { address } = await gateway.serving();
    await are('serving', 'serving');
    expect(await gateway.logged('a worker has ended: it is replaced')).to.include({ worker: 1, pid: victim });
    for (let count = 0; count < 4; count += 1) expect((await send(address, '/')).body).to.equal('home');
  });
});
