import { expect } from 'chai';
import { hashOf } from '../../../../src/upstreams/balance/key-hash.ts';
import { Ring } from '../../../../src/upstreams/balance/ring.ts';

function candidateOf(id: string, weight = 1): { id: string; weight: number; inFlight: number; share: number } {
  return { id, weight, inFlight: 0, share: 1 };
}

describe('the ring of points', () => {
  it('gives a point that two own to the same one, whatever the order of the list', () => {
    // Their points meet at 2516244172.
    const list = [candidateOf('http://10.1.0.56:8080'), candidateOf('http://10.1.0.82:8080')];
    const other = list.toReversed();
    const [ring, reversed] = [new Ring(list), new Ring(other)];
    expect(ring.find(2_516_244_172)).to.be.above(0);
    for (let position = 0; position < ring.size; position += 1) {
      expect(other[reversed.ownerAt(position)]?.id).to.equal(list[ring.ownerAt(position)]?.id);
    }
  });

  it('has no point for a weight of zero, and at least one for any other', () => {
    const ring = new Ring([candidateOf('a', 0), candidateOf('b', 0.0001), candidateOf('c', 1_000_000)]);
    const owners = Array.from({ length: ring.size }, (_, position) => ring.ownerAt(position));
    expect(owners).not.to.include(0);
    expect(owners.filter((owner) => owner === 1)).to.have.length(1);
    expect(ring.size).to.be.within(10_000, 70_000);
  });

  it('finds the first point at or after a hash, and starts again after the last', () => {
    const ring = new Ring([candidateOf('a'), candidateOf('b')]);
    expect(ring.size).to.equal(2048);
    expect(ring.find(0)).to.equal(0);
    let last = 0;
    for (let hash = 0; hash < 0xf0000000; hash += 0x1000000) {
      const position = ring.find(hash);
      expect(position).to.be.within(last, 2047);
      last = position;
    }
    expect(last).to.be.above(1800);
    expect(ring.find(0xffffffff)).to.equal(0);
    expect(new Ring([]).ownerAt(0)).to.equal(-1);
  });
});

describe('the hash of a key', () => {
  it('changes half of its bits with the last letter', () => {
    const hashes = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => hashOf(`user-${letter}`));
    let changed = 0;
    let pairs = 0;
    for (const [index, one] of hashes.entries()) {
      for (const other of hashes.slice(index + 1)) {
        changed += ((one ^ other) >>> 0).toString(2).replaceAll(/[^1]/g, '').length;
        pairs += 1;
      }
    }
    expect(changed / pairs).to.be.within(13, 19);
  });

  it('is the same in every version, so that gateways agree on where a key belongs', () => {
    expect(hashOf('')).to.equal(2872998923);
    expect(hashOf('10.0.0.1')).to.equal(2931590574);
    expect(hashOf('größer')).to.equal(1116748375);
  });
});
