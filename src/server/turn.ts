import type { ProblemCode } from '../errors.ts';
import type { HeaderList, Upgrade, WholeAnswer } from '../exchange.ts';
import type { BodyOptions, ServerRequestBody } from './request-body.ts';
import type { Peer } from './client.ts';

/** Is told how an answer goes. */
export interface TurnOwner {
  /** The rest of the request cannot be read: what was begun with it has to end. */
  refuse(problem: ProblemCode): void;
  /** The client reads again after `write` returned false. */
  drained(): void;
  /** The answer is out, or the connection is gone. Called once. */
  over(): void;
}

/**
 * One request on a connection and the answer to it, as an engine carries them: what the engines differ in, and nothing
 * else. After `end` or `abort`, or once the client is gone, every call is harmless.
 */
export interface Turn {
  readonly peer: Peer;
  /** Of the answer; 0 as long as there is none. */
  readonly status: number;
  /** How many bytes of the answer's body were written. */
  readonly bytes: number;
  /** Whether the whole answer was written. */
  readonly complete: boolean;
  /** Present when the client asks for another protocol. */
  readonly upgrade: Upgrade | undefined;
  /** To be called before anything else. */
  begin(owner: TurnOwner): void;
  /** The request's body. To be called at most once, for a request that has one. */
  openBody(options: BodyOptions): ServerRequestBody;
  /** No request follows: the connection closes after the answer. */
  close(): void;
  informational(status: number, headers: HeaderList): void;
  /** @param requestId goes out as X-Request-Id */
  head(status: number, headers: HeaderList, requestId: string): void;
  /**
   * Head, body and end in one. Absent where that is no less work.
   *
   * @param added further fields
   * @returns false when this answer has to be given in parts
   */
  whole?(answer: WholeAnswer, added: HeaderList, requestId: string): boolean;
  /** @param chunk see `KEPT_FROM` @returns false when the client reads slower than this */
  write(chunk: Buffer): boolean;
  end(trailers?: HeaderList): void;
  abort(): void;
}
