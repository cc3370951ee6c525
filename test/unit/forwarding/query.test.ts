import { expect } from 'chai';
import * as fc from 'fast-check';
import { compileQueryEdits } from '../../../src/forwarding/query.ts';
import { parseTemplate, type Template } from '../../../src/template.ts';
import { fakeExchange } from '../../support/exchange.ts';

function template(text: string): Template {
  const parsed = parseTemplate(text);
  if ('fault' in parsed) throw new Error(parsed.fault);
  return parsed;
}

interface Edits {
  readonly set?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** What an upstream gets. @param sent with its `?` */
function edited({ set = {}, remove = [] }: Edits, sent: string, headers: readonly string[] = []): string {
  const values = Object.entries(set).map(([name, value]) => [name, template(value)] as const);
  return compileQueryEdits({ set: values, remove })(fakeExchange({ query: sent, headers }));
}

describe('edits of the query', () => {
  it('leave everything else as it came, and where it stood', () => {
    const sent = '?b=%7E~&a=1&a=2&%zz&=x&c+d=%20+&e';
    expect(edited({ remove: ['debug'] }, sent)).to.equal(sent);
    expect(edited({ set: { source: 'gateway' } }, sent)).to.equal(`${sent}&source=gateway`);
  });

  it('leave no question mark behind', () => {
    expect(edited({ remove: ['debug'] }, '')).to.equal('');
    expect(edited({ remove: ['debug'] }, '?')).to.equal('');
    expect(edited({ remove: ['debug'] }, '?debug=1&debug')).to.equal('');
    expect(edited({ set: { a: '1' } }, '')).to.equal('?a=1');
  });

  for (const name of ['debug', 'd%65bug', '%64%65%62%75%67']) {
    it(`take every ${name} out, however its name is encoded`, () => {
      expect(edited({ remove: ['debug'] }, `?a=1&${name}=1&b=2&${name}&${name}=&c=3`)).to.equal('?a=1&b=2&c=3');
    });
  }

  it('read + and %20 in names as a space', () => {
    expect(edited({ remove: ['my name'] }, '?my+name=1&my%20name=2&my%2Bname=3')).to.equal('?my%2Bname=3');
  });

  it('read names as UTF-8', () => {
    expect(edited({ remove: ['käse'] }, '?k%C3%A4se=1&k%E4se=2')).to.equal('?k%E4se=2');
  });

  it('tell names by upper and lower case', () => {
    expect(edited({ remove: ['debug'] }, '?Debug=1')).to.equal('?Debug=1');
  });

  it('replace what a client sends under a name that is set, all of it', () => {
    const sent = '?role=admin&a=1&rol%65=admin&role';
    expect(edited({ set: { role: 'viewer' } }, sent)).to.equal('?a=1&role=viewer');
  });

  it('take a parameter out whose template has no value: a client must not fill it in', () => {
    expect(edited({ set: { user: '{{claims.sub}}' } }, '?user=root&a=1')).to.equal('?a=1');
    expect(edited({ set: { user: '{{headers.x-user}}' } }, '?user=root')).to.equal('');
  });

  for (const [what, value, encoded] of [
    ['an ampersand', 'a&role=admin', 'a%26role%3Dadmin'],
    ['a number sign', 'a#b', 'a%23b'],
    ['a percent sign', '%26role', '%2526role'],
    ['a plus', 'a+b', 'a%2Bb'],
    ['a space', 'a b', 'a%20b'],
    ['a slash and a question mark', '/?', '%2F%3F'],
    ['a semicolon', 'a;b=c', 'a%3Bb%3Dc'],
  ] as const) {
    it(`encode ${what} in a value`, () => {
      expect(edited({ set: { q: '{{headers.x-q}}' } }, '', ['x-q', value])).to.equal(`?q=${encoded}`);
    });
  }

  it('send text as UTF-8, and the bytes of a header as they came', () => {
    expect(edited({ set: { q: 'käse €' } }, '')).to.equal('?q=k%C3%A4se%20%E2%82%AC');
    expect(edited({ set: { q: '{{headers.x-q}}' } }, '', ['x-q', '\xe4\xff'])).to.equal('?q=%E4%FF');
  });

  it('send nothing in place of a value with a line break or NUL', () => {
    for (const encoded of ['%0d%0a', '%0A', '%00', '%0d', '%7f'])
      expect(edited({ set: { q: '{{query.x}}' } }, `?q=own&x=a${encoded}b`)).to.equal(`?x=a${encoded}b`);
  });

  it('encode names, those included that are no well-formed text', () => {
    const set = { 'a b': '1', 'x&y=z': '2', 'k#': '3', ä: '4', '\ud800': '5' };
    expect(edited({ set }, '')).to.equal('?a%20b=1&x%26y%3Dz=2&k%23=3&%C3%A4=4&%EF%BF%BD=5');
  });

  it('give each value back as it was, and no other parameter, whatever it is', () => {
    const texts = fc
      .string({ unit: 'binary' })
      .filter((text) => Buffer.from(text).toString() === text && !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(texts, texts, (name, value) => {
        fc.pre(!value.includes('{{') && name !== '__proto__');
        const query = edited({ set: { [name]: value } }, '?kept=1&kept=2');
        expect(query).to.match(/^\?[\w\-.~%=&]*$/);
        expect([...new URLSearchParams(query)]).to.deep.equal(
          [
            ['kept', '1'],
            ['kept', '2'],
            [name, value],
          ].filter(([key], index) => index === 2 || key !== name),
        );
      }),
    );
  });
});
