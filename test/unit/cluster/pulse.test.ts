import { expect } from 'chai';
import { Pulse, type Asked } from '../../../src/cluster/pulse.ts';

/** A worker that answers when it is told to, and then all that it was asked. */
class Sleeper implements Asked {
  #waiting: (() => void)[] = [];

  async ping(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async wake(): Promise<void> {
    for (const answer of this.#waiting.splice(0)) answer();
    // Until whoever waits for it has heard it.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the pulse of workers', () => {
  let pulse: Pulse<Asked>;
  let worker: Sleeper;

  beforeEach(() => {
    pulse = new Pulse();
    worker = new Sleeper();
  });

  /** @returns how many were hopeless at each of so many beats */
  function beat(count: number, workers: readonly Asked[] = [worker]): number[] {
    return Array.from({ length: count }, () => pulse.beat(workers).length);
  }

  it('gives one up that was asked ten times in vain, and says so once', () => {
    expect(beat(10)).to.deep.equal(Array(10).fill(0));
    expect(beat(5)).to.deep.equal([1, 0, 0, 0, 0]);
  });

  it('does not feel one that was asked more than three times in vain, until it answers again', async () => {
    beat(3);
    expect(pulse.feels(worker)).to.equal(true);
    beat(1);
    expect(pulse.feels(worker)).to.equal(false);
    await worker.wake();
    expect(pulse.feels(worker)).to.equal(true);
  });

  it('gives none up that answers now and then, however late', async () => {
    for (let round = 0; round < 5; round += 1) {
      expect(beat(10)).to.deep.equal(Array(10).fill(0));
      await worker.wake();
    }
  });

  it('counts for each by itself, and takes a failure for silence', async () => {
    const cut: Asked = {
      ping: async () => {
        throw new Error('ended');
      },
    };
    for (let round = 0; round < 10; round += 1) {
      beat(1, [worker, cut]);
      await worker.wake();
    }
    expect(pulse.beat([worker, cut])).to.deep.equal([cut]);
    expect([pulse.feels(worker), pulse.feels(cut)]).to.deep.equal([true, false]);
  });
});
