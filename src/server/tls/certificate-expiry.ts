import { X509Certificate } from 'node:crypto';
import type { ServerTlsConfig } from '../../config/tls-config.ts';
import { namesOf } from './secure-contexts.ts';

/**
 * When the certificates of a listener expire. Each is called by the first host name that it is for, or else by its serial
 * number; of several with one name the one that expires first counts.
 *
 * @param tls undefined = there is no HTTPS listener
 * @returns in seconds since 1970
 */
export function certificateExpiries(tls: ServerTlsConfig | undefined): ReadonlyMap<string, number> {
  const expiries = new Map<string, number>();
  for (const { cert } of tls?.certificates ?? []) {
    const { serialNumber, validTo } = new X509Certificate(cert);
    const name = namesOf(cert)[0] ?? serialNumber;
    expiries.set(name, Math.min(expiries.get(name) ?? Infinity, Date.parse(validTo) / 1000));
  }
  return expiries;
}
