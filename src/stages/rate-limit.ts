import type { Exchange } from '../exchange.ts';
import type { RateDecision } from '../limits/gcra.ts';
import type { Limiter } from '../limits/limiter.ts';
import { goOnAfter, type Stage } from './stage.ts';

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

/** Counts a request, or has it counted. @param told what the limits before say of themselves */
type Counting = (exchange: Exchange, told: string) => void | Promise<void>;

/**
 * Refuses what goes over one of the limits with 429. Every answer says what is left, in the fields of the IETF draft
 * draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy: "name";q=100;w=60` and `RateLimit: "name";r=99;t=1`.
 *
 * A request counts for one limit after the other, and for none behind the one that refuses it.
 */
export function rateLimit(options: readonly LimitOptions[]): Stage {
  const limits = options.map((option): Limit => ({ ...option, item: `"${option.name}"` }));
  const policy = limits.map(({ item, requests, per }) => `${item};q=${requests};w=${Math.ceil(per / 1000)}`).join(', ');
  return (next) => {
    const passed: Counting = (exchange, told) => {
      exchange.addToAnswer('ratelimit', told);
      return next(exchange);
    };
    const first = limits.reduceRight((following, limit) => counting(limit, following), passed);
    return (exchange) => {
      exchange.addToAnswer('ratelimit-policy', policy);
      return first(exchange, '');
    };
  };
}

function counting(limit: Limit, next: Counting): Counting {
  const decide = (exchange: Exchange, told: string, decision: RateDecision): void | Promise<void> => {
    const item = `${limit.item};r=${decision.remaining};t=${decision.reset}`;
    const all = told === '' ? item : `${told}, ${item}`;
    if (decision.allowed) return next(exchange, all);
    limit.refused();
    exchange.failure = { kind: 'rate-limited', cause: limit.name };
    exchange.addToAnswer('ratelimit', all);
    exchange.fail('too-many-requests', { headers: ['retry-after', String(decision.retryAfter)] });
  };
  return (exchange, told) => {
    const decision = limit.limiter.take(limit.keyOf(exchange));
    if (decision instanceof Promise)
      return goOnAfter(exchange, 'rate-limit', decision, (known) => decide(exchange, told, known));
    return decide(exchange, told, decision);
  };
}
