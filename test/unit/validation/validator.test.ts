import { expect } from 'chai';
import { compileValidator } from '../../../src/validation/validator.ts';

const BODY = { coerce: false };
const TEXTS = { coerce: true };

describe('validators', () => {
  it('tell all faults, at what is wrong', () => {
    const validator = compileValidator(
      {
        type: 'object',
        required: ['id', 'a/b'],
        properties: {
          id: { type: 'integer' },
          items: { type: 'array', items: { type: 'object', properties: { qty: { minimum: 1 } }, required: ['qty'] } },
          kind: { enum: ['a secret kind'] },
          mail: { type: 'string', format: 'email' },
        },
        additionalProperties: false,
        propertyNames: { maxLength: 5 },
      },
      BODY,
    );
    const faults = validator.faults({ items: [{ qty: 0 }, {}], kind: 'x', mail: 'no', 'x~much': 1 });
    expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).to.have.members([
      '/id required',
      '/a~1b required',
      '/items/0/qty minimum',
      '/items/1/qty required',
      '/kind enum',
      '/mail format',
      '/x~0much unknown-member',
      '/x~0much max-length',
    ]);
    expect(JSON.stringify(faults)).to.not.include('secret');
  });

  it('say nothing of a valid value, also after an invalid one', () => {
    const validator = compileValidator({ type: 'object', required: ['a'] }, BODY);
    expect(validator.faults({})).to.have.length(1);
    expect(validator.faults({ a: 1 })).to.deep.equal([]);
  });

  it('do not take what objects inherit for members', () => {
    const validator = compileValidator(
      { type: 'object', required: ['constructor', '__proto__'], properties: { toString: { type: 'string' } } },
      BODY,
    );
    expect(validator.faults({}).map(({ pointer }) => pointer)).to.deep.equal(['/constructor', '/__proto__']);
    expect(validator.faults(JSON.parse('{"constructor":1,"__proto__":2,"toString":"x"}'))).to.deep.equal([]);
  });

  it('judge __proto__ like any other member', () => {
    const validator = compileValidator({ type: 'object', properties: { a: {} }, additionalProperties: false }, BODY);
    expect(validator.faults(JSON.parse('{"__proto__":{"a":1}}'))).to.deep.equal([
      { pointer: '/__proto__', code: 'unknown-member', detail: 'is not known here' },
    ]);
  });

  it('tell a hundred faults of a million, by way of a $ref, too', () => {
    const validator = compileValidator(
      {
        type: 'array',
        items: { $ref: '#/$defs/item' },
        $defs: { item: { type: 'object', properties: { r: { $ref: '#/$defs/item' } } } },
      },
      BODY,
    );
    const faults = validator.faults(Array.from({ length: 1_000_000 }, () => 1));
    expect(faults).to.have.length(100);
    expect(faults[99]).to.deep.equal({ pointer: '/99', code: 'wrong-type', detail: 'must be object' });
    expect(validator.faults([{ r: {} }])).to.deep.equal([]);
  });

  it('find valid what one branch takes, however many faults the other has', () => {
    const list = (type: string): object => ({ type: 'array', items: { $ref: `#/$defs/${type}` } });
    const validator = compileValidator(
      {
        type: 'object',
        properties: { a: { anyOf: [list('integer'), list('string')] }, b: { type: 'integer' } },
        $defs: { integer: { type: 'integer' }, string: { type: 'string' } },
      },
      BODY,
    );
    const a = Array.from({ length: 5000 }, () => 'x');
    expect(validator.faults({ a, b: 1 })).to.deep.equal([]);
    expect(validator.faults({ a, b: 'x' })).to.deep.equal([
      { pointer: '/b', code: 'wrong-type', detail: 'must be integer' },
    ]);
    expect(validator.faults({ a: [...a, 1] })).to.have.length(100);
  });

  it('count all branches of oneOf, however many faults they have', () => {
    const items = { type: 'array', items: { $ref: '#/$defs/n' } };
    const validator = compileValidator(
      { oneOf: [items, { not: items }], $defs: { n: { type: 'object', properties: { r: { $ref: '#/$defs/n' } } } } },
      BODY,
    );
    expect(validator.faults(Array.from({ length: 5000 }, () => 1))).to.deep.equal([]);
  });

  it('find equal items among many, whatever the order of their members', () => {
    const validator = compileValidator({ type: 'array', uniqueItems: true }, BODY);
    const many: unknown[] = Array.from({ length: 200_000 }, (_, index) => ({ index, list: [index] }));
    expect(validator.faults(many)).to.deep.equal([]);
    expect(validator.faults([...many, { list: [7], index: 7 }])).to.deep.equal([
      { pointer: '', code: 'unique-items', detail: 'must not hold an item twice' },
    ]);
    expect(validator.faults(['1', 1, null, 'null', [1], ['1'], {}, { a: 1 }, { a: '1' }])).to.deep.equal([]);
    expect(validator.faults([0, -0])).to.have.length(1);
  });

  it('take no text for one of a format that is longer than such texts are', () => {
    const validator = compileValidator({ type: 'string', format: 'uri' }, BODY);
    expect(validator.faults(`https://example.com/${'a'.repeat(1000)}`)).to.deep.equal([]);
    expect(validator.faults(`https://example.com/${'a'.repeat(5000)}`)).to.have.length(1);
  });

  it('cut pointers and patterns that are long', () => {
    const validator = compileValidator(
      { type: 'object', additionalProperties: { type: 'string', pattern: `^${'a'.repeat(200)}$` } },
      BODY,
    );
    const [fault] = validator.faults({ ['k'.repeat(100_000)]: 'x' });
    expect(fault?.pointer.length).to.be.lessThan(300);
    expect(fault?.detail.length).to.be.lessThan(120);
  });

  describe('of texts', () => {
    const validator = compileValidator(
      {
        type: 'object',
        properties: {
          page: { type: 'integer', minimum: 1 },
          ratio: { type: 'number' },
          all: { type: 'boolean' },
          ids: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
          q: { type: 'string' },
        },
        additionalProperties: false,
      },
      TEXTS,
    );

    it('take texts for what they spell', () => {
      for (const value of [
        { page: '1', ratio: '-1.5e3', all: 'true', ids: ['1', '2'], q: '7' },
        { ids: '1', all: 'false' },
        {},
      ])
        expect(validator.faults(value), JSON.stringify(value)).to.deep.equal([]);
    });

    it('take no spelling that others read otherwise', () => {
      for (const page of ['0x10', ' 1', '1 ', '+1', '01', '1_0', 'Infinity', '', '1.', '.5e1', '1e400'])
        expect(validator.faults({ page })[0], page).to.deep.include({ pointer: '/page', code: 'wrong-type' });
      for (const all of ['1', 'True', 'yes', '']) expect(validator.faults({ all }), all).to.have.length(1);
      expect(validator.faults({ ids: ['1', '0x2'] }).map(({ pointer }) => pointer)).to.deep.equal(['/ids']);
    });

    it('take a repeated name only where a list is asked for', () => {
      expect(validator.faults({ page: ['1', '2'] }).map(({ pointer }) => pointer)).to.deep.equal(['/page']);
      expect(validator.faults({ q: ['a', 'b'] }).map(({ pointer }) => pointer)).to.deep.equal(['/q']);
      expect(validator.faults({ ids: ['1', '2', '3'] }).map(({ code }) => code)).to.deep.equal(['max-items']);
    });

    it('leave the value as it was', () => {
      const value = { page: '1', ids: ['1'] };
      validator.faults(value);
      expect(value).to.deep.equal({ page: '1', ids: ['1'] });
    });
  });
});
