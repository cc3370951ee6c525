import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../../support/client.ts';
import { openLoop, type Timed } from '../../support/open-loop.ts';
import { TestProcess } from '../../support/process.ts';
import { RedisServer } from '../../support/redis.ts';
import { TestUpstream } from '../../support/upstream.ts';

/** How long anything that must happen may take; it fails loudly after that. In milliseconds. */
const LIMIT = 30_000;

/** A gateway in a process of its own. */
interface Gateway {
  readonly address: string;
  readonly admin: string;
}

describe('limits that gateways share over Redis', function () {
  this.timeout(120_000);
  const closers: (() => unknown)[] = [];
  let upstream: TestUpstream;
  let redis: RedisServer;
  let gateways: readonly Gateway[];

  before(async () => {
    upstream = await TestUpstream.start();
    redis = await RedisServer.start();
    const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-test-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'gateway.yaml');
    // The time-out is that of a test on a busy machine. A burst of a million never ends, so that only faults refuse.
    writeFileSync(
      file,
      `version: 1
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "127.0.0.1:0" }
redis: { url: "${redis.url}", timeout: 1s }
logs: { access: false }
defaults: { route: { access: public } }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: exact, match: { path: /exact }, upstream: any, rateLimit: { requests: 50, per: 1h, burst: 73 } }
  - { name: again, match: { path: /again }, upstream: any, rateLimit: { requests: 40, per: 1h, by: route } }
  - { name: open, match: { path: /open }, upstream: any, rateLimit: { requests: 1000000, per: 1h } }
  - { name: back, match: { path: /back }, upstream: any, rateLimit: { requests: 5, per: 1h } }
`,
    );
    const processes = Array.from({ length: 4 }, () =>
      TestProcess.gatewayctl(['serve', '-c', file], (close) => closers.push(close)),
    );
    gateways = await Promise.all(processes.map(async (one) => one.serving()));
    // The first request is what connects them.
    await Promise.all(gateways.map(async ({ address }) => call(`http://${address}/open`)));
    await allSee(1);
  });

  after(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    await redis.end();
    await upstream.close();
  });

  async function metric({ admin }: Gateway, name: string): Promise<number> {
    const { text } = await call(`http://${admin}/metrics`);
    const series = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
    if (series.length === 0) throw new Error(`there is no ${name}`);
    return series.reduce((total, [, value]) => total + Number(value), 0);
  }

  async function sum(name: string): Promise<number> {
    const values = await Promise.all(gateways.map(async (gateway) => metric(gateway, name)));
    return values.reduce((total, value) => total + value, 0);
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = performance.now() + LIMIT; !(await holds()); await pause(20))
      if (performance.now() > deadline) throw new Error(`it did not come about that ${what}`);
  }

  /** Waits until every gateway says of Redis that it is there, or that it is not. */
  async function allSee(up: 0 | 1): Promise<void> {
    await until(`gateway_redis_up is ${up} everywhere`, async () => (await sum('gateway_redis_up')) === up * 4);
  }

  /** So many requests to each gateway, all at once. @returns their statuses */
  async function flood(path: string, each: number): Promise<number[]> {
    const urls = gateways.flatMap(({ address }) => Array.from({ length: each }, () => `http://${address}${path}`));
    return Promise.all(urls.map(async (url) => (await call(url)).status));
  }

  /** A load on every gateway while something happens. */
  async function underLoad(happens: () => Promise<void>): Promise<readonly Timed[]> {
    const load = gateways.map(async ({ address }) => openLoop(address, { rate: 50, count: 250, path: () => '/open' }));
    await pause(200);
    await happens();
    return (await Promise.all(load)).flat();
  }

  function expectNoneFailed(load: readonly Timed[]): void {
    const others = load.filter(({ ending }) => ending.kind !== 'answered' || ending.status !== 200);
    expect(others).to.deep.equal([]);
    expect(load).to.have.length(1000);
  }

  it('let exactly the burst pass of a hundred at once at each of four', async () => {
    const statuses = await flood('/exact', 100);
    expect(statuses.filter((status) => status === 200)).to.have.length(73);
    expect(statuses.filter((status) => status === 429)).to.have.length(327);
    expect(await sum('gateway_rate_limit_local_total')).to.equal(0);
  });

  it('by route do so, too', async () => {
    const statuses = await flood('/again', 50);
    expect(statuses.filter((status) => status === 200)).to.have.length(40);
  });

  it('go on in memory when Redis is killed under load, and come back by themselves', async () => {
    const before = await sum('gateway_rate_limit_local_total');
    const load = await underLoad(async () => {
      await redis.kill();
      await allSee(0);
      await redis.start();
    });
    expectNoneFailed(load);
    expect(await sum('gateway_rate_limit_local_total')).to.be.above(before);
    await allSee(1);
    await expectShared();
  });

  it('go on in memory when Redis hangs under load, and come back by themselves', async () => {
    const before = await sum('gateway_rate_limit_local_total');
    const load = await underLoad(async () => {
      redis.freeze();
      await allSee(0);
      redis.thaw();
    });
    expectNoneFailed(load);
    expect(await sum('gateway_rate_limit_local_total')).to.be.above(before);
    await allSee(1);
    await expectShared();
  });

  it('give each gateway a burst of its own while Redis is away', async () => {
    await redis.kill();
    await allSee(0);
    const statuses = await flood('/back', 10);
    expect(statuses.filter((status) => status === 200)).to.have.length(4 * 5);
    expect(await readiness()).to.deep.equal({ status: 'ready', detail: { redis: 'down' } });
    await redis.start();
    await allSee(1);
    expect(await readiness()).to.deep.equal({ status: 'ready', detail: { redis: 'up' } });
  });

  /** What the first gateway says of itself at readyz. */
  async function readiness(): Promise<unknown> {
    return JSON.parse((await call(`http://${gateways[0]?.admin}/readyz`)).text);
  }

  /** Whether all count in Redis again: what one takes is missing at the others. */
  async function expectShared(): Promise<void> {
    await redis.call('FLUSHALL');
    const local = await sum('gateway_rate_limit_local_total');
    const statuses = await flood('/exact', 100);
    expect(await sum('gateway_rate_limit_local_total')).to.equal(local);
    expect(statuses.filter((status) => status === 200)).to.have.length(73);
  }
});
