import type { AttemptTrace, BodyFault, HeaderList } from '../exchange.ts';
import { Attempt, type AttemptObserver, type AttemptRequest } from '../forwarding/attempt.ts';
import { FAILURES, isOfUpstream, type Failure, type FailureKind } from '../forwarding/failure.ts';
import type { BreakerOutcome } from '../resilience/breaker.ts';
import type { Member } from './member.ts';
import { isFailure } from './refusal.ts';
import type { Upstream } from './upstream.ts';

/** Is told what becomes of a try, by the try itself: there may be several at once. */
export interface TryObserver {
  onBodyStart(): void;
  onRequestSent(): void;
  onInformational(status: number, headers: HeaderList): void;
  /** @returns false when this is not the answer that is wanted: nothing of it follows */
  onHead(one: Try, status: number, headers: HeaderList): boolean;
  /** @returns false to be sent nothing until `resume` */
  onData(one: Try, chunk: Buffer): boolean;
  onComplete(trailers: HeaderList | undefined): void;
  onFailure(one: Try, failure: Failure): void;
  onBodyFault(fault: BodyFault): void;
}

/** So much of an answer that nobody wants is read, so that its connection can be used again; in bytes. */
const DISCARDED = 64 * 1024;
/** And for so long, in milliseconds. */
const PATIENCE = 1000;

/** One attempt at one endpoint, and what it says about that endpoint. */
export class Try implements AttemptObserver {
  readonly member: Member;
  readonly #upstream: Upstream;
  readonly #observer: TryObserver;
  readonly #startedAt = performance.now();
  readonly #ticket: number;
  readonly #trace: AttemptTrace | undefined;
  #attempt: Attempt | undefined;
  #status = 0;
  /** Whether the last byte of the request is out. */
  #isSent = false;
  #isJudged = false;
  #isOver = false;
  #patience: NodeJS.Timeout | undefined;
  /** Bytes that were read of an answer that nobody wants; undefined while somebody does. */
  #discarded: number | undefined;

  /** @param member permits a request */
  constructor(member: Member, upstream: Upstream, observer: TryObserver, trace?: AttemptTrace) {
    this.member = member;
    this.#upstream = upstream;
    this.#observer = observer;
    this.#trace = trace;
    this.#ticket = member.begin();
  }

  start(request: AttemptRequest): void {
    this.#isSent = request.body === undefined;
    this.#attempt = new Attempt(request, this);
    this.member.endpoint.pool.send(this.#attempt);
  }

  /** Whether a connection took it: otherwise nobody but the gateway has seen it. */
  get wasCarried(): boolean {
    return this.#attempt?.wasCarried === true;
  }

  resume(): void {
    this.#attempt?.resume();
  }

  /** Ends it. @param kind why; only that it took too long speaks against the endpoint */
  abort(kind: FailureKind): void {
    const isLate = kind === 'headers-timeout' || kind === 'body-timeout';
    // What waited for a connection says nothing of the endpoint.
    this.#judge(isLate && this.wasCarried ? 'failure' : 'ignored');
    this.#attempt?.abort();
    this.#end(FAILURES[kind].outcome, kind);
  }

  onBodyStart(): void {
    this.#observer.onBodyStart();
  }

  onRequestSent(): void {
    this.#isSent = true;
    this.#observer.onRequestSent();
  }

  onInformational(status: number, headers: HeaderList): void {
    this.#observer.onInformational(status, headers);
  }

  onHead(status: number, headers: HeaderList): void {
    this.#status = status;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    this.member.state.answeredAfter(seconds);
    this.#upstream.metrics.headersAfter(seconds);
    // The head is enough: a stream may go on for hours.
    this.#judge(isFailure(status) ? 'failure' : 'success');
    if (this.#observer.onHead(this, status, headers)) return;
    this.#discarded = 0;
    // The rest of the body is for another endpoint. What comes of the answer is not waited for for long.
    if (!this.#isSent) this.#discard();
    else this.#patience = setTimeout(() => this.#discard(), PATIENCE);
  }

  onData(chunk: Buffer): boolean {
    if (this.#discarded === undefined) return this.#observer.onData(this, chunk);
    this.#discarded += chunk.length;
    if (this.#discarded > DISCARDED) this.#discard();
    return true;
  }

  onComplete(trailers: HeaderList | undefined): void {
    this.#endAnswered();
    if (this.#discarded === undefined) this.#observer.onComplete(trailers);
  }

  onFailure(failure: Failure): void {
    this.#end(FAILURES[failure.kind].outcome, failure.kind);
    if (this.#discarded !== undefined) return;
    if (this.#status === 0) this.#judge(this.#speaksAgainst(failure.kind) ? 'failure' : 'ignored');
    else if (!isFailure(this.#status)) this.member.judged(this.#ticket, 'cut-off');
    this.#observer.onFailure(this, failure);
  }

  onBodyFault(fault: BodyFault): void {
    this.#observer.onBodyFault(fault);
  }

  /** Endpoints close connections on which a body does not come, and that is the client's doing. */
  #speaksAgainst(kind: FailureKind): boolean {
    return isOfUpstream(kind) && (kind !== 'reset' || this.#isSent);
  }

  #discard(): void {
    this.#attempt?.abort();
    this.#endAnswered();
  }

  #judge(outcome: BreakerOutcome): void {
    if (this.#isJudged) return;
    this.#isJudged = true;
    this.member.judged(this.#ticket, outcome);
  }

  #endAnswered(): void {
    this.#end(`${Math.trunc(this.#status / 100)}xx`);
  }

  #end(outcome: string, failure?: FailureKind): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#patience);
    this.member.end();
    this.#upstream.metrics.attempt(outcome);
    this.#trace?.ended(this.#status, failure);
  }
}
