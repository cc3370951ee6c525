import { built, startGateway } from '../gateway.ts';
import type { Contender } from './contender.ts';
import type { Sections } from './gateway-yaml.ts';

/** The gateway of this project. */
export function gatewayctl(name: string, sections: Sections = {}): Contender {
  return {
    name,
    async available() {
      return built();
    },
    async start({ upstreamPort, processes }) {
      const { url, child } = await startGateway(name, upstreamPort, sections, processes);
      return { url, child };
    },
  };
}
