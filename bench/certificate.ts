import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { MAIN } from './gateway.ts';
import type { Processes } from './processes.ts';

/** The files of a certificate for localhost and 127.0.0.1. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Of the authority that signed it, and that nobody trusts by itself. */
  readonly ca: string;
}

/** Makes a certificate with `gatewayctl cert dev`. It needs what `npm run build` makes. */
export function makeCertificate(processes: Processes): Certificate {
  const folder = processes.folder('certificate');
  execFileSync(process.execPath, [MAIN, 'cert', 'dev', '--dir', folder], { stdio: 'pipe' });
  return { cert: join(folder, 'dev.crt'), key: join(folder, 'dev.key'), ca: join(folder, 'ca.crt') };
}

/** Further keys of `server` in gateway.yaml, with which a gateway takes TLS on a port of its own. */
export function tlsKeys(port: number, { cert, key }: Certificate, others = ''): string {
  return `, tls: { listen: 127.0.0.1:${port}, redirectHttp: false, certificates: [{ cert: ${cert}, key: ${key} }]${others} }`;
}
