import {
  afterFailure,
  afterSuccess,
  retryAfter,
  type FailureState,
  type LockoutRules,
  type LockoutStates,
} from '../auth/lockout.ts';
import type { Database, Queries } from '../database/database.ts';

/** The row of the account alone. */
const ACCOUNT = '';

/** Who tries to log in: a normal address, and where from. */
export interface Attempt {
  readonly email: string;
  /** See `clientGroup`. */
  readonly client: string;
}

/**
 * Counts a failure in advance: see {@link afterFailure}. The rows are locked meanwhile, so that each of many at once
 * sees those before it.
 *
 * @returns seconds to wait, and then nothing was counted; 0 = the password may be compared
 */
export async function beginAttempt(
  database: Database,
  attempt: Attempt,
  rules: LockoutRules,
  now: number,
): Promise<number> {
  return database.transaction(async (transaction) => {
    const states = await lockedStates(transaction, attempt, now);
    const seconds = retryAfter(states, now);
    if (seconds === 0) await store(transaction, attempt, afterFailure(states, rules, now), now);
    return seconds;
  });
}

/** The password was right: see {@link afterSuccess}. */
export async function endAttempt(database: Database, attempt: Attempt, now: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const states = await lockedStates(transaction, attempt, now);
    await store(transaction, attempt, afterSuccess(states), now);
  });
}

/** The password was not compared after all: there was no room for the work. */
export async function withdrawAttempt(database: Database, attempt: Attempt, now: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const { client, account } = await lockedStates(transaction, attempt, now);
    await store(transaction, attempt, { client: oneLess(client), account: oneLess(account) }, now);
  });
}

/** An administrator has given the account a new password, or let it in again. */
export async function forgetFailures(queries: Queries, email: string): Promise<void> {
  // The rows are locked in the order of attempts, that of the account first, or each could wait for the other.
  await queries.execute(
    `WITH forgotten AS MATERIALIZED (
       SELECT email, client FROM lockouts WHERE email = $1 ORDER BY client FOR UPDATE
     )
     DELETE FROM lockouts l USING forgotten f WHERE l.email = f.email AND l.client = f.client`,
    [email],
  );
}

function oneLess(state: FailureState | undefined): FailureState | undefined {
  if (state === undefined || state.failures <= 1) return undefined;
  return { ...state, failures: state.failures - 1, lockedUntil: 0 };
}

interface Row {
  readonly client: string;
  readonly failures: number;
  readonly locked_until: Date | null;
  readonly forgotten_at: Date;
}

/** Both states, with their rows locked: always that of the account first, or two attempts could wait for each other. */
async function lockedStates(transaction: Queries, { email, client }: Attempt, now: number): Promise<LockoutStates> {
  const rows = await transaction.query<Row>(
    `INSERT INTO lockouts (email, client, forgotten_at) VALUES ($1, $2, $4), ($1, $3, $4)
     ON CONFLICT (email, client) DO UPDATE SET failures = lockouts.failures
     RETURNING client, failures, locked_until, forgotten_at`,
    [email, ACCOUNT, client, new Date(now)],
  );
  const stateOf = (name: string): FailureState | undefined => {
    const row = rows.find((found) => found.client === name);
    if (row === undefined || row.failures === 0) return undefined;
    const { failures, locked_until, forgotten_at } = row;
    return { failures, lockedUntil: locked_until?.getTime() ?? 0, forgottenAt: forgotten_at.getTime() };
  };
  return { client: stateOf(client), account: stateOf(ACCOUNT) };
}

/** No state is a row without failures, which is cleaned away later. */
async function store(
  transaction: Queries,
  { email, client }: Attempt,
  states: LockoutStates,
  now: number,
): Promise<void> {
  const values = (state: FailureState | undefined): unknown[] => [
    state?.failures ?? 0,
    state === undefined || state.lockedUntil === 0 ? null : new Date(state.lockedUntil),
    new Date(state?.forgottenAt ?? now),
  ];
  await transaction.execute(
    `UPDATE lockouts SET failures = v.failures, locked_until = v.locked_until, forgotten_at = v.forgotten_at
     FROM (VALUES ($2::text, $4::int, $5::timestamptz, $6::timestamptz), ($3::text, $7::int, $8::timestamptz, $9::timestamptz))
       AS v (client, failures, locked_until, forgotten_at)
     WHERE lockouts.email = $1 AND lockouts.client = v.client`,
    [email, ACCOUNT, client, ...values(states.account), ...values(states.client)],
  );
}
