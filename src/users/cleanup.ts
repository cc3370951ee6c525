import type { Queries } from '../database/database.ts';

/** Rows are kept so long after they have expired, so that clocks may differ; in milliseconds. */
const KEPT = 24 * 60 * 60_000;
/** How many rows a statement deletes: it must stay far below any statement timeout. */
const BATCH = 1000;
/** How many statements one call makes for each table: the rest is for the next one. */
const BATCHES = 20;

/** Tokens before sessions: a session may have thousands, which would all go in one statement with it. */
const STATEMENTS = [
  `DELETE FROM refresh_tokens WHERE hash IN (
     SELECT hash FROM refresh_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`,
  `DELETE FROM sessions WHERE id IN (
     SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`,
  `DELETE FROM lockouts WHERE (email, client) IN (
     SELECT email, client FROM lockouts WHERE forgotten_at < $1 ORDER BY forgotten_at LIMIT $2)`,
];

/**
 * Deletes what expired a day ago and more: refresh tokens, sessions, failed logins. Several may do so at once.
 *
 * @param now milliseconds since 1970
 * @returns how many rows; it may be called again soon when there are many
 */
export async function cleanUp(queries: Queries, now: number, batch = BATCH): Promise<number> {
  const before = new Date(now - KEPT);
  let total = 0;
  for (const statement of STATEMENTS) {
    for (let turn = 0; turn < BATCHES; turn += 1) {
      const deleted = await queries.execute(statement, [before, batch]);
      total += deleted;
      if (deleted < batch) break;
    }
  }
  return total;
}
