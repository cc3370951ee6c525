/** Why a source gave no answer that can be used. */
export class Fault {
  /** For the log; holds no secret, and nothing of the answer but names. */
  readonly cause: string;
  /** The HTTP status, when that is what was wrong. */
  readonly status: number | undefined;

  constructor(cause: string, status?: number) {
    this.cause = cause;
    this.status = status;
  }
}

/** What an error is, in one word: its code if it has one. Messages are left out, since they may quote what is secret. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** A name from an answer, short and on one line, so that nobody who writes names can write a log. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
