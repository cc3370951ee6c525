import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built, startGateway } from '../gateway.ts';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import type { Contender } from './contender.ts';

const COLLECTOR = fileURLToPath(new URL('../peers/collector.js', import.meta.url));

/**
 * The gateway with a collector of its own, whose CPU time does not count.
 *
 * @param ratio the share of the requests whose spans go there
 */
export function gatewayctlTraced(name: string, ratio: number): Contender {
  return {
    name,
    async available() {
      return built();
    },
    async start({ upstreamPort, processes }) {
      const port = await freePort();
      const collector = await processes.start({
        program: process.execPath,
        args: [COLLECTOR, String(port)],
        output: join(processes.folder('collector'), 'output.log'),
      });
      const origin = `http://127.0.0.1:${port}`;
      await waitUntilReady('collector', collector, origin);
      const more = `tracing: { otlp: "${origin}", sampleRatio: ${ratio} }\n`;
      const { url, child } = await startGateway(name, upstreamPort, { more }, processes);
      return { url, child, others: [collector] };
    },
  };
}
