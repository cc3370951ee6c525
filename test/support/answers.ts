/** Answers and places for tests of the response cache. */
import type { StoredAnswer } from '../../src/cache/answer.ts';
import type { Place } from '../../src/cache/cache.ts';
import type { FieldOf } from '../../src/cache/vary.ts';

/** An answer that is fresh for an hour, with a body and, by their names, what else is said of it. */
export function answerOf(body: string | Buffer, more: Partial<StoredAnswer> = {}): StoredAnswer {
  const bytes = Buffer.from(body);
  return {
    status: 200,
    headers: ['date', 'Mon, 02 Nov 2026 10:00:00 GMT', 'content-length', String(bytes.length)],
    body: bytes,
    freshness: {
      bornAt: Date.now(),
      lifetime: 3_600_000,
      validateAlways: false,
      validateStale: false,
      staleWhileRevalidate: 0,
      staleIfError: 0,
    },
    vary: [],
    tags: [],
    isExplicit: true,
    ...more,
  };
}

/** A place whose base and path are the same: `/a?b` is on path `/a`. */
export function placeOf(target: string, { host = 'shop', route = 'orders' } = {}): Place {
  const [path = ''] = target.split('?');
  return { base: `${route} ${host} ${target}`, uri: `${host} ${path}`, route, path };
}

/** The fields of a request. */
export function fieldsOf(fields: Readonly<Record<string, string>> = {}): FieldOf {
  return (name) => fields[name];
}
