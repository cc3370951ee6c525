import { expect } from 'chai';
import { array, assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { judge } from '../../../src/cache/judge.ts';
import { reuse } from '../../../src/cache/reuse.ts';
import { DATE, dateAt, judged, NOW, STORING, REQUEST, storable, why } from './answers.ts';

const FRESH = ['Cache-Control', 'max-age=60'];

describe('RFC 9111 section 3: storing', () => {
  it('takes what is explicitly fresh, whatever its status', () => {
    for (const status of [200, 201, 302, 404, 500, 599]) {
      const judgement = storable(judged(FRESH, { status }));
      expect([judgement.isShareable, judgement.answer.isExplicit], String(status)).to.deep.equal([true, true]);
    }
  });

  it('refuses parts, 304, what is not final, and 429', () => {
    for (const status of [100, 103, 206, 304, 429])
      expect(why(judged(FRESH, { status })), String(status)).to.equal('status');
  });

  it('refuses no-store and private', () => {
    expect(why(judged(['Cache-Control', 'max-age=60, No-Store']))).to.equal('no-store');
    expect(why(judged(['Cache-Control', 'private, max-age=60']))).to.equal('private');
    expect(why(judged(['Cache-Control', 'private="", max-age=60']))).to.equal('private');
    expect(why(judged(['Cache-Control', 'private="a b", max-age=60']))).to.equal('private');
    expect(why(judged(['Cache-Control', 'private ="a", max-age=60']))).to.equal('private');
  });

  it('section 5.2.2.3: must-understand puts no-store aside for a status that is understood', () => {
    const headers = ['Cache-Control', 'no-store, must-understand, max-age=60'];
    expect(storable(judged(headers)).isShareable).to.equal(true);
    expect(why(judged(headers, { status: 299 }))).to.equal('must-understand');
    expect(why(judged(['Cache-Control', 'must-understand, max-age=60'], { status: 299 }))).to.equal('must-understand');
  });

  it('section 5.4: takes no notice of Pragma in an answer', () => {
    expect(storable(judged([...FRESH, 'Pragma', 'no-cache'])).answer.freshness.validateAlways).to.equal(false);
  });

  it('refuses what nothing calls fresh, and what is stale without a validator', () => {
    expect(why(judged([]))).to.equal('no-freshness');
    expect(why(judged(['ETag', '"a"']))).to.equal('no-freshness');
    expect(why(judged(['Cache-Control', 'max-age=0']))).to.equal('stale');
    expect(why(judged([...FRESH, 'Age', '60']))).to.equal('stale');
    expect(why(judged(['Cache-Control', 'no-cache, max-age=60']))).to.equal('stale');
    expect(why(judged(['Cache-Control', 's-maxage=0, stale-if-error=60']))).to.equal('stale');
  });

  it('takes what is stale with a validator, and does not share it', () => {
    for (const validator of [
      ['ETag', 'W/"a"'],
      ['Last-Modified', dateAt(-60)],
    ]) {
      expect(storable(judged(['Cache-Control', 'max-age=0', ...validator])).isShareable).to.equal(false);
      expect(storable(judged([...FRESH, 'Age', '60', ...validator])).isShareable).to.equal(false);
      expect(storable(judged(['Cache-Control', 'no-cache', ...validator])).isShareable).to.equal(false);
    }
  });

  it('takes what is stale and may be used so', () => {
    expect(storable(judged(['Cache-Control', 'max-age=0, stale-while-revalidate=9'])).isShareable).to.equal(false);
    expect(storable(judged(['Cache-Control', 'max-age=0'], { storing: { staleIfError: 9000 } })).isShareable).to.equal(
      false,
    );
  });

  it('refuses what does not fit together', () => {
    expect(why(judged([...FRESH, 'Content-Range', 'bytes 0-1/2']))).to.equal('content-range');
    expect(why(judged([...FRESH, 'Content-Length', '5, 5']))).to.equal('content-length');
    expect(why(judged([...FRESH, 'Content-Length', '5', 'Content-Length', '5']))).to.equal('content-length');
    expect(storable(judged([...FRESH, 'Content-Range', 'bytes */2'], { status: 416 })).isShareable).to.equal(true);
  });

  it('refuses a Vary with more names than variants can be told apart by', () => {
    const varying = (count: number) =>
      judged([...FRESH, 'Vary', Array.from({ length: count }, (_, at) => `x-${at}`).join()]);
    expect(why(varying(17))).to.equal('vary-many');
    expect(storable(varying(16)).answer.vary).to.have.length(16);
    // Each counts once.
    expect(storable(judged([...FRESH, 'Vary', 'accept,'.repeat(17)])).answer.vary).to.deep.equal(['accept']);
  });

  it('refuses answers that blame a request with long fields, whatever they say', () => {
    for (const status of [400, 408, 411, 413, 415, 417, 421, 425, 426, 428, 431]) {
      expect(why(judged(FRESH, { status, request: { headerBytes: 4097 } })), String(status)).to.equal('request-size');
      expect(storable(judged(FRESH, { status, request: { headerBytes: 4096 } })).isShareable).to.equal(true);
    }
    expect(storable(judged(FRESH, { status: 404, request: { headerBytes: 4097 } })).isShareable).to.equal(true);
  });

  it('never says fresh beyond what it was told, whatever an answer says', () => {
    const seconds = integer({ min: 0, max: 100 });
    const header = constantFrom('Cache-Control', 'CDN-Cache-Control', 'Expires', 'Age', 'Date', 'Vary', 'ETag', 'X');
    const value = constantFrom(
      'no-store',
      'private',
      'max-age=50',
      's-maxage=20',
      'no-cache',
      '*',
      '"a"',
      dateAt(9),
      DATE,
      '7',
      'x=',
    );
    assert(
      property(
        array(
          tuple(
            header,
            constantFrom(value, string()).chain((one) => one),
          ),
        ),
        seconds,
        (fields, age) => {
          const headers = fields.flat();
          const head = { status: 200, headers, requestedAt: NOW, receivedAt: NOW };
          const judgement = judge(head, REQUEST, { ...STORING, ttl: 60_000 });
          if (judgement.kind === 'refused') return;
          const { freshness } = judgement.answer;
          expect(freshness.bornAt).to.be.at.most(NOW);
          expect(freshness.lifetime).to.be.within(0, 2 ** 31 * 1000);
          if (reuse(freshness, undefined, NOW + age * 1000) === 'fresh')
            expect(age * 1000).to.be.lessThan(freshness.lifetime);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('RFC 9111 section 3.5: requests with Authorization', () => {
  it('have answers that are stored only if these say so', () => {
    const request = { hasAuthorization: true };
    for (const said of ['public, max-age=60', 's-maxage=60', 'must-revalidate, max-age=60']) {
      expect(storable(judged(['Cache-Control', said], { request })).isShareable, said).to.equal(true);
    }
    for (const said of ['max-age=60', 'proxy-revalidate, max-age=60', 'no-cache="a", max-age=60']) {
      expect(why(judged(['Cache-Control', said], { request })), said).to.equal('authorization');
    }
    expect(why(judged([], { request, storing: { ttl: 60_000 } }))).to.equal('authorization');
  });

  it('and requests with cookies only with public', () => {
    const request = { hasCookies: true };
    expect(storable(judged(['Cache-Control', 'public, max-age=60'], { request })).isShareable).to.equal(true);
    for (const said of ['max-age=60', 's-maxage=60', 'must-revalidate, max-age=60']) {
      expect(why(judged(['Cache-Control', said], { request })), said).to.equal('cookie');
    }
    expect(why(judged([], { request, storing: { ttl: 60_000 } }))).to.equal('cookie');
  });

  it('public makes a ttl explicit', () => {
    const { answer } = storable(judged(['Cache-Control', 'public'], { storing: { ttl: 60_000 } }));
    expect([answer.isExplicit, answer.freshness.lifetime]).to.deep.equal([true, 60_000]);
  });
});

describe('RFC 9111 section 4.2.4: what an answer says of its use when stale', () => {
  const flags = (said: string, storing = {}) => {
    const { answer } = storable(judged(['Cache-Control', said, 'ETag', '"a"'], { storing }));
    return answer.freshness;
  };

  it('is must-revalidate, proxy-revalidate or s-maxage', () => {
    for (const said of ['must-revalidate, max-age=9', 'proxy-revalidate, max-age=9', 's-maxage=9']) {
      expect(flags(said).validateStale, said).to.equal(true);
    }
    expect(flags('max-age=9').validateStale).to.equal(false);
    expect(flags('no-cache').validateAlways).to.equal(true);
    expect(flags('no-cache=""').validateAlways).to.equal(true);
    expect(flags('no-cache="x-a", max-age=9').validateAlways).to.equal(false);
  });

  it('is what CDN-Cache-Control says, though Cache-Control has s-maxage', () => {
    const said = 's-maxage=60, stale-while-revalidate=300';
    expect(flags(said)).to.include({ validateStale: true, staleWhileRevalidate: 300_000 });
    const targeted = ['Cache-Control', said, 'CDN-Cache-Control', 'max-age=60, stale-while-revalidate=300'];
    const { freshness } = storable(judged(targeted)).answer;
    expect(freshness).to.include({ validateStale: false, staleWhileRevalidate: 300_000 });
  });

  it('is RFC 5861 of the answer before that of the route', () => {
    const route = { staleWhileRevalidate: 1000, staleIfError: 2000 };
    expect(flags('max-age=9, stale-while-revalidate=3, stale-if-error=4', route)).to.include({
      staleWhileRevalidate: 3000,
      staleIfError: 4000,
    });
    expect(flags('max-age=9, stale-if-error=0', route)).to.include({ staleWhileRevalidate: 1000, staleIfError: 0 });
    expect(flags('max-age=9, stale-if-error=x', route).staleIfError).to.equal(0);
  });
});
