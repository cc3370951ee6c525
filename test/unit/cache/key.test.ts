import { expect } from 'chai';
import { array, assert, constantFrom, integer, property, string } from 'fast-check';
import { canonicalQuery, keyOf } from '../../../src/cache/key.ts';

const QUERIES = array(constantFrom('a', 'b', '%61', 'a=1', 'b=2', '&', '=', '%62=3', '+', '%', '%FF', 'c', 'A')).map(
  (parts) => `?${parts.join('')}`,
);

describe('a key', () => {
  it('is another one for other parts', () => {
    const parts = array(constantFrom('', '1', ':', '1:', '0:', '1:a', 'a', '2:'));
    assert(
      property(parts, parts, (first, second) => {
        const isSame = first.length === second.length && first.every((part, index) => part === second[index]);
        expect(keyOf(first) === keyOf(second)).to.equal(isSame);
      }),
      { numRuns: 5000 },
    );
    expect(keyOf(['a', 'b'])).to.not.equal(keyOf(['ab']));
    expect(keyOf(['a', ''])).to.not.equal(keyOf(['a']));
  });
});

describe('a canonical query', () => {
  it('is sorted by name, the values of one name in their order', () => {
    expect(canonicalQuery('?b=1&a=2&b=0&a=1', undefined)).to.equal('?a=2&a=1&b=1&b=0');
    expect(canonicalQuery('?ab=1&a=2', undefined)).to.equal('?a=2&ab=1');
    expect(canonicalQuery('?a-b=1&a=2', undefined)).to.equal('?a=2&a-b=1');
  });

  it('keeps how it is written, and compares names decoded', () => {
    expect(canonicalQuery('?b=%20+&%61=1', undefined)).to.equal('?%61=1&b=%20+');
    expect(canonicalQuery('?a=2&%61=1', undefined)).to.equal('?a=2&%61=1');
    expect(canonicalQuery('?%61=2&b=1', new Set(['a']))).to.equal('?%61=2');
    expect(canonicalQuery('?a+b=1&a%20b=2', new Set(['a b']))).to.equal('?a+b=1&a%20b=2');
    expect(canonicalQuery('?%FF=1&b', undefined)).to.equal('?%FF=1&b');
  });

  it('has only what was named', () => {
    expect(canonicalQuery('?c=1&b=2&a=3', new Set(['a', 'c']))).to.equal('?a=3&c=1');
    expect(canonicalQuery('?A=1', new Set(['a']))).to.equal('');
    expect(canonicalQuery('?a=1', new Set())).to.equal('');
  });

  it('is empty when nothing is left', () => {
    for (const query of ['', '?', '?&', '?&&']) expect(canonicalQuery(query, undefined)).to.equal('');
    expect(canonicalQuery('?a&&b=1&', undefined)).to.equal('?a&b=1');
    expect(canonicalQuery('?=', undefined)).to.equal('?=');
  });

  it('is the same, made again', () => {
    assert(
      property(QUERIES, constantFrom(undefined, new Set(['a', 'c', ' ', '%FF'])), (query, names) => {
        const canonical = canonicalQuery(query, names);
        expect(canonicalQuery(canonical, names)).to.equal(canonical);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same for the same pairs of different names in any order, and another one for others', () => {
    const names = array(string({ unit: constantFrom('a', 'b', '-', '=', '1'), minLength: 1 }), { minLength: 1 });
    assert(
      property(names, integer({ min: 0, max: 9 }), (list, turn) => {
        const unique = [...new Map(list.map((text) => [text.split('=', 1)[0], text])).values()];
        const at = turn % unique.length;
        const turned = [...unique.slice(at), ...unique.slice(0, at)];
        const canonical = canonicalQuery(`?${turned.join('&')}`, undefined);
        expect(canonical).to.equal(canonicalQuery(`?${unique.join('&')}`, undefined));
        expect(canonical.slice(1).split('&').toSorted()).to.deep.equal(unique.toSorted());
      }),
      { numRuns: 2000 },
    );
  });
});
