import { expect } from 'chai';
import * as fc from 'fast-check';
import { hasDuplicateMembers } from '../../../src/auth/json-members.ts';
import { jsonText } from '../../../src/validation/json-text.ts';
import { jsonFault, MAX_DEPTH, MAX_VALUES } from '../../../src/validation/strict-json.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON texts with something in the wrong place, more often than not. */
const almostJson = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom(
      '',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '0',
      '-',
      '.',
      'e',
      'u00',
      'NaN',
      ' ',
      '\t',
      '\v',
      '\0',
      '//',
      "'",
    ),
    fc.nat(2),
  )
  .map(([json, at, piece, cut]) => {
    const place = at % (json.length + 1);
    return json.slice(0, place) + piece + json.slice(place + cut);
  });

describe('strict JSON', () => {
  it('takes what JSON.parse takes, and nothing else', () => {
    fc.assert(
      fc.property(almostJson, (text) => {
        const fault = jsonFault(text);
        if (fault === undefined) return parses(text) && !hasDuplicateMembers(text);
        return fault.code !== 'invalid-json' || !parses(text);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes every value that has a text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        expect(jsonFault(JSON.stringify(value, null, indent))).to.equal(undefined);
      }),
    );
  });

  for (const [what, text, code, pointer] of [
    ['a name that stands twice', '{"a":{"b":1,"b":2}}', 'duplicate-member', '/a/b'],
    ['a name that stands twice, once in escapes', '{"a":1,"\\u0061":2}', 'duplicate-member', '/a'],
    ['a name that stands twice in a list', '[{},{"~/":1,"~/":2}]', 'duplicate-member', '/1/~0~1'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'duplicate-member', '/__proto__'],
    ['a high surrogate alone', '["\\ud800"]', 'lone-surrogate', '/0'],
    ['a low surrogate alone', '{"\\udc00":1}', 'lone-surrogate', ''],
    ['a high surrogate before another escape', '"\\ud83d\\n"', 'lone-surrogate', ''],
    ['a number out of range', '{"a":1e400}', 'number-range', '/a'],
    ['a number out of range without an exponent', `[${'9'.repeat(400)}]`, 'number-range', '/0'],
    ['NaN', '[NaN]', 'invalid-json', '/0'],
    ['Infinity', '-Infinity', 'invalid-json', ''],
    ['a leading zero', '01', 'invalid-json', ''],
    ['hexadecimal', '0x10', 'invalid-json', ''],
    ['a comment', '{"a":1}/*,"b":2*/', 'invalid-json', ''],
    ['a trailing comma', '[1,]', 'invalid-json', '/1'],
    ['single quotes', "{'a':1}", 'invalid-json', ''],
    ['a line break in a string', '"a\nb"', 'invalid-json', ''],
    ['two documents', '{}{}', 'invalid-json', ''],
    ['a byte order mark', '\u{FEFF}{}', 'invalid-json', ''],
    ['nothing', '', 'invalid-json', ''],
    ['nothing but space', ' \n', 'invalid-json', ''],
  ] as const) {
    it(`refuses ${what}`, () => {
      const { code: found, pointer: place } = jsonFault(text) ?? {};
      expect({ code: found, pointer: place }).to.deep.equal({ code, pointer });
    });
  }

  it('takes as many levels as it says, and not one more', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(jsonFault(nested(MAX_DEPTH))).to.equal(undefined);
    expect(jsonFault(nested(MAX_DEPTH + 1))?.code).to.equal('too-deep');
    expect(jsonFault('['.repeat(10_000_000))?.code).to.equal('too-deep');
  });

  for (const [what, item, values] of [
    ['numbers', '0', 1],
    ['texts', '""', 1],
    ['lists', '[]', 1],
    ['objects', '{}', 1],
    ['members', '{"a":0}', 3],
  ] as const)
    it(`takes as many ${what} as it says, and not one more`, () => {
      // The list around them counts, too.
      const most = Math.floor((MAX_VALUES - 1) / values);
      const list = (items: number): string => `[${Array.from({ length: items }, () => item).join()}]`;
      for (const isJudged of [true, false]) {
        expect(jsonFault(list(most), isJudged)).to.equal(undefined);
        expect(jsonFault(list(most + 1), isJudged)?.code).to.equal('too-many-values');
      }
    });

  it('reads no further than it has to', () => {
    const many = '0,'.repeat(MAX_VALUES - 1);
    expect(jsonFault(`[${many}0, and whatever else`)).to.deep.equal({
      code: 'too-many-values',
      index: many.length + 1,
      pointer: `/${MAX_VALUES - 1}`,
    });
  });

  it('takes a surrogate pair in escapes, and two backslashes before a u', () => {
    expect(jsonFault('"\\ud83d\\ude00 \\\\ud800"')).to.equal(undefined);
  });

  it('takes a name again in another object', () => {
    expect(jsonFault('[{"a":{"a":1}},{"a":2}]')).to.equal(undefined);
  });

  it('says the line and the column, and shows nothing of the text', () => {
    const fault = jsonText(Buffer.from('{\n  "password": secret\n}'));
    expect(fault).to.deep.equal({
      pointer: '/password',
      code: 'invalid-json',
      detail: 'is not JSON from line 2, column 15 on',
    });
  });

  it('cuts a pointer that is long', () => {
    const name = 'k'.repeat(10_000);
    const fault = jsonText(Buffer.from(`{"${name}":x}`));
    expect(fault).to.have.property('pointer', `/${name.slice(0, 255)}…`);
  });

  it('finds the place in a text of very many lines', () => {
    const fault = jsonText(Buffer.from(`[${'\n'.repeat(500_000)}  x`));
    expect(fault).to.deep.include({ pointer: '/0', detail: 'is not JSON from line 500001, column 3 on' });
  });

  it('refuses bytes that are not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xfe, 0xff, 0, 0x7b],
    ])
      expect(jsonText(Buffer.from(bytes))).to.deep.include({ code: 'invalid-json', detail: 'is not UTF-8' });
  });
});
