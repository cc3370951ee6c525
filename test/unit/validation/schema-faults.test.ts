import { expect } from 'chai';
import { SchemaChecker } from '../../../src/validation/schema-faults.ts';

const TYPES = 'array, boolean, integer, null, number, object, string';

describe('faults of schemas', () => {
  const checker = new SchemaChecker();
  const faultsIn = (schema: unknown, coerce = false): string[] =>
    checker.faults(schema, { coerce }).map(({ path, message }) => `${path.join('/')}: ${message}`);

  for (const [what, schema] of [
    [
      'a schema of the dialect',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://example.com/x', type: 'object' },
    ],
    ['references within', { $ref: '#/$defs/a', $defs: { a: { $anchor: 'a', items: { $ref: '#a' } } } }],
    ['recursion through members', { type: 'object', properties: { next: { $ref: '#' } } }],
    [
      'all that applies schemas',
      {
        allOf: [true],
        anyOf: [{}],
        if: {},
        else: {},
        prefixItems: [{}],
        dependentSchemas: { a: {} },
        unevaluatedProperties: false,
      },
    ],
    [
      'annotations',
      {
        title: 'x',
        description: 'x',
        default: 1,
        examples: [1],
        deprecated: true,
        readOnly: true,
        $comment: 'x',
        contentMediaType: 'x/y',
      },
    ],
    [
      'members that are called like keywords',
      { properties: { format: { type: 'string' }, $ref: { type: 'string' }, foo: {} } },
    ],
    ['values that look like schemas', { const: { foo: 1, $ref: 'x' }, enum: [{ format: 'x' }] }],
    ['rules without a type, of a body', { properties: { a: { minimum: 1 } } }],
  ] as const) {
    it(`are none in ${what}`, () => {
      expect(faultsIn(schema)).to.deep.equal([]);
    });
  }

  for (const [what, schema, fault] of [
    [
      'a keyword that nobody knows',
      { properties: { a: { minimun: 1 } } },
      'properties/a/minimun: the keyword "minimun" is not known',
    ],
    ['a keyword inside of a list', { allOf: [{ foo: 1 }] }, 'allOf/0/foo: the keyword "foo" is not known'],
    ['a format that nobody knows', { items: { format: 'phone' } }, 'items/format: the format "phone" is not known'],
    [
      'another dialect',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      '$schema: the dialect must be https://json-schema.org/draft/2020-12/schema',
    ],
    [
      'a reference to a file',
      { $ref: 'item.json' },
      '$ref: a reference leads out of the document, and nothing is fetched',
    ],
    [
      'a reference to the network',
      { not: { $ref: 'https://example.com/x' } },
      'not/$ref: a reference leads out of the document, and nothing is fetched',
    ],
    ['a value of the wrong type', { properties: { a: { minimum: '1' } } }, 'properties/a/minimum: must be number'],
    ['a type that is none', { type: 'int' }, `type: the type "int" is not one of ${TYPES}`],
    ['a list', [], ': a schema is a mapping'],
  ] as const) {
    it(`are told of ${what}`, () => {
      expect(faultsIn(schema)).to.include(fault);
    });
  }

  for (const [what, type, fault] of [
    ['is unknown', 'objekt', `items/type: the type "objekt" is not one of ${TYPES}`],
    ['is unknown in a list', ['string', 'nul'], `items/type/1: the type "nul" is not one of ${TYPES}`],
    ['is no name', 5, `items/type: a type is one of ${TYPES}`],
    ['is no name in a list', [null], `items/type/0: a type is one of ${TYPES}`],
    ['is an empty list', [], `items/type: a list of types names each once, out of ${TYPES}`],
    ['stands twice', ['string', 'string'], `items/type: a list of types names each once, out of ${TYPES}`],
    ['stands twice, unknown', ['nul', 'nul'], `items/type: a list of types names each once, out of ${TYPES}`],
  ] as const)
    it(`are one where a type ${what}`, () => {
      expect(faultsIn({ type: ['array', 'null'], items: { type } })).to.deep.equal([fault]);
    });

  it('are told of other places that are called type', () => {
    expect(faultsIn({ type: 'objekt', properties: { type: 5 } })).to.deep.equal([
      `type: the type "objekt" is not one of ${TYPES}`,
      'properties/type: must be object,boolean',
    ]);
  });

  it('are all told', () => {
    expect(faultsIn({ foo: 1, items: { bar: 1, format: 'x' } })).to.have.length(3);
  });

  it('are told of a reference to nothing', () => {
    expect(faultsIn({ $ref: '#/$defs/a' }).join()).to.include("can't resolve reference #/$defs/a");
  });

  it('are told of a pattern that is none', () => {
    expect(faultsIn({ properties: { a: { pattern: '(' } } }).join()).to.include('properties/a/pattern: ');
  });

  it('are told of a schema that only refers to itself', () => {
    expect(faultsIn({ $ref: '#' })).to.deep.equal([': it refers to itself without an end']);
    expect(faultsIn({ anyOf: [{ $ref: '#/$defs/a' }], $defs: { a: { allOf: [{ $ref: '#' }] } } })).to.have.length(1);
  });

  it('are told of rules for texts that say nothing about texts', () => {
    const schema = { type: 'object', properties: { page: { minimum: 1 } } };
    expect(faultsIn(schema)).to.deep.equal([]);
    expect(faultsIn(schema, true).join()).to.include('missing type "number" for keyword "minimum"');
  });
});
