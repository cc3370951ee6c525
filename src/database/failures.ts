import { DatabaseError } from 'pg';

/**
 * Why the database cannot be asked now:
 *
 * - `unreachable`: no connection came about, or none was free, within the time that connecting may take
 * - `refused`: the server answered and let nobody in: wrong password, too many connections, starting up or shutting down
 * - `lost`: the connection broke while a statement ran; whether it took effect is not known
 * - `timeout`: a statement took longer than `statementTimeout`, or waited for others that waited for it: then the server
 *   has undone its transaction
 * - `starting`: the embedded database is not ready yet, or could not be started
 * - `closed`: the gateway itself has closed it
 */
export type UnavailableReason = 'unreachable' | 'refused' | 'lost' | 'timeout' | 'starting' | 'closed';

/** The database cannot be asked now; later it may. Says nothing about the statement. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** There is such a row already (SQLSTATE 23505). */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
  /** The name of the constraint or unique index that said no, such as `users_email_key`. */
  readonly constraint: string;

  constructor(constraint: string, options?: ErrorOptions) {
    super(`there is such a row already: ${constraint}`, options);
    this.constraint = constraint;
  }
}

/** How a connection fared while it was used: `overdue` = the gateway itself has cut it, since no answer came in time. */
export type ConnectionFate = 'open' | 'lost' | 'overdue';

/**
 * What an error of `pg` means, told by its class and its SQLSTATE, never by its message. What is neither the database's
 * fault nor expected comes back as it is: a mistake in a statement is a bug.
 *
 * @param fate how the connection fared
 * @param where the database, as messages name it
 */
export function failureOf(error: unknown, fate: ConnectionFate, where: string): unknown {
  if (error instanceof DatabaseError) {
    if (error.code === '23505') return new UniqueViolation(error.constraint ?? 'unnamed', { cause: error });
    const reason = reasonOf(error.code ?? '');
    if (reason === undefined) return error;
    const what = isUndone(error.code ?? '') ? 'has undone a transaction that stood in the way of others' : WHAT[reason];
    return new DatabaseUnavailable(reason, `the database at ${where} ${what}: ${error.message}`, { cause: error });
  }
  if (error instanceof DatabaseUnavailable) return error;
  if (fate === 'open') return error;
  const reason = fate === 'overdue' ? 'timeout' : 'lost';
  return new DatabaseUnavailable(reason, `the database at ${where} ${WHAT[reason]}`, { cause: error });
}

/** What it means that no connection came about. Whatever the cause is, nothing has been asked. */
export function connectFailure(error: unknown, where: string): DatabaseUnavailable {
  if (error instanceof DatabaseError) {
    return new DatabaseUnavailable('refused', `the database at ${where} ${WHAT.refused}: ${error.message}`, {
      cause: error,
    });
  }
  return new DatabaseUnavailable('unreachable', `the database at ${where} ${WHAT.unreachable}: ${tell(error)}`, {
    cause: error,
  });
}

const WHAT = {
  unreachable: 'cannot be reached',
  refused: 'lets nobody in',
  lost: 'broke the connection',
  timeout: 'did not answer in time',
} as const;

/** SQLSTATE, PostgreSQL's Appendix A. */
function reasonOf(sqlstate: string): keyof typeof WHAT | undefined {
  // 08: connection exceptions.
  if (sqlstate.startsWith('08')) return 'lost';
  // query_canceled: statement_timeout.
  if (sqlstate === '57014') return 'timeout';
  // As good as one that was late: nothing of it took effect, and the next try may. The connection goes on.
  if (isUndone(sqlstate)) return 'timeout';
  // 57P01 to 57P05: shutting down, crashed, starting up, the database dropped, the session idle for too long.
  if (sqlstate.startsWith('57P')) return 'refused';
  // 53: no connection, memory or disk left. 25006: a standby, after a failover that the connection has outlived.
  // 25P03: a transaction idle for too long; the server has ended the session.
  if (sqlstate.startsWith('53') || sqlstate === '25006' || sqlstate === '25P03') return 'refused';
  return undefined;
}

/** 40, transaction rollback: 40001 serialization_failure, 40P01 deadlock_detected. */
function isUndone(sqlstate: string): boolean {
  return sqlstate.startsWith('40');
}

function tell(error: unknown): string {
  // Several addresses were tried: the errors of all of them, and no message of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return tell(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
