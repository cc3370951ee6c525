import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '../../support/client.ts';
import { TestProcess } from '../../support/process.ts';
import { RedisServer } from '../../support/redis.ts';

describe('limits that Redis refuses to count', function () {
  this.timeout(120_000);
  const closers: (() => unknown)[] = [];
  let redis: RedisServer;
  let gateway: TestProcess;
  let address = '';
  let admin = '';

  before(async () => {
    redis = await RedisServer.start();
    const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-test-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'gateway.yaml');
    // So long a time-out that only an answer of Redis can be the reason.
    writeFileSync(
      file,
      `version: 1
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "127.0.0.1:0" }
redis: { url: "${redis.url}", timeout: 20s }
logs: { access: false }
routes:
  - { name: a, match: { path: / }, access: public, respond: { status: 200 }, rateLimit: { requests: 1000, per: 1h } }
`,
    );
    gateway = TestProcess.gatewayctl(['serve', '-c', file], (close) => closers.push(close));
    ({ address, admin } = await gateway.serving());
    // The first request is what connects it.
    await ask();
    await gateway.logged('Redis can be asked');
  });

  after(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
    await redis.end();
  });

  async function ask(): Promise<void> {
    expect((await call(`http://${address}/`)).status).to.equal(200);
  }

  async function refused(): Promise<number> {
    const { text } = await call(`http://${admin}/metrics`);
    expect(text).to.match(/^gateway_redis_up 1$/m);
    expect(text).to.match(/^gateway_rate_limit_local_total\{reason="timeout"\} 0$/m);
    return Number(/^gateway_rate_limit_local_total\{reason="refused"\} (\d+)$/m.exec(text)?.[1]);
  }

  /** Redis refuses from now on: three requests pass nonetheless, all are counted, and one line says so. */
  async function expectOneLine(code: string): Promise<void> {
    const before = await refused();
    for (let time = 0; time < 3; time += 1) await ask();
    expect(await refused()).to.equal(before + 3);
    const lines = await gateway.until(`a line about ${code}`, () => {
      const found = gateway.log.filter((line) => line['code'] === code);
      return found.length === 0 ? undefined : found;
    });
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      level: 'warn',
      msg: 'Redis refuses to count for rate limits: each gateway counts alone, in memory',
    });
  }

  async function expectCounted(): Promise<void> {
    const before = await refused();
    await ask();
    expect(await refused()).to.equal(before);
  }

  it('are counted alone when its memory is full, and the log says so once', async () => {
    await redis.call('CONFIG', 'SET', 'maxmemory', '1');
    await expectOneLine('OOM');
    await redis.call('CONFIG', 'SET', 'maxmemory', '0');
    await expectCounted();
  });

  it('are counted alone when somebody has put something else there', async () => {
    const [key] = [await redis.call('KEYS', 'gw:limit:*')].flat();
    await redis.call('DEL', String(key));
    await redis.call('LPUSH', String(key), 'planted-secret');
    await expectOneLine('WRONGTYPE');
    expect(gateway.stdout).not.to.contain('planted-secret');
    await redis.call('DEL', String(key));
    await expectCounted();
  });

  it('are counted alone when the user of the gateway may run no scripts', async () => {
    await redis.call('ACL', 'SETUSER', 'default', '-eval', '-evalsha');
    await expectOneLine('NOPERM');
    await redis.call('ACL', 'SETUSER', 'default', '+@all');
    await expectCounted();
  });
});
