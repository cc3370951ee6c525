import { expect } from 'chai';
import { answerTagged, conditionsOf, holds, tagOf, type Conditions } from '../../../src/admin/conditions.ts';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

function requestWith(headers: Readonly<Record<string, string>>): { req: IncomingMessage } {
  const req = new IncomingMessage(new Socket());
  Object.assign(req.headers, headers);
  return { req };
}

function read(headers: Readonly<Record<string, string>>): Conditions {
  const conditions = conditionsOf(requestWith(headers));
  if ('problem' in conditions) throw new Error(conditions.detail);
  return conditions;
}

describe('conditions of requests', () => {
  const MATCHING: readonly [ifMatch: string, tag: string, holds: boolean][] = [
    ['"a"', '"a"', true],
    ['"a"', '"b"', false],
    ['"a", "b"', '"b"', true],
    ['"a" ,\t"b",,', '"b"', true],
    [', "a"', '"a"', true],
    ['"a,b"', '"a,b"', true],
    ['"a,b"', '"a"', false],
    ['*', '"a"', true],
    [' * ', '"a"', true],
    // Strong comparison: one that is weak is equal to none.
    ['W/"a"', '"a"', false],
    ['W/"a", "a"', '"a"', true],
    ['""', '""', true],
    ['"A"', '"a"', false],
    ['"\u00e4"', '"\u00e4"', true],
  ];
  for (const [value, tag, expected] of MATCHING) {
    it(`${expected ? 'takes' : 'refuses'} If-Match: ${value} for ${tag}`, () => {
      expect(holds(read({ 'if-match': value }), [tag])).to.equal(expected);
    });
  }

  const KNOWN: readonly [ifNoneMatch: string, tag: string, isKnown: boolean][] = [
    ['"a"', '"a"', true],
    ['W/"a"', '"a"', true],
    ['"b", W/"a"', '"a"', true],
    ['"b"', '"a"', false],
    ['*', '"a"', true],
  ];
  for (const [value, tag, isKnown] of KNOWN) {
    it(`${isKnown ? 'knows' : 'does not know'} ${tag} by If-None-Match: ${value}`, () => {
      expect(holds(read({ 'if-none-match': value }), [tag])).to.equal(!isKnown);
    });
  }

  for (const value of [
    'a',
    '"a',
    'a"',
    '"a" "b"',
    '',
    ' ',
    ',',
    'w/"a"',
    'W/a',
    '"a b"',
    '*, "a"',
    '"a"x',
    '"\u007f"',
  ]) {
    it(`takes ${JSON.stringify(value)} for malformed, and not for none`, () => {
      for (const name of ['if-match', 'if-none-match'])
        expect(conditionsOf(requestWith({ [name]: value }))).to.include({ problem: 'invalid-request' });
    });
  }

  it('reads a long list in no time that grows with more than its length', () => {
    const long = `${'"a" , ,'.repeat(2000)}x`;
    expect(conditionsOf(requestWith({ 'if-match': long }))).to.include({ problem: 'invalid-request' });
  });

  it('answers 304 only when If-Match holds, too', () => {
    const json = { a: 1 };
    const tag = tagOf(json);
    expect(answerTagged(read({}), json)).to.deep.equal({ json, headers: [['etag', tag]] });
    expect(answerTagged(read({ 'if-none-match': tag }), json)).to.deep.equal({
      notModified: true,
      headers: [['etag', tag]],
    });
    expect(answerTagged(read({ 'if-none-match': tag, 'if-match': '"b"' }), json)).to.deep.equal({
      problem: 'precondition-failed',
    });
    expect(answerTagged(read({ 'if-none-match': '"b"', 'if-match': tag }), json)).to.have.property('json');
  });

  it('has another tag for any other answer', () => {
    expect(tagOf({ a: 1 })).to.match(/^"[\w-]{22}"$/);
    expect(tagOf({ a: 1 }))
      .to.equal(tagOf({ a: 1 }))
      .and.not.equal(tagOf({ a: 2 }));
  });
});
