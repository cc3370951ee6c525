import { expect } from 'chai';
import { EndpointState } from '../../../src/upstreams/endpoint-state.ts';

describe('the state of an endpoint', () => {
  let now = 0;
  const create = (): { readonly state: EndpointState; readonly told: () => number } => {
    now = 100;
    const state = new EndpointState(() => now);
    let times = 0;
    state.onChange(() => (times += 1));
    return { state, told: () => times };
  };

  it('counts what is under way', () => {
    const { state, told } = create();
    state.begin();
    state.begin();
    state.end();
    expect([state.inFlight, told()]).to.deep.equal([1, 0]);
  });

  it('has no latency before the first answer, then a moving average', () => {
    const { state } = create();
    expect(state.latency).to.equal(undefined);
    state.answeredAfter(1);
    expect(state.latency).to.equal(1);
    state.answeredAfter(2);
    expect(state.latency).to.be.closeTo(1.1, 1e-9);
    for (let answers = 0; answers < 200; answers += 1) state.answeredAfter(5);
    expect(state.latency).to.be.closeTo(5, 1e-6);
  });

  it('is healthy unless a probe objects, as long as any does', () => {
    const { state, told } = create();
    const [one, other] = [{}, {}];
    expect([state.isHealthy, state.objection]).to.deep.equal([true, undefined]);
    state.object(one, 'first');
    state.object(other, 'second');
    expect([state.isHealthy, state.objection]).to.deep.equal([false, 'first']);
    now = 500;
    state.withdraw(one);
    expect([state.isHealthy, state.objection, state.since]).to.deep.equal([false, 'second', 100]);
    const before = told();
    state.withdraw(other);
    expect([state.isHealthy, state.objection, told()]).to.deep.equal([true, undefined, before + 1]);
  });

  it('tells the last reason of a probe that objects again', () => {
    const { state } = create();
    state.object(state, 'first');
    state.object(state, 'second');
    expect(state.objection).to.equal('second');
    state.withdraw(state);
    expect(state.isHealthy).to.equal(true);
  });

  it('starts anew when it heals, and not for a probe that never objected', () => {
    const { state, told } = create();
    expect(state.since).to.equal(100);
    now = 200;
    state.withdraw({});
    expect([state.since, told()]).to.deep.equal([100, 0]);
    state.object(state, 'it is down');
    expect(state.since).to.equal(100);
    now = 300;
    state.withdraw(state);
    expect(state.since).to.equal(300);
    now = 400;
    state.healed();
    expect(state.since).to.equal(400);
  });

  it('tells everybody who listens, and nobody who does no more', () => {
    const { state, told } = create();
    let others = 0;
    const stop = state.onChange(() => (others += 1));
    state.changed();
    stop();
    state.changed();
    expect([told(), others]).to.deep.equal([2, 1]);
  });
});
