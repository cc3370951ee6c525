import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { closedPort } from '../../support/upstream.ts';

describe('a Redis that nothing has asked yet', () => {
  it('is not said to be down, or an alert would tell of it', async () => {
    const gateway = await startTestGateway(`
redis: { url: "redis://127.0.0.1:${await closedPort()}" }
routes:
  - { name: free, match: { path: /free }, respond: { status: 200 } }
  - { name: limited, match: { path: /limited }, respond: { status: 200 }, rateLimit: { requests: 9, per: 1m } }
`);
    try {
      const shown = async (): Promise<readonly string[]> =>
        (await call(`${gateway.adminUrl}/metrics`)).text.match(/^gateway_redis_up .*/gm) ?? [];
      await call(`${gateway.url}/free`);
      expect(await shown()).to.deep.equal([]);
      await call(`${gateway.url}/limited`);
      expect(await shown()).to.deep.equal(['gateway_redis_up 0']);
    } finally {
      await gateway.stop();
    }
  });
});
