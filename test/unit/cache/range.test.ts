import { expect } from 'chai';
import { assert, nat, option, property, string } from 'fast-check';
import { rangeOf, type RangeAnswer } from '../../../src/cache/range.ts';
import { answer, dateAt } from './answers.ts';

function ranged(range: string, ifRange?: string, headers: string[] = []): RangeAnswer {
  return rangeOf(answer(headers), range, ifRange);
}

function part(start: number, end: number): RangeAnswer {
  return { kind: 'part', start, end, contentRange: `bytes ${start}-${end}/10` };
}

const UNSATISFIABLE: RangeAnswer = { kind: 'unsatisfiable', contentRange: 'bytes */10' };

describe('RFC 9110 section 14.1.2: a byte range', () => {
  it('is a part of the body', () => {
    expect(ranged('bytes=0-0')).to.deep.equal(part(0, 0));
    expect(ranged('bytes=2-5')).to.deep.equal(part(2, 5));
    expect(ranged('bytes=5-')).to.deep.equal(part(5, 9));
    expect(ranged('bytes=-3')).to.deep.equal(part(7, 9));
    expect(ranged('BYTES=0-9')).to.deep.equal(part(0, 9));
  });

  it('ends where the body does', () => {
    expect(ranged('bytes=5-100')).to.deep.equal(part(5, 9));
    expect(ranged('bytes=-100')).to.deep.equal(part(0, 9));
    expect(ranged(`bytes=0-${'9'.repeat(400)}`)).to.deep.equal(part(0, 9));
  });

  it('that begins behind the body, or has no length, cannot be satisfied', () => {
    for (const range of ['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(400)}-`]) {
      expect(ranged(range), range).to.deep.equal(UNSATISFIABLE);
    }
    const empty = answer([], { body: Buffer.alloc(0) });
    expect(rangeOf(empty, 'bytes=0-', undefined)?.kind).to.equal('unsatisfiable');
    expect(rangeOf(empty, 'bytes=-5', undefined)).to.equal(undefined);
  });

  for (const range of [
    'bytes=-',
    'bytes=5-4',
    'bytes=0-1,3-4',
    'bytes= 0-1',
    'bytes 0-1',
    'bytes=a-b',
    'lines=0-1',
    '',
    'bytes=0-1;',
  ]) {
    it(`is ignored as "${range}"`, () => void expect(ranged(range)).to.equal(undefined));
  }

  it('is of a 200 alone', () => {
    expect(rangeOf(answer([], { status: 404 }), 'bytes=0-1', undefined)).to.equal(undefined);
  });

  it('lies within the body, whatever was asked', () => {
    assert(
      property(option(nat(20)), option(nat(20)), string(), (first, last, text) => {
        ranged(text);
        const range = ranged(`bytes=${first ?? ''}-${last ?? ''}`);
        if (range?.kind !== 'part') return;
        expect(range.start).to.be.within(0, range.end);
        expect(range.end).to.be.at.most(9);
      }),
    );
  });
});

describe('RFC 9110 section 13.1.5: If-Range', () => {
  const isPart = (ifRange: string, headers: string[]): boolean => ranged('bytes=0-0', ifRange, headers) !== undefined;

  it('wants the same strong tag', () => {
    expect(isPart('"a"', ['ETag', '"a"'])).to.equal(true);
    expect(isPart('"b"', ['ETag', '"a"'])).to.equal(false);
    expect(isPart('W/"a"', ['ETag', 'W/"a"'])).to.equal(false);
    expect(isPart('a', ['ETag', 'a'])).to.equal(false);
    expect(isPart('"a"', [])).to.equal(false);
  });

  it('wants the very Last-Modified, of a second that was over', () => {
    expect(isPart(dateAt(-1), ['Last-Modified', dateAt(-1)])).to.equal(true);
    expect(isPart(dateAt(-1), ['Last-Modified', dateAt(-2)])).to.equal(false);
    expect(isPart(dateAt(0), ['Last-Modified', dateAt(0)])).to.equal(false);
    expect(isPart('x', ['Last-Modified', 'x'])).to.equal(false);
    expect(isPart('', [])).to.equal(false);
  });

  it('does not matter for a range that is ignored anyway', () => {
    expect(ranged('bytes=0-1,2-3', '"a"', ['ETag', '"a"'])).to.equal(undefined);
  });
});
