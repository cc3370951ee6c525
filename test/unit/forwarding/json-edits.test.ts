import { expect } from 'chai';
import * as fc from 'fast-check';
import { editJson, type JsonTemplate } from '../../../src/forwarding/json-edits.ts';
import { jsonPointer, pointerTokens } from '../../../src/forwarding/json-pointer.ts';
import { removeValue, setValue } from '../../../src/forwarding/json-splice.ts';
import { parseTemplate, type TemplateValues } from '../../../src/template.ts';
import { jsonFault } from '../../../src/validation/strict-json.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const NAMES = ['a', 'b', '', '0', '1', '-', '~/', '"', '\\', '__proto__', 'constructor', 'é', '😀'];
const name = fc.constantFrom(...NAMES);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1.5, '', 'x', '"]}', '\\'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(name, tie('value')), { selector: ([key]) => key, maxLength: 3 }).map(objectOf),
  ),
})).value;
const tokens = fc.array(name, { minLength: 1, maxLength: 3 });

/** With `__proto__` as a name like any other. */
function objectOf(entries: readonly (readonly [string, Json])[]): { [key: string]: Json } {
  return Object.fromEntries(entries);
}

function child(value: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, token)?.value;
}

/** What removing means, the slow way. */
function removed(value: Json, [token = '', ...rest]: readonly string[]): Json {
  const inner = child(value, token);
  if (inner === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return rest.length === 0
      ? value.filter((_, index) => index !== Number(token))
      : value.map((item, index) => (index === Number(token) ? removed(item, rest) : item));
  const entries = Object.entries(value);
  return rest.length === 0
    ? objectOf(entries.filter(([key]) => key !== token))
    : objectOf(entries.map(([key, member]) => [key, key === token ? removed(member, rest) : member]));
}

/** What setting means, the slow way; undefined when it cannot be done. */
function withSet(value: Json | undefined, [token, ...rest]: readonly string[], put: Json): Json | undefined {
  if (token === undefined) return put;
  if (value === undefined) {
    const inner = withSet(undefined, rest, put);
    return inner === undefined ? undefined : token === '-' ? [inner] : objectOf([[token, inner]]);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const before = child(value, token);
  if (Array.isArray(value) && before === undefined && token !== '-') return undefined;
  const inner = withSet(before, rest, put);
  if (inner === undefined) return undefined;
  if (Array.isArray(value))
    return before === undefined
      ? [...value, inner]
      : value.map((item, index) => (index === Number(token) ? inner : item));
  const others = Object.entries(value).filter(([key]) => key !== token);
  return objectOf([...others, [token, inner]]);
}

const spaced = fc.constantFrom(undefined, 1, '\t\r\n');

describe('edits of JSON texts', () => {
  it('remove what a naive model removes', () => {
    fc.assert(
      fc.property(json, tokens, spaced, (value, path, indent) => {
        const text = removeValue(JSON.stringify(value, null, indent), path);
        expect(jsonFault(text)).to.equal(undefined);
        expect(JSON.parse(text)).to.deep.equal(removed(value, path));
      }),
      { numRuns: 2000 },
    );
  });

  it('set what a naive model sets', () => {
    fc.assert(
      fc.property(json, tokens, json, spaced, (value, path, put, indent) => {
        const text = setValue(JSON.stringify(value, null, indent), path, JSON.stringify(put));
        const expected = withSet(value, path, put);
        if (typeof text !== 'string') {
          expect(expected).to.equal(undefined);
          return;
        }
        expect(jsonFault(text)).to.equal(undefined);
        expect(JSON.parse(text)).to.deep.equal(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('leave all else byte by byte as it stands', () => {
    const text = ' {"id" : 12345678901234567890,"a":1.0 , "s":"\\u0041\\/", "x":[ 1E2 ]}\n';
    expect(removeValue(text, ['a'])).to.equal(' {"id" : 12345678901234567890,"s":"\\u0041\\/", "x":[ 1E2 ]}\n');
    expect(setValue(text, ['x', '-'], 'true')).to.equal(
      ' {"id" : 12345678901234567890,"a":1.0 , "s":"\\u0041\\/", "x":[ 1E2,true ]}\n',
    );
    expect(removeValue(text, ['nothing', 'there'])).to.equal(text);
  });

  it('find a name that is written in escapes', () => {
    expect(removeValue('{"\\u0073ecret":1,"b":2}', ['secret'])).to.equal('{"b":2}');
  });

  it('say what is in the way', () => {
    expect(setValue('{"a":{"b":1}}', ['a', 'b', 'c'], '1')).to.deep.equal({ depth: 2, reason: 'no-container' });
    expect(setValue('{"a":[1]}', ['a', '1'], '1')).to.deep.equal({ depth: 2, reason: 'no-item' });
    expect(setValue('[]', ['00'], '1')).to.deep.equal({ depth: 1, reason: 'no-item' });
    expect(setValue('5', ['a'], '1')).to.deep.equal({ depth: 0, reason: 'no-container' });
  });

  it('read and write JSON pointers', () => {
    expect(pointerTokens('/a~1b/~01//0')).to.deep.equal(['a/b', '~1', '', '0']);
    fc.assert(
      fc.property(tokens, (path) => {
        expect(pointerTokens(jsonPointer(path))).to.deep.equal(path);
      }),
    );
  });

  const values = (headers: Readonly<Record<string, string>>): TemplateValues => ({
    id: '1',
    params: {},
    query: '',
    client: { address: '192.0.2.1' },
    header: (wanted) => headers[wanted],
  });
  const text = (written: string): JsonTemplate => {
    const template = parseTemplate(written);
    if ('fault' in template) throw new Error(template.fault);
    return { kind: 'text', template };
  };

  it('let no value of a template out of its string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const bytes = Buffer.from(value, 'utf8').toString('latin1');
        const edits = { remove: [], set: [[['x'], text('{{headers.x}}!')] as const] };
        const out = editJson('{"x":0,"y":1}', edits, values({ x: bytes }));
        // Line breaks and the like never get into a value.
        const isLeftOut = /[\0-\x08\x0a-\x1f\x7f]/.test(bytes);
        const expected = isLeftOut ? { y: 1 } : { x: `${value}!`, y: 1 };
        expect(JSON.parse(typeof out === 'string' ? out : 'null')).to.deep.equal(expected);
      }),
    );
  });

  it('take out what the client wrote where a template has no value', () => {
    const edits = { remove: [], set: [[['audit', 'user'], text('{{claims.sub}}')] as const] };
    expect(editJson('{"audit":{"user":"root","at":1}}', edits, values({}))).to.equal('{"audit":{"at":1}}');
  });

  it('leave members and items out whose template has no value', () => {
    const constant: JsonTemplate = { kind: 'constant', json: '1' };
    const list: JsonTemplate = { kind: 'list', items: [text('{{claims.sub}}'), constant] };
    const object: JsonTemplate = {
      kind: 'object',
      members: [
        ['who', text('{{claims.sub}}')],
        ['list', list],
        ['ip', text('{{client.ip}}')],
      ],
    };
    expect(editJson('{}', { remove: [], set: [[['a'], object]] }, values({}))).to.equal(
      '{"a":{"list":[1],"ip":"192.0.2.1"}}',
    );
  });

  it('remove before they set', () => {
    const edits = { remove: [['a']], set: [[['a', 'b'], { kind: 'constant', json: '2' }] as const] };
    expect(editJson('{"a":{"c":1}}', edits, values({}))).to.equal('{"a":{"b":2}}');
  });
});
