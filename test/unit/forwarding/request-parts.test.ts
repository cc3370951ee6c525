import { expect } from 'chai';
import { headersObject, queryObject } from '../../../src/forwarding/request-parts.ts';

describe('the parts of a request as objects', () => {
  it('make a list of a query name that stands several times', () => {
    expect(queryObject('a=1&b=x&a=2&a=3&__proto__=4')).to.deep.equal(
      Object.assign(Object.create(null), { a: ['1', '2', '3'], b: 'x', ['__proto__']: '4' }),
    );
  });

  it('take a query name that stands very often', () => {
    // To copy the list for each of them would take minutes.
    expect(queryObject('a&'.repeat(100_000)))
      .to.have.property('a')
      .with.length(100_000);
  });

  it('join headers of one name, and cookies in their own way', () => {
    const headers = ['X-A', '1', 'cookie', 'a=1', 'x-b', '', 'x-a', '2', 'Cookie', 'b=2'];
    expect({ ...headersObject(headers) }).to.deep.equal({ 'x-a': '1, 2', cookie: 'a=1; b=2', 'x-b': '' });
  });

  it('read each header once, however many names there are', () => {
    let reads = 0;
    const headers = Array.from({ length: 4000 }, (_, index) => (index % 2 === 0 ? `n${index % 3000}` : ''));
    const counted = new Proxy(headers, {
      get(target, key): unknown {
        if (key !== 'length') reads += 1;
        return Reflect.get(target, key);
      },
    });
    expect(Object.keys(headersObject(counted))).to.have.length(1500);
    expect(reads).to.equal(4000);
  });
});
