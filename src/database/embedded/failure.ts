/**
 * Why there is no embedded database:
 *
 * - `missing-package`: it is an optional dependency, and not installed
 * - `path-too-long`: a socket's path is limited by the system
 * - `not-writable`: its folder cannot be made or written to, or belongs to somebody else
 * - `open-to-others`: other users can write to its folder
 * - `held`: another process holds the folder and does not answer
 * - `failed`: it could not be created or started
 */
export type EmbeddedFailureCode =
  'missing-package' | 'path-too-long' | 'not-writable' | 'open-to-others' | 'held' | 'failed';

/** The embedded database cannot be used. The message says what to do. */
export class EmbeddedFailure extends Error {
  override readonly name = 'EmbeddedFailure';
  readonly code: EmbeddedFailureCode;

  constructor(code: EmbeddedFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
