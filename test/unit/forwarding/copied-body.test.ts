import { expect } from 'chai';
import { CopiedBody } from '../../../src/forwarding/copied-body.ts';
import { ChunkedBody, ReaderLog } from '../../support/chunks.ts';

/** A body of up to 8 bytes that is copied while it is read. */
function copying(length?: number): {
  body: ChunkedBody;
  copy: CopiedBody;
  reader: ReaderLog;
  copies: (string | undefined)[];
} {
  const body = new ChunkedBody(length);
  const reader = new ReaderLog();
  const copies: (string | undefined)[] = [];
  const copy = new CopiedBody(
    body,
    8,
    () => true,
    (bytes) => {
      copies.push(bytes?.toString());
      reader.told.push('copied');
    },
  );
  copy.start(reader, 1234);
  return { body, copy, reader, copies };
}

describe('a body that is copied', () => {
  it('is read as it comes, with its trailers, and copied after that', () => {
    const { body, reader, copies } = copying();
    body.data('abc');
    body.data('de');
    expect(reader.told).to.deep.equal(['data abc', 'data de']);
    expect(copies).to.deep.equal([]);
    body.end(['x-sum', '1']);
    expect(reader.told.slice(2)).to.deep.equal(['end x-sum: 1', 'copied']);
    expect(copies).to.deep.equal(['abcde']);
  });

  it('is read as who reads it wants', () => {
    const { body, copy } = copying(5);
    copy.pause();
    copy.resume();
    expect(body.calls).to.deep.equal(['start 1234', 'pause', 'resume']);
    expect(copy.length).to.equal(5);
    expect(copying().copy.length).to.equal(undefined);
  });

  it('keeps chunks whose memory is used again', () => {
    const { body, copies } = copying();
    body.fleeting('abcd');
    body.fleeting('efgh');
    body.end();
    expect(copies).to.deep.equal(['abcdefgh']);
  });

  it('is copied when it is as long as the limit, and not when it is longer, but read all the same', () => {
    const { body, reader, copies } = copying();
    body.data('abcdefgh');
    body.data('i');
    body.data('j');
    body.end();
    expect(copies).to.deep.equal([undefined]);
    expect(reader.told).to.deep.equal(['data abcdefgh', 'data i', 'data j', 'end', 'copied']);
  });

  it('may be empty', () => {
    const { body, copies } = copying();
    body.end();
    expect(copies).to.deep.equal(['']);
  });

  it('is not copied when it cannot be had in full', () => {
    for (const fault of ['too-large', 'timeout', 'stalled', 'aborted'] as const) {
      const { body, reader, copies } = copying();
      body.data('abc');
      body.fault(fault);
      expect(copies).to.deep.equal([undefined]);
      expect(reader.told).to.deep.equal(['data abc', `fault ${fault}`, 'copied']);
    }
  });
});
