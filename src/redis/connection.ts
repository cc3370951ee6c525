import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../config/redis-config.ts';

/** What commands are sent over: to one server, or to all nodes of a cluster. */
export type Connection = Redis | Cluster;

/** For a TCP connection and its TLS handshake, and for a sentinel's answer. In milliseconds. */
const CONNECT_TIMEOUT = 1000;
/** How long the other side has to close its end before the socket is destroyed. In milliseconds. */
const DISCONNECT_TIMEOUT = 100;
/** How often the nodes of a cluster are asked which of them holds what. In milliseconds. */
const SLOTS_INTERVAL = 5000;

/**
 * What all connections have in common. A connection is made once and not repaired: what is lost is opened anew by who
 * uses it. Nothing is queued while there is none, and nothing is sent twice: it might be a counter.
 */
function optionsOf(config: RedisConfig) {
  return {
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: config.password }),
    // Names are checked as they are written; the trusted authorities are those of Node, with NODE_EXTRA_CA_CERTS.
    ...(config.tls ? { tls: {} } : {}),
    lazyConnect: true,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    disableClientInfo: true,
    // A server that is still loading its data is asked again so soon.
    maxLoadingRetryTime: CONNECT_TIMEOUT,
    connectTimeout: CONNECT_TIMEOUT,
    disconnectTimeout: DISCONNECT_TIMEOUT,
  } satisfies RedisOptions;
}

/** A connection for commands, not yet opened. */
export function connectionFor(config: RedisConfig): Connection {
  return config.kind === 'cluster' ? clusterFor(config) : serverFor(config, config.nodes);
}

/**
 * A connection for messages, not yet opened. The nodes of a cluster pass messages on to each other, so that it does not
 * matter which of them it is: each attempt takes the next one.
 */
export function messagesFor(config: RedisConfig, attempt: number): Redis {
  const node = config.nodes[attempt % config.nodes.length];
  return serverFor(config, config.kind === 'cluster' && node !== undefined ? [node] : config.nodes);
}

function serverFor(config: RedisConfig, nodes: RedisConfig['nodes']): Redis {
  const common = {
    ...optionsOf(config),
    db: config.kind === 'cluster' ? 0 : config.database,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  };
  if (config.kind !== 'sentinel') return new Redis({ ...common, ...nodes[0] });
  return new Redis({
    ...common,
    sentinels: [...nodes],
    name: config.master,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: CONNECT_TIMEOUT,
    ...(config.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  });
}

function clusterFor(config: RedisConfig): Cluster {
  const options = {
    redisOptions: optionsOf(config),
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    // A command whose node is gone fails at once; what is found where is asked for in the background.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshInterval: SLOTS_INTERVAL,
    slotsRefreshTimeout: CONNECT_TIMEOUT,
    // The name and not its address: it is what a certificate is for.
    dnsLookup: (name: string, found: (error: null, address: string) => void) => found(null, name),
  };
  return new Cluster([...config.nodes], options);
}

/** Whether everything that commands may be sent to answers. @throws when something answers with an error */
export async function ping(connection: Connection): Promise<void> {
  if (connection instanceof Redis) {
    await connection.ping();
    return;
  }
  const masters = connection.nodes('master');
  if (masters.length === 0) throw new Error('no node of the cluster is known');
  // One that does not answer would hold up every command for its share of the keys.
  await Promise.all(masters.map((node) => node.ping()));
}

/** Closes it and waits until its sockets are closed. */
export async function disconnect(connection: Connection): Promise<void> {
  const parts = connection instanceof Redis ? [connection] : [connection, ...connection.nodes()];
  const ended = parts
    .filter(({ status }) => status !== 'end')
    .map((part) => new Promise<void>((resolve) => part.once('end', resolve)));
  connection.disconnect();
  await Promise.all(ended);
}
