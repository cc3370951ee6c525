/**
 * Why there is no embedded database:
 *
 * - `missing-package`: it is an optional dependency, and not installed
 * - `path-too-long`: a socket's path is limited by the system
 * - `not-writable`: its folder cannot be made, or belongs to somebody else
 * - `held`: another process holds the folder and does not answer
 * - `failed`: it could not be created or started
 */
export type EmbeddedFailureCode = 'missing-package' | 'path-too-long' | 'not-writable' | 'held' | 'failed';

/** The embedded database cannot be used. The message says what to do. */
export class EmbeddedFailure extends Error {
  override readonly name = 'EmbeddedFailure';
  readonly code: EmbeddedFailureCode;

  constructor(code: EmbeddedFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
