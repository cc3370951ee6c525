/** What a reader made of the answer to one request. */
export interface AnswerReading {
  /** Status and fields of each 1xx answer. */
  readonly informational: string[];
  /** Status, version and fields; undefined as long as there are none. */
  head: string | undefined;
  keepsAlive: boolean;
  body: string;
  trailers: readonly string[];
  complete: boolean;
  /** Why it gave up. */
  fault: string | undefined;
}

export function nothingRead(): AnswerReading {
  return {
    informational: [],
    head: undefined,
    keepsAlive: false,
    body: '',
    trailers: [],
    complete: false,
    fault: undefined,
  };
}

/** The head of an answer as text, to be compared. */
export function answerHead(status: number, minorVersion: number, headers: readonly string[]): string {
  return JSON.stringify([status, minorVersion, headers]);
}
