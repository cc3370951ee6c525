import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Pool } from 'undici';

/** What an endpoint's connections depend on: when any of it changes, the endpoint starts afresh. */
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

/** One host and port of an upstream, with its connections. It outlives reloads as long as its settings stay. */
export interface Endpoint {
  readonly origin: string;
  /** Host and port as they stand in the Host header. */
  readonly authority: string;
  readonly pool: Pool;
  /** For upgrades, which leave HTTP and so the pool. */
  readonly agent: HttpAgent;
  readonly connectTimeout: number;
  readonly responseTimeout: number;
  readonly idleTimeout: number;
  close(): void;
}

/** Shorter than the keep-alive of common servers (5 s and up), so that a reused connection is rarely a dead one. */
const KEEP_ALIVE_MS = 4000;
/** An upstream that announces its own timeout (Keep-Alive: timeout=…) is believed up to here. */
const KEEP_ALIVE_MAX_MS = 60_000;

/** Opens no connection yet. */
export function createEndpoint(settings: EndpointSettings): Endpoint {
  const { origin, tls } = settings;
  const secure = {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
    rejectUnauthorized: tls.verify,
  };
  const pool = new Pool(origin, {
    connections: settings.connections,
    connect: { ...secure, timeout: settings.connectTimeout },
    headersTimeout: settings.responseTimeout,
    bodyTimeout: settings.idleTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
  });
  const agent = origin.startsWith('https:') ? new HttpsAgent(secure) : new HttpAgent();
  return {
    origin,
    authority: new URL(origin).host,
    pool,
    agent,
    connectTimeout: settings.connectTimeout,
    responseTimeout: settings.responseTimeout,
    idleTimeout: settings.idleTimeout,
    close: () => {
      agent.destroy();
      // Nothing is in flight any more: whoever released the endpoint last has seen to that.
      void pool.destroy();
    },
  };
}
