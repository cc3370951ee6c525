import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { ProcessOptions, TestProcess } from '../../support/process.ts';
import { answering, FAILED, metricOf, Opened, RELOADED, send } from '../../support/reload.ts';
import { inWorkers, PATIENCE, startWorkers, until, workerPids, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;
const NEW = workersYaml(`routes:\n${answering('new')}`);
const HANGS = 'a worker does not answer any more: it is replaced';
const WORKER_ENDED = 'a worker has ended: it is replaced';
const WORKER_SERVES = 'a worker serves';

/** What many clients are answered, each on a connection of its own. */
async function bodies(address: string): Promise<Set<string>> {
  return new Set(await Promise.all([...Array(16).keys()].map(async () => (await send(address, '/')).body)));
}

/** Keeps how often each process was asked for a sign of life. @param then what else it does with a message */
function countingPings(opened: Opened, then = ''): { options: ProcessOptions; pingsOf: (pid: number) => number } {
  const folder = opened.folder();
  return {
    options: inWorkers(
      opened,
      `process.on('message', (message) => {
        if (message.kind === 'ping') writeFileSync('${folder}/' + process.pid, '.', { flag: 'a' });
        ${then}
      });`,
    ),
    pingsOf: (pid) => {
      try {
        return readFileSync(join(folder, String(pid))).length;
      } catch {
        return 0;
      }
    },
  };
}

function count({ log }: TestProcess, message: string): number {
  return log.filter(({ msg }) => msg === message).length;
}

describe('a worker that hangs', function () {
  // Each test starts three processes from the sources, and waits until a silent one is given up.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('is shown and replaced, and a change that it held up is served by all without another touch', async () => {
    const { gateway, file, address, admin } = await startWorkers(opened, workersYaml(HOME));
    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGSTOP');
    // Only the watcher reloads.
    writeFileSync(file, NEW);
    let states: unknown[] = [];
    await until('it is seen', async () => {
      const { status, body } = await send(admin, '/readyz');
      states = Object.values(JSON.parse(body).detail.workers);
      expect(status).to.equal(200);
      return !states.every((state) => state === 'serving');
    });
    expect(states).to.have.members(['not answering', 'serving']);
    expect(await metricOf(admin, 'gateway_workers_ready')).to.equal(1);
    const line = await gateway.logged(HANGS);
    expect(line).to.include({ level: 'error', pid: victim });
    expect(await gateway.logged(WORKER_ENDED)).to.include({ pid: victim, signal: 'SIGKILL' });
    expect(JSON.stringify(await gateway.logged(FAILED))).to.include(`worker ${String(line['worker'])} has `);
    await gateway.logged(RELOADED);
    expect(await gateway.logged(WORKER_SERVES)).to.include({ worker: line['worker'] });
    expect(await bodies(address)).to.deep.equal(new Set(['new']));
    expect(workerPids(gateway)).to.have.length(2).and.not.to.include(victim);
    expect([count(gateway, HANGS), count(gateway, FAILED)]).to.deep.equal([1, 1]);
    expect(await metricOf(admin, 'gateway_config_last_reload_successful')).to.equal(1);
    expect(await metricOf(admin, 'gateway_workers_ready')).to.equal(2);
  });

  it('is none of those that nobody asked, because the primary itself was stopped', async () => {
    const { options, pingsOf } = countingPings(opened);
    const { gateway, address } = await startWorkers(opened, workersYaml(HOME), options);
    const pids = workerPids(gateway);
    await until('all have been asked', () => pids.every((pid) => pingsOf(pid) > 1));
    gateway.kill('SIGSTOP');
    // Nothing happens meanwhile that could be waited for: it is the time itself after which a worker would be given up.
    await pause(12_000);
    const before = pids.map(pingsOf);
    gateway.kill('SIGCONT');
    await until('all are asked again', () => pids.every((pid, index) => pingsOf(pid) > (before[index] ?? 0) + 2));
    expect(workerPids(gateway)).to.deep.equal(pids);
    expect([count(gateway, HANGS), count(gateway, WORKER_ENDED)]).to.deep.equal([0, 0]);
    expect(await bodies(address)).to.deep.equal(new Set(['home']));
  });

  it('has a change tried once more, and not for ever when that is what workers die of', async () => {
    const flag = join(opened.folder(), 'flag');
    // The first one stays: it keeps the port that was free.
    const dying = `if (message.kind === 'prepare' && cluster.worker.id > 1 && existsSync('${flag}')) process.exit(9);`;
    const { options, pingsOf } = countingPings(opened, dying);
    const { gateway, file, address } = await startWorkers(opened, workersYaml(HOME), options);
    writeFileSync(flag, '');
    writeFileSync(file, NEW);
    await gateway.until('two failures', () => (count(gateway, FAILED) === 2 ? true : undefined));
    await gateway.until('two successors', () => (count(gateway, WORKER_SERVES) === 2 ? true : undefined));
    const pids = workerPids(gateway);
    await until('all are asked for a while', () => pids.every((pid) => pingsOf(pid) > 3));
    expect(count(gateway, FAILED)).to.equal(2);
    expect(await bodies(address)).to.deep.equal(new Set(['home']));
    rmSync(flag);
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    expect(await bodies(address)).to.deep.equal(new Set(['new']));
  });
});
