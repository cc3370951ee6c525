import { expect } from 'chai';
import { judged, storable, why } from './answers.ts';

/** The lifetime in seconds with this CDN-Cache-Control, where Cache-Control says 1. */
function lifetime(targeted: string, ...more: string[]): number {
  const headers = ['Cache-Control', 'max-age=1', 'CDN-Cache-Control', targeted, 'ETag', '"a"', ...more];
  return storable(judged(headers)).answer.freshness.lifetime / 1000;
}

describe('RFC 9213: CDN-Cache-Control', () => {
  it('replaces Cache-Control and Expires', () => {
    expect(lifetime('max-age=60')).to.equal(60);
    expect(lifetime('max-age=60;x=1, foo=(a b)')).to.equal(60);
    expect(lifetime('max-age=1, max-age=60')).to.equal(60);
    expect(why(judged(['Expires', 'Thu, 01 Jan 2099 00:00:00 GMT', 'CDN-Cache-Control', 'foo']))).to.equal(
      'no-freshness',
    );
    expect(storable(judged(['Cache-Control', 'no-store', 'CDN-Cache-Control', 'max-age=60'])).isShareable).to.equal(
      true,
    );
    expect(why(judged(['Cache-Control', 'max-age=60', 'CDN-Cache-Control', 'no-store']))).to.equal('no-store');
    expect(why(judged(['Cache-Control', 'max-age=60', 'CDN-Cache-Control', 'private']))).to.equal('private');
  });

  it('is combined from its lines', () => {
    expect(lifetime('foo', 'CDN-Cache-Control', 'max-age=60')).to.equal(60);
  });

  it('stays in the answer', () => {
    const { answer } = storable(judged(['CDN-Cache-Control', 'max-age=60']));
    expect(answer.headers).to.include.members(['CDN-Cache-Control', 'max-age=60']);
  });

  for (const bad of [
    '',
    'max-age=60,',
    'max-age=60, &&&',
    'max-age =60',
    'max-age= 60',
    'MAX-AGE=60',
    'max-age="60"',
    'max-age=60.0',
    'x="a, b", max-age=60.0',
    'max-age',
    'max-age=a',
    'max-age=(60)',
    'no-store=1',
    'private=1',
    'max-age=60, public="x"',
  ]) {
    it(`does not count as "${bad}"`, () => void expect(lifetime(bad)).to.equal(1));
  }

  it('counts with decimals in what is no duration, or quoted', () => {
    expect(lifetime('max-age=60, foo=1.5, bar="max-age=1.5"')).to.equal(60);
  });

  it('makes an answer stale with a lifetime below 0', () => {
    expect(lifetime('max-age=-1')).to.equal(0);
  });

  it('takes ?0 for the directive that is not there', () => {
    expect(lifetime('max-age=60, no-store=?0, private=?0')).to.equal(60);
  });

  it('names fields as Cache-Control does', () => {
    const { answer } = storable(judged(['CDN-Cache-Control', 'max-age=60, private="X-A"', 'X-A', '1', 'X-B', '2']));
    expect(answer.headers).to.include('X-B').and.not.include('X-A');
  });
});
