import { availableParallelism } from 'node:os';
import type { GatewayConfig, ServerConfig } from '../config/config.ts';
import type { DatabaseConfig } from '../config/people-config.ts';

/** How many workers a configuration asks for, on this machine. */
export function workerCount({ workers }: Pick<ServerConfig, 'workers'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** How many clients the embedded database takes at once. */
const EMBEDDED_CONNECTIONS = 50;

/** A configuration as one of several workers carries it out: what is limited for all of them is shared out. */
export function forWorker(config: GatewayConfig, workers: number): GatewayConfig {
  const { limits } = config.server;
  const connections = Math.ceil(limits.connections / workers);
  return {
    ...config,
    server: { ...config.server, limits: { ...limits, connections } },
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
