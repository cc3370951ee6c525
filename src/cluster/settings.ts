import { availableParallelism } from 'node:os';
import type { GatewayConfig, ServerConfig } from '../config/config.ts';
import type { DatabaseConfig } from '../config/people-config.ts';

/** How many workers a configuration asks for, on this machine. */
export function workerCount({ workers }: Pick<ServerConfig, 'workers'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** How many clients the embedded database takes at once. */
const EMBEDDED_CONNECTIONS = 50;

/** A listener that is opened for nobody. */
const NOWHERE = { host: '127.0.0.1', port: 0 };

/**
 * A configuration as one of several workers carries it out: the admin listener is the primary's, and the listener for
 * clients leaves it to {@link ConnectionLimit} to refuse connections. A listener that refused one by itself would send it
 * back to the primary, which would offer it to the next worker, and so on without end while all of them are full.
 */
export function forWorker(config: GatewayConfig, workers: number): GatewayConfig {
  const limits = { ...config.server.limits, connections: Infinity };
  return {
    ...config,
    server: { ...config.server, limits },
    admin: { ...config.admin, listen: NOWHERE },
    database: forGuest(config.database, workers),
  };
}

/** The embedded database has room for so many connections, the primary's among them. */
function forGuest(database: DatabaseConfig, workers: number): DatabaseConfig {
  if (database.url !== '') return database;
  const share = Math.max(1, Math.floor(EMBEDDED_CONNECTIONS / (workers + 1)));
  const { min, max } = database.pool;
  return { ...database, pool: { ...database.pool, min: Math.min(min, share), max: Math.min(max, share) } };
}

/** How many client connections one of several workers takes. */
export function connectionShare({ server }: GatewayConfig, workers: number): number {
  return Math.ceil(server.limits.connections / workers);
}
