import { makeCertificate, tlsKeys } from '../certificate.ts';
import { startGateway } from '../gateway.ts';
import { freePort } from '../ports.ts';
import type { Contender } from './contender.ts';
import { gatewayctl } from './gatewayctl.ts';

/** The gateway behind TLS. */
export function gatewayctlWithTls(name: string): Contender {
  return {
    ...gatewayctl(name),
    async start({ upstreamPort, processes }) {
      const port = await freePort();
      const server = tlsKeys(port, makeCertificate(processes));
      const { child } = await startGateway(name, upstreamPort, { server }, processes);
      return { url: `https://127.0.0.1:${port}`, child };
    },
  };
}
