import { expect } from 'chai';
import * as fc from 'fast-check';
import { Deadlines, type Waiting } from '../../../src/deadlines.ts';
import { Bulkhead, type BulkheadOptions, type BulkheadWaiter } from '../../../src/resilience/bulkhead.ts';

const HOUR = 3_600_000;

/** Looks when the test says so, at the time that it says. */
class ManualDeadlines extends Deadlines {
  readonly waiting = new Set<Waiting>();

  override add(waiting: Waiting): void {
    this.waiting.add(waiting);
  }

  override delete(waiting: Waiting): void {
    this.waiting.delete(waiting);
  }

  /** @param time from now, in milliseconds */
  lookIn(time: number): void {
    const now = performance.now() + time;
    for (const waiting of this.waiting) if (now >= waiting.deadline) waiting.overdue(now);
  }
}

/** Somebody who writes down by name what happened. */
function waiter(name: string, told: string[], onEntered: () => void = () => undefined): BulkheadWaiter {
  return {
    onEntered: () => {
      told.push(`${name} entered`);
      onEntered();
    },
    onRefused: (reason) => void told.push(`${name} refused: ${reason}`),
  };
}

function bulkheadOf(options: Partial<BulkheadOptions> = {}): {
  bulkhead: Bulkhead;
  deadlines: ManualDeadlines;
  told: string[];
} {
  const deadlines = new ManualDeadlines();
  const bulkhead = new Bulkhead({ concurrent: 2, queue: 3, queueTimeout: HOUR, ...options }, deadlines);
  return { bulkhead, deadlines, told: [] };
}

describe('a bulkhead', () => {
  it('lets so many in, has so many wait, and refuses the rest', () => {
    const { bulkhead, told } = bulkheadOf();
    const answers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => bulkhead.enter(waiter(name, told)));
    expect(answers).to.deep.equal(['entered', 'entered', 'waiting', 'waiting', 'waiting', 'refused', 'refused']);
    expect([bulkhead.inside, bulkhead.queued]).to.deep.equal([2, 3]);
    // Who knows at once is not told again.
    expect(told).to.deep.equal([]);
  });

  it('hands a place to the one that has waited longest', () => {
    const { bulkhead, told } = bulkheadOf();
    for (const name of ['a', 'b', 'c', 'd']) bulkhead.enter(waiter(name, told));
    bulkhead.leave();
    expect(told).to.deep.equal(['c entered']);
    expect([bulkhead.inside, bulkhead.queued]).to.deep.equal([2, 1]);
    bulkhead.leave();
    expect(told).to.deep.equal(['c entered', 'd entered']);
    bulkhead.leave();
    expect([bulkhead.inside, bulkhead.queued]).to.deep.equal([1, 0]);
    expect(bulkhead.enter(waiter('e', told))).to.equal('entered');
  });

  it('may have no queue', () => {
    const { bulkhead, told } = bulkheadOf({ concurrent: 1, queue: 0 });
    expect(bulkhead.enter(waiter('a', told))).to.equal('entered');
    expect(bulkhead.enter(waiter('b', told))).to.equal('refused');
    bulkhead.leave();
    expect(bulkhead.enter(waiter('b', told))).to.equal('entered');
  });

  it('refuses who has waited for too long, each one by its own time', () => {
    const { bulkhead, deadlines, told } = bulkheadOf();
    for (const name of ['a', 'b', 'c', 'd']) bulkhead.enter(waiter(name, told));
    deadlines.lookIn(HOUR - 60_000);
    expect(told).to.deep.equal([]);
    deadlines.lookIn(HOUR);
    expect(told).to.deep.equal(['c refused: timeout', 'd refused: timeout']);
    expect([bulkhead.inside, bulkhead.queued]).to.deep.equal([2, 0]);
    deadlines.lookIn(2 * HOUR);
    expect(told).to.have.lengthOf(2);
    bulkhead.leave();
    expect(bulkhead.inside).to.equal(1);
  });

  it('forgets the time of who got in or withdrew', () => {
    const { bulkhead, deadlines, told } = bulkheadOf();
    for (const name of ['a', 'b', 'c']) bulkhead.enter(waiter(name, told));
    const left = waiter('d', told);
    bulkhead.enter(left);
    expect(deadlines.waiting.size).to.equal(2);
    bulkhead.leave();
    bulkhead.withdraw(left);
    expect(deadlines.waiting.size).to.equal(0);
    deadlines.lookIn(2 * HOUR);
    expect(told).to.deep.equal(['c entered']);
  });

  it('passes over who has withdrawn', () => {
    const { bulkhead, told } = bulkheadOf();
    const inside = waiter('a', told);
    const left = waiter('c', told);
    for (const each of [inside, waiter('b', told), left, waiter('d', told)]) bulkhead.enter(each);
    expect(bulkhead.withdraw(left)).to.equal(true);
    expect(bulkhead.withdraw(left)).to.equal(false);
    // Who is inside leaves, and does not withdraw.
    expect(bulkhead.withdraw(inside)).to.equal(false);
    expect(bulkhead.queued).to.equal(1);
    bulkhead.leave();
    expect(told).to.deep.equal(['d entered']);
  });

  it('lets the whole queue through when each leaves as it enters, however long it is', () => {
    const { bulkhead, told } = bulkheadOf({ concurrent: 1, queue: 100_000 });
    bulkhead.enter(waiter('first', told));
    for (let name = 0; name < 100_000; name += 1) bulkhead.enter(waiter(String(name), told, () => bulkhead.leave()));
    bulkhead.leave();
    expect(told).to.have.lengthOf(100_000);
    expect([told[0], told.at(-1)]).to.deep.equal(['0 entered', '99999 entered']);
    expect([bulkhead.inside, bulkhead.queued]).to.deep.equal([0, 0]);
  });

  it('lets nobody overtake while a place is handed over', () => {
    const { bulkhead, told } = bulkheadOf({ concurrent: 1, queue: 3 });
    bulkhead.enter(waiter('a', told));
    bulkhead.enter(
      waiter('b', told, () => {
        bulkhead.leave();
        expect(bulkhead.enter(waiter('d', told))).to.equal('waiting');
      }),
    );
    bulkhead.enter(waiter('c', told));
    bulkhead.leave();
    expect(told).to.deep.equal(['b entered', 'c entered']);
    bulkhead.leave();
    expect(told).to.deep.equal(['b entered', 'c entered', 'd entered']);
  });

  it('goes on after one whose entry threw', () => {
    const { bulkhead, told } = bulkheadOf();
    const fail = (): void => {
      throw new Error('a bug');
    };
    for (const each of [waiter('a', told), waiter('b', told), waiter('c', told, fail), waiter('d', told)]) {
      bulkhead.enter(each);
    }
    expect(() => bulkhead.leave()).to.throw('a bug');
    bulkhead.leave();
    expect(told).to.deep.equal(['c entered', 'd entered']);
    expect(bulkhead.inside).to.equal(2);
  });

  it('is timed by real deadlines', async () => {
    const bulkhead = new Bulkhead({ concurrent: 1, queue: 1, queueTimeout: 1 }, new Deadlines());
    bulkhead.enter(waiter('a', []));
    // What looks at deadlines does not keep a process running.
    const awake = setTimeout(() => undefined, 10_000);
    const reason = await new Promise((resolve) => {
      bulkhead.enter({ onEntered: () => resolve('entered'), onRefused: resolve });
    });
    clearTimeout(awake);
    expect(reason).to.equal('timeout');
    expect(bulkhead.queued).to.equal(0);
  });

  it('never has more inside or waiting than allowed, and keeps the order, whatever happens', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('enter' as const) },
      { weight: 4, arbitrary: fc.constant('leave' as const) },
      { weight: 1, arbitrary: fc.constant('time' as const) },
      { weight: 2, arbitrary: fc.nat(5) },
    );
    const count = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(count, fc.nat(5), fc.array(step, { minLength: 50, maxLength: 200 }), (concurrent, queue, steps) => {
        const { bulkhead, deadlines, told } = bulkheadOf({ concurrent, queue });
        let inside = 0;
        let line: { readonly name: string; readonly who: BulkheadWaiter }[] = [];
        const expected: string[] = [];
        for (const [number, each] of steps.entries()) {
          if (each === 'enter') {
            const name = String(number);
            const who = waiter(name, told);
            const answer = inside < concurrent ? 'entered' : line.length < queue ? 'waiting' : 'refused';
            expect(bulkhead.enter(who)).to.equal(answer);
            if (answer === 'entered') inside += 1;
            if (answer === 'waiting') line.push({ name, who });
          } else if (each === 'leave') {
            if (inside === 0) continue;
            const [next] = line.splice(0, 1);
            if (next === undefined) inside -= 1;
            else expected.push(`${next.name} entered`);
            bulkhead.leave();
          } else if (each === 'time') {
            expected.push(...line.map(({ name }) => `${name} refused: timeout`));
            line = [];
            deadlines.lookIn(HOUR);
          } else {
            for (const { who } of line.splice(each, 1)) expect(bulkhead.withdraw(who)).to.equal(true);
          }
          expect([bulkhead.inside, bulkhead.queued]).to.deep.equal([inside, line.length]);
          expect(inside).to.be.at.most(concurrent);
          expect(deadlines.waiting.size).to.equal(line.length);
          expect(told).to.deep.equal(expected);
        }
      }),
    );
  });
});
