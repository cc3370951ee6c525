import { expect } from 'chai';
import { KnownInstances } from '../../../src/upstreams/registry/known-instances.ts';
import type { Reading, Stored } from '../../../src/upstreams/registry/redis-scripts.ts';

/** When Redis was asked at first, by its own time. */
const START = 1_000_000;
const TTL = 30_000;

function stored(id: string, expiresAt: number, ttl = TTL): Stored {
  return { instance: { id, origin: `http://${id}`, weight: 1, metadata: {} }, ttl, expiresAt: START + expiresAt };
}

/** What Redis has at a time, in milliseconds since the start. */
function reading(now: number, alive: readonly Stored[], removed: readonly string[] = []): Reading {
  return { now: START + now, alive, removed };
}

function idsOf(known: KnownInstances): readonly string[] {
  return known.list().map(({ id }) => id);
}

describe('the instances that a gateway knows', () => {
  it('are those that Redis has, in the order of their ids', () => {
    const known = new KnownInstances();
    known.take(reading(0, [stored('b', TTL), stored('a', 10)]), 5, false);
    expect(known.list()).to.deep.equal([
      { id: 'a', origin: 'http://a', weight: 1, metadata: {}, expiresAt: START + 10 },
      { id: 'b', origin: 'http://b', weight: 1, metadata: {}, expiresAt: START + TTL },
    ]);
    expect(known.nextExpiry).to.equal(15);
    expect(new KnownInstances().nextExpiry).to.equal(Infinity);
  });

  it('stay until the last known expiry when Redis has lost them', () => {
    const known = new KnownInstances();
    known.take(reading(0, [stored('a', TTL)]), 0, false);
    known.take(reading(TTL - 1, []), TTL - 1, false);
    expect(idsOf(known)).to.deep.equal(['a']);
    known.take(reading(TTL, []), TTL, false);
    expect(idsOf(known)).to.deep.equal([]);
  });

  it('have their whole ttl for a heartbeat after Redis was away, however long', () => {
    const known = new KnownInstances();
    known.take(reading(0, [stored('a', TTL), stored('b', 10, 10)]), 0, false);
    const back = 10 * TTL;
    known.take(reading(back, []), back, true);
    expect(known.list().map(({ id, expiresAt }) => [id, expiresAt - START - back])).to.deep.equal([
      ['a', TTL],
      ['b', 10],
    ]);
    known.take(reading(back + 10, []), back + 10, false);
    expect(idsOf(known)).to.deep.equal(['a']);
    known.take(reading(back + TTL, []), back + TTL, false);
    expect(idsOf(known)).to.deep.equal([]);
  });

  it('do not have more than that when one of them expires later anyway', () => {
    const known = new KnownInstances();
    known.take(reading(0, [stored('a', 2 * TTL)]), 0, false);
    known.take(reading(1, []), 1, true);
    expect(known.nextExpiry).to.equal(2 * TTL);
  });

  it('go at once when somebody removed them', () => {
    const known = new KnownInstances();
    known.take(reading(0, [stored('a', TTL), stored('b', TTL)]), 0, false);
    known.take(reading(1, [], ['a']), 1, true);
    expect(idsOf(known)).to.deep.equal(['b']);
    expect([known.remove('b'), known.remove('b')]).to.deep.equal([true, false]);
  });

  it('stay when one was removed and has come back', () => {
    const known = new KnownInstances();
    known.take(reading(0, [stored('a', TTL)], ['a']), 0, false);
    expect(idsOf(known)).to.deep.equal(['a']);
  });

  it('expire by how long is left, whatever the clocks say', () => {
    const known = new KnownInstances();
    known.take(reading(500, [stored('a', 700)]), 9_000_000, false);
    expect(known.nextExpiry).to.equal(9_000_200);
    known.put(stored('b', 600, 100), 9_000_050);
    expect(known.nextExpiry).to.equal(9_000_150);
  });

  it('have an endpoint each, of which a heartbeat changes nothing', () => {
    const known = new KnownInstances();
    const { instance } = stored('a', TTL);
    expect(known.put(stored('a', TTL), 0)).to.equal(true);
    expect(known.put(stored('a', 2 * TTL), TTL)).to.equal(false);
    expect(known.put({ ...stored('a', TTL), instance: { ...instance, weight: 2 } }, 0)).to.equal(true);
    expect(known.put({ ...stored('a', TTL), instance: { ...instance, weight: 2, origin: 'http://b' } }, 0)).to.equal(
      true,
    );
    expect(known.endpoints.map(({ origin, weight }) => [origin, weight])).to.deep.equal([['http://b', 2]]);
  });
});
