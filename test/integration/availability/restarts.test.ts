/** Two gateways behind haproxy, as they are deployed, of which one is ended and started again and again. */
import { expect } from 'chai';
import { Counts } from '../../support/availability/asking.ts';
import { LimitedClients } from '../../support/availability/limits.ts';
import { Pair } from '../../support/availability/pair.ts';
import { Sessions } from '../../support/availability/sessions.ts';
import { openLoop } from '../../support/open-loop.ts';

const BURST = 20;
/** So few requests a second that a busy machine keeps up. */
const RATE = 50;
/** So many seconds of GETs at a time, until all restarts are over. */
const SLICE = 2;

describe('two gateways behind haproxy', function () {
  // Each start from the sources takes some seconds, and haproxy looks twice before it uses a gateway again.
  this.timeout(300_000);
  let pair: Pair | undefined;

  afterEach(async () => {
    await pair?.close();
    pair = undefined;
  });

  /** Restarts them in turns under load. @returns what became of GETs, and of everything together */
  async function restarted(
    signal: 'SIGKILL' | 'SIGTERM',
    times: number,
  ): Promise<{ readonly gets: Counts; readonly all: Counts; readonly faults: readonly string[] }> {
    // A Redis that is late is another matter: here limits hold to the last request.
    pair = await Pair.start({ burst: BURST, redisTimeout: '10s', drainDelay: '5s' });
    const { haproxy } = pair;
    for (const index of [0, 1]) await haproxy.sees(index, 'UP');
    const sessions = new Sessions(pair);
    const limited = new LimitedClients(pair, BURST);
    let isOver = false;
    const running = (): boolean => !isOver;
    const gets = new Counts();
    const getting = async (): Promise<void> => {
      while (running()) {
        const load = { rate: RATE, count: RATE * SLICE, path: () => '/open/fast' };
        for (const { ending } of await openLoop(haproxy.address, load))
          gets.add(ending.kind === 'failed' ? { kind: 'unanswered' } : ending);
      }
    };
    const loads = Promise.all([getting(), sessions.run(running), limited.run(running)]);
    try {
      for (let turn = 0; turn < times; turn += 1) await pair.restart(turn % 2, signal);
    } finally {
      isOver = true;
      await loads;
    }
    const limits = await limited.judge();
    const faults = [...limits.faults, ...(await sessions.judge())];
    expect(limits.beyond).to.equal(0);
    expect(limits.exact + limits.fewer).to.equal(limits.clients);
    expect(sessions.ended).to.be.above(0);
    const all = Counts.sum(gets, limited.counts, sessions.gets, sessions.posts);
    return { gets, all, faults };
  }

  it('keep limits and sessions while one of them is killed, and answer GETs', async () => {
    const { gets, all, faults } = await restarted('SIGKILL', 4);
    expect(faults).to.deep.equal([]);
    // What may be sent again is: cut off is only what was being answered just then, as 1 KiB hardly ever is.
    expect(gets.failed + gets.unanswered).to.equal(0);
    expect(all.all - all.answered).to.be.below(all.all / 100);
  });

  it('answer everything while one of them is stopped and started', async () => {
    const { all, faults } = await restarted('SIGTERM', 2);
    expect(faults).to.deep.equal([]);
    expect(all).to.include({ failed: 0, unanswered: 0, cut: 0 });
  });
});
