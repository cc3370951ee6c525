import { expect } from 'chai';
import { ACCESS_COOKIE, cookieIn } from '../../../src/users/cookies.ts';

describe('a cookie of a request', () => {
  const PAIR = `${ACCESS_COOKIE}=token`;

  it('is found among others, with spaces and tabs around it', () => {
    for (const header of [PAIR, `a=b; ${PAIR}`, `a=b;${PAIR};c=d`, ` \t${PAIR}\t `, `a=b; \t ${PAIR} \t; c=d`]) {
      expect(cookieIn(header, ACCESS_COOKIE), header).to.equal('token');
    }
    expect(cookieIn(`${ACCESS_COOKIE}=a=b`, ACCESS_COOKIE)).to.equal('a=b');
    expect(cookieIn(`${ACCESS_COOKIE}=`, ACCESS_COOKIE)).to.equal('');
  });

  it('is not one of another name, whatever JavaScript takes for white space', () => {
    for (const space of ['\xa0', '\x0b', '\x0c', '\ufeff', '\u2003', '\r', '\n', 'x', '"']) {
      expect(cookieIn(`${space}${PAIR}`, ACCESS_COOKIE), JSON.stringify(space)).to.equal(undefined);
      expect(cookieIn(`a=b; ${space}${PAIR}`, ACCESS_COOKIE), JSON.stringify(space)).to.equal(undefined);
      expect(cookieIn(`${space}${PAIR}x; ${PAIR}`, ACCESS_COOKIE), JSON.stringify(space)).to.equal('token');
      expect(cookieIn(`${PAIR}\xa0`, ACCESS_COOKIE)).to.equal('token\xa0');
    }
    expect(cookieIn(`${ACCESS_COOKIE} =token`, ACCESS_COOKIE)).to.equal(undefined);
    expect(cookieIn(undefined, ACCESS_COOKIE)).to.equal(undefined);
    expect(cookieIn(' ; \t', ACCESS_COOKIE)).to.equal(undefined);
  });

  it('is not one of two', () => expect(cookieIn(`${PAIR}; ${PAIR}`, ACCESS_COOKIE)).to.equal(undefined));
});
