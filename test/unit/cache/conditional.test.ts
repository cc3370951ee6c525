import { expect } from 'chai';
import { array, assert, constantFrom, property, string, stringMatching } from 'fast-check';
import { isNotModified, notModifiedHeaders, validatorsOf } from '../../../src/cache/conditional.ts';
import { answer, DATE, dateAt } from './answers.ts';

function matches(tag: string, ifNoneMatch: string): boolean {
  return isNotModified(answer(['ETag', tag]), ifNoneMatch, undefined);
}

describe('RFC 9111 section 4.3.1: a validation', () => {
  it('says all validators that there are, as they came', () => {
    expect(validatorsOf({ headers: ['Last-Modified', 'x', 'etag', 'W/"a"'] })).to.deep.equal([
      'If-None-Match',
      'W/"a"',
      'If-Modified-Since',
      'x',
    ]);
    expect(validatorsOf({ headers: ['ETag', ''] })).to.deep.equal([]);
    expect(validatorsOf({ headers: ['Date', DATE] })).to.deep.equal([]);
  });
});

describe('RFC 9110 section 13.1.2: If-None-Match', () => {
  it('compares weakly', () => {
    expect([matches('"a"', '"a"'), matches('W/"a"', '"a"'), matches('"a"', 'W/"a"')]).to.deep.equal([true, true, true]);
    expect([matches('"a"', '"b"'), matches('"a"', '"A"'), matches('"a"', 'w/"a"')]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('is a list, in whose tags commas may stand', () => {
    expect(matches('"c"', '"a", W/"b" ,"c"')).to.equal(true);
    expect(matches('"b,c"', '"a","b,c"')).to.equal(true);
    expect(matches('"b"', '"a,"b","c"')).to.equal(false);
    expect(matches('c', '"b,c"')).to.equal(false);
    expect(matches('"a\\"', '"a\\", "b"')).to.equal(true);
    expect(matches('"\u00fc"', '"\u00fc"')).to.equal(true);
  });

  it('takes tags without quotes as they stand', () => {
    expect([matches('abc', 'abc'), matches('abc', 'x, abc '), matches('"abc"', 'abc')]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('is met by any answer with *', () => {
    expect(matches('"a"', '*')).to.equal(true);
    expect(isNotModified(answer([]), '*', undefined)).to.equal(true);
    expect(isNotModified(answer([]), '"a"', undefined)).to.equal(false);
    expect(matches('"*"', '"x"')).to.equal(false);
  });

  it('finds every tag in every list of tags, and takes any text', () => {
    const tag = stringMatching(/^(?:W\/)?"[!#-~\u0080-\u00ff]*"$/);
    assert(
      property(array(tag, { minLength: 1 }), constantFrom(',', ', ', ' ,\t'), string(), (tags, comma, text) => {
        for (const one of tags) expect(matches(one, tags.join(comma))).to.equal(true);
        matches('"a"', text);
      }),
    );
  });
});

describe('RFC 9110 section 13.1.3: If-Modified-Since', () => {
  const since = (headers: string[], date: string): boolean => isNotModified(answer(headers), undefined, date);

  it('is compared with Last-Modified', () => {
    const headers = ['Last-Modified', dateAt(-60)];
    expect(since(headers, dateAt(-60))).to.equal(true);
    expect(since(headers, dateAt(-59))).to.equal(true);
    expect(since(headers, dateAt(-61))).to.equal(false);
    expect(since(headers, 'yesterday')).to.equal(false);
    expect(since(['Last-Modified', 'yesterday'], dateAt(60))).to.equal(false);
  });

  it('RFC 9111 section 4.3.2: is compared with Date without Last-Modified', () => {
    expect([since([], DATE), since([], dateAt(-1))]).to.deep.equal([true, false]);
  });

  it('does not count next to If-None-Match', () => {
    expect(isNotModified(answer(['ETag', '"a"', 'Last-Modified', dateAt(-60)]), '"b"', dateAt(0))).to.equal(false);
  });
});

describe('RFC 9110 section 13.2.1: conditions', () => {
  it('count for answers that succeeded', () => {
    const met = (status: number): boolean => isNotModified(answer(['ETag', '"a"'], { status }), '"a"', undefined);
    expect([200, 203, 204, 301, 404, 500].map(met)).to.deep.equal([true, true, true, false, false, false]);
    expect(isNotModified(answer([]), undefined, undefined)).to.equal(false);
  });
});

describe('RFC 9110 section 15.4.5: the fields of a 304', () => {
  it('are all but those that describe the content, and cookies', () => {
    const kept = [
      'Cache-Control',
      'a',
      'CDN-Cache-Control',
      'b',
      'Content-Location',
      '/c',
      'Date',
      DATE,
      'ETag',
      '"a"',
    ];
    const others = ['Expires', 'd', 'Vary', 'e', 'X-Own', 'f', 'Content-Security-Policy', 'g'];
    const gone = [
      'Content-Length',
      '1',
      'Content-Type',
      'x',
      'content-encoding',
      'y',
      'Last-Modified',
      'z',
      'Set-Cookie',
      'w',
    ];
    expect(notModifiedHeaders([...kept, ...gone, ...others])).to.deep.equal([...kept, ...others]);
  });

  it('have Last-Modified when there is no ETag', () => {
    expect(notModifiedHeaders(['Last-Modified', 'z'])).to.deep.equal(['Last-Modified', 'z']);
  });
});
