import { expect } from 'chai';
import * as fc from 'fast-check';
import { Outliers, type OutlierOptions, type TrackedEndpoint } from '../../../src/resilience/outlier.ts';

const OPTIONS: OutlierOptions = { failures: 3, window: 30_000, ejectFor: 20_000, maxEjected: 0.5 };

interface Tracking {
  readonly endpoints: TrackedEndpoint[];
  readonly outliers: Outliers;
  /** Each change: `+` and the id for one that is back, `-` for one that went. */
  readonly changes: string[];
  readonly wait: (time: number) => void;
  /** Failures of one endpoint, by its number. */
  readonly fail: (endpoint: number, times?: number) => void;
  /** The numbers of those that are out. */
  readonly out: () => number[];
}

/** So many endpoints, whose time is what the test says. */
function tracking(count: number, options: Partial<OutlierOptions> = {}): Tracking {
  let now = 1000;
  const changes: string[] = [];
  const outliers = new Outliers(
    { ...OPTIONS, ...options },
    () => now,
    (id, ejected) => void changes.push(`${ejected ? '-' : '+'}${id}`),
  );
  const endpoints = Array.from({ length: count }, (_, index) => outliers.track(String(index)));
  return {
    endpoints,
    outliers,
    changes,
    wait: (time) => void (now += time),
    fail: (endpoint, times = OPTIONS.failures) => {
      for (let time = 0; time < times; time += 1) endpoints[endpoint]?.failed();
    },
    out: () => endpoints.flatMap(({ isEjected }, index) => (isEjected ? [index] : [])),
  };
}

describe('outliers', () => {
  it('go with the failure that is one too many', () => {
    const { fail, out, changes } = tracking(4);
    fail(1, 2);
    expect(out()).to.deep.equal([]);
    fail(1, 1);
    expect(out()).to.deep.equal([1]);
    expect(changes).to.deep.equal(['-1']);
  });

  it('are found for each endpoint by itself', () => {
    const { fail, out } = tracking(4);
    for (let endpoint = 0; endpoint < 4; endpoint += 1) fail(endpoint, 2);
    expect(out()).to.deep.equal([]);
  });

  it('do not go for failures that do not fall into one window', () => {
    const { fail, wait, out } = tracking(4);
    for (let time = 0; time < 20; time += 1) {
      fail(0, 1);
      wait(OPTIONS.window / 2);
    }
    expect(out()).to.deep.equal([]);
    fail(0, 1);
    wait(OPTIONS.window / 2 - 1);
    fail(0, 1);
    expect(out()).to.deep.equal([0]);
  });

  it('are back when their time is over, to the millisecond', () => {
    const { fail, wait, out, changes } = tracking(4);
    fail(2);
    wait(OPTIONS.ejectFor - 1);
    expect(out()).to.deep.equal([2]);
    wait(1);
    expect(out()).to.deep.equal([]);
    expect(changes).to.deep.equal(['-2', '+2']);
  });

  it('are back with nothing held against them, and out for as long the next time', () => {
    const { fail, wait, out } = tracking(4, { window: 3_600_000 });
    for (let time = 0; time < 5; time += 1) {
      fail(0);
      wait(OPTIONS.ejectFor - 1);
      expect(out()).to.deep.equal([0]);
      wait(1);
      fail(0, 2);
      expect(out()).to.deep.equal([]);
      wait(3_600_000);
    }
  });

  it('do not stay longer for failures while they are out', () => {
    const { fail, wait, out } = tracking(4);
    fail(0);
    wait(OPTIONS.ejectFor - 1);
    fail(0, 100);
    wait(1);
    expect(out()).to.deep.equal([]);
    fail(0, 2);
    expect(out()).to.deep.equal([]);
  });

  it('never are the only endpoint, unless the share is 1', () => {
    const alone = tracking(1, { maxEjected: 0.99 });
    alone.fail(0, 100);
    expect(alone.out()).to.deep.equal([]);
    const expendable = tracking(1, { maxEjected: 1 });
    expendable.fail(0);
    expect(expendable.out()).to.deep.equal([0]);
  });

  it('are not more than the share, rounded down', () => {
    const { fail, out } = tracking(5);
    for (let endpoint = 0; endpoint < 5; endpoint += 1) fail(endpoint);
    expect(out()).to.deep.equal([0, 1]);
  });

  it('are as many as the share, also where the product is rounded below a whole number', () => {
    const { fail, out } = tracking(50, { maxEjected: 0.58 });
    for (let endpoint = 0; endpoint < 50; endpoint += 1) fail(endpoint);
    expect(out()).to.have.lengthOf(29);
  });

  it('that had to stay go with their next failure, when another one is back', () => {
    const { fail, wait, out, changes } = tracking(2);
    fail(0);
    wait(OPTIONS.ejectFor - 1);
    fail(1, 10);
    expect(out()).to.deep.equal([0]);
    wait(1);
    expect(out()).to.deep.equal([]);
    fail(1, 1);
    expect(out()).to.deep.equal([1]);
    expect(changes).to.deep.equal(['-0', '+0', '-1']);
  });

  it('that had to stay are forgiven what is older than the window', () => {
    const { fail, wait, out } = tracking(2);
    fail(0);
    fail(1, 10);
    wait(OPTIONS.window);
    fail(1, 2);
    expect(out()).to.deep.equal([]);
  });

  it('make room for others when nobody has looked since their time was over', () => {
    const { fail, wait, changes } = tracking(2);
    fail(0);
    wait(OPTIONS.ejectFor);
    fail(1);
    expect(changes).to.deep.equal(['-0', '+0', '-1']);
  });

  it('count those that came later', () => {
    const { fail, out, outliers, endpoints } = tracking(1);
    fail(0, 2);
    endpoints.push(outliers.track('1'));
    fail(0, 1);
    expect(out()).to.deep.equal([0]);
  });

  it('come back at once, the first one first, when too many are out of those that are left', () => {
    const { fail, wait, out, changes, endpoints } = tracking(6);
    for (const endpoint of [4, 2, 0]) {
      fail(endpoint);
      wait(1);
    }
    endpoints[5]?.remove();
    expect(out()).to.deep.equal([0, 2]);
    endpoints[3]?.remove();
    expect(out()).to.deep.equal([0, 2]);
    endpoints[1]?.remove();
    expect(out()).to.deep.equal([0]);
    expect(changes).to.deep.equal(['-4', '-2', '-0', '+4', '+2']);
  });

  it('make room when they are removed', () => {
    const { fail, out, changes, endpoints } = tracking(5);
    for (let endpoint = 0; endpoint < 2; endpoint += 1) fail(endpoint);
    endpoints[0]?.remove();
    expect(out()).to.deep.equal([1]);
    fail(2);
    expect(out()).to.deep.equal([1, 2]);
    expect(changes).to.deep.equal(['-0', '-1', '-2']);
  });

  it('are not found among the removed, which may be told of failures still', () => {
    const { fail, out, endpoints } = tracking(4);
    endpoints[0]?.remove();
    endpoints[0]?.remove();
    fail(0, 100);
    expect(out()).to.deep.equal([]);
    // Removed twice, it still counts as one: of three that are left one may go.
    for (let endpoint = 1; endpoint < 4; endpoint += 1) fail(endpoint);
    expect(out()).to.deep.equal([1]);
  });

  it('are never more than the share, whatever happens', () => {
    const step = fc.oneof(
      { weight: 20, arbitrary: fc.record({ fail: fc.nat(30) }) },
      { weight: 3, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 15_000 }) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.nat(30) }) },
      { weight: 1, arbitrary: fc.constant({ track: true }) },
    );
    const steps = fc.array(step, { minLength: 100, maxLength: 300 });
    let most = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 100 }), steps, (count, percent, story) => {
        const { endpoints, outliers, wait, out } = tracking(count, { maxEjected: percent / 100 });
        for (const each of story) {
          if ('fail' in each) endpoints[each.fail % Math.max(1, endpoints.length)]?.failed();
          else if ('wait' in each) wait(each.wait);
          else if ('track' in each) endpoints.push(outliers.track('more'));
          else for (const gone of endpoints.splice(each.remove, 1)) gone.remove();
          expect(out().length).to.be.at.most(Math.floor((percent * endpoints.length) / 100));
          most = Math.max(most, out().length);
        }
      }),
      { numRuns: 200 },
    );
    expect(most).to.be.at.least(5);
  });
});
