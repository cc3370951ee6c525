import { expect } from 'chai';
import { Deadlines, type Waiting } from '../../../../src/deadlines.ts';
import { FastLane } from '../../../../src/server/fast-lane/fast-lane.ts';
import { Activity } from '../../../fuzz/activity.ts';
import { MemorySocket } from '../../../fuzz/memory-socket.ts';

const LIMITS = { connections: 0, headerBytes: 2048, uriBytes: 512, bodyBytes: 0 };
const TIMEOUTS = { headers: 60_000, request: 0, keepAlive: 0, drainDelay: 0, drain: 0 };

/** Knows who waits, and looks at nobody by itself. */
class KnownDeadlines extends Deadlines {
  readonly waiting = new Set<Waiting>();

  override add(waiting: Waiting): void {
    this.waiting.add(waiting);
  }

  override delete(waiting: Waiting): void {
    this.waiting.delete(waiting);
  }
}

describe('a connection in the fast lane', () => {
  /** A connection to which pieces are sent, one after the other, and the deadlines with which it was handed over. */
  async function handedOver(
    ...pieces: string[]
  ): Promise<{ deadlines: KnownDeadlines; given: (number | undefined)[] }> {
    const deadlines = new KnownDeadlines();
    const given: (number | undefined)[] = [];
    const lane = new FastLane({
      dataPath: {
        judge: () => ({ problem: 'invalid-request' }),
        handle: () => expect.fail('nothing is to be handled'),
        refuse: () => expect.fail('nothing is to be refused'),
        caught: (error) => expect.fail(String(error)),
      },
      deadlines,
      settings: () => ({ limits: LIMITS, timeouts: TIMEOUTS }),
      closing: () => false,
      handOver: (_socket, deadline) => void given.push(deadline),
    });
    const activity = new Activity();
    const socket = new MemorySocket(activity);
    lane.take(socket);
    for (const piece of pieces) {
      socket.push(piece);
      await activity.quiet();
    }
    return { deadlines, given };
  }

  it('waits for a head no longer than server.timeouts.headers', async () => {
    const before = performance.now();
    const { deadlines, given } = await handedOver('GET / HT');
    expect(given).to.deep.equal([]);
    const [waiting] = deadlines.waiting;
    expect((waiting?.deadline ?? 0) - before).to.be.within(60_000, 61_000);
  });

  it('takes the deadline of a head that it began along to the other engine', async () => {
    const before = performance.now();
    const { deadlines, given } = await handedOver('GET / HTTP/1.1\r\nA: b', '\0');
    expect(given).to.have.lengthOf(1);
    expect((given[0] ?? 0) - before).to.be.within(60_000, 61_000);
    expect([...deadlines.waiting]).to.deep.equal([]);
  });

  it('takes none along for a head that is complete', async () => {
    expect((await handedOver('GET / HTTP/1.0\r\n\r\n')).given).to.deep.equal([undefined]);
  });
});
