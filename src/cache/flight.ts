import type { ProblemCode } from '../errors.ts';
import type { Fork, ForkOwner, HeaderList, ProblemOptions } from '../exchange.ts';
import { combined, valuesOf } from '../fields.ts';
import { completed, type StoredAnswer } from './answer.ts';
import type { Writing } from './cache.ts';
import { isOpenTo } from './asked.ts';
import { toldForwarded, toldHit, type ForwardedResult } from './cache-status.ts';
import { isNotModified, notModifiedHeaders } from './conditional.ts';
import { isPassing, isTakenBack, sharedAnswer, sharedError, unconditional, type Shared } from './consequences.ts';
import { Audience, type AudienceOwner } from './audience.ts';
import type { Errand, FlightOptions } from './errand.ts';
import type { Waiter } from './flight-reader.ts';
import { freshened, judge, type Judgement, type ReceivedHead } from './judge.ts';
import { mayStandIn, reuse } from './reuse.ts';
import { serveStored } from './served.ts';
import { variantOf } from './vary.ts';

/** Answers of an upstream that something stale may stand in for: RFC 5861 section 4. */
const ERRORS = new Set([500, 502, 503, 504]);
/** The most that is read of an answer that nobody gets; in bytes. */
const DISCARDED = 64 * 1024;

type State =
  /** Nothing has come yet. */
  | { readonly kind: 'asking' }
  /** The answer comes. `answer` = it is to be stored. */
  | { readonly kind: 'streaming'; answer: Omit<StoredAnswer, 'body'> | undefined }
  /** Everybody has an answer, and the rest of this one is read and thrown away. */
  | { readonly kind: 'ignoring' }
  | { readonly kind: 'over' };

/**
 * One request to the origin for all who ask for the same thing at the same time, and what is stored of its answer. It
 * goes on as long as somebody waits, or in the background with nobody.
 */
export class Flight implements ForkOwner, AudienceOwner {
  readonly #options: FlightOptions;
  readonly #errand: Errand;
  readonly #leader: Waiter;
  /** It goes on when nobody waits for it. */
  #isBackground: boolean;
  readonly #writing: Writing;
  #fork: Fork;
  readonly #audience: Audience;
  #stored: StoredAnswer | undefined;
  #state: State = { kind: 'asking' };
  /** What comes may show that something stored holds no more. */
  #isReplacing: boolean;
  #requestedAt = 0;
  /** How much of the answer came; in bytes. */
  #size = 0;
  #isJoinable = true;
  /** What comes may be older than a purge. */
  #isDoomed = false;

  /**
   * @param leader what it asks as; its exchange is open
   * @param stored what is to be validated
   * @param isBackground nobody waits for it
   */
  constructor(
    options: FlightOptions,
    errand: Errand,
    leader: Waiter,
    stored: StoredAnswer | undefined,
    isBackground: boolean,
  ) {
    this.#options = options;
    this.#errand = errand;
    this.#leader = leader;
    this.#stored = stored;
    this.#isReplacing = stored !== undefined;
    this.#isBackground = isBackground;
    this.#audience = new Audience(options.deadlines, this);
    this.#writing = options.cache.begin(errand.place, () => {
      // Who asks from now on must not be told what was before.
      this.#isDoomed = true;
      this.#close(true);
    });
    // A HEAD that finds something stale has all of it fetched anew.
    this.#fork = leader.exchange.fork({ method: 'GET', headers: leader.exchange.headers, query: errand.query }, this);
    if (!isBackground) this.join(leader);
  }

  /** Somebody waits for it, too. To be called as long as it is not closed. */
  join(waiter: Waiter): void {
    this.#audience.join(waiter);
  }

  start(): void {
    if (this.#options.cache.isShared && this.#stored === undefined) this.#fork.start(async () => this.#recall());
    else this.#send();
  }

  // What is stored elsewhere

  async #recall(): Promise<void> {
    const waited = this.#leader.exchange.trace?.wait('cache');
    const found = await this.#writing.recall(this.#leader.fieldOf);
    waited?.();
    if (this.#state.kind !== 'asking') return;
    this.#stored = found;
    this.#isReplacing = found !== undefined;
    const { asked } = this.#leader;
    const how =
      found !== undefined && isOpenTo(asked, found) ? reuse(found.freshness, asked.rules, Date.now()) : 'validate';
    if (found !== undefined && how !== 'validate') {
      this.#isBackground = true;
      this.#giveAll(found, how === 'fresh' ? 'hit' : 'stale');
    }
    if (how === 'validate' || how === 'stale-while-revalidate') this.#send();
    else this.#abandon();
  }

  #send(): void {
    const { exchange } = this.#fork;
    // One who goes alone is answered by the origin itself.
    if (!this.#errand.isAlone || this.#stored !== undefined)
      exchange.headers = unconditional(exchange.headers, this.#stored);
    this.#requestedAt = Date.now();
    this.#fork.start(this.#errand.next);
  }

  // What comes of the fork

  /** Nobody knows yet whether what is to come is for anybody but the one who has asked. */
  informational(status: number, headers: HeaderList): void {
    const leader = this.#audience.waiters.find((waiter) => waiter === this.#leader);
    leader?.exchange.response.informational(status, headers);
  }

  head(status: number, headers: HeaderList): void {
    const head = { status, headers, requestedAt: this.#requestedAt, receivedAt: Date.now() };
    const stored = this.#stored;
    if (stored !== undefined && status === 304) this.#validated(stored, head);
    else if (stored !== undefined && this.#isError(status) && this.#standIn(stored, status))
      this.#state = { kind: 'ignoring' };
    else this.#begin(head);
  }

  write(chunk: Buffer): boolean {
    this.#size += chunk.length;
    const state = this.#state;
    if (state.kind !== 'streaming') {
      if (this.#size > DISCARDED) this.#abandon();
      return true;
    }
    if (state.answer !== undefined && this.#mayKeep(chunk)) {
      this.#audience.give(chunk);
      return true;
    }
    // It is too large to be stored: from now on it comes as fast as the slowest reads.
    if (state.answer !== undefined) this.#errand.unshare();
    state.answer = undefined;
    if (this.#audience.isEmpty) {
      this.#abandon();
      return true;
    }
    const isThrough = this.#audience.pass(chunk);
    if (isThrough) this.#fork.release();
    return isThrough;
  }

  end(trailers?: HeaderList): void {
    const state = this.#state;
    if (state.kind === 'streaming' && state.answer !== undefined) this.#store(state.answer);
    this.#audience.end(trailers);
    this.#over();
  }

  abort(): void {
    for (const waiter of this.#audience.waiters) this.#attribute(waiter);
    this.#audience.abort();
    this.#over();
  }

  fail(code: ProblemCode, options: ProblemOptions): void {
    const stored = this.#stored;
    if (stored === undefined || !this.#standIn(stored, undefined)) {
      this.#close(true);
      for (const waiter of this.#audience.dismissAll()) {
        this.#told(waiter, {});
        waiter.exchange.fail(code, options);
      }
    }
    this.#over();
  }

  // What comes of the audience

  onDrain(): void {
    const state = this.#state;
    if (state.kind === 'over') this.#releaseUnused();
    // What is to be stored is held anyway, and comes as fast as it can.
    if (state.kind !== 'streaming' || state.answer !== undefined || !this.#audience.hasCaughtUp()) return;
    this.#fork.release();
    this.#fork.drained();
  }

  onDeserted(): void {
    if (this.#state.kind === 'over') this.#releaseUnused();
    else if (!this.#isBackground) this.#abandon();
  }

  // How the audience is answered

  /** The origin says that what is stored is still right: RFC 9111 section 4.3.3. */
  #validated(stored: StoredAnswer, head: ReceivedHead): void {
    const { request, query } = this.#errand;
    const answer = freshened(stored, head, request, this.#options.storing);
    if (answer === undefined) {
      // It speaks of another answer: all of that one is needed.
      this.#stored = undefined;
      const before = this.#fork;
      const headers = unconditional(before.exchange.headers, undefined);
      this.#fork = before.exchange.fork({ method: 'GET', headers, query }, this);
      before.abandon();
      this.#send();
      return;
    }
    const isShared = reuse(answer.freshness, undefined, head.receivedAt) === 'fresh';
    this.#close(isShared);
    this.#writing.store(answer, this.#leader.fieldOf);
    this.#state = { kind: 'ignoring' };
    // What is set by it is for the one who has asked.
    for (const value of valuesOf(head.headers, 'set-cookie')) this.#leader.exchange.addToAnswer('set-cookie', value);
    this.#giveAll(answer, 'revalidated');
  }

  /** @returns whether something stale has gone out in place of an error */
  #standIn(stored: StoredAnswer, status: number | undefined): boolean {
    const now = Date.now();
    const may = (waiter: Waiter): boolean => mayStandIn(stored.freshness, waiter.asked.rules, now);
    if (this.#isDoomed || !may(this.#leader)) return false;
    this.#close(true);
    for (const waiter of this.#audience.dismissAll()) {
      if (!may(waiter)) {
        waiter.goAlone();
        continue;
      }
      this.#told(waiter, { status, detail: 'stale-if-error' });
      this.#options.count(waiter.exchange, 'stale');
      serveStored(waiter.exchange, waiter.asked, stored, now);
    }
    return true;
  }

  /** The head of an answer that is new. */
  #begin(head: ReceivedHead): void {
    const judgement = this.#judged(head);
    const answer = judgement.kind === 'storable' ? judgement.answer : undefined;
    const isShared = judgement.kind === 'storable' && judgement.isShareable;
    if (this.#isReplacing && isTakenBack(judgement, head.status)) this.#writing.remove(this.#leader.fieldOf);
    this.#state = { kind: 'streaming', answer };
    this.#close(isShared || isPassing(judgement, head.status));
    const detail = judgement.kind === 'refused' ? judgement.why : undefined;
    const { request } = this.#errand;
    const shared =
      answer !== undefined && isShared
        ? sharedAnswer(head, answer)
        : sharedError(head, judgement, request, this.#options.storing.dropped);
    for (const waiter of this.#audience.waiters) {
      const isLeader = waiter === this.#leader;
      const own = isLeader ? head : this.#headFor(waiter, shared, answer);
      if (own === undefined) {
        this.#audience.dismiss(waiter);
        waiter.goAlone();
        continue;
      }
      this.#told(waiter, { status: head.status, stored: answer !== undefined, collapsed: !isLeader, detail });
      this.#options.count(waiter.exchange, isLeader ? 'miss' : 'coalesced');
      this.#giveHead(waiter, own);
    }
    if (this.#audience.isEmpty && answer === undefined) this.#abandon();
  }

  /** @returns undefined when what is shared is not for somebody who has waited */
  #headFor(
    waiter: Waiter,
    shared: Shared | undefined,
    answer: Omit<StoredAnswer, 'body'> | undefined,
  ): ReceivedHead | undefined {
    if (shared === undefined || !this.#isAlike(waiter, shared.vary)) return undefined;
    return answer === undefined || this.#isFor(waiter, answer) ? shared.head : undefined;
  }

  /** Whether a request is like the one that was sent, by what an answer varies with. */
  #isAlike({ fieldOf }: Waiter, vary: readonly string[]): boolean {
    return vary.length === 0 || variantOf(vary, fieldOf) === variantOf(vary, this.#leader.fieldOf);
  }

  #giveHead(waiter: Waiter, { status, headers }: ReceivedHead): void {
    const { exchange, asked, waited } = waiter;
    waited?.();
    if (!isNotModified({ status, headers }, asked.ifNoneMatch, asked.ifModifiedSince)) {
      exchange.response.head(status, headers);
      return;
    }
    this.#audience.dismiss(waiter);
    exchange.response.head(304, notModifiedHeaders(headers));
    exchange.response.end();
  }

  /** Answers all from what is stored. @param result what became of the first one */
  #giveAll(answer: StoredAnswer, result: 'hit' | 'stale' | 'revalidated'): void {
    const now = Date.now();
    for (const waiter of this.#audience.dismissAll()) {
      const isLeader = waiter === this.#leader;
      if (!isLeader && !this.#isFor(waiter, answer, result === 'stale')) {
        waiter.goAlone();
        continue;
      }
      if (result === 'revalidated') this.#told(waiter, { status: 304, collapsed: !isLeader });
      else toldHit(waiter.exchange, answer.freshness, now);
      this.#options.count(waiter.exchange, isLeader ? result : 'coalesced');
      serveStored(waiter.exchange, waiter.asked, answer, now);
    }
  }

  /** Whether somebody who has waited may have the answer (RFC 9111 section 4). */
  #isFor(waiter: Waiter, answer: Omit<StoredAnswer, 'body'>, mayBeStale = false): boolean {
    const { asked } = waiter;
    const how = reuse(answer.freshness, asked.rules, Date.now());
    const isUsable = how === 'fresh' || (mayBeStale && how !== 'validate');
    return isUsable && isOpenTo(asked, answer) && this.#isAlike(waiter, answer.vary);
  }

  /** Something stale is better than an error, and than what a fallback has to say. */
  #isError(status: number): boolean {
    return ERRORS.has(status) || this.#hasFailed;
  }

  /** What answers stands in for the upstream. */
  get #hasFailed(): boolean {
    return this.#fork.exchange.failure !== undefined;
  }

  #judged(head: ReceivedHead): Judgement {
    if (this.#hasFailed) return { kind: 'refused', why: 'fallback' };
    if (this.#isDoomed) return { kind: 'refused', why: 'purged' };
    const { storing, maxBytes } = this.#options;
    const judgement = judge(head, this.#errand.request, storing);
    const isTooLong = Number(combined(head.headers, 'content-length') ?? 0) > maxBytes;
    return judgement.kind === 'storable' && isTooLong ? { kind: 'refused', why: 'too-large' } : judgement;
  }

  #told(waiter: Waiter, result: ForwardedResult): void {
    this.#attribute(waiter);
    toldForwarded(waiter.exchange, this.#errand.why, result);
  }

  /** Says in the access line whom the fork has asked. */
  #attribute({ exchange }: Waiter): void {
    const { upstream, attempts, failure } = this.#fork.exchange;
    exchange.upstream = upstream;
    exchange.failure = failure;
    if (exchange === this.#leader.exchange) exchange.attempts = attempts;
  }

  // What is held

  #mayKeep(chunk: Buffer): boolean {
    return this.#size <= this.#options.maxBytes && this.#fork.exchange.hold(chunk.length);
  }

  #store(answer: Omit<StoredAnswer, 'body'>): void {
    const { body } = this.#audience;
    const length = combined(answer.headers, 'content-length');
    // RFC 9111 section 3.3: what is incomplete is not stored.
    if (length !== undefined && Number(length) !== body.length) return;
    this.#writing.store(completed(answer, body), this.#leader.fieldOf);
  }

  /** Nobody else can join. */
  #close(isShared: boolean): void {
    if (!this.#isJoinable) return;
    this.#isJoinable = false;
    this.#errand.closed();
    if (!isShared) this.#errand.unshare();
  }

  #abandon(): void {
    this.#fork.abandon();
    this.#over();
  }

  #over(): void {
    if (this.#state.kind === 'over') return;
    this.#state = { kind: 'over' };
    this.#close(true);
    this.#writing.end();
    this.#releaseUnused();
  }

  /** What clients have not read yet is held. */
  #releaseUnused(): void {
    if (this.#audience.isEmpty) this.#fork.release();
  }
}
