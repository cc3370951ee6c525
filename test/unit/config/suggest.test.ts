import { expect } from 'chai';
import { suggest } from '../../../src/config/suggest.ts';

describe('suggest', () => {
  const keys = ['match', 'methods', 'timeout', 'upstream', 'url', 'retries'];

  it('finds a name with a character left out, added, replaced or swapped', () => {
    expect(suggest('mach', keys)).to.equal('match');
    expect(suggest('matchh', keys)).to.equal('match');
    expect(suggest('metchods', keys)).to.equal('methods');
    expect(suggest('timeuot', keys)).to.equal('timeout');
    expect(suggest('lru', ['xyz', 'url'])).to.equal(undefined);
    expect(suggest('ulr', keys)).to.equal('url');
  });

  it('does not mind case', () => {
    expect(suggest('UPSTREAM', keys)).to.equal('upstream');
    expect(suggest('Time-Out', keys)).to.equal('timeout');
  });

  it('stays silent when nothing is near', () => {
    expect(suggest('colour', keys)).to.equal(undefined);
    expect(suggest('up', ['upstream'])).to.equal(undefined);
    expect(suggest('a', ['b'])).to.equal(undefined);
    expect(suggest('', keys)).to.equal(undefined);
    expect(suggest('mach', [])).to.equal(undefined);
  });

  it('allows about a third of the letters, and never more than three', () => {
    expect(suggest('retryes', keys)).to.equal('retries');
    expect(suggest('abcd', ['abxy'])).to.equal(undefined);
    expect(suggest('verification', ['verificaWXYZ'])).to.equal(undefined);
    expect(suggest('verification', ['verificatXYZ'])).to.equal('verificatXYZ');
  });

  it('takes the nearest, and of equally near ones the first', () => {
    expect(suggest('rout', ['routes', 'route'])).to.equal('route');
    expect(suggest('cat', ['bat', 'hat'])).to.equal('bat');
    expect(suggest('hat', ['bat', 'cat'])).to.equal('bat');
  });

  it('does not compare what is too long to be a name', () => {
    const long = 'x'.repeat(64);
    expect(suggest(long, [`${long}y`])).to.equal(`${long}y`);
    expect(suggest(`${long}x`, [`${long}y`])).to.equal(undefined);
  });
});
