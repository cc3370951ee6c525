import { expect } from 'chai';
import { array, assert, property, uint8Array } from 'fast-check';
import { Collector } from '../../../src/forwarding/collector.ts';

describe('a collector', () => {
  it('has the bytes of all chunks, and takes at most twice as much, however small they are', () => {
    assert(
      property(array(uint8Array({ maxLength: 40 }), { maxLength: 200 }), (chunks) => {
        let held = 0;
        const collector = new Collector((bytes) => {
          held += bytes;
          return true;
        });
        for (const chunk of chunks) {
          const buffer = Buffer.from(chunk);
          expect(collector.add(buffer)).to.equal(true);
          // Memory of a chunk is used again.
          buffer.fill(0);
        }
        const all = Buffer.concat(chunks);
        expect(collector.bytes.equals(all)).to.equal(true);
        expect(collector.size).to.equal(all.length);
        expect(held).to.be.at.most(2 * all.length);
      }),
    );
  });

  it('takes no more than a length that is known', () => {
    let held = 0;
    const collector = new Collector((bytes) => {
      held += bytes;
      return true;
    }, 10);
    for (let index = 0; index < 10; index += 1) collector.add(Buffer.from([index]));
    expect([held, collector.size]).to.deep.equal([10, 10]);
  });

  it('does not change what was had of it', () => {
    const collector = new Collector(() => true);
    collector.add(Buffer.from('abc'));
    const before = collector.bytes;
    collector.add(Buffer.from('def'));
    expect(String(before)).to.equal('abc');
    expect(String(collector.bytes)).to.equal('abcdef');
  });

  it('is as it was when there is no room', () => {
    const room = [true, false];
    const collector = new Collector(() => room.shift() === true);
    expect(collector.add(Buffer.from('abc'))).to.equal(true);
    expect(collector.add(Buffer.from('def'))).to.equal(false);
    expect(String(collector.bytes)).to.equal('abc');
  });
});
