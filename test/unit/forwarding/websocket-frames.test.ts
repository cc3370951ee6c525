import { expect } from 'chai';
import { array, assert, boolean, constant, integer, oneof, property, tuple } from 'fast-check';
import { closeFrame, FrameFollower, maskedCloseFrame } from '../../../src/forwarding/websocket-frames.ts';

/** A frame as RFC 6455 section 5.2 writes it. */
function frame(size: number, isMasked: boolean, longForm: boolean): Buffer {
  const mask = isMasked ? 0x80 : 0;
  const key = isMasked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  const payload = Buffer.alloc(size, 0x88);
  if (size < 126 && !longForm) return Buffer.concat([Buffer.from([0x82, mask | size]), key, payload]);
  if (size < 65_536 && !longForm) {
    const header = Buffer.from([0x82, mask | 126, 0, 0]);
    header.writeUInt16BE(size, 2);
    return Buffer.concat([header, key, payload]);
  }
  const header = Buffer.from([0x82, mask | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([header, key, payload]);
}

const frames = array(
  tuple(oneof(integer({ min: 0, max: 130 }), constant(65_536)), boolean(), boolean()).map(
    ([size, isMasked, longForm]) => frame(size, isMasked, longForm),
  ),
  { minLength: 1, maxLength: 6 },
);

describe('the frames of a WebSocket', () => {
  it('end where they end, however they are cut', () => {
    assert(
      property(frames, array(integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent);
        const ends = new Set<number>();
        for (let index = 0, end = 0; index < sent.length; index += 1) ends.add((end += sent[index]?.length ?? 0));
        const follower = new FrameFollower();
        let at = 0;
        for (let turn = 0; at < bytes.length; turn += 1) {
          // Small cuts where headers are, one large one now and then.
          const size = turn % 7 === 6 ? 30_000 : (cuts[turn % cuts.length] ?? 1);
          const chunk = bytes.subarray(at, at + size);
          const inside = [...ends].filter((end) => end > at && end <= at + chunk.length);
          expect(follower.see(chunk)).to.equal(inside.length === 0 ? -1 : Math.min(...inside) - at);
          at += chunk.length;
          expect(follower.isBetween).to.equal(ends.has(at));
        }
      }),
    );
  });

  it('have not begun before the first byte', () => {
    expect(new FrameFollower().isBetween).to.equal(true);
  });

  it('of a close say why, with a mask from the client’s side', () => {
    expect(closeFrame(1001).toString('hex')).to.equal('880203e9');
    expect(maskedCloseFrame(1008).toString('hex')).to.equal('88820000000003f0');
  });
});
