import { expect } from 'chai';
import { causeOf, replyCode } from '../../../src/redis/unavailable.ts';

function replyError(message: string): Error {
  return Object.assign(new Error(message), {
    name: 'ReplyError',
    command: { name: 'auth', args: ['the secret'] },
  });
}

describe('the cause of a failure of Redis', () => {
  for (const [what, error, cause] of [
    ['an error of Redis', replyError('WRONGPASS invalid username-password pair the secret'), 'WRONGPASS'],
    ['a general error', replyError('ERR unknown command the secret'), 'ERR'],
    [
      'an error within a script before Redis 7',
      replyError('ERR Error running script (call to f_0): @user_script:1: -READONLY You can not write'),
      'READONLY',
    ],
    ['an error without a code', replyError('the secret'), 'an error'],
    ['a fault of the network', Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['an end', new Error('Connection is closed: the secret'), 'connection closed'],
    [
      'the last of several nodes',
      Object.assign(new Error('the secret'), { lastNodeError: replyError('NOAUTH Authentication required.') }),
      'NOAUTH',
    ],
    ['something else', 'the secret', 'unknown error'],
  ] as const) {
    it(`is told in a word for ${what}`, () => {
      expect(causeOf(error)).to.equal(cause);
    });
  }

  it('is no code of Redis when Redis did not answer', () => {
    expect(replyCode(new Error('READONLY'))).to.equal(undefined);
  });
});
