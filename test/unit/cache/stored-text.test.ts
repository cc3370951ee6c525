import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodeEntry, encodeEntry, withBody, type SharedEntry } from '../../../src/cache/stored-text.ts';
import { answerOf } from '../../support/answers.ts';

const { body, ...answer } = answerOf('body', {
  headers: ['ETag', '"a\u00fc"', 'X-Empty', '', 'content-length', '4'],
  vary: ['accept', 'accept-language'],
  tags: ['a', '€"\\'],
});
const ENTRY: SharedEntry = {
  route: 'orders',
  path: '/ä',
  since: 1_795_000_000_000_001,
  content: { kind: 'answer', answer },
};
const INDEX: SharedEntry = {
  route: 'orders',
  path: '/a',
  since: 0,
  content: { kind: 'index', differing: { names: ['accept', 'x'], unnamed: [0, 7] }, series: 1_795_000_000_000_001 },
};

function decoded(text: string): SharedEntry | undefined {
  return decodeEntry(Buffer.from(text));
}

/** What is written, with something else in place of a part of it. */
function altered(entry: SharedEntry, changes: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(encodeEntry(entry)), ...changes });
}

describe('what is said of an answer in a shared store', () => {
  for (const [what, entry] of [
    ['an answer', ENTRY],
    ['what leads to variants', INDEX],
  ] as const)
    it(`reads ${what} as it was written`, () => {
      expect(decoded(encodeEntry(entry))).to.deep.equal(entry);
    });

  const { freshness } = answer;
  const faults: readonly (readonly [entry: SharedEntry, changes: Record<string, unknown>])[] = [
    [ENTRY, { version: 2 }],
    [ENTRY, { version: '1' }],
    [ENTRY, { kind: 'other' }],
    [ENTRY, { route: null }],
    [ENTRY, { path: ['/a'] }],
    [ENTRY, { since: -1 }],
    [ENTRY, { since: '1' }],
    [ENTRY, { status: 199 }],
    [ENTRY, { status: 600 }],
    [ENTRY, { status: 200.5 }],
    [ENTRY, { status: '200' }],
    [ENTRY, { isExplicit: 1 }],
    [ENTRY, { headers: { a: 'b' } }],
    [ENTRY, { headers: ['a'] }],
    [ENTRY, { headers: ['a', 1] }],
    [ENTRY, { headers: ['', 'x'] }],
    [ENTRY, { headers: ['a b', 'x'] }],
    [ENTRY, { headers: ['a\r\nb', 'x'] }],
    [ENTRY, { headers: ['a', 'x\r\nset-cookie: y'] }],
    [ENTRY, { headers: ['a', 'x\n'] }],
    [ENTRY, { headers: ['a', '\0'] }],
    [ENTRY, { headers: ['a', '\u010d\u010a'] }],
    [ENTRY, { headers: ['Transfer-Encoding', 'chunked'] }],
    [ENTRY, { headers: ['Connection', 'close'] }],
    [ENTRY, { headers: ['trailer', 'x'] }],
    [ENTRY, { headers: ['age', '1'] }],
    [ENTRY, { freshness: null }],
    [ENTRY, { freshness: [] }],
    [ENTRY, { freshness: { ...freshness, bornAt: undefined } }],
    [ENTRY, { freshness: { ...freshness, lifetime: -1 } }],
    [ENTRY, { freshness: { ...freshness, lifetime: null } }],
    [ENTRY, { freshness: { ...freshness, staleIfError: 'x' } }],
    [ENTRY, { freshness: { ...freshness, validateAlways: undefined } }],
    [ENTRY, { vary: ['Accept'] }],
    [ENTRY, { vary: ['b', 'a'] }],
    [ENTRY, { vary: ['a', 'a'] }],
    [ENTRY, { vary: ['*, a'] }],
    [ENTRY, { vary: Array.from({ length: 17 }, (_, index) => `x-${index + 10}`) }],
    [ENTRY, { tags: [1] }],
    [ENTRY, { tags: 'a' }],
    [ENTRY, { tags: ['x'.repeat(257)] }],
    [ENTRY, { tags: Array.from({ length: 65 }, String) }],
    [INDEX, { names: [] }],
    [INDEX, { names: ['x', 'accept'] }],
    [INDEX, { names: undefined }],
    [INDEX, { unnamed: undefined }],
    [INDEX, { unnamed: [0] }],
    [INDEX, { unnamed: [0, '1'] }],
    [INDEX, { unnamed: [0, -1] }],
    [INDEX, { unnamed: [0, 0.5] }],
    [INDEX, { series: undefined }],
    [INDEX, { series: '1' }],
  ];
  for (const [entry, changes] of faults)
    it(`does not read ${JSON.stringify(changes).slice(0, 80)}`, () => {
      expect(decoded(altered(entry, {}))).to.not.equal(undefined);
      expect(decoded(altered(entry, changes))).to.equal(undefined);
    });

  for (const text of [
    '',
    '{',
    'null',
    '1',
    '"a"',
    '[]',
    '{}',
    '\u0000',
    '{"version":1}',
    '{"__proto__":{"version":1}}',
  ])
    it(`does not read ${JSON.stringify(text)}`, () => {
      expect(decoded(text)).to.equal(undefined);
    });

  it('does not read a number that is none', () => {
    expect(decoded(encodeEntry(ENTRY).replace(/"lifetime":\d+/, '"lifetime":1e999'))).to.equal(undefined);
  });

  it('reads no text wrongly, whichever byte of it is another', () => {
    const text = Buffer.from(encodeEntry(ENTRY));
    const property = fc.property(fc.nat(text.length - 1), fc.nat(255), (at, byte) => {
      const other = Buffer.from(text);
      other[at] = byte;
      const read = decodeEntry(other);
      // What it reads it would write again as something that it reads alike.
      if (read !== undefined) expect(decoded(encodeEntry(read))).to.deep.equal(read);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('goes with the body that it speaks of, and with no other', () => {
    expect(withBody(answer, body)).to.deep.equal({ ...answer, body });
    expect(withBody(answer, Buffer.from('other'))).to.equal(undefined);
    expect(withBody({ ...answer, headers: ['Content-Length', '4', 'content-length', '5'] }, body)).to.equal(undefined);
    expect(withBody({ ...answer, headers: ['Content-Length', '04'] }, body)).to.equal(undefined);
    expect(withBody({ ...answer, headers: [], status: 204 }, Buffer.alloc(0))).to.not.equal(undefined);
    expect(withBody({ ...answer, headers: [], status: 204 }, body)).to.equal(undefined);
    expect(withBody({ ...answer, headers: [] }, body)).to.not.equal(undefined);
  });
});
