import { expect } from 'chai';
import { bytes, clock, counted, latency, number, percent, span } from '../../../status-page/format.js';

/** Numbers and their units are held together by another space than the usual one. */
const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('numbers on the status page', () => {
  it('have about three digits', () => {
    expect([0, 0.256, 9.999, 12.34, 123.4, 12_345.6].map(number)).to.deep.equal([
      '0',
      '0.26',
      '10',
      '12.3',
      '123',
      '12,346',
    ]);
  });

  it('are latencies in the unit that fits', () => {
    expect([null, undefined, 0, 0.00085, 0.0125, 0.25, 1.234].map(latency).map(plain)).to.deep.equal([
      '–',
      '–',
      '0 ms',
      '850 µs',
      '12.5 ms',
      '250 ms',
      '1.23 s',
    ]);
  });

  it('are parts of a whole, where all and nothing are exactly that', () => {
    expect([null, 0, 0.0001, 0.123, 0.99995, 1].map(percent).map(plain)).to.deep.equal([
      '–',
      '0 %',
      '< 0.1 %',
      '12.3 %',
      '99.9 %',
      '100 %',
    ]);
  });

  it('are bytes in binary units', () => {
    expect([null, 0, 1023, 1024, 1.5 * 1024 ** 2, 3 * 1024 ** 3].map(bytes).map(plain)).to.deep.equal([
      '–',
      '0 B',
      '1,023 B',
      '1 KiB',
      '1.5 MiB',
      '3 GiB',
    ]);
  });

  it('are spans in their two largest units', () => {
    expect([-1, 5.9, 65, 3661, 90_000].map(span)).to.deep.equal(['0 s', '5 s', '1 min 5 s', '1 h 1 min', '1 d 1 h']);
  });

  it('are times of day, with the date when it is another one', () => {
    const time = new Date(2026, 0, 9, 3, 4, 5);
    expect(clock(time, new Date(2026, 0, 9, 23))).to.equal('03:04:05');
    expect(clock(time, new Date(2026, 0, 10))).to.equal('2026-01-09 03:04:05');
  });

  it('count one and many', () => {
    expect([counted(1, 'route'), counted(5000, 'route'), counted(0, 'entry', 'entries')]).to.deep.equal([
      '1 route',
      '5,000 routes',
      '0 entries',
    ]);
  });
});
