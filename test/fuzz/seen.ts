/** One request as one of the readers understood it. */
export interface SeenRequest {
  /** What kind of event told of it: an expectation is a client that waits for a word, an upgrade leaves HTTP. */
  readonly kind: 'request' | 'expectation' | 'upgrade';
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  /** Names and values alternately. */
  readonly headers: readonly string[];
  /** Whether another request may follow. */
  readonly keepsAlive: boolean;
  /** What was read of it, one character a byte. */
  body: string;
  trailers: readonly string[];
  complete: boolean;
}

/** Everything about a request that is known once its head was read. */
export function headOf({ kind, method, target, httpVersion, headers, keepsAlive }: SeenRequest): string {
  return JSON.stringify({ kind, method, target, httpVersion, headers, keepsAlive });
}

/** Everything about a request. */
export function wholeOf(seen: SeenRequest): string {
  return JSON.stringify(seen);
}
