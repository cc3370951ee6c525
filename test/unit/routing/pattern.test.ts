import { expect } from 'chai';
import { canonicalLiteral, parsePattern, type Segment } from '../../../src/routing/pattern.ts';

const text = (value: string): Segment => ({ kind: 'static', text: value });
const param = (name: string): Segment => ({ kind: 'param', name });
const rest = (name: string): Segment => ({ kind: 'rest', name });

const PATTERNS: [pattern: string, segments: Segment[]][] = [
  ['/', [text('')]],
  ['/a', [text('a')]],
  ['/a/', [text('a'), text('')]],
  ['/a/b.c', [text('a'), text('b.c')]],
  ['/:id', [param('id')]],
  ['/a/:id/b/:otherId_2', [text('a'), param('id'), text('b'), param('otherId_2')]],
  ['/*rest', [rest('rest')]],
  ['/a/:id/*rest', [text('a'), param('id'), rest('rest')]],
  ['/a:b/c*d', [text('a:b'), text('c*d')]],
  ['/:constructor', [param('constructor')]],
  // In the form that requests have.
  ['/é', [text('%C3%A9')]],
  ['/%c3%a9', [text('%C3%A9')]],
  ['/%61', [text('a')]],
  ['/%3Aid/%2Arest', [text(':id'), text('*rest')]],
  ['/a b', [text('a%20b')]],
  ['/a%2fb', [text('a%2Fb')]],
  ['/😀', [text('%F0%9F%98%80')]],
];

const FAULTS: [pattern: string, fault: string][] = [
  ['', 'a path begins with /'],
  ['a', 'a path begins with /'],
  ['/a//b', 'an empty segment never matches'],
  ['//', 'an empty segment never matches'],
  ['/.', '"." cannot stand in a path'],
  ['/a/../b', '".." cannot stand in a path'],
  ['/%2e%2e', '"%2e%2e" cannot stand in a path'],
  ['/..;x', '"..;x" cannot stand in a path'],
  ['/%zz', '"%zz" cannot stand in a path'],
  ['/%5c', '"%5c" cannot stand in a path'],
  ['/a\\b', '"a\\b" cannot stand in a path'],
  ['/a#b', '"a#b" cannot stand in a path'],
  ['/%00', '"%00" cannot stand in a path'],
  ['/%ff', '"%ff" cannot stand in a path'],
  ['/a%2f..', '"a%2f.." cannot stand in a path'],
  ['/:', '":" needs a name of letters, digits and _ after the :'],
  ['/*', '"*" needs a name of letters, digits and _ after the *'],
  ['/:1', '":1" needs a name of letters, digits and _ after the :'],
  ['/:id?', '":id?" needs a name of letters, digits and _ after the :'],
  ['/:id.json', '":id.json" needs a name of letters, digits and _ after the :'],
  ['/:__proto__', '":__proto__" needs a name of letters, digits and _ after the :'],
  ['/:a/:a', 'the name "a" stands twice'],
  ['/:a/*a', 'the name "a" stands twice'],
  ['/*a/b', '"*a" can only be the last segment'],
  ['/*a/', '"*a" can only be the last segment'],
];

describe('a path pattern', () => {
  for (const [pattern, segments] of PATTERNS) {
    it(`can be ${pattern}`, () => expect(parsePattern(pattern)).to.deep.equal({ segments }));
  }

  for (const [pattern, fault] of FAULTS) {
    it(`cannot be ${JSON.stringify(pattern)}: ${fault}`, () => expect(parsePattern(pattern)).to.deep.equal({ fault }));
  }
});

describe('a literal path', () => {
  it('takes the form that requests have', () => {
    expect(['/api', '/é/%61', '/a%2fb', '/a/'].map(canonicalLiteral)).to.deep.equal([
      '/api',
      '/%C3%A9/a',
      '/a%2Fb',
      '/a/',
    ]);
  });

  it('is refused where no request can be like it', () => {
    for (const path of ['/a//b', '/a/../b', '/%5c']) expect(canonicalLiteral(path), path).to.have.property('fault');
  });
});
