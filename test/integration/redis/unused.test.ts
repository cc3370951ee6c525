import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RedisServer } from '../../support/redis.ts';
import { closedPort } from '../../support/upstream.ts';

const FREE = '  - { name: free, match: { path: /free }, respond: { status: 200 } }';
const LIMITED =
  '  - { name: limited, match: { path: /limited }, respond: { status: 200 }, rateLimit: { requests: 9, per: 1m } }';

describe('a Redis before the first request', () => {
  async function shown(url: string, routes: readonly string[]): Promise<readonly string[]> {
    const gateway: TestGateway = await startTestGateway(`
redis: { url: "${url}" }
routes:
${routes.join('\n')}
`);
    try {
      await call(`${gateway.url}/free`);
      return (await call(`${gateway.adminUrl}/metrics`)).text.match(/^gateway_redis_up .*/gm) ?? [];
    } finally {
      await gateway.stop();
    }
  }

  it('is not said to be down when nothing will ask it, or an alert would tell of it', async () => {
    expect(await shown(`redis://127.0.0.1:${await closedPort()}`, [FREE])).to.deep.equal([]);
  });

  it('is connected to when limits are counted there, so that the first request does not wait for it', async () => {
    const redis = await RedisServer.start();
    try {
      expect(await shown(redis.url, [FREE, LIMITED])).to.deep.equal(['gateway_redis_up 1']);
    } finally {
      await redis.end();
    }
  });

  it('keeps no gateway from starting when it is away, or silent', async () => {
    const limited = [FREE, LIMITED];
    expect(await shown(`redis://127.0.0.1:${await closedPort()}`, limited)).to.deep.equal(['gateway_redis_up 0']);
    const redis = await RedisServer.start();
    redis.freeze();
    try {
      await shown(redis.url, limited);
    } finally {
      redis.thaw();
      await redis.end();
    }
  });
});
