import { Gauge, type Registry } from 'prom-client';

/** What is read of the database and of Redis when metrics are asked for. */
export interface StoreReadings {
  /** Whether the last that was heard of the database was good; undefined while no configuration needs one. */
  databaseUp?(): boolean | undefined;
  /** The connections to the database; undefined while none was opened. */
  databasePool?(): PoolReading | undefined;
  /** Whether Redis answered when it was last heard of; undefined when there is none. */
  redisUp?(): boolean | undefined;
}

/** How many connections of a pool do nothing or are used, and how many wait for one. */
export interface PoolReading {
  readonly idle: number;
  readonly used: number;
  readonly waiting: number;
}

/** The metrics of what the gateway keeps its data in. What nobody needs has no series: no alert can take it for one that is down. */
export function storeStates(registry: Registry, readings: StoreReadings): void {
  const registers = [registry];
  const optional = (name: string, help: string, read: () => number | undefined): void => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => {
        const value = read();
        if (value === undefined) gauge.remove();
        else gauge.set(value);
      },
    });
  };
  optional('gateway_database_up', '1 when the last that was heard of the database was good, 0 otherwise.', () =>
    oneOrZero(readings.databaseUp?.()),
  );
  const connections: Gauge<'state'> = new Gauge({
    name: 'gateway_database_pool_connections',
    help: 'Connections to the database: idle or used.',
    labelNames: ['state'],
    registers,
    collect: () => {
      const pool = readings.databasePool?.();
      if (pool === undefined) return;
      connections.set({ state: 'idle' }, pool.idle);
      connections.set({ state: 'used' }, pool.used);
    },
  });
  optional(
    'gateway_database_pool_waiting',
    'Statements that wait for a connection to the database.',
    () => readings.databasePool?.()?.waiting,
  );
  optional('gateway_redis_up', '1 when Redis answered when it was last heard of, 0 otherwise.', () =>
    oneOrZero(readings.redisUp?.()),
  );
}

function oneOrZero(is: boolean | undefined): number | undefined {
  return is === undefined ? undefined : Number(is);
}
