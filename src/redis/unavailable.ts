/**
 * Why Redis gave no answer:
 *
 * - `connecting`: the first connection is still being made
 * - `down`: it is known to be away, and was not asked
 * - `timeout`: it did not answer in time; whether the command took effect is not known
 * - `lost`: the connection broke; whether the command took effect is not known
 * - `refused`: it answered with an error
 * - `closed`: the gateway itself has closed the connection
 */
export type UnavailableReason = 'connecting' | 'down' | 'timeout' | 'lost' | 'refused' | 'closed';

/** Redis gave no answer. It is a value and no exception: whoever asks has to go on without. */
export class Unavailable {
  readonly reason: UnavailableReason;
  /** For the log; holds no secret and nothing of the command. */
  readonly why: string;
  /** Of the error that Redis answered, such as OOM; undefined when it answered none. */
  readonly code: string | undefined;

  constructor(reason: UnavailableReason, why: string, code?: string) {
    this.reason = reason;
    this.why = why;
    this.code = code;
  }
}

/** What is said of a connection that ended without an error that says more. */
export const CLOSED = 'connection closed';

/**
 * What an error is, in a word: the code that a reply of Redis begins with, or that of the socket. Messages are left out,
 * and so is the error itself, since the client library keeps the command in it: AUTH has the password.
 */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error.name === 'ReplyError') return replyCode(error) ?? 'an error';
  // Why the last of several nodes could not be asked.
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return causeOf(error.lastNodeError);
  return 'code' in error && typeof error.code === 'string' ? error.code : CLOSED;
}

/**
 * The code of an error that Redis answered: `NOSCRIPT`, `READONLY`.
 *
 * @returns undefined when it answered none
 */
export function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  // Before Redis 7 the code of a command inside of a script stands further back.
  return /: -([A-Z]+) /.exec(error.message)?.[1] ?? /^[A-Z]+/.exec(error.message)?.[0];
}
