import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { DatabaseUnavailable } from '../../../src/database/failures.ts';
import { Known, type Answer } from '../../../src/users/known.ts';

describe('answers that are remembered', () => {
  let now: number;
  let asked: (readonly string[])[];
  /** What the database would say; an error is thrown. */
  let reply: (keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  let known: Known<string>;

  const everything = async (keys: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    new Map(keys.map((key) => [key, `value of ${key}`]));
  const down = async (): Promise<never> => {
    throw new DatabaseUnavailable('unreachable', 'away');
  };
  const create = (size = 100, remembersNone = true): Known<string> =>
    new Known<string>({
      remembersNone,
      ask: async (keys) => {
        asked.push(keys);
        return reply(keys);
      },
      ttl: 5000,
      staleFor: 60_000,
      size,
      clock: () => now,
    });
  const valueOf = (answer: Answer<string> | Promise<Answer<string>>): string | undefined => {
    if (answer instanceof Promise) throw new Error('it is asked for');
    return answer === 'unknown' ? answer : answer.value;
  };
  const wait = async (key: string): Promise<string | undefined> => {
    const answer = await known.get(key);
    return answer === 'unknown' ? answer : answer.value;
  };

  beforeEach(() => {
    now = 0;
    asked = [];
    reply = everything;
    known = create();
  });

  it('are asked for once, all of a turn together, and at once afterwards', async () => {
    await Promise.all([wait('a'), wait('b'), wait('a')]);
    expect(asked).to.deep.equal([['a', 'b']]);
    expect(valueOf(known.get('a'))).to.equal('value of a');
    expect(asked).to.have.length(1);
  });

  it('go by one statement at a time, however many ask', async () => {
    let release = (): void => undefined;
    reply = async (keys) => {
      await new Promise<void>((resolve) => (release = resolve));
      return everything(keys);
    };
    const first = wait('a');
    await nextTurn();
    const others = ['a', 'b', 'c'].map(wait);
    await nextTurn();
    expect(asked).to.deep.equal([['a']]);
    release();
    await first;
    await nextTurn();
    // Who came later may know of something newer.
    expect(asked).to.deep.equal([['a'], ['a', 'b', 'c']]);
    release();
    await Promise.all(others);
  });

  it('are renewed while they are still good, so that nobody waits', async () => {
    await wait('a');
    now = 2500;
    expect(valueOf(known.get('a'))).to.equal('value of a');
    void known.get('a');
    await nextTurn();
    expect(asked).to.deep.equal([['a'], ['a']]);
    now = 7000;
    expect(valueOf(known.get('a'))).to.equal('value of a');
  });

  it('are not good for longer than their time', async () => {
    await wait('a');
    now = 5000;
    expect(known.get('a')).to.be.instanceOf(Promise);
    await nextTurn();
  });

  it('count from when they were asked for, not from when they came', async () => {
    reply = async (keys) => {
      now += 4000;
      return everything(keys);
    };
    await wait('a');
    now += 1000;
    expect(known.get('a')).to.be.instanceOf(Promise);
    await nextTurn();
  });

  it('hold while the database is away, but not for ever', async () => {
    await wait('a');
    reply = down;
    now = 5000;
    expect(await wait('a')).to.equal('value of a');
    expect(await wait('b')).to.equal('unknown');
    now = 59_999;
    expect(valueOf(known.get('a'))).to.equal('value of a');
    await nextTurn();
    now = 60_000;
    expect(await wait('a')).to.equal('unknown');
    reply = everything;
    now += 1000;
    expect(await wait('a')).to.equal('value of a');
  });

  it('are asked for again at intervals while the database is away, not with every call', async () => {
    await wait('a');
    reply = down;
    now = 5000;
    await wait('a');
    for (let call = 0; call < 10; call += 1) {
      void known.get('a');
      await nextTurn();
    }
    expect(asked).to.have.length(2);
    now = 6000;
    void known.get('a');
    await nextTurn();
    expect(asked).to.have.length(3);
  });

  it('are not put back by a statement that began before a change', async () => {
    let release = (): void => undefined;
    reply = async (keys) => {
      await new Promise<void>((resolve) => (release = resolve));
      return everything(keys);
    };
    const early = Promise.all([wait('a'), wait('b'), wait('c')]);
    await nextTurn();
    known.set('a', undefined);
    known.forget((_key, value) => value === 'value of b');
    release();
    await early;
    expect(valueOf(known.get('a'))).to.equal(undefined);
    expect(known.get('b')).to.be.instanceOf(Promise);
    expect(valueOf(known.get('c'))).to.equal('value of c');
    await nextTurn();
    release();
    await nextTurn();
  });

  it('are asked for when they are not new enough for the caller', async () => {
    await wait('a');
    reply = async () => new Map([['a', 'newer']]);
    const answer = await known.get('a', (value) => value === 'newer');
    expect(answer).to.deep.include({ value: 'newer' });
  });

  it('are given up by all who wait when the database cannot be asked, and for a moment by all who come', async () => {
    let fail = (_error: Error): void => undefined;
    reply = async () => new Promise((_resolve, reject) => (fail = reject));
    const first = wait('a');
    await nextTurn();
    const others = Array.from({ length: 1200 }, async (_, index) => wait(`other ${index}`));
    await nextTurn();
    expect(asked).to.have.length(1);
    fail(new DatabaseUnavailable('timeout', 'slow'));
    expect(new Set(await Promise.all([first, ...others]))).to.deep.equal(new Set(['unknown']));
    expect(known.get('b')).to.equal('unknown');
    expect(asked).to.have.length(1);
    now += 1000;
    reply = everything;
    expect(await wait('b')).to.equal('value of b');
  });

  it('that will do are given when the database hangs', async () => {
    await wait('a');
    let release = (): void => undefined;
    reply = async (keys) => {
      await new Promise<void>((resolve) => (release = resolve));
      return everything(keys);
    };
    now = 30_000;
    expect(await wait('a')).to.equal('value of a');
    // And to the next one at once.
    expect(valueOf(known.get('a'))).to.equal('value of a');
    release();
  });

  it('that there is nothing are remembered only where nobody can ask for as many as they like', async () => {
    reply = async () => new Map();
    for (const remembersNone of [true, false]) {
      known = create(100, remembersNone);
      asked = [];
      await wait('a');
      await wait('a');
      expect(asked).to.have.length(remembersNone ? 1 : 2);
    }
  });

  it('that were good and are gone are not kept', async () => {
    known = create(100, false);
    await wait('a');
    reply = async () => new Map();
    now = 5000;
    expect(await wait('a')).to.equal(undefined);
    reply = down;
    expect(await wait('a')).to.equal('unknown');
  });

  it('that are in use stay, whatever else is asked for', async () => {
    known = create(32);
    await wait('kept');
    for (let count = 0; count < 200; count += 1) {
      await wait(`other ${count}`);
      now += 2500;
      void known.get('kept');
      await nextTurn();
      await nextTurn();
    }
    expect(valueOf(known.get('kept'))).to.equal('value of kept');
  });

  it('are no more than so many', async () => {
    known = create(2);
    for (const key of ['a', 'b', 'c']) await wait(key);
    expect(valueOf(known.get('b'))).to.equal('value of b');
    expect(known.get('a')).to.be.instanceOf(Promise);
    await nextTurn();
  });

  it('fail with what is a bug, and go on', async () => {
    reply = async () => {
      throw new TypeError('a bug');
    };
    const failure: unknown = await wait('a').catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TypeError);
    reply = everything;
    expect(await wait('a')).to.equal('value of a');
  });
});
