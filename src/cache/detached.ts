import { fieldLines } from '../http1/field-lines.ts';
import type { StoredAnswer } from './answer.ts';
import type { Place } from './place.ts';

/**
 * What is cut out of something larger keeps all of it in memory: a header field the whole head that came, a body the
 * whole chunk that was read. What stays for long is copied, so that it occupies what it is counted for.
 */
export function detachedAnswer(answer: StoredAnswer): StoredAnswer {
  return {
    ...answer,
    headers: detachedTexts(answer.headers),
    // Every hit sends them.
    lines: copied(fieldLines(answer.headers)),
    vary: detachedTexts(answer.vary),
    tags: detachedTexts(answer.tags),
    body: detachedBytes(answer.body),
  };
}

/** See {@link detachedAnswer}. */
export function detachedPlace({ base, uri, route, path }: Place): Place {
  const [ownBase = '', ownUri = '', ownPath = ''] = detachedTexts([base, uri, path]);
  // The name of a route is there as long as the route is.
  return { base: ownBase, uri: ownUri, route, path: ownPath };
}

/** The same texts, cut out of one that holds nothing else: see {@link detachedAnswer}. */
export function detachedTexts(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return texts;
  const whole = copied(texts.join(''));
  let at = 0;
  return texts.map(({ length }) => whole.slice(at, (at += length)));
}

function copied(text: string): string {
  const encoding = /^[\0-\u00ff]*$/.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}

function detachedBytes(bytes: Buffer): Buffer {
  if (bytes.length === bytes.buffer.byteLength) return bytes;
  // Not out of the pool that small buffers share: one of them would keep all of it.
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}
