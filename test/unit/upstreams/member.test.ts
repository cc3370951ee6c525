import { expect } from 'chai';
import { Deadlines } from '../../../src/deadlines.ts';
import { Breaker } from '../../../src/resilience/breaker.ts';
import { Outliers, type TrackedEndpoint } from '../../../src/resilience/outlier.ts';
import { createEndpoint } from '../../../src/upstreams/endpoint.ts';
import { EndpointState } from '../../../src/upstreams/endpoint-state.ts';
import { Member, type MemberParts } from '../../../src/upstreams/member.ts';

const ORIGIN = 'http://127.0.0.1:9001';
const TLS = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };
const RULES = { failureRatio: 0.5, minimumRequests: 1, window: 1000, openFor: 4200, halfOpenRequests: 1 };

describe('a member of an upstream', () => {
  let now = 0;
  const clock = (): number => now;
  const state = (): EndpointState => new EndpointState(clock);
  const breaker = (): Breaker => new Breaker(RULES, clock);
  const outlier = (): TrackedEndpoint =>
    new Outliers({ failures: 2, window: 1000, ejectFor: 3000, maxEjected: 1 }, clock).track(ORIGIN);
  const create = (parts: Partial<MemberParts> = {}): Member => {
    now = 0;
    const settings = {
      origin: ORIGIN,
      connectTimeout: 1,
      responseTimeout: 1,
      idleTimeout: 1,
      connections: 1,
      tls: TLS,
    };
    return new Member({
      endpoint: createEndpoint(settings, new Deadlines()),
      weight: 3,
      state: state(),
      slowStart: 0,
      breaker: undefined,
      outlier: undefined,
      ...parts,
    });
  };

  it('takes whatever comes when nothing is asked of it', () => {
    const member = create();
    for (let request = 0; request < 100; request += 1) member.judged(member.begin(), 'failure');
    expect([member.isWell, member.permits, member.isSteady, member.retryAfter]).to.deep.equal([true, true, true, 0]);
    expect([member.id, member.weight, member.share, member.inFlight]).to.deep.equal([ORIGIN, 3, 1, 100]);
    expect(member.view()).to.deep.equal({
      origin: ORIGIN,
      weight: 3,
      condition: 'available',
      why: '',
      isHealthy: true,
      isEjected: false,
      breaker: undefined,
      inFlight: 100,
      connections: 0,
      idle: 0,
      waiting: 0,
      latency: undefined,
      share: 1,
    });
  });

  it('is told failures to its breaker, and waits for it', () => {
    const member = create({ breaker: breaker() });
    const ticket = member.begin();
    expect(member.isSteady).to.equal(true);
    member.judged(ticket, 'failure');
    expect([member.isWell, member.permits, member.isSteady, member.retryAfter]).to.deep.equal([true, false, false, 5]);
    const why = 'too many of its requests failed: it is tried again in 5 s';
    expect(member.view()).to.include({ condition: 'circuit-open', why, breaker: 'open', isHealthy: true });
    now = 4200;
    expect([member.permits, member.isSteady, member.retryAfter]).to.deep.equal([true, false, 0]);
    expect(member.view()).to.include({ condition: 'half-open', breaker: 'half-open' });
    expect(member.view().why).to.not.equal('');
    member.judged(member.begin(), 'success');
    expect(member.view()).to.include({ condition: 'available', breaker: 'closed', why: '' });
  });

  it('is left out by what its answers say, and not by those that say nothing', () => {
    const member = create({ outlier: outlier() });
    member.judged(member.begin(), 'failure');
    for (const outcome of ['ignored', 'success'] as const) member.judged(member.begin(), outcome);
    expect([member.isWell, member.isSteady]).to.deep.equal([true, true]);
    member.judged(member.begin(), 'failure');
    expect([member.isWell, member.permits, member.isSteady]).to.deep.equal([false, true, false]);
    expect(member.view()).to.include({ condition: 'ejected', isEjected: true, isHealthy: true });
    expect(member.view().why).to.include('left out');
    now = 3000;
    expect([member.isWell, member.isSteady]).to.deep.equal([true, true]);
  });

  it('is left out by what a probe says, in the words of the probe', () => {
    const member = create();
    member.state.object(member, 'GET /healthz answered 503');
    expect([member.isWell, member.permits, member.isSteady]).to.deep.equal([false, true, false]);
    const why = 'GET /healthz answered 503';
    expect(member.view()).to.include({ condition: 'unhealthy', why, isHealthy: false, isEjected: false });
  });

  it('shows the most serious thing first', () => {
    const member = create({ breaker: breaker(), outlier: outlier() });
    member.state.object(member, 'down');
    // Both are under way before the first is known to have failed.
    const tickets = [member.begin(), member.begin()];
    for (const ticket of tickets) member.judged(ticket, 'failure');
    expect(member.view()).to.include({ condition: 'circuit-open', isEjected: true, isHealthy: false, breaker: 'open' });
  });

  it('counts what is under way, and the latency, in its state, which others see as well', () => {
    const shared = state();
    const [old, young] = [create({ state: shared }), create({ state: shared })];
    old.begin();
    shared.answeredAfter(0.25);
    expect([young.inFlight, young.view().latency]).to.deep.equal([1, 0.25]);
    old.end();
    expect(young.inFlight).to.equal(0);
  });

  it('grows to its share when it starts slowly', () => {
    const young = create({ state: new EndpointState(() => performance.now()), slowStart: 3_600_000 });
    expect(young.share).to.be.within(0.1, 0.11);
    expect(young.view().share).to.be.within(0.1, 0.11);
    const grown = create({ state: new EndpointState(() => performance.now() - 3_600_000), slowStart: 3_600_000 });
    expect(grown.share).to.equal(1);
  });
});
