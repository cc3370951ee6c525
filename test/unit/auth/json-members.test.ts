import { expect } from 'chai';
import * as fc from 'fast-check';
import { hasDuplicateMembers } from '../../../src/auth/json-members.ts';

describe('members of one name', () => {
  const TEXTS: [json: string, duplicate: boolean][] = [
    ['{}', false],
    ['{"a":1}', false],
    ['{"a":1,"a":1}', true],
    ['{"a":1,"\\u0061":1}', true],
    ['{ "a" : 1 , "b" : 2 , "a" : 3 }', true],
    ['{"a":"b","b":"a"}', false],
    ['{"a":["a","a"],"b":["a"]}', false],
    ['{"a":{"a":{"a":1}}}', false],
    ['{"a":{"b":1,"b":2}}', true],
    ['{"a":[{"b":1},{"b":2}]}', false],
    ['{"a":[{"b":1,"b":2}]}', true],
    ['{"a":[],"a":{}}', true],
    ['{"a":{},"b":1,"a":2}', true],
    ['{"a":",\\"a\\":","b":"}{"}', false],
    ['{"\\"":1,"\\\\":2,"\\\\\\"":3}', false],
    ['{"":1,"":2}', true],
    ['{"__proto__":1,"__proto__":2}', true],
    ['[1,"a","a"]', false],
    ['"a"', false],
  ];
  for (const [json, duplicate] of TEXTS) {
    it(`${duplicate ? 'are' : 'are not'} in ${json}`, () => {
      expect(() => void JSON.parse(json)).not.to.throw();
      expect(hasDuplicateMembers(json)).to.equal(duplicate);
    });
  }

  it('are in nothing that JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => !hasDuplicateMembers(JSON.stringify(value))));
  });

  it('are found wherever they are added', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (object, at) => {
        const members = Object.entries(object).map(
          ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
        );
        const again = members[at % members.length] ?? '';
        return (
          hasDuplicateMembers(`{${[...members, again].join(',')}}`) && !hasDuplicateMembers(`{${members.join(',')}}`)
        );
      }),
    );
  });
});
