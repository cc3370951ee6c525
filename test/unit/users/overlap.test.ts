import { expect } from 'chai';
import { Overlaps } from '../../../src/users/overlap.ts';

describe('uses that overlap', () => {
  it('tell one that was beaten from one that came too late', async () => {
    const overlaps = new Overlaps();
    let win = (_result: string): void => undefined;
    const winner = overlaps.run('a', async () => new Promise<string>((resolve) => (win = resolve)));
    const beaten = overlaps.run('a', async () => undefined);
    const elsewhere = overlaps.run('b', async () => undefined);
    expect(await elsewhere).to.equal(undefined);
    // The one that has won hears of it last.
    win('won');
    expect(await winner).to.equal('won');
    expect(await beaten).to.equal('beaten');
    expect(await overlaps.run('a', async () => undefined)).to.equal(undefined);
  });

  it('are no excuse when all have failed', async () => {
    const overlaps = new Overlaps();
    const fail = async (): Promise<undefined> => undefined;
    expect(await Promise.all([overlaps.run('a', fail), overlaps.run('a', fail)])).to.deep.equal([undefined, undefined]);
  });

  it('pass an error on to the one that has it', async () => {
    const overlaps = new Overlaps();
    const failing = overlaps.run('a', async () => {
      throw new Error('away');
    });
    const other = overlaps.run('a', async () => 'won');
    expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: away');
    expect(await other).to.equal('won');
  });
});
