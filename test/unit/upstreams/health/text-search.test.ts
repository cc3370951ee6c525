import { expect } from 'chai';
import * as fc from 'fast-check';
import { TextSearch } from '../../../../src/upstreams/health/text-search.ts';

/** Whether the text is found in pieces that come one by one. */
function finds(text: string, pieces: readonly string[], limit = 1000): boolean {
  const search = new TextSearch(text, limit);
  for (const piece of pieces) search.push(Buffer.from(piece));
  return search.isFound;
}

describe('the search for a text in a body', () => {
  it('finds it within a piece, and over several', () => {
    expect(finds('"ok"', ['{"status":"ok"}'])).to.equal(true);
    expect(finds('"ok"', ['{"status":"', 'o', 'k"}'])).to.equal(true);
    expect(finds('"ok"', ['{"status":', '"down"}'])).to.equal(false);
  });

  it('finds what is not ASCII, whatever a piece cuts through', () => {
    const search = new TextSearch('gesund: ü', 100);
    for (const byte of Buffer.from('es ist gesund: ü!')) search.push(Buffer.from([byte]));
    expect(search.isFound).to.equal(true);
  });

  it('finds the empty text in nothing', () => {
    expect(finds('', [])).to.equal(true);
  });

  it('looks at so many bytes and no more', () => {
    expect(finds('ok', ['12345678ok'], 10)).to.equal(true);
    expect(finds('ok', ['123456789ok'], 10)).to.equal(false);
    expect(finds('ok', ['123456789', 'ok'], 10)).to.equal(false);
    expect(finds('ok', ['1234567890', 'ok'], 10)).to.equal(false);
  });

  it('tells when it has looked at all of them', () => {
    const search = new TextSearch('ok', 3);
    search.push(Buffer.from('12'));
    expect(search.isOver).to.equal(false);
    search.push(Buffer.from('34'));
    expect(search.isOver).to.equal(true);
  });

  it('finds what the whole holds, however it is cut', () => {
    const letters = (length: { minLength?: number; maxLength: number }): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom('a', 'b'), length).map((each) => each.join(''));
    fc.assert(
      fc.property(letters({ maxLength: 4 }), fc.array(letters({ maxLength: 3 }), { maxLength: 8 }), (text, pieces) => {
        expect(finds(text, pieces)).to.equal(pieces.join('').includes(text));
      }),
    );
  });
});
