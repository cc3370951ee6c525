import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { EndpointTls } from '../endpoint.ts';

/** Who is probed. */
export interface ProbeTarget {
  /** Scheme, host and port. */
  readonly origin: string;
  /** For https; what the endpoint's requests are sent with. */
  readonly tls: EndpointTls;
}

/** What is told of a connection that opens. */
export interface ConnectingObserver {
  /** TCP stands, and the TLS handshake begins. */
  onSecuring(): void;
  /** Requests can be sent. */
  onReady(): void;
}

/**
 * Opens a connection to an endpoint as its requests do, the TLS handshake included for https.
 *
 * @throws Error when the certificates or the key cannot be used
 */
export function connectTo({ origin, tls }: ProbeTarget, observer: ConnectingObserver): Socket {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  if (!isSecure) return connectPlain({ host, port }, () => observer.onReady());
  const socket = connectSecure({
    host,
    port,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: tls.verify,
    // RFC 6066 section 3: names only, never an address.
    servername: tls.serverName ?? (isIP(host) === 0 ? host : ''),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  });
  socket.once('connect', () => observer.onSecuring());
  socket.once('secureConnect', () => observer.onReady());
  return socket;
}
