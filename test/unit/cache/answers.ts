import type { Freshness, StoredAnswer } from '../../../src/cache/answer.ts';
import { formatDate } from '../../../src/cache/dates.ts';
import { judge, type JudgedRequest, type Judgement, type StorageRules } from '../../../src/cache/judge.ts';
import type { HeaderList } from '../../../src/exchange.ts';

/** When everything happens: a whole second. */
export const NOW = Date.UTC(2026, 0, 15, 12);
export const SECOND = 1000;

export const DATE = formatDate(NOW);

export const STORING: StorageRules = {
  ttl: undefined,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  storeSetCookie: false,
  dropped: new Set(),
};

export const REQUEST: JudgedRequest = { hasAuthorization: false, hasCookies: false, headerBytes: 300 };

/** An HTTP-date so many seconds from now. */
export function dateAt(seconds: number): string {
  return formatDate(NOW + seconds * SECOND);
}

/** What is judged of an answer that came just now, with a Date of now. */
export function judged(
  headers: HeaderList,
  rest: { status?: number; request?: Partial<JudgedRequest>; storing?: Partial<StorageRules> } = {},
): Judgement {
  return judge(
    { status: rest.status ?? 200, headers: ['Date', DATE, ...headers], requestedAt: NOW, receivedAt: NOW },
    { ...REQUEST, ...rest.request },
    { ...STORING, ...rest.storing },
  );
}

export function storable(judgement: Judgement): Extract<Judgement, { kind: 'storable' }> {
  if (judgement.kind === 'refused') throw new Error(`refused: ${judgement.why}`);
  return judgement;
}

/** Why it was refused; undefined when it was not. */
export function why(judgement: Judgement): string | undefined {
  return judgement.kind === 'refused' ? judgement.why : undefined;
}

export function freshness(rest: Partial<Freshness> = {}): Freshness {
  return {
    bornAt: NOW,
    lifetime: 60 * SECOND,
    validateAlways: false,
    validateStale: false,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    ...rest,
  };
}

export function answer(headers: HeaderList, rest: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    status: 200,
    headers: ['Date', DATE, ...headers],
    body: Buffer.from('0123456789'),
    freshness: freshness(),
    vary: [],
    tags: [],
    isExplicit: true,
    ...rest,
  };
}
