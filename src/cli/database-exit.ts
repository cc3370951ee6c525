import { DatabaseError } from 'pg';
import { EmbeddedFailure } from '../database/embedded/failure.ts';
import { DatabaseUnavailable, UniqueViolation } from '../database/failures.ts';
import { MigrationFailed, SchemaNewer, UnknownMigration } from '../database/migrations.ts';
import { InvalidDatabaseUrl } from '../database/pooled-database.ts';
import { ExitError } from './exit.ts';

/**
 * How a command ends that failed on the database: 2 for what the configuration or the command line has wrong, else 1.
 *
 * @returns the error itself when it is none of the database
 */
export function databaseExit(error: unknown): unknown {
  if (error instanceof UnknownMigration) {
    const there = error.candidates.length === 0 ? 'there is none' : `there is ${error.candidates.join(', ')}`;
    return new ExitError(2, `${error.message}: ${there}; see gatewayctl migrate status`);
  }
  if (error instanceof SchemaNewer) {
    return new ExitError(
      1,
      `${error.message}: install that version, or take them back with it (gatewayctl migrate down)`,
    );
  }
  if (error instanceof InvalidDatabaseUrl) return new ExitError(2, error.message);
  if (error instanceof DatabaseUnavailable) return new ExitError(1, `${error.message}; ${adviceFor(error)}`);
  if (error instanceof MigrationFailed) {
    return new ExitError(1, `${error.message}; it was rolled back, and nothing after it was done`);
  }
  if (error instanceof EmbeddedFailure || error instanceof UniqueViolation) return new ExitError(1, error.message);
  return error;
}

function adviceFor({ reason, cause }: DatabaseUnavailable): string {
  switch (reason) {
    case 'lost':
    case 'timeout':
      return 'whether it took effect is not known: look before you try again';
    case 'refused':
      // PostgreSQL's Appendix A. 53: no connection or memory left. 57P: it starts, stops or has crashed. 25: a standby.
      return cause instanceof DatabaseError && /^(?:53|57P|25)/.test(cause.code ?? '')
        ? 'the server runs, and may let somebody in later: try again in a while'
        : 'check the user, the password and the name of the database in database.url, then try again';
    case 'unreachable':
      return 'check the host and the port in database.url, and that the server runs, then try again';
    case 'starting':
    case 'closed':
      return 'try again in a while';
  }
}
