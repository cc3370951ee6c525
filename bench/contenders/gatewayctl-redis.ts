import { startGateway } from '../gateway.ts';
import { startRedis } from '../redis-server.ts';
import type { Contender } from './contender.ts';
import type { Sections } from './gateway-yaml.ts';
import { gatewayctl } from './gatewayctl.ts';
import { installed } from './installed.ts';

/**
 * The gateway with a Redis of its own, whose CPU time does not count. The gateway waits for it longer than any answer
 * takes, as a request that did not wait would be counted in memory.
 */
export function gatewayctlWithRedis(name: string, sections: Sections): Contender {
  const plain = gatewayctl(name, sections);
  return {
    ...plain,
    async available() {
      const redis = installed('redis-server', ['--version'], 'redis-server');
      return redis.available ? plain.available() : redis;
    },
    async start({ upstreamPort, processes }) {
      const redis = await startRedis(processes);
      const more = `redis: { url: "${redis.url}", timeout: 5s }\n`;
      const { url, child } = await startGateway(name, upstreamPort, { ...sections, more }, processes);
      return { url, child, others: [redis.child] };
    },
  };
}
