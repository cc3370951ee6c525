import { expect } from 'chai';
import { DatabaseError } from 'pg';
import { connectFailure, DatabaseUnavailable, failureOf, UniqueViolation } from '../../../src/database/failures.ts';

function sqlError(code: string): DatabaseError {
  const error = new DatabaseError('told by the server', 10, 'error');
  error.code = code;
  error.constraint = 'users_email_key';
  return error;
}

describe('failures of the database', () => {
  for (const [code, reason] of [
    ['08006', 'lost'],
    ['57014', 'timeout'],
    ['57P01', 'refused'],
    ['57P02', 'refused'],
    ['57P03', 'refused'],
    ['53300', 'refused'],
    ['25P03', 'refused'],
    ['25006', 'refused'],
  ] as const) {
    it(`are unavailability for SQLSTATE ${code}: ${reason}`, () => {
      const cause = sqlError(code);
      const failure = failureOf(cause, 'open', 'h:1/d');
      expect(failure).to.be.instanceOf(DatabaseUnavailable);
      expect(failure).to.include({ reason, cause });
    });
  }

  it('are a unique violation for SQLSTATE 23505, with the constraint', () => {
    const failure = failureOf(sqlError('23505'), 'open', 'h:1/d');
    expect(failure).to.be.instanceOf(UniqueViolation);
    expect(failure).to.have.property('constraint', 'users_email_key');
  });

  it('stay what they are when they are mistakes', () => {
    for (const error of [sqlError('42601'), sqlError('23503'), sqlError('57000'), new TypeError('a bug'), 'text'])
      expect(failureOf(error, 'open', 'h:1/d')).to.equal(error);
  });

  it('are told by what became of the connection when the server has said nothing', () => {
    expect(failureOf(new Error('whatever'), 'lost', 'h:1/d')).to.include({ reason: 'lost' });
    expect(failureOf(new Error('whatever'), 'overdue', 'h:1/d')).to.include({ reason: 'timeout' });
    // A mistake in a statement is one even if the connection breaks right after.
    expect(failureOf(sqlError('42601'), 'lost', 'h:1/d')).to.have.property('code', '42601');
  });

  it('are unavailability whenever no connection came about, with the first of several addresses', () => {
    expect(connectFailure(sqlError('28P01'), 'h:1/d')).to.include({ reason: 'refused' });
    const several = new AggregateError([new Error('connect ECONNREFUSED ::1:1')]);
    expect(connectFailure(several, 'h:1/d').message).to.equal(
      'the database at h:1/d cannot be reached: connect ECONNREFUSED ::1:1',
    );
  });
});
