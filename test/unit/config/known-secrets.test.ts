import { expect } from 'chai';
import * as fc from 'fast-check';
import { KnownSecrets } from '../../../src/config/known-secrets.ts';

const dots = (part: string): string => '•'.repeat(part.length);

describe('known secrets', () => {
  const CASES: [text: string, secrets: string[], shown: string][] = [
    ['nothing here', [], 'nothing here'],
    ['a secret-1 b secret-2', ['secret-1', 'secret-2'], 'a •••••••• b ••••••••'],
    ['secret-1secret-2', ['secret-1', 'secret-2'], '••••••••••••••••'],
    // The longest of those that begin alike, and both of two that overlap.
    ['secret-12 secret-1', ['secret-1', 'secret-12'], '••••••••• ••••••••'],
    ['abcdefgh', ['abcdef', 'defgh'], '••••••••'],
    ['secret secret-', ['secret-1'], 'secret secret-'],
    ['abc abcd', ['abc', 'abcd'], 'abc ••••'],
  ];
  for (const [text, secrets, shown] of CASES) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(shown)}`, () =>
      expect(new KnownSecrets(secrets, 4).replace(text, dots)).to.equal(shown));
  }

  it('says once what stands in place of those that touch', () => {
    const secrets = new KnownSecrets(['secret-1', 'secret-2'], 4);
    expect(secrets.replace('a secret-1 secret-2.', () => '(hidden)')).to.equal('a (hidden) (hidden).');
  });

  it('hides what is covered by any of them, and nothing else', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 }),
        fc.array(word, { maxLength: 6 }),
        (text, words) => {
          const expected = [...text];
          for (const secret of words.filter(({ length }) => length >= 4))
            for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1))
              expected.fill('•', at, at + secret.length);
          expect(new KnownSecrets(words, 4).replace(text, dots)).to.equal(expected.join(''));
        },
      ),
    );
  });

  it('reads a text once, however many there are', () => {
    // A search for each of them in each text would take minutes here, so that the test would time out.
    const known = new KnownSecrets(
      Array.from({ length: 20_000 }, (_, index) => `key-of-a-partner-${index}-${'x'.repeat(40)}`),
      8,
    );
    const path = `/partners/key-of-a-partner-4999-${'x'.repeat(40)}/orders`;
    for (let times = 0; times < 100_000; times += 1) known.replace(path, dots);
    expect(known.replace(path, dots)).to.equal(`/partners/${'•'.repeat(62)}/orders`);
  });
});
