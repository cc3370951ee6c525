import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Deadlines } from '../deadlines.ts';
import { ConnectionPool } from '../forwarding/http1/pool.ts';

/** What an endpoint's connections depend on: when any of it changes, it gets new ones. */
export interface EndpointSettings {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly connectTimeout: number;
  readonly responseTimeout: number;
  readonly idleTimeout: number;
  readonly connections: number;
  readonly tls: EndpointTls;
}

export interface EndpointTls {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
  readonly verify: boolean;
}

/** The connections to one host and port of an upstream. They outlive reloads as long as the settings stay. */
export interface Endpoint {
  readonly origin: string;
  /** Host and port as they stand in the Host header. */
  readonly authority: string;
  readonly pool: ConnectionPool;
  /** For upgrades, which leave HTTP and so the pool. */
  readonly agent: HttpAgent;
  readonly connectTimeout: number;
  readonly responseTimeout: number;
  readonly idleTimeout: number;
  close(): void;
}

/** Opens no connection yet. */
export function createEndpoint(settings: EndpointSettings, deadlines: Deadlines): Endpoint {
  const { origin, tls } = settings;
  const secure = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: tls.verify,
  };
  const url = new URL(origin);
  const isSecure = url.protocol === 'https:';
  const pool = new ConnectionPool(
    {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
      tls: isSecure ? tls : undefined,
      connectTimeout: settings.connectTimeout,
      responseTimeout: settings.responseTimeout,
      idleTimeout: settings.idleTimeout,
    },
    settings.connections,
    deadlines,
  );
  let agent: HttpAgent | undefined;
  return {
    origin,
    authority: url.host,
    pool,
    // Made when it is needed: most endpoints are never asked for an upgrade, and there may be ten thousand.
    get agent() {
      return (agent ??= isSecure ? new HttpsAgent(secure) : new HttpAgent());
    },
    connectTimeout: settings.connectTimeout,
    responseTimeout: settings.responseTimeout,
    idleTimeout: settings.idleTimeout,
    // The agent keeps no connection: those for upgrades are of whoever asked for one.
    close: () => pool.close(),
  };
}
