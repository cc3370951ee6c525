import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { forwarding, metricOf, Opened, send, type Answer, type Upstream } from '../../support/reload.ts';
import { connections, inWorkers, PATIENCE, startWorkers, workerPids, workersYaml } from './workers.ts';

function cached(upstream: Upstream): string {
  return workersYaml(
    `upstreams:\n  shop: { targets: ["${upstream.origin}"] }\nroutes:\n${forwarding('shop', '/a', ', cache: { ttl: 1h }')}`,
  );
}

async function purge(admin: string, selector: object = { all: true }): Promise<Answer> {
  return send(admin, '/api/v1/cache/purge', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(selector),
  });
}

describe('a purge of several workers', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('reaches what each of them has stored, and counts it once', async () => {
    const upstream = await opened.upstream('shop');
    const { address, admin } = await startWorkers(opened, cached(upstream));
    const ask = async (): Promise<number> => {
      const before = upstream.requests;
      // They take turns: each worker has some.
      await connections(opened, address, 6, '/a');
      return upstream.requests - before;
    };
    expect(await ask()).to.equal(2);
    expect(await ask()).to.equal(0);
    expect(await metricOf(admin, 'gateway_cache_entries')).to.equal(2);
    expect(await purge(admin, { path: '/b' })).to.include({ status: 200, body: '{"purged":0}' });
    expect(await ask()).to.equal(0);
    expect(await purge(admin, { path: '/a' })).to.include({ status: 200, body: '{"purged":2}' });
    expect(await metricOf(admin, 'gateway_cache_entries')).to.equal(0);
    expect(await metricOf(admin, 'gateway_cache_purged_total')).to.equal(2);
    expect(await ask()).to.equal(2);
  });

  it('has one of them see to what is shared', async () => {
    const folder = opened.folder();
    const told = join(folder, 'told');
    const preload = inWorkers(
      opened,
      `process.on('message', ({ kind, scope }) => {
        if (kind === 'purge') writeFileSync(${JSON.stringify(told)}, scope + '\\n', { flag: 'a' });
      });`,
    );
    const { admin } = await startWorkers(opened, cached(await opened.upstream('shop')), preload);
    expect((await purge(admin)).status).to.equal(200);
    expect(readFileSync(told, 'utf8').trim().split('\n')).to.have.members(['everywhere', 'memory']);
  });

  it('is not said to be done while one of them does not answer', async () => {
    const { gateway, admin } = await startWorkers(opened, cached(await opened.upstream('shop')));
    const last = workerPids(gateway).at(-1) ?? 0;
    process.kill(last, 'SIGSTOP');
    const { status, body, headers } = await purge(admin);
    process.kill(last, 'SIGCONT');
    expect([status, headers['retry-after']]).to.deep.equal([503, '5']);
    expect(JSON.parse(body)).to.include({
      code: 'cache-unavailable',
      detail: 'a worker has not answered: not all that was to go is gone; purge again',
    });
    expect((await purge(admin)).status).to.equal(200);
  });

  it('is not held up by one that has died, and by its successor that starts', async () => {
    const { gateway, admin } = await startWorkers(opened, cached(await opened.upstream('shop')));
    process.kill(workerPids(gateway).at(-1) ?? 0, 'SIGKILL');
    let serves = false;
    const served = gateway.logged('a worker serves').then(() => (serves = true));
    const statuses = new Set<number>();
    while (!serves) statuses.add((await purge(admin)).status);
    await served;
    statuses.add((await purge(admin)).status);
    expect([...statuses]).to.deep.equal([200]);
  });
});
