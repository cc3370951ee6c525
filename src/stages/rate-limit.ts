import type { Exchange, HeaderList } from '../exchange.ts';
import type { RateDecision } from '../limits/gcra.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Handler, Stage } from './stage.ts';

/** One limit of a route. */
export interface LimitOptions {
  /** What it is called in the RateLimit fields. */
  readonly name: string;
  /** How many requests pass in the window. */
  readonly requests: number;
  /** In milliseconds. */
  readonly per: number;
  readonly limiter: Limiter;
  /** What a request is counted by. */
  readonly keyOf: (exchange: Exchange) => string;
  /** Told of each request that is refused. */
  readonly refused: () => void;
}

/** A limit, with what it says of itself in every answer. */
interface Limit extends LimitOptions {
  /** Its name as a structured field has it: a string (RFC 9651 section 3.3.3). */
  readonly item: string;
}

/**
 * Refuses what goes over one of the limits with 429. Every answer says what is left, in the fields of the IETF draft
 * draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy: "name";q=100;w=60` and `RateLimit: "name";r=99;t=1`.
 *
 * A request counts for one limit after the other, and for none behind the one that refuses it.
 */
export function rateLimit(options: readonly LimitOptions[]): Stage {
  const limits = options.map((option): Limit => ({ ...option, item: `"${option.name}"` }));
  const policy = limits.map(({ item, requests, per }) => `${item};q=${requests};w=${Math.ceil(per / 1000)}`).join(', ');
  return (next) => (exchange) => {
    exchange.addToAnswer('ratelimit-policy', policy);
    return take(limits, 0, '', exchange, next);
  };
}

function take(
  limits: readonly Limit[],
  index: number,
  told: string,
  exchange: Exchange,
  next: Handler,
): void | Promise<void> {
  const limit = limits[index];
  if (limit === undefined) {
    exchange.addToAnswer('ratelimit', told);
    return next(exchange);
  }
  const decision = limit.limiter.take(limit.keyOf(exchange));
  if (decision instanceof Promise) return wait(decision, limits, index, told, exchange, next);
  return decide(decision, limits, index, told, exchange, next);
}

/** Somebody has to be asked first. */
async function wait(
  asked: Promise<RateDecision>,
  limits: readonly Limit[],
  index: number,
  told: string,
  exchange: Exchange,
  next: Handler,
): Promise<void> {
  let left = false;
  exchange.watch({ onDrain: () => undefined, onAbort: () => (left = true) });
  const decision = await asked;
  exchange.watch(undefined);
  // Nobody is there any more for whom to ask an upstream.
  if (!left) await decide(decision, limits, index, told, exchange, next);
}

function decide(
  decision: RateDecision,
  limits: readonly Limit[],
  index: number,
  told: string,
  exchange: Exchange,
  next: Handler,
): void | Promise<void> {
  const limit = limits[index];
  if (limit === undefined) return;
  const item = `${limit.item};r=${decision.remaining};t=${decision.reset}`;
  const all = told === '' ? item : `${told}, ${item}`;
  if (decision.allowed) return take(limits, index + 1, all, exchange, next);
  limit.refused();
  exchange.failure = { kind: 'rate-limited', cause: limit.name };
  exchange.addToAnswer('ratelimit', all);
  // What goes over a limit that only rounds to now may come in a second.
  const retryAfter: HeaderList = ['retry-after', String(Math.max(1, decision.retryAfter))];
  exchange.fail('too-many-requests', { headers: retryAfter });
}
