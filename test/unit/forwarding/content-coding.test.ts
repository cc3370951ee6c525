import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodeContent, isDecodable, MOST_GROWTH } from '../../../src/forwarding/content-coding.ts';

const LIMIT = 60_000;
const ALWAYS = 64 * 1024;
/** Nothing makes it smaller. */
const NOISE = randomBytes(16 * 1024);
const CODERS = [
  ['gzip', gzipSync],
  ['X-Gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const;

describe('content codings', () => {
  for (const [coding, encode] of CODERS) {
    it(`decodes ${coding}`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
          expect(decodeContent(coding, encode(bytes), LIMIT)).to.deep.equal({ bytes: Buffer.from(bytes) });
        }),
      );
    });

    it(`takes ${coding} up to the limit, and not a byte more`, () => {
      const decoded = (bytes: number): object => decodeContent(coding, encode(Buffer.alloc(bytes)), LIMIT);
      expect(decoded(LIMIT)).to.have.property('bytes');
      expect(decoded(LIMIT + 1)).to.deep.equal({ fault: 'too-large' });
      expect(decoded(100 * LIMIT)).to.deep.equal({ fault: 'too-large' });
    });

    it(`takes 64 KiB out of however little ${coding}, and else 20 times as much as came`, () => {
      const fault = (bytes: Buffer): string | undefined => {
        const decoded = decodeContent(coding, encode(bytes), 100 * ALWAYS);
        return 'fault' in decoded ? decoded.fault : undefined;
      };
      expect(fault(Buffer.alloc(ALWAYS))).to.equal(undefined);
      expect(fault(Buffer.alloc(ALWAYS + 1))).to.equal('too-dense');
      // Nearly all of what is sent is the noise.
      const grown = (times: number): Buffer => Buffer.concat([NOISE], NOISE.length * times);
      expect(fault(grown(MOST_GROWTH - 1))).to.equal(undefined);
      expect(fault(grown(MOST_GROWTH + 1))).to.equal('too-dense');
    });

    it(`refuses ${coding} that is cut off, and what follows its end`, () => {
      const whole = encode(Buffer.from('{"a":"a text that is long enough to be compressed, long enough"}'));
      const broken = { fault: 'broken' };
      for (let length = 1; length < whole.length; length += 1)
        expect(decodeContent(coding, whole.subarray(0, length), LIMIT), `${length} bytes`).to.deep.equal(broken);
      for (const rest of ['x', '\0', '{"b":1}', '\x1f\x8b'])
        expect(decodeContent(coding, Buffer.concat([whole, Buffer.from(rest, 'latin1')]), LIMIT)).to.deep.equal(broken);
    });
  }

  it('joins the members of gzip: RFC 1952 section 2.2', () => {
    const two = Buffer.concat([gzipSync('{"a"'), gzipSync(':1}')]);
    expect(decodeContent('gzip', two, LIMIT)).to.deep.equal({ bytes: Buffer.from('{"a":1}') });
  });

  it('takes no deflate without its frame', () => {
    expect(decodeContent('deflate', deflateRawSync('{}'), LIMIT)).to.deep.equal({ fault: 'broken' });
  });

  it('takes plain bytes as they are', () => {
    expect(decodeContent(undefined, Buffer.from('{}'), 2)).to.deep.equal({ bytes: Buffer.from('{}') });
    expect(decodeContent('Identity', Buffer.from('{}'), 1)).to.deep.equal({ fault: 'too-large' });
  });

  it('knows one coding at a time', () => {
    expect([undefined, 'identity', 'gzip', ' BR '].map(isDecodable)).to.deep.equal([true, true, true, true]);
    expect(['gzip, br', 'zstd', '', 'compress', 'constructor'].map(isDecodable)).to.not.include(true);
  });
});
