import type { Health } from '../admin/admin.ts';

/**
 * What all workers say of what they lean on, as one: the worst.
 *
 * @param healths of each worker
 * @returns undefined when there are none
 */
export function mergedHealth(healths: readonly Health[]): Health | undefined {
  const [first] = healths;
  if (first === undefined) return undefined;
  const bad = healths.find(({ database }) => database !== undefined && database !== 'ready') ?? first;
  const down = healths.find(({ redis }) => redis === 'down') ?? first;
  return { database: bad.database, redis: down.redis };
}
