import { expect } from 'chai';
import { TraceIds } from '../../../../src/observability/tracing/ids.ts';
import { ratioSampler } from '../../../../src/observability/tracing/sampler.ts';

/** An id with this random part: the last 14 digits. */
function withRandom(digits: string): string {
  return 'f'.repeat(18) + digits;
}

describe('a share of the traces', () => {
  it('is told by the random part of the id: its last 56 bits', () => {
    const half = ratioSampler(0.5);
    expect(half(withRandom('80000000000000'))).to.equal(true);
    expect(half(withRandom('7fffffffffffff'))).to.equal(false);
    expect(half(`${'0'.repeat(18)}80000000000000`)).to.equal(true);
    const quarter = ratioSampler(0.25);
    expect(quarter(withRandom('c0000000000000'))).to.equal(true);
    expect(quarter(withRandom('bfffffffffffff'))).to.equal(false);
  });

  it('of 0 is none, and of 1 all', () => {
    for (const digits of ['00000000000000', '80000000000000', 'ffffffffffffff']) {
      expect(ratioSampler(0)(withRandom(digits))).to.equal(false);
      expect(ratioSampler(1)(withRandom(digits))).to.equal(true);
    }
  });

  it('holds all of a smaller share, and is about as large as it says', () => {
    const ids = new TraceIds();
    const [tenth, third] = [ratioSampler(0.1), ratioSampler(0.3)];
    const all = Array.from({ length: 20_000 }, () => ids.traceId());
    const few = all.filter(tenth);
    expect(few.every(third)).to.equal(true);
    expect(few.length).to.be.within(1600, 2400);
  });
});

describe('ids of traces', () => {
  it('are hexadecimal, of their length, and never the same', () => {
    const ids = new TraceIds();
    const traces = Array.from({ length: 1000 }, () => ids.traceId());
    const spans = Array.from({ length: 1001 }, () => ids.spanId());
    expect(traces.every((id) => /^[0-9a-f]{32}$/.test(id))).to.equal(true);
    expect(spans.every((id) => /^[0-9a-f]{16}$/.test(id))).to.equal(true);
    expect(new Set([...traces, ...spans])).to.have.length(2001);
  });
});
