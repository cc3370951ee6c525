import { expect } from 'chai';
import { array, assert, option, property, string } from 'fast-check';
import { variantOf } from '../../../src/cache/vary.ts';

function variant(...values: (string | undefined)[]): string {
  const names = values.map((_, index) => String(index));
  return variantOf(names, (name) => values[Number(name)]);
}

describe('RFC 9111 section 4.1: a variant', () => {
  it('takes no notice of white space around values and commas', () => {
    expect(variant(' a ,b\t, c ')).to.equal(variant('a,b,c'));
    expect(variant('a b')).to.not.equal(variant('ab'));
    expect(variant('"a , b"')).to.not.equal(variant('"a,b"'));
  });

  it('keeps the case of values', () => void expect(variant('A')).to.not.equal(variant('a')));

  it('takes no notice of case where it means nothing', () => {
    const of = (name: string, value: string): string => variantOf([name], () => value);
    for (const name of ['accept-encoding', 'accept-language', 'accept-charset'])
      expect(of(name, 'GZIP, en-GB')).to.equal(of(name, 'gzip,en-gb'));
    expect(of('accept', 'text/html;v=A')).to.not.equal(of('accept', 'text/html;v=a'));
  });

  it('tells a field that is absent from an empty one', () => {
    expect(variant(undefined)).to.not.equal(variant(''));
    expect(variant(undefined, 'a')).to.not.equal(variant('a', undefined));
    expect(variant('-')).to.not.equal(variant(undefined));
  });

  it('is empty without names', () => void expect(variant()).to.equal(''));

  it('is another one for other values', () => {
    const values = array(
      option(
        string({ unit: 'grapheme-ascii' }).map((text) => text.replaceAll(/[ \t]/g, '_')),
        { nil: undefined },
      ),
    );
    assert(
      property(values, values, (first, second) => {
        const isSame = first.length === second.length && first.every((value, index) => value === second[index]);
        expect(variant(...first) === variant(...second)).to.equal(isSame);
      }),
      { numRuns: 2000 },
    );
  });
});
