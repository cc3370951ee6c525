import type { GatewayDocument } from './document.types.ts';
import { parseListen } from './listen.ts';
import type { Located, Place } from './located.ts';
import type { ServerTlsConfig } from './tls-config.ts';
import { parseDuration } from './units.ts';

/**
 * Fills the defaults of `server.tls` in; undefined when there is no HTTPS listener.
 *
 * @param readFile the text of a file that a part of the configuration names
 */
export function resolveTls(
  main: Located<GatewayDocument>,
  readFile: (part: Place, file: string) => string,
): ServerTlsConfig | undefined {
  const tls = main.value.server?.tls;
  if (tls === undefined) return undefined;
  return {
    listen: parseListen(tls.listen),
    certificates: tls.certificates.map(({ cert, key }) => ({ cert: readFile(main, cert), key: readFile(main, key) })),
    minVersion: tls.minVersion ?? 'TLSv1.2',
    clientCa: tls.clientCa === undefined ? undefined : readFile(main, tls.clientCa),
    clientAuth: tls.clientAuth ?? 'require',
    redirectHttp: tls.redirectHttp ?? true,
    hsts: parseDuration(tls.hsts ?? 'off'),
    http2: tls.http2 ?? true,
  };
}
