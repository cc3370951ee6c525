import { expect } from 'chai';
import * as fc from 'fast-check';
import { canonicalTarget, decodeSegment, type PathRules } from '../../../src/routing/canonical.ts';

const STRICT: PathRules = { encodedSlash: 'reject', dotSegments: 'reject', duplicateSlash: 'reject' };
const DEFAULT: PathRules = { encodedSlash: 'reject', dotSegments: 'reject', duplicateSlash: 'merge' };
const LENIENT: PathRules = { encodedSlash: 'keep', dotSegments: 'normalise', duplicateSlash: 'merge' };
const EVERY = [STRICT, DEFAULT, LENIENT];

/** The canonical path and the query, or the fault in angle brackets. */
function canonical(target: string, rules: PathRules): string {
  const result = canonicalTarget(target, rules);
  return 'fault' in result ? `<${result.fault}>` : result.path + result.query;
}

/** Under all rules the same. */
const SOUND: [target: string, canonical: string][] = [
  ['/', '/'],
  ['/a', '/a'],
  ['/a/', '/a/'],
  ['/a/b/c', '/a/b/c'],
  ['/A/b', '/A/b'],
  ['/a.b/.well-known/..a/a../...', '/a.b/.well-known/..a/a../...'],
  ["/-._~!$&'()*+,;=:@", "/-._~!$&'()*+,;=:@"],
  ['/a;v=1/b', '/a;v=1/b'],
  ['/;x', '/;x'],
  // Escapes that are needless are decoded, the others in upper case.
  ['/%61', '/a'],
  ['/%7euser', '/~user'],
  ['/%41%2D%5f', '/A-_'],
  ['/%3a%40%24', '/:@$'],
  ['/%c3%a9', '/%C3%A9'],
  ['/%C3%a9', '/%C3%A9'],
  ['/%e2%82%ac', '/%E2%82%AC'],
  ['/%f0%9f%98%80', '/%F0%9F%98%80'],
  ['/%20', '/%20'],
  ['/%22', '/%22'],
  ['/%23', '/%23'],
  ['/%3f', '/%3F'],
  ['/%25', '/%25'],
  ['/%5b%5d', '/%5B%5D'],
  // A semicolon and its escape differ for many servers.
  ['/a%3bb', '/a%3Bb'],
  // Once is enough: what is escaped twice stays escaped once.
  ['/%252e%252e/', '/%252e%252e/'],
  ['/%252f', '/%252f'],
  // What a URL does not allow and servers see all the same.
  ['/a"b', '/a%22b'],
  ['/<>', '/%3C%3E'],
  ['/[a]', '/%5Ba%5D'],
  ['/{id}', '/%7Bid%7D'],
  ['/a|b^c`d', '/a%7Cb%5Ec%60d'],
  // The query is passed on as it came.
  ['/?', '/?'],
  ['/a?b=c&d', '/a?b=c&d'],
  ['/a?b=/../%2e%2e/', '/a?b=/../%2e%2e/'],
  ['/a?b?c', '/a?b?c'],
  ['/a?%zz\\', '/a?%zz\\'],
  ['/%61?%61', '/a?%61'],
];

/** Refused whatever the rules say. */
const REFUSED: [target: string, fault: string][] = [
  ['', 'the request target is not a path'],
  ['*', 'the request target is not a path'],
  ['a', 'the request target is not a path'],
  ['?a', 'the request target is not a path'],
  ['http://a/', 'the request target is not a path'],
  ['a:80', 'the request target is not a path'],
  ['/a\\b', 'the path holds a character that must be percent-encoded'],
  ['/..\\', 'the path holds a character that must be percent-encoded'],
  ['/a#b', 'the path holds a character that must be percent-encoded'],
  ['/a b', 'the path holds a character that must be percent-encoded'],
  ['/a\tb', 'the path holds a character that must be percent-encoded'],
  ['/a\0', 'the path holds a character that must be percent-encoded'],
  ['/a\r\nb', 'the path holds a character that must be percent-encoded'],
  ['/\u007f', 'the path holds a character that must be percent-encoded'],
  ['/é', 'the path holds a character that must be percent-encoded'],
  ['/\u{FF0E}\u{FF0E}/', 'the path holds a character that must be percent-encoded'],
  ['/%5c', 'the path holds an escaped backslash'],
  ['/..%5C..%5Cetc', 'the path holds an escaped backslash'],
  ['/%00', 'the path holds an escaped control character'],
  ['/a%00.png', 'the path holds an escaped control character'],
  ['/%0d%0aSet-Cookie:a', 'the path holds an escaped control character'],
  ['/%09', 'the path holds an escaped control character'],
  ['/%1f', 'the path holds an escaped control character'],
  ['/%7F', 'the path holds an escaped control character'],
  ['/%', 'the path holds a bad percent-escape'],
  ['/%2', 'the path holds a bad percent-escape'],
  ['/%2/', 'the path holds a bad percent-escape'],
  ['/%zz', 'the path holds a bad percent-escape'],
  ['/%u002e', 'the path holds a bad percent-escape'],
  ['/%%32e', 'the path holds a bad percent-escape'],
  ['/%80', 'the path holds escaped bytes that are not UTF-8'],
  ['/%ff', 'the path holds escaped bytes that are not UTF-8'],
  ['/%c3', 'the path holds escaped bytes that are not UTF-8'],
  ['/%c3/%a9', 'the path holds escaped bytes that are not UTF-8'],
  // Overlong forms of a dot and a slash, half of a surrogate pair, beyond Unicode.
  ['/%c0%ae%c0%ae/', 'the path holds escaped bytes that are not UTF-8'],
  ['/%c0%af', 'the path holds escaped bytes that are not UTF-8'],
  ['/%e0%80%ae', 'the path holds escaped bytes that are not UTF-8'],
  ['/%ed%a0%80', 'the path holds escaped bytes that are not UTF-8'],
  ['/%f4%90%80%80', 'the path holds escaped bytes that are not UTF-8'],
  ['/..;/a', 'the path holds a dot segment with a parameter'],
  ['/a/.;x=1', 'the path holds a dot segment with a parameter'],
  ['/%2e%2e;x', 'the path holds a dot segment with a parameter'],
  ['/a?b#c', 'the query holds a character that must be percent-encoded'],
  ['/a?b c', 'the query holds a character that must be percent-encoded'],
  ['/a?é', 'the query holds a character that must be percent-encoded'],
  ['/%61?\0', 'the query holds a character that must be percent-encoded'],
];

const DOT = '<the path holds a dot segment>';
const SLASH = '<the path holds an escaped slash>';
const EMPTY = '<the path holds an empty segment>';
const HIDDEN = '<the path holds a dot segment at an escaped slash>';

/** What the rules decide: strict, default, lenient. */
const RULED: [target: string, strict: string, byDefault: string, lenient: string][] = [
  ['/.', DOT, DOT, '/'],
  ['/..', DOT, DOT, '/'],
  ['/./a', DOT, DOT, '/a'],
  ['/a/..', DOT, DOT, '/'],
  ['/a/../', DOT, DOT, '/'],
  ['/a/b/..', DOT, DOT, '/a/'],
  ['/a/b/../c', DOT, DOT, '/a/c'],
  ['/a/./b/.', DOT, DOT, '/a/b/'],
  ['/../../etc/passwd', DOT, DOT, '/etc/passwd'],
  ['/%2e%2e/a', DOT, DOT, '/a'],
  ['/a/.%2E/b', DOT, DOT, '/b'],
  ['/a/%2e', DOT, DOT, '/a/'],
  ['/a/..?b', DOT, DOT, '/?b'],
  ['//', EMPTY, '/', '/'],
  ['//a', EMPTY, '/a', '/a'],
  ['/a//b', EMPTY, '/a/b', '/a/b'],
  ['/a//', EMPTY, '/a/', '/a/'],
  ['///a///b///', EMPTY, '/a/b/', '/a/b/'],
  ['//evil.example/a', EMPTY, '/evil.example/a', '/evil.example/a'],
  ['/a//../b', EMPTY, DOT, '/b'],
  ['/a/..//b', DOT, DOT, '/b'],
  ['/a%2fb', SLASH, SLASH, '/a%2Fb'],
  ['/%2F', SLASH, SLASH, '/%2F'],
  ['/a%2f', SLASH, SLASH, '/a%2F'],
  // A dot segment for whoever decodes the slash.
  ['/..%2f', SLASH, SLASH, HIDDEN],
  ['/a%2f..%2Fb', SLASH, SLASH, HIDDEN],
  ['/a%2f%2e%2e', SLASH, SLASH, HIDDEN],
  ['/.%2fa', SLASH, SLASH, HIDDEN],
  ['/a%2f..;b', SLASH, SLASH, HIDDEN],
  ['/a..%2f..b', SLASH, SLASH, '/a..%2F..b'],
];

describe('a canonical target', () => {
  for (const [target, expected] of SOUND) {
    it(`is ${JSON.stringify(expected)} for ${JSON.stringify(target)}`, () => {
      for (const rules of EVERY) expect(canonical(target, rules)).to.equal(expected);
    });
  }

  for (const [target, fault] of REFUSED) {
    it(`does not exist for ${JSON.stringify(target)}: ${fault}`, () => {
      for (const rules of EVERY) expect(canonical(target, rules)).to.equal(`<${fault}>`);
    });
  }

  for (const [target, strict, byDefault, lenient] of RULED) {
    it(`depends on the rules for ${target}`, () => {
      expect(EVERY.map((rules) => canonical(target, rules))).to.deep.equal([strict, byDefault, lenient]);
    });
  }

  it('costs no more than its length, however hostile', () => {
    for (const part of ['/', '/.', '/..', '%2e', '%', '/a', '..%2f', ';', '/%61']) {
      for (const rules of EVERY) canonicalTarget(`/${part.repeat(100_000)}\0`, rules);
    }
  });
});

// A slash twice, so that there are enough of them.
const PIECES =
  '/ / // . .. /./ /../ ; %2e %2E %2f %2F %5c \\ % %2 %00 %20 %c3%a9 %C3 %a9 %c0%ae %3b %25 %61 a B ~ : @ " { [ # é \0';
const piece = fc.constantFrom(' ', ...PIECES.split(' '));
const target = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
const rules = fc.record<PathRules>({
  encodedSlash: fc.constantFrom('reject', 'keep'),
  dotSegments: fc.constantFrom('reject', 'normalise'),
  duplicateSlash: fc.constantFrom('merge', 'reject'),
});

describe('every canonical target', () => {
  it('is its own canonical form', () => {
    fc.assert(
      fc.property(target, rules, (text, by) => {
        const once = canonicalTarget(text, by);
        if ('fault' in once) return;
        expect(canonicalTarget(once.path + once.query, by)).to.deep.equal(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds nothing that two servers could read in two ways', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          target,
          fc.string().map((text) => `/${text}`),
        ),
        rules,
        (text, by) => {
          const result = canonicalTarget(text, by);
          if ('fault' in result) return;
          const { path } = result;
          expect(path).to.match(/^\//);
          expect(path).to.not.contain('//');
          expect(path).to.match(/^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$/);
          expect(path).to.not.match(/%(?:5C|[01][0-9A-F]|7F)/);
          // Not even when its escaped slashes are decoded, and parameters are cut off.
          for (const segment of path.split(/\/|%2F/)) expect(segment.replace(/;.*/, '')).to.not.match(/^\.{1,2}$/);
          if (by.encodedSlash === 'reject') expect(path).to.not.contain('%2F');
          expect(() => decodeURIComponent(path)).to.not.throw();
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is the same text for every way of escaping the same path', () => {
    const segment = fc
      .string({
        unit: fc.constantFrom(
          'a',
          'Z',
          '0',
          '-',
          '.',
          '_',
          '~',
          '!',
          '$',
          '(',
          '+',
          ',',
          '=',
          ':',
          '@',
          'é',
          '€',
          '😀',
          ' ',
          '%',
        ),
        minLength: 1,
        maxLength: 6,
      })
      .filter((text) => !/^\.{1,2}$/.test(text));
    const choices = fc.infiniteStream(fc.nat(2));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), choices, choices, rules, (segments, a, b, by) => {
        const write = (how: typeof a): string => segments.map((text) => `/${escape(text, how)}`).join('');
        const one = canonicalTarget(write(a), by);
        expect(one).to.not.have.property('fault');
        expect(canonicalTarget(write(b), by)).to.deep.equal(one);
      }),
    );
  });
});

describe('a decoded segment', () => {
  it('is the text that the escapes stand for, but for the slash', () => {
    const segments = ['a', '%C3%A9', 'a%20b', '%252F', 'a%2Fb%2Fc', '%25'];
    expect(segments.map(decodeSegment)).to.deep.equal(['a', 'é', 'a b', '%2F', 'a%2Fb%2Fc', '%']);
  });
});

/** Escapes what has to be escaped, and of the rest what chance says, in upper or lower case. */
function escape(text: string, choices: Iterator<number>): string {
  return Array.from(text, (character) => {
    const choice: number = choices.next().value;
    const needed = /[^\w.~!$()+,=:@-]/.test(character);
    if (!needed && choice === 0) return character;
    const bytes = Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    return choice === 1 ? bytes : bytes.toUpperCase();
  }).join('');
}
