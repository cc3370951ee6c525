import { expect } from 'chai';
import { Cadence } from '../../../../src/upstreams/health/cadence.ts';
import type { Timers } from '../../../../src/upstreams/health/timers.ts';

/** Time that passes when a test says so. */
class ManualTimers implements Timers {
  /** What was asked for, in order; in milliseconds. */
  readonly delays: number[] = [];
  readonly #due = new Map<() => void, number>();
  #now = 500;

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    this.delays.push(milliseconds);
    this.#due.set(run, this.#now + milliseconds);
    return () => void this.#due.delete(run);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#due.size;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
    for (const [run, time] of this.#due) {
      if (time > this.#now) continue;
      this.#due.delete(run);
      run();
    }
  }
}

/** A cadence whose runs end when the test says so. */
function started(
  interval: number,
  ...chances: number[]
): { cadence: Cadence; timers: ManualTimers; runs: (() => void)[] } {
  const timers = new ManualTimers();
  const runs: (() => void)[] = [];
  const cadence = new Cadence(
    interval,
    (done) => void runs.push(done),
    () => chances.shift() ?? 0.5,
    timers,
  );
  return { cadence, timers, runs };
}

describe('the cadence of probes', () => {
  it('begins within a second, at a time that chance tells', () => {
    expect(started(5000, 0).timers.delays).to.deep.equal([0]);
    expect(started(5000, 0.25).timers.delays).to.deep.equal([250]);
    expect(started(5000, 0.999).timers.delays).to.deep.equal([999]);
  });

  it('begins within the interval when that is shorter', () => {
    expect(started(200, 0.5).timers.delays).to.deep.equal([100]);
  });

  it('goes on after the interval, up to a tenth less or more', () => {
    for (const [chance, delay] of [
      [0, 4500],
      [0.5, 5000],
      [0.75, 5250],
      [1 - 2 ** -53, 5500],
    ] as const) {
      const { timers, runs } = started(5000, 0, chance);
      timers.pass(0);
      runs[0]?.();
      expect(timers.delays[1]).to.be.closeTo(delay, 1e-6);
    }
  });

  it('asks chance again for each interval', () => {
    const { timers, runs } = started(1000, 0, 0.25, 0.75);
    timers.pass(0);
    runs[0]?.();
    timers.pass(950);
    runs[1]?.();
    expect(timers.delays).to.deep.equal([0, 950, 1050]);
  });

  it('counts the interval from start to start', () => {
    const { timers, runs } = started(1000, 0);
    timers.pass(0);
    timers.pass(300);
    runs[0]?.();
    expect(timers.delays).to.deep.equal([0, 700]);
    timers.pass(699);
    expect(runs).to.have.length(1);
    timers.pass(1);
    expect(runs).to.have.length(2);
  });

  it('never does two at once: a slow one delays the next, which then begins at once', () => {
    const { timers, runs } = started(1000, 0);
    timers.pass(0);
    timers.pass(10_000);
    expect(runs).to.have.length(1);
    expect(timers.waiting).to.equal(0);
    runs[0]?.();
    expect(timers.delays).to.deep.equal([0, 0]);
    timers.pass(0);
    expect(runs).to.have.length(2);
  });

  it('does not make up for what a slow one left out', () => {
    const { timers, runs } = started(1000, 0);
    timers.pass(0);
    timers.pass(10_000);
    runs[0]?.();
    timers.pass(0);
    runs[1]?.();
    expect(timers.delays).to.deep.equal([0, 0, 1000]);
  });

  it('waits no longer than a timer can, which would fire at once otherwise', () => {
    const { timers, runs } = started(2 ** 31 - 1, 0, 0.9);
    timers.pass(0);
    runs[0]?.();
    expect(timers.delays[1]).to.equal(2 ** 31 - 1);
  });

  it('does nothing any more when it is closed', () => {
    const early = started(1000, 0.5);
    early.cadence.close();
    expect(early.timers.waiting).to.equal(0);

    const between = started(1000, 0);
    between.timers.pass(0);
    between.runs[0]?.();
    between.cadence.close();
    expect(between.timers.waiting).to.equal(0);

    const within = started(1000, 0);
    within.timers.pass(0);
    within.cadence.close();
    within.runs[0]?.();
    expect(within.timers.waiting).to.equal(0);
  });
});
