import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Queries } from '../database/database.ts';

/** Tokens and sessions are kept so long after they have expired, so that clocks may differ; in milliseconds. */
const KEPT = 24 * 60 * 60_000;
/**
 * Failed logins mean nothing from `forgotten_at` on, and anybody can make up addresses to fail with: they are kept no
 * longer than the clocks of two instances may differ. In milliseconds.
 */
const KEPT_FAILURES = 5 * 60_000;
/** How many rows a statement deletes: it must stay far below any statement timeout. */
const BATCH = 1000;
/**
 * How many statements one call makes for each table, so that it ends: a million rows. A login leaves two rows of failures
 * and bcrypt bounds the logins: at the default cost they are some ten each second, which makes 72,000 rows in an hour.
 */
const BATCHES = 1000;

/**
 * Tokens before sessions: a session may have thousands, which would all go in one statement with it.
 *
 * What others use is left for the next time: whoever waits for nothing can be in nobody's way for good, whatever the
 * order of the rows is.
 */
const STATEMENTS = [
  {
    kept: KEPT,
    text: `WITH gone AS MATERIALIZED (
       SELECT hash FROM refresh_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     DELETE FROM refresh_tokens t USING gone WHERE t.hash = gone.hash`,
  },
  {
    kept: KEPT,
    text: `WITH gone AS MATERIALIZED (
       SELECT t.hash FROM sessions s JOIN refresh_tokens t ON t.session_id = s.id
       WHERE s.expires_at < $1 LIMIT $2 FOR UPDATE OF t SKIP LOCKED
     )
     DELETE FROM refresh_tokens t USING gone WHERE t.hash = gone.hash`,
  },
  {
    kept: KEPT,
    text: `WITH gone AS MATERIALIZED (
       SELECT s.id FROM sessions s
       WHERE s.expires_at < $1 AND NOT EXISTS (SELECT FROM refresh_tokens t WHERE t.session_id = s.id)
       ORDER BY s.expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     DELETE FROM sessions s USING gone WHERE s.id = gone.id`,
  },
  {
    kept: KEPT_FAILURES,
    text: `WITH gone AS MATERIALIZED (
       SELECT email, client FROM lockouts WHERE forgotten_at < $1 ORDER BY forgotten_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     DELETE FROM lockouts l USING gone WHERE l.email = gone.email AND l.client = gone.client`,
  },
];

/**
 * Deletes all that has expired: refresh tokens and sessions a day ago, failed logins some minutes ago. Several may do so
 * at once.
 *
 * @param now milliseconds since 1970
 * @returns how many rows
 */
export async function cleanUp(queries: Queries, now: number, batch = BATCH): Promise<number> {
  let total = 0;
  for (const { text, kept } of STATEMENTS) {
    const before = new Date(now - kept);
    for (let turn = 0; turn < BATCHES; turn += 1) {
      const deleted = await queries.execute(text, [before, batch]);
      total += deleted;
      if (deleted < batch) break;
      // Requests have waited for the process and for the database meanwhile.
      await nextTurn();
    }
  }
  return total;
}
