import { expect } from 'chai';
import * as fc from 'fast-check';
import { LeastConnections } from '../../../../src/upstreams/balance/least-connections.ts';

const CANDIDATE = fc.record({
  weight: fc.integer({ min: 0, max: 10 }),
  inFlight: fc.nat({ max: 20 }),
  share: fc.constantFrom(0.1, 0.5, 1),
});

describe('balancing by least connections', () => {
  it('never gives one that another dominates', () => {
    const balancer = new LeastConnections();
    fc.assert(
      fc.property(fc.array(CANDIDATE, { minLength: 2, maxLength: 10 }), (states) => {
        const candidates = states.map((state, index) => ({ ...state, id: String(index) }));
        const picked = balancer.pick(candidates);
        const able = candidates.filter(({ weight }) => weight > 0);
        if (picked === undefined) expect(able).to.deep.equal([]);
        else {
          expect(picked.weight).to.be.above(0);
          const load = (picked.inFlight + 1) / (picked.weight * picked.share);
          for (const { inFlight, weight, share } of able)
            expect((inFlight + 1) / (weight * share)).to.be.at.least(load);
        }
      }),
    );
  });

  it('gives equals in turn', () => {
    const balancer = new LeastConnections();
    const candidates = ['a', 'b', 'c'].map((id) => ({ id, weight: 2, inFlight: 4, share: 1 }));
    const picks = Array.from({ length: 7 }, () => balancer.pick(candidates)?.id);
    expect(picks.join('')).to.equal('abcabca');
  });

  it('turns among the equals only, past those that have more to do', () => {
    const balancer = new LeastConnections();
    const candidates = ['a', 'b', 'c', 'd'].map((id) => ({ id, weight: 1, inFlight: id === 'b' ? 1 : 0, share: 1 }));
    const picks = Array.from({ length: 6 }, () => balancer.pick(candidates)?.id);
    expect(picks.join('')).to.equal('acdacd');
  });

  it('fills up by weight and share', () => {
    const balancer = new LeastConnections<{ id: string; weight: number; inFlight: number; share: number }>();
    const candidates = [
      { id: 'a', weight: 4, inFlight: 0, share: 1 },
      { id: 'b', weight: 4, inFlight: 0, share: 0.5 },
      { id: 'c', weight: 1, inFlight: 0, share: 1 },
    ];
    for (let request = 0; request < 70; request += 1) {
      const picked = balancer.pick(candidates);
      if (picked !== undefined) picked.inFlight += 1;
    }
    expect(candidates.map(({ inFlight }) => inFlight)).to.deep.equal([40, 20, 10]);
  });

  it('works on a list that has become shorter', () => {
    const balancer = new LeastConnections();
    const candidates = ['a', 'b', 'c'].map((id) => ({ id, weight: 1, inFlight: 0, share: 1 }));
    for (let turn = 0; turn < 3; turn += 1) balancer.pick(candidates);
    expect(balancer.pick(candidates.slice(0, 2))?.id).to.equal('a');
    expect(balancer.pick(candidates.slice(0, 1))?.id).to.equal('a');
    expect(balancer.pick([])).to.equal(undefined);
  });
});
