import { readFileSync, statSync } from 'node:fs';

/** The largest file that a configuration may name for its content. Certificates and secrets are far smaller. In bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a file that the configuration names: a secret, a certificate. Devices and pipes are refused, which may never end.
 *
 * @throws when it cannot be read
 */
export function readNamedFile(path: string): string {
  const stats = statSync(path);
  if (!stats.isFile()) throw new Error(stats.isDirectory() ? 'it is a directory' : 'it is not a regular file');
  if (stats.size > MAX_BYTES) throw new Error('it is larger than 1 MiB');
  return readFileSync(path, 'utf8');
}

/** Why a file cannot be read, as the end of a sentence. */
export function describeReadError(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** The code of a system error, such as ENOENT. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
