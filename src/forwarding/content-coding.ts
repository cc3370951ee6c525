import { brotliDecompressSync, gunzipSync, inflateSync, type InputType } from 'node:zlib';

/** What the bytes of a coding stand for, or why nobody can tell. */
export type Decoded = { readonly bytes: Buffer } | { readonly fault: 'too-large' | 'too-dense' | 'broken' };

type Decoder = (bytes: InputType, options: { readonly maxOutputLength: number; readonly info: true }) => unknown;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** JSON is rarely made smaller than this share of itself; what is, was made to cost more than it did. */
export const MOST_GROWTH = 20;
/** So much may come out of however few bytes. */
const ALWAYS_DECODED = 64 * 1024;

/** Content codings that can be decoded, for Accept-Encoding. */
export const CODINGS: readonly string[] = ['gzip', 'deflate', 'br'];

/** Whether the content is coded at all. @param contentEncoding the field, or undefined when there is none */
export function isCoded(contentEncoding: string | undefined): boolean {
  return contentEncoding !== undefined && contentEncoding.trim().toLowerCase() !== 'identity';
}

/** Whether {@link decodeContent} knows the coding; one at a time. */
export function isDecodable(contentEncoding: string | undefined): boolean {
  return !isCoded(contentEncoding) || DECODERS.has((contentEncoding ?? '').trim().toLowerCase());
}

/**
 * Undoes a content coding (RFC 9110 section 8.4.1) of a whole body. All of it has to be of that coding: what follows its
 * end is not looked over, and neither is an end that is missing. What comes out is at most 64 KiB, or 20 times as much as
 * went in: nobody gets a large text judged for a small one.
 *
 * @param limit the most bytes that may come out
 */
export function decodeContent(contentEncoding: string | undefined, bytes: Buffer, limit: number): Decoded {
  if (!isCoded(contentEncoding)) return bytes.length > limit ? { fault: 'too-large' } : { bytes };
  const decode = DECODERS.get((contentEncoding ?? '').trim().toLowerCase());
  if (decode === undefined) return { fault: 'broken' };
  const most = Math.max(ALWAYS_DECODED, MOST_GROWTH * bytes.length);
  try {
    const result = decode(bytes, { maxOutputLength: Math.max(1, Math.min(limit, most)), info: true });
    if (!isResult(result) || result.engine.bytesWritten !== bytes.length) return { fault: 'broken' };
    return { bytes: result.buffer };
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (!isLarge) return { fault: 'broken' };
    return { fault: most < limit ? 'too-dense' : 'too-large' };
  }
}

/** With `info` zlib gives the engine, too, which knows how much it has read. */
function isResult(
  value: unknown,
): value is { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'buffer' in value &&
    Buffer.isBuffer(value.buffer) &&
    'engine' in value &&
    typeof value.engine === 'object' &&
    value.engine !== null &&
    'bytesWritten' in value.engine &&
    typeof value.engine.bytesWritten === 'number'
  );
}
