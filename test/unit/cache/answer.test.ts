import { expect } from 'chai';
import { completed, sizeOf } from '../../../src/cache/answer.ts';
import { answer } from './answers.ts';

describe('a stored answer', () => {
  it('is as large as its body, its texts, and what objects take', () => {
    const small = answer([], { headers: [], body: Buffer.alloc(0) });
    const large = answer([], { headers: ['ab', 'cde'], body: Buffer.alloc(100), vary: ['f'], tags: ['gh'] });
    expect(sizeOf(large) - sizeOf(small)).to.equal(108);
    expect(sizeOf(small)).to.be.greaterThan(0);
  });

  it('RFC 9110 section 8.6: gets a Content-Length when it came without, but not as a 204', () => {
    const { body, ...chunked } = answer(['X-A', '1']);
    expect(completed(chunked, body).headers.slice(-2)).to.deep.equal(['Content-Length', '10']);
    expect(completed({ ...chunked, headers: ['content-length', '10'] }, body).headers).to.have.length(2);
    expect(completed({ ...chunked, status: 204 }, Buffer.alloc(0)).headers).to.deep.equal(chunked.headers);
  });
});
