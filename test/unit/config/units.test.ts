import { expect } from 'chai';
import * as fc from 'fast-check';
import { formatDuration, parseDuration, parseSize } from '../../../src/config/units.ts';

describe('units', () => {
  it('reads durations', () => {
    const durations = ['250ms', '5s', '15m', '24h', '30d', '0s', '1.5s', 'off'];
    expect(durations.map(parseDuration)).to.deep.equal([250, 5000, 900_000, 86_400_000, 2_592_000_000, 0, 1500, 0]);
  });

  it('reads sizes, of which 1 KiB is 1024 bytes', () => {
    expect(['512B', '16KiB', '10MiB', '1GiB', '0B'].map(parseSize)).to.deep.equal([
      512, 16_384, 10_485_760, 1_073_741_824, 0,
    ]);
  });

  it('refuses everything else', () => {
    for (const text of ['', '5', 's', '5 s', '-5s', '5S', '5sec', '5s ', '1e3s', '5KiB', '٥s']) {
      expect(() => parseDuration(text), text).to.throw(RangeError);
    }
    for (const text of ['', '5', 'B', '5KB', '5kib', '5 MiB', 'off', '5s']) {
      expect(() => parseSize(text), text).to.throw(RangeError);
    }
  });

  it('writes the shortest exact form', () => {
    const milliseconds = [0, 1, 999, 1000, 1500, 60_000, 90_000, 3_600_000, 86_400_000, 90_000_000];
    const texts = ['0ms', '1ms', '999ms', '1s', '1500ms', '1m', '90s', '1h', '1d', '25h'];
    expect(milliseconds.map(formatDuration)).to.deep.equal(texts);
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.nat(), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).to.equal(milliseconds);
      }),
    );
  });
});
