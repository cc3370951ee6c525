import { expect } from 'chai';
import { formatPath, isRecord, parsePointer } from '../../../src/config/path.ts';

describe('paths', () => {
  it('are written so that yq takes them', () => {
    expect(formatPath([])).to.equal('');
    expect(formatPath(['routes', 0, 'match', 'path'])).to.equal('routes[0].match.path');
    expect(formatPath(['upstreams', 'my-shop', 'targets', 10])).to.equal('upstreams.my-shop.targets[10]');
  });

  it('put keys in quotes that are not plain', () => {
    expect(formatPath(['set', 'a.b'])).to.equal('set["a.b"]');
    expect(formatPath(['', 'a"b', '8080', '<<'])).to.equal('[""]["a\\"b"]["8080"]["<<"]');
  });

  it('are read from JSON pointers, with indexes only where a list is', () => {
    const root = { routes: [{ 'a/b': { '~': 1 } }], 8: { 0: 1 } };
    expect(parsePointer('', root)).to.deep.equal([]);
    expect(parsePointer('/routes/0/a~1b/~0', root)).to.deep.equal(['routes', 0, 'a/b', '~']);
    expect(parsePointer('/8/0', root)).to.deep.equal(['8', '0']);
    expect(parsePointer('/nowhere/0', root)).to.deep.equal(['nowhere', '0']);
  });

  it('lead into mappings and not into lists and nothing', () => {
    expect([{}, { a: 1 }].every(isRecord)).to.equal(true);
    expect([[], null, undefined, 'a', 1].some(isRecord)).to.equal(false);
  });
});
