import { expect } from 'chai';
import { array, assert, constantFrom, property, string } from 'fast-check';
import { durationOf, parseDirectives } from '../../../src/cache/directive-list.ts';
import { requestRules } from '../../../src/cache/directives.ts';
import { responseDirectives } from '../../../src/cache/response-directives.ts';

function names(text: string): string[] {
  return parseDirectives(text).map(({ name }) => name);
}

function duration(text: string): number | undefined {
  const [directive] = parseDirectives(text);
  return directive === undefined ? undefined : durationOf(directive);
}

describe('RFC 9111 section 5.2: a list of directives', () => {
  it('takes names in any case, empty members and white space', () => {
    expect(names(' No-Store ,,\tMAX-age=5, ')).to.deep.equal(['no-store', 'max-age']);
    expect(names('')).to.deep.equal([]);
  });

  it('sees no directive within a quoted string', () => {
    expect(names('ext="a, max-age=5, b", public')).to.deep.equal(['ext', 'public']);
    expect(names('ext="a\\", max-age=5", public')).to.deep.equal(['ext', 'public']);
    expect(parseDirectives('ext="a\\"b"')[0]?.value).to.equal('a"b');
  });

  it('hides nothing behind a quote that has no end, or that stands within a token', () => {
    expect(names('ext="a, no-store')).to.deep.equal(['ext', 'no-store']);
    expect(names('ext=b"a, no-store, x="y"')).to.deep.equal(['ext', 'no-store', 'x']);
    expect(names('"a, no-store, b"')).to.include('no-store');
  });

  it('reads durations, quoted ones and leading zeros, too', () => {
    expect(duration('max-age=3600')).to.equal(3_600_000);
    expect(duration('max-age="3600"')).to.equal(3_600_000);
    expect(duration('max-age=003600')).to.equal(3_600_000);
  });

  it('RFC 9111 section 1.2.2: takes what is too large for 2^31', () => {
    expect(duration('max-age=2147483649')).to.equal(2 ** 31 * 1000);
    expect(duration(`max-age=${'9'.repeat(400)}`)).to.equal(2 ** 31 * 1000);
  });

  for (const bad of ["'3600'", 'a3600', '3600a', '-1', '3600.0', ' 3600', '', '"3600"x', '"3600', '+1', '1e3']) {
    it(`reads no duration from max-age=${bad}`, () => void expect(duration(`max-age=${bad}`)).to.equal(undefined));
  }

  it('reads no duration from what has white space before its =', () => {
    expect(duration('max-age =3600')).to.equal(undefined);
    expect(names('max-age =3600')).to.deep.equal(['max-age']);
  });

  it('takes any text, in time that grows with its length', () => {
    const parts = constantFrom('"', '\\', ',', '=', ' ', '\t', 'no-store', 'max-age', '5', '\u00ff', 'private', "'");
    const texts = array(parts).map((all) => all.join(''));
    assert(
      property(texts, string(), (likely, any) => {
        for (const text of [likely, any]) {
          parseDirectives(text);
          requestRules(text, undefined);
          requestRules(undefined, text);
          responseDirectives(['Cache-Control', text, 'CDN-Cache-Control', text]);
        }
      }),
      { numRuns: 2000 },
    );
    // Quadratic, it would not be done before the test's time is over.
    for (const part of ['"\\', '="\\', '="', ' ', ',', '="a']) parseDirectives(`a${part.repeat(500_000)}`);
  });

  it('finds a no-store that stands on its own, whatever is before it', () => {
    const others = array(constantFrom('a="b, c"', "a='b", 'a="\\""', 'a=b"c', '""', 'x', 'max-age=1'));
    assert(
      property(others, (list) => {
        expect(names([...list, 'no-store'].join(', '))).to.include('no-store');
      }),
    );
  });
});
