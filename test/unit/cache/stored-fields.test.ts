import { expect } from 'chai';
import type { HeaderList } from '../../../src/exchange.ts';
import { judge, type StorageRules } from '../../../src/cache/judge.ts';
import { DATE, dateAt, judged, NOW, STORING, REQUEST, storable, why } from './answers.ts';

const FRESH = ['Cache-Control', 'max-age=60'];

function stored(headers: HeaderList, storing: Partial<StorageRules> = {}, status = 200): HeaderList {
  return storable(judged([...FRESH, ...headers], { storing, status })).answer.headers;
}

describe('RFC 9111 section 3.1: the fields that are stored', () => {
  it('are all but those of the connection, Age and Trailer', () => {
    const others = ['X-A', '1', 'x-a', '2', 'Content-Type', 'text/plain', 'Content-Length', '5'];
    const gone = [
      'Connection',
      'x-b',
      'X-B',
      '3',
      'Keep-Alive',
      'x',
      'Age',
      '1',
      'Trailer',
      'x',
      'Transfer-Encoding',
      'chunked',
    ];
    expect(stored([...others, ...gone, 'Proxy-Authenticate', 'x'])).to.deep.equal([...FRESH, ...others, 'Date', DATE]);
  });

  it('are not those that Connection names only to hide what an answer is', () => {
    expect(
      stored(['Connection', 'cache-control, vary, content-type', 'Vary', 'a', 'Content-Type', 'b']),
    ).to.include.members(['Cache-Control', 'Vary', 'Content-Type']);
  });

  it('section 5.2.2: are not those that private and no-cache name', () => {
    const headers = [
      'Cache-Control',
      'private="X-A, x-b", no-cache=X-C',
      'X-A',
      '1',
      'X-B',
      '2',
      'X-C',
      '3',
      'X-D',
      '4',
    ];
    const names = stored(headers).filter((_, index) => index % 2 === 0);
    expect(names).to.include('X-D').and.not.include.members(['X-A', 'X-B', 'X-C']);
  });

  it('section 5.2.2: are those without which the answer cannot be read, even when named', () => {
    const named = 'no-cache="content-length, Content-Encoding, vary, cache-control, date"';
    const headers = ['Cache-Control', named, 'Content-Length', '5', 'Content-Encoding', 'gzip', 'Vary', 'a'];
    expect(stored(headers)).to.include.members(['Content-Length', 'Content-Encoding', 'Vary', 'Cache-Control', 'Date']);
  });

  it('are not those that identify callers', () => {
    expect(stored(['X-User', 'a', 'X-B', 'b'], { dropped: new Set(['x-user']) }))
      .to.include('X-B')
      .and.not.include('X-User');
  });

  it('RFC 9110 section 6.6.1: have one Date, the origin’s or the instant at which the answer came', () => {
    const at = (headers: HeaderList): HeaderList => {
      const head = { status: 200, headers: [...FRESH, ...headers], requestedAt: NOW, receivedAt: NOW + 500 };
      return storable(judge(head, REQUEST, STORING)).answer.headers;
    };
    expect(at([])).to.deep.equal([...FRESH, 'Date', DATE]);
    expect(at(['Date', 'yesterday'])).to.deep.equal([...FRESH, 'Date', DATE]);
    expect(at(['date', dateAt(-9)])).to.deep.equal([...FRESH, 'Date', dateAt(-9)]);
    expect(at(['Date', dateAt(-9), 'Date', dateAt(-5)])).to.deep.equal([...FRESH, 'Date', dateAt(-9)]);
  });

  it('RFC 9110 section 8.6: have no Content-Length in a 204', () => {
    expect(stored(['Content-Length', '0'], {}, 204)).to.not.include('Content-Length');
  });
});

describe('an answer with Set-Cookie', () => {
  it('is not stored', () => {
    expect(why(judged([...FRESH, 'Set-Cookie', 'a=b']))).to.equal('set-cookie');
    expect(why(judged([...FRESH, 'Set-Cookie2', 'a=b']))).to.equal('set-cookie');
    expect(why(judged(['Cache-Control', 'public, max-age=60', 'set-cookie', 'a=b']))).to.equal('set-cookie');
  });

  it('is, with or without it, when the route or the answer says so', () => {
    expect(stored(['Set-Cookie', 'a=b'], { storeSetCookie: true })).to.include('Set-Cookie');
    expect(stored(['Set-Cookie2', 'a=b'], { storeSetCookie: true })).to.include('Set-Cookie2');
    expect(stored(['Cache-Control', 'no-cache="Set-Cookie"', 'Set-Cookie', 'a=b'])).to.not.include('Set-Cookie');
  });
});

describe('RFC 9111 section 4.1: Vary', () => {
  const vary = (...lines: string[]) =>
    storable(judged([...FRESH, ...lines.flatMap((line) => ['Vary', line])])).answer.vary;

  it('is a list of names, in lower case and in order, each once', () => {
    expect(vary('B, a', 'b ,,C')).to.deep.equal(['a', 'b', 'c']);
    expect(vary()).to.deep.equal([]);
    expect(vary('')).to.deep.equal([]);
  });

  it('with * in it is not stored, nor with what is no name', () => {
    for (const line of ['*', 'a, *', '*, a', 'a b', '"a"']) {
      expect(why(judged([...FRESH, 'Vary', line])), line).to.equal('vary-any');
    }
    expect(why(judged([...FRESH, 'Vary', 'a', 'Vary', '*']))).to.equal('vary-any');
  });
});

describe('tags', () => {
  const tags = (...headers: string[]) => storable(judged([...FRESH, ...headers])).answer.tags;

  it('are those of Cache-Tag and Surrogate-Key, each once', () => {
    expect(tags('Cache-Tag', 'a, b,c', 'Surrogate-Key', 'c d  e', 'cache-tag', 'F')).to.deep.equal([
      'a',
      'b',
      'c',
      'F',
      'd',
      'e',
    ]);
    expect(tags()).to.deep.equal([]);
  });

  it('are at most 64 of at most 256 bytes', () => {
    const many = Array.from({ length: 70 }, (_, index) => `t${index}`);
    expect(tags('Cache-Tag', ['x'.repeat(257), 'y'.repeat(256), ...many].join(','))).to.deep.equal([
      'y'.repeat(256),
      ...many.slice(0, 63),
    ]);
  });
});
