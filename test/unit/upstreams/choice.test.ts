import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Member } from '../../../src/upstreams/member.ts';
import { Endpoints, fail, KINDS, named, OUTLIER } from '../../support/choosing.ts';

describe('the choice of an endpoint', () => {
  it('finds none where there is none', () => {
    expect(new Endpoints().next()).to.equal('none');
  });

  for (const kind of KINDS) {
    it(`leaves out what a probe speaks against, and takes it back (${kind})`, () => {
      const endpoints = new Endpoints(kind);
      endpoints.have('a', 'b', 'c');
      expect(endpoints.spread(200)).to.equal('a b c');
      const probe = {};
      endpoints.state('b').object(probe, 'GET / answered 503');
      expect(endpoints.spread(200)).to.equal('a c');
      endpoints.state('b').withdraw(probe);
      expect(endpoints.spread(200)).to.equal('a b c');
    });

    it(`asks all when none is well (${kind})`, () => {
      const endpoints = new Endpoints(kind);
      endpoints.have('a', 'b');
      for (const name of ['a', 'b']) endpoints.state(name).object(endpoints, 'it is down');
      expect(endpoints.spread(200)).to.equal('a b');
      expect(endpoints.choice.isPanicking).to.equal(true);
    });

    it(`never asks one whose breaker is open, not even when nothing else is left (${kind})`, () => {
      const endpoints = new Endpoints(kind, { breaker: true });
      const members = endpoints.have('a', 'b');
      for (const member of members.slice(0, 1)) fail(member);
      expect(endpoints.spread(200)).to.equal('b');
      for (const member of members.slice(1)) fail(member);
      expect(endpoints.spread(200)).to.equal('open for 5 s');
      // Panic does not lead through an open breaker either.
      for (const name of ['a', 'b']) endpoints.state(name).object(endpoints, 'it is down');
      expect(endpoints.spread(200)).to.equal('open for 5 s');
    });

    it(`gives another attempt another endpoint, as long as there is one (${kind})`, () => {
      const endpoints = new Endpoints(kind);
      endpoints.have('a', 'b', 'c', 'd', 'e');
      for (let request = 0; request < 50; request += 1) {
        const tried: Member[] = [];
        for (let attempt = 0; attempt < 5; attempt += 1) {
          const picked = endpoints.choice.next(`key ${request}`, tried);
          if ('fault' in picked) throw new Error('there is one');
          tried.push(picked);
        }
        expect(new Set(tried)).to.have.length(5);
        // When all have failed it, any is better than none.
        expect(endpoints.choice.next(`key ${request}`, tried)).to.be.oneOf(tried);
      }
    });

    it(`never asks an endpoint of weight 0 (${kind})`, () => {
      const endpoints = new Endpoints(kind);
      const [a, b, c] = [endpoints.member('a', 0), endpoints.member('b', 1), endpoints.member('c', 0)];
      endpoints.choice.replace([a, b, c]);
      expect(endpoints.spread(200)).to.equal('b');
      for (let request = 0; request < 20; request += 1) expect(endpoints.next([b], String(request))).to.equal('b');
      endpoints.choice.replace([a, c]);
      expect(endpoints.spread()).to.equal('none');
    });
  }

  it('waits for the breaker that is to be half-open first', () => {
    const endpoints = new Endpoints('round-robin', { breaker: true });
    const [a, b] = [endpoints.member('a'), endpoints.member('b')];
    endpoints.choice.replace([a, b]);
    fail(a);
    endpoints.time.now = 1500;
    fail(b);
    expect(endpoints.next()).to.equal('open for 4 s');
    endpoints.time.now = 4999;
    expect(endpoints.next()).to.equal('open for 1 s');
    endpoints.time.now = 5000;
    expect(endpoints.next()).to.equal('a');
  });

  it('lets no more pass than a half-open breaker has places, within one turn and before anything is known', () => {
    const endpoints = new Endpoints('round-robin', { breaker: true });
    const [a] = [endpoints.member('a')];
    endpoints.choice.replace([a]);
    fail(a);
    endpoints.time.now = 5000;
    expect([1, 2, 3, 4].map(() => endpoints.next())).to.deep.equal(['a', 'a', 'open for 1 s', 'open for 1 s']);
  });

  it('gives those that find no place at a half-open endpoint to the others', () => {
    const endpoints = new Endpoints('round-robin', { breaker: true });
    const [a, b] = [endpoints.member('a'), endpoints.member('b')];
    endpoints.choice.replace([a, b]);
    fail(a);
    endpoints.time.now = 5000;
    const picked = Array.from({ length: 12 }, () => endpoints.next());
    expect(picked.filter((name) => name === 'a')).to.have.length(2);
    expect(picked.filter((name) => name === 'b')).to.have.length(10);
  });

  it('asks a half-open endpoint fully once it has closed, and not at all once it has failed again', () => {
    for (const outcome of ['success', 'failure'] as const) {
      const endpoints = new Endpoints('round-robin', { breaker: true });
      const [a, b] = [endpoints.member('a'), endpoints.member('b')];
      endpoints.choice.replace([a, b]);
      fail(a);
      endpoints.time.now = 5000;
      expect(endpoints.spread(4)).to.equal('a b');
      const tickets = [a.begin(), a.begin()];
      for (const ticket of tickets) a.judged(ticket, outcome);
      expect(endpoints.spread(20)).to.equal(outcome === 'success' ? 'a b' : 'b');
    }
  });

  it('gives the place of a request that said nothing to the next', () => {
    const endpoints = new Endpoints('round-robin', { breaker: true });
    const a = endpoints.member('a');
    endpoints.choice.replace([a]);
    fail(a);
    endpoints.time.now = 5000;
    const tickets = [a.begin(), a.begin()];
    expect(endpoints.next()).to.equal('open for 1 s');
    for (const ticket of tickets) a.judged(ticket, 'ignored');
    expect(endpoints.next()).to.equal('a');
  });

  it('takes an ejected endpoint back when its time has come, although nobody tells', () => {
    const endpoints = new Endpoints('round-robin', { outlier: OUTLIER });
    const [a, b] = [endpoints.member('a'), endpoints.member('b')];
    endpoints.choice.replace([a, b]);
    expect(endpoints.spread()).to.equal('a b');
    fail(a);
    expect(endpoints.spread()).to.equal('b');
    endpoints.time.now = 2999;
    expect(endpoints.spread()).to.equal('b');
    endpoints.time.now = 3000;
    expect(endpoints.spread()).to.equal('a b');
  });

  it('ends a panic when the time of an ejected endpoint has come', () => {
    const endpoints = new Endpoints('round-robin', { outlier: OUTLIER });
    const [a, b] = [endpoints.member('a'), endpoints.member('b')];
    endpoints.choice.replace([a, b]);
    fail(a);
    endpoints.time.now = 1000;
    fail(b);
    expect(endpoints.spread()).to.equal('a b');
    expect([endpoints.panics, endpoints.choice.isPanicking]).to.deep.equal([[true], true]);
    endpoints.time.now = 3000;
    expect(endpoints.spread()).to.equal('a');
    expect([endpoints.panics, endpoints.choice.isPanicking]).to.deep.equal([[true, false], false]);
    endpoints.time.now = 4000;
    expect(endpoints.spread()).to.equal('a b');
    expect(endpoints.panics).to.deep.equal([true, false]);
  });

  it('tells of a panic once at its start and once at its end', () => {
    const endpoints = new Endpoints();
    endpoints.have('a', 'b');
    const probe = {};
    endpoints.spread();
    for (const name of ['a', 'b']) endpoints.state(name).object(probe, 'it is down');
    expect(endpoints.panics).to.deep.equal([]);
    endpoints.spread();
    expect(endpoints.panics).to.deep.equal([true]);
    endpoints.state('a').withdraw(probe);
    endpoints.spread();
    endpoints.state('b').withdraw(probe);
    endpoints.spread();
    expect(endpoints.panics).to.deep.equal([true, false]);
  });

  it('is in no panic without endpoints', () => {
    const endpoints = new Endpoints();
    endpoints.have('a');
    endpoints.state('a').object(endpoints, 'it is down');
    expect(endpoints.next()).to.equal('a');
    endpoints.have();
    expect([endpoints.next(), endpoints.choice.isPanicking, endpoints.panics]).to.deep.equal([
      'none',
      false,
      [true, false],
    ]);
  });

  it('asks those that are ill when the only ones that are well take no requests', () => {
    const endpoints = new Endpoints();
    endpoints.choice.replace([endpoints.member('drained', 0), endpoints.member('ill', 1)]);
    endpoints.state('ill').object(endpoints, 'it is down');
    expect([endpoints.next(), endpoints.choice.isPanicking]).to.deep.equal(['ill', true]);
  });

  it('follows endpoints that are replaced, and hears no more of those that are gone', () => {
    const endpoints = new Endpoints();
    endpoints.have('a', 'b');
    expect(endpoints.spread()).to.equal('a b');
    endpoints.have('b', 'c');
    expect(endpoints.spread()).to.equal('b c');
    expect(['a', 'b', 'c'].map((name) => endpoints.state(name).listeners)).to.deep.equal([0, 1, 1]);
    expect(endpoints.choice.members.map(({ id }) => id)).to.deep.equal(['http://b', 'http://c']);
    endpoints.state('a').object(endpoints, 'nobody cares');
    expect([endpoints.spread(), endpoints.panics]).to.deep.equal(['b c', []]);
    endpoints.state('c').object(endpoints, 'it is down');
    expect(endpoints.spread()).to.equal('b');
    endpoints.have('c');
    expect([endpoints.spread(), endpoints.panics]).to.deep.equal(['c', [true]]);
  });

  it('notices what became of an endpoint before it was one of its own', () => {
    const endpoints = new Endpoints();
    endpoints.state('a').object(endpoints, 'it is down');
    endpoints.have('a', 'b');
    expect(endpoints.spread()).to.equal('b');
  });

  it('gives a hash the same endpoint whatever happened to the others', () => {
    const endpoints = new Endpoints('hash');
    endpoints.have('a', 'b', 'c', 'd');
    const at = (key: string): string => named(endpoints.choice.next(key, []));
    const before = new Map(Array.from({ length: 100 }, (_, key) => [String(key), at(String(key))]));
    endpoints.state('b').object(endpoints, 'it is down');
    for (const [key, name] of before) if (name !== 'b') expect(at(key)).to.equal(name);
    endpoints.state('b').withdraw(endpoints);
    for (const [key, name] of before) expect(at(key)).to.equal(name);
  });

  it('asks, whatever happens, one that is well and permits, or in a panic any that permits', () => {
    const names = ['a', 'b', 'c', 'd'];
    const event = fc.record({
      what: fc.constantFrom('object', 'withdraw', 'fail', 'wait', 'request'),
      which: fc.nat({ max: names.length - 1 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.array(event, { maxLength: 60 }), (kind, events) => {
        const endpoints = new Endpoints(kind, { breaker: true, outlier: { ...OUTLIER, maxEjected: 0.5 } });
        const members = endpoints.have(...names);
        for (const { what, which } of events) {
          const member = members[which];
          if (member === undefined) throw new Error('there is one');
          if (what === 'object') member.state.object(endpoints, 'it is down');
          else if (what === 'withdraw') member.state.withdraw(endpoints);
          else if (what === 'fail' && member.permits) fail(member);
          else if (what === 'wait') endpoints.time.now += 500;
          const well = members.filter(({ isWell }) => isWell);
          const asked = (well.length === 0 ? members : well).filter(({ permits }) => permits);
          const picked = endpoints.choice.next(String(which), []);
          if ('fault' in picked) expect([picked.fault, asked.length]).to.deep.equal(['open', 0]);
          else {
            expect(picked).to.be.oneOf(asked);
            if (what === 'request') {
              picked.judged(picked.begin(), 'success');
              picked.end();
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
