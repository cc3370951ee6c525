import { expect } from 'chai';
import { BufferedBody, readWhole } from '../../../src/forwarding/buffered-body.ts';
import { ChunkedBody, ReaderLog } from '../../support/chunks.ts';

describe('a body that is there already', () => {
  it('can be read as often as it takes', () => {
    const body = new BufferedBody(Buffer.from('abc'));
    for (let time = 0; time < 2; time += 1) {
      const reader = new ReaderLog();
      body.start(reader);
      expect(reader.told).to.deep.equal(['data abc', 'end']);
    }
    expect(body.length).to.equal(3);
  });

  it('gives no chunk when it is empty: one of no bytes would end a chunked body', () => {
    const reader = new ReaderLog();
    new BufferedBody(Buffer.alloc(0)).start(reader);
    expect(reader.told).to.deep.equal(['end']);
  });
});

describe('a body that is read whole', () => {
  it('is given when its last byte is there, also when the memory of its chunks is used again', async () => {
    const body = new ChunkedBody();
    const whole = readWhole(body, 500, () => true);
    body.fleeting('abc');
    body.fleeting('def');
    body.end(['x-sum', '1']);
    expect(String(await whole)).to.equal('abcdef');
    expect(body.calls).to.deep.equal(['start 500']);
  });

  it('is not read on when there is no room for it', async () => {
    const body = new ChunkedBody();
    const whole = readWhole(body, 500, (bytes) => bytes <= 3);
    body.data('abc');
    body.data('defgh');
    expect(await whole).to.equal('no-room');
    expect(body.calls).to.deep.equal(['start 500', 'pause']);
  });

  it('is a fault when it cannot be had in full', async () => {
    const body = new ChunkedBody();
    const whole = readWhole(body, 500, () => true);
    body.data('abc');
    body.fault('too-large');
    expect(await whole).to.equal('too-large');
  });
});
