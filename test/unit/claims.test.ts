import { expect } from 'chai';
import { compileClaim, scopesOf } from '../../src/claims.ts';

describe('the path of a claim', () => {
  const claims = {
    sub: 'ann',
    'a.b': 'flat',
    a: { b: 'nested', list: ['x'] },
    'https://x/y': 'url',
    none: null,
    text: 'abc',
  };
  const PATHS: [expression: string, value: unknown][] = [
    ['{{claims.sub}}', 'ann'],
    ['{{ claims.sub }}', 'ann'],
    ['{{claims.a.b}}', 'nested'],
    ['{{claims["a.b"]}}', 'flat'],
    ['{{claims["https://x/y"]}}', 'url'],
    ['{{claims.a.list}}', ['x']],
    ['{{claims.a.list.0}}', undefined],
    ['{{claims.a.list.length}}', undefined],
    ['{{claims.text.length}}', undefined],
    ['{{claims.none.b}}', undefined],
    ['{{claims.no}}', undefined],
    ['{{claims.constructor}}', undefined],
    ['{{claims.a.__proto__}}', undefined],
  ];
  for (const [expression, value] of PATHS) {
    it(`${expression} leads to ${JSON.stringify(value)}`, () => {
      expect(compileClaim(expression)?.(claims)).to.deep.equal(value);
    });
  }

  for (const text of [
    '',
    'claims.sub',
    '{{claims}}',
    '{{claims.}}',
    '{{claims.a..b}}',
    '{{params.id}}',
    'a {{claims.sub}}',
  ])
    it(`is not ${JSON.stringify(text)}`, () => expect(compileClaim(text)).to.equal(undefined));
});

describe('the scopes of a token', () => {
  it('are a text with spaces, or a list, as scope or scp', () => {
    expect(scopesOf({ scope: 'a  b' })).to.deep.equal(['a', 'b']);
    expect(scopesOf({ scope: ['a', 7, 'b c'] })).to.deep.equal(['a', 'b c']);
    expect(scopesOf({ scp: 'a', scope: '' })).to.deep.equal(['a']);
    expect(scopesOf({ scp: ['a'], scope: 7 })).to.deep.equal(['a']);
    expect(scopesOf({})).to.deep.equal([]);
  });
});
