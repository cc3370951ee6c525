/**
 * What an error says, in one line. The file system inside PGlite throws objects that are no `Error` and have nothing but
 * a number.
 */
export function tell(error: unknown): string {
  if (error instanceof Error) return oneLine(error.message === '' ? error.name : error.message);
  if (typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number') {
    return SYSTEM_ERRORS.get(error.errno) ?? `error ${error.errno} of its file system`;
  }
  return oneLine(String(error));
}

export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}

/** The numbers are those of WASI, whatever the system's own are. Only what can happen to files that are sound. */
const SYSTEM_ERRORS: ReadonlyMap<number, string> = new Map([
  [2, 'EACCES: permission denied'],
  [19, 'EDQUOT: disk quota exceeded'],
  [22, 'EFBIG: file too large'],
  [29, 'EIO: input/output error'],
  [33, 'EMFILE: too many open files'],
  [44, 'ENOENT: no such file or directory'],
  [48, 'ENOMEM: not enough memory'],
  [51, 'ENOSPC: no space left on device'],
  [63, 'EPERM: operation not permitted'],
  [69, 'EROFS: read-only file system'],
]);
