import { Redis } from 'ioredis';
import type { Connection } from './connection.ts';
import { replyCode, Unavailable } from './unavailable.ts';

/** About how many keys are looked at in one step. */
const STEP = 500;

/** Which hashes are to be removed. */
export interface Sweep {
  /** Of their keys: `*`, `?` and `[…]` as in SCAN. */
  readonly pattern: string;
  /** The field that decides. */
  readonly field: string;
  /** Asked once for each hash that has the field. */
  readonly isSelected: (value: Buffer) => boolean;
}

/** Sends commands within the timeout. */
type Ask = <Answer>(send: () => Promise<Answer>) => Promise<Answer | Unavailable>;

/** The servers that hold keys: each its share of them. @throws when none is known */
export function mastersOf(connection: Connection): readonly Redis[] {
  if (connection instanceof Redis) return [connection];
  const masters = connection.nodes('master');
  if (masters.length === 0) throw new Error('no node of the cluster is known');
  return masters;
}

/** @returns undefined when all keys of a server were looked at */
export async function sweepServer(sweep: Sweep, server: Redis, ask: Ask): Promise<Unavailable | undefined> {
  let cursor = '0';
  do {
    const found = await ask(async () => server.scan(cursor, 'MATCH', sweep.pattern, 'COUNT', STEP));
    if (found instanceof Unavailable) return found;
    // The same key may be named twice.
    const keys = [...new Set(found[1])];
    const removed = await ask(async () => removeSelected(server, keys, sweep));
    if (removed instanceof Unavailable) return removed;
    cursor = found[0];
  } while (cursor !== '0');
  return undefined;
}

async function removeSelected(server: Redis, keys: readonly string[], { field, isSelected }: Sweep): Promise<void> {
  const reading = server.pipeline();
  for (const key of keys) reading.hgetBuffer(key, field);
  const values = await answersOf(reading);
  const removing = server.pipeline();
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    // One by one: the nodes of a cluster take no keys of different slots together.
    if (Buffer.isBuffer(value) && isSelected(value)) removing.unlink(key);
  }
  await answersOf(removing);
}

/** @throws the first error, unless it is one of a key that holds something else */
async function answersOf(pipeline: ReturnType<Redis['pipeline']>): Promise<readonly unknown[]> {
  if (pipeline.length === 0) return [];
  const answers = (await pipeline.exec()) ?? [];
  for (const [error] of answers) if (error !== null && replyCode(error) !== 'WRONGTYPE') throw error;
  return answers.map(([, value]) => value);
}
