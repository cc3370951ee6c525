import { expect } from 'chai';
import { Recent } from '../../../src/auth/recent.ts';

describe('recent values', () => {
  it('are there, unless they were deleted', () => {
    const recent = new Recent<number>(4);
    recent.set('a', 1);
    expect([recent.get('a'), recent.get('b')]).to.deep.equal([1, undefined]);
    recent.set('a', 2);
    expect(recent.get('a')).to.equal(2);
    recent.delete('a');
    expect(recent.get('a')).to.equal(undefined);
  });

  it('stay as long as they are asked for, whatever else comes', () => {
    const recent = new Recent<number>(10);
    recent.set('kept', 1);
    for (let count = 0; count < 1000; count += 1) {
      recent.set(`other ${count}`, count);
      expect(recent.get('kept')).to.equal(1);
    }
  });

  it('go when as many others came since, and not before half of that', () => {
    const recent = new Recent<number>(10);
    const lastOf = (others: number): number | undefined => {
      recent.set('last', 1);
      for (let count = 0; count < others; count += 1) recent.set(`other ${others} ${count}`, count);
      return recent.get('last');
    };
    expect(lastOf(4)).to.equal(1);
    expect(lastOf(10)).to.equal(undefined);
  });

  it('are gone for good once deleted, from either generation', () => {
    const recent = new Recent<number>(4);
    for (const key of ['a', 'b', 'c', 'd']) recent.set(key, 1);
    recent.delete('a');
    recent.delete('d');
    expect(['a', 'b', 'c', 'd'].map((key) => recent.get(key))).to.deep.equal([undefined, 1, 1, undefined]);
  });
});
