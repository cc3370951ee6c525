import { startGateway } from '../gateway.ts';
import { countByWorker } from '../worker-log.ts';
import type { Contender } from './contender.ts';
import { gatewayctl } from './gatewayctl.ts';

/** The gateway as a primary and some workers, all of which count. */
export function gatewayctlWithWorkers(name: string, workers: number): Contender {
  return {
    ...gatewayctl(name),
    async start({ upstreamPort, processes }) {
      const sections = { server: `, workers: ${workers}` };
      const { url, child, log } = await startGateway(name, upstreamPort, sections, processes);
      return { url, child, requestsByWorker: countByWorker(log) };
    },
  };
}
