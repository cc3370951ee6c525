import { expect } from 'chai';
import { DatabaseError } from 'pg';
import { databaseExit } from '../../../src/cli/database-exit.ts';
import { ExitError } from '../../../src/cli/exit.ts';
import { connectFailure, DatabaseUnavailable } from '../../../src/database/failures.ts';

const WHERE = 'db.internal:5432/gateway';

/** What a server answers to whoever connects. */
function answered(code: string): DatabaseError {
  const error = new DatabaseError('no', 2, 'error');
  error.code = code;
  return error;
}

function adviceFor(error: unknown): string {
  const exit = databaseExit(error);
  if (!(exit instanceof ExitError)) throw new Error('not the end of a command');
  expect(exit.exitCode).to.equal(1);
  return exit.message.split('; ').at(-1) ?? '';
}

describe('a command that failed on the database', () => {
  it('says what of database.url to check when the server has let nobody in', () => {
    // Wrong password, no such user, no such database, no right to connect.
    for (const code of ['28P01', '28000', '3D000', '42501']) {
      expect(adviceFor(connectFailure(answered(code), WHERE)), code).to.equal(
        'check the user, the password and the name of the database in database.url, then try again',
      );
    }
  });

  it('says to wait for a server that may let somebody in later', () => {
    for (const code of ['53300', '57P03', '57P01', '25006']) {
      expect(adviceFor(connectFailure(answered(code), WHERE)), code).to.match(/try again in a while$/);
    }
  });

  it('says what to check when there is no server', () => {
    expect(adviceFor(connectFailure(new Error('ECONNREFUSED'), WHERE))).to.equal(
      'check the host and the port in database.url, and that the server runs, then try again',
    );
  });

  it('says that nothing is known of what was under way', () => {
    for (const reason of ['lost', 'timeout'] as const) {
      expect(adviceFor(new DatabaseUnavailable(reason, 'gone'))).to.match(/^whether it took effect is not known/);
    }
  });
});
