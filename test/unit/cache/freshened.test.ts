import { expect } from 'chai';
import type { StoredAnswer } from '../../../src/cache/answer.ts';
import { freshened, type JudgedRequest, type StorageRules } from '../../../src/cache/judge.ts';
import { ageOf } from '../../../src/cache/reuse.ts';
import type { HeaderList } from '../../../src/exchange.ts';
import { valuesOf } from '../../../src/fields.ts';
import { answer, dateAt, NOW, STORING, REQUEST, SECOND } from './answers.ts';

const LATER = NOW + 100 * SECOND;
const LINES = [
  'Cache-Control',
  'max-age=60',
  'X-A',
  '1',
  'X-A',
  '2',
  'Content-Type',
  'text/plain',
  'Content-Length',
  '10',
];

function updated(
  validators: HeaderList,
  received: HeaderList,
  rest: { status?: number; request?: Partial<JudgedRequest>; storing?: Partial<StorageRules> } = {},
): StoredAnswer | undefined {
  return freshened(
    answer([...LINES, ...validators]),
    { status: rest.status ?? 304, headers: received, requestedAt: LATER, receivedAt: LATER },
    { ...REQUEST, ...rest.request },
    { ...STORING, ...rest.storing },
  );
}

function field(stored: StoredAnswer | undefined, name: string): string[] {
  return valuesOf(stored?.headers ?? [], name);
}

describe('RFC 9111 section 3.2: the update of a stored answer', () => {
  const tag = ['ETag', '"a"'];

  it('replaces all lines of the fields that came, and keeps the others', () => {
    const after = updated(tag, [...tag, 'x-a', '3', 'X-B', '4', 'Date', dateAt(100)]);
    expect(field(after, 'x-a')).to.deep.equal(['3']);
    expect(field(after, 'x-b')).to.deep.equal(['4']);
    expect(field(after, 'date')).to.deep.equal([dateAt(100)]);
    expect(field(after, 'content-type')).to.deep.equal(['text/plain']);
    expect(after?.body.toString()).to.equal('0123456789');
    expect(after?.status).to.equal(200);
  });

  it('leaves what is true of the body, and takes nothing that is never stored', () => {
    const received = ['Content-Length', '0', 'Content-Type', 'x', 'Content-Encoding', 'gzip', 'Content-Range', 'y'];
    const after = updated(tag, [...received, 'Connection', 'close', 'Set-Cookie', 'a=b', 'X-User', 'u', 'Age', '5'], {
      storing: { dropped: new Set(['x-user']) },
    });
    expect(field(after, 'content-length')).to.deep.equal(['10']);
    expect(field(after, 'content-type')).to.deep.equal(['text/plain']);
    for (const name of ['content-encoding', 'content-range', 'connection', 'set-cookie', 'x-user', 'age']) {
      expect(field(after, name), name).to.deep.equal([]);
    }
  });

  it('makes the freshness anew', () => {
    const same = updated(tag, tag);
    expect(same?.freshness).to.include({ lifetime: 60 * SECOND, bornAt: LATER });
    expect(field(same, 'date')).to.deep.equal([dateAt(100)]);
    const longer = updated(tag, [...tag, 'Cache-Control', 'max-age=90, must-revalidate', 'Age', '7']);
    expect(longer?.freshness).to.include({ lifetime: 90 * SECOND, validateStale: true });
    expect(longer === undefined ? 0 : ageOf(longer.freshness, LATER)).to.equal(7);
    const expiring = updated(tag, [
      ...tag,
      'Date',
      dateAt(95),
      'Expires',
      dateAt(97),
      'CDN-Cache-Control',
      'public, s-maxage=5',
    ]);
    expect(expiring?.freshness).to.include({ lifetime: 5 * SECOND, bornAt: LATER - 5 * SECOND });
  });

  it('takes over Vary and tags', () => {
    const after = updated(tag, ['Vary', 'B, a', 'Cache-Tag', 't']);
    expect([after?.vary, after?.tags]).to.deep.equal([['a', 'b'], ['t']]);
  });

  it('does not happen when the answer may not be stored any more', () => {
    expect(updated(tag, ['Cache-Control', 'no-store'])).to.equal(undefined);
    expect(updated(tag, ['Cache-Control', 'private'])).to.equal(undefined);
    expect(updated(tag, ['Vary', '*'])).to.equal(undefined);
    expect(updated(tag, [], { request: { hasAuthorization: true } })).to.equal(undefined);
    expect(
      updated(tag, ['Cache-Control', 'public, max-age=9'], { request: { hasAuthorization: true } })?.isExplicit,
    ).to.equal(true);
  });
});

describe('RFC 9111 section 4.3.4: a 304 is about the stored answer', () => {
  const modified = (seconds: number): string[] => ['Last-Modified', dateAt(seconds)];
  const is = (stored: HeaderList, received: HeaderList): boolean => updated(stored, received) !== undefined;

  it('with the same strong tag only', () => {
    expect(is(['ETag', '"a"'], ['ETag', '"a"'])).to.equal(true);
    expect(is(['ETag', '"a"'], ['ETag', '"b"'])).to.equal(false);
    expect(is(['ETag', 'W/"a"'], ['ETag', '"a"'])).to.equal(false);
    expect(is(modified(-9), ['ETag', '"a"'])).to.equal(false);
  });

  it('with a weak tag that weakly compares', () => {
    expect(is(['ETag', 'W/"a"'], ['ETag', 'W/"a"'])).to.equal(true);
    expect(is(['ETag', '"a"'], ['ETag', 'W/"a"'])).to.equal(true);
    expect(is(['ETag', 'W/"a"'], ['ETag', 'W/"b"'])).to.equal(false);
  });

  it('without tags, with the same Last-Modified', () => {
    expect(is(modified(-9), modified(-9))).to.equal(true);
    expect(is(modified(-9), modified(-8))).to.equal(false);
  });

  it('without validators', () => {
    expect(is(['ETag', '"a"', ...modified(-9)], [])).to.equal(true);
  });
});

describe('RFC 9111 section 4.3.5: a 200 to a HEAD describes the stored answer', () => {
  const is = (stored: HeaderList, received: HeaderList, status = 200): boolean =>
    updated(stored, received, { status }) !== undefined;

  it('when all that it says is the same', () => {
    const validators = ['ETag', 'W/"a"', 'Last-Modified', dateAt(-9)];
    expect(is(validators, [...validators, 'Content-Length', '10'])).to.equal(true);
    expect(is(validators, [...validators, 'Content-Length', '11'])).to.equal(false);
    expect(is(validators, ['ETag', '"a"'])).to.equal(false);
    expect(is(validators, ['ETag', 'W/"a"', 'Last-Modified', dateAt(-8)])).to.equal(false);
    expect(is(validators, validators, 404)).to.equal(false);
  });
});
