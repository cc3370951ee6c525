import type { Exchange } from '../exchange.ts';
import type { UpstreamMetrics } from '../observability/metrics.ts';
import type { Bulkhead } from '../resilience/bulkhead.ts';
import type { Retry, RetryBudget } from '../resilience/retry.ts';
import type { Choice } from './choice.ts';
import type { UpstreamView } from './view.ts';

/** A named service, compiled: where its requests can go, and what is done when that fails. */
export interface Upstream {
  readonly name: string;
  /** Whether the client's Host goes to the upstream instead of the endpoint's own. */
  readonly preserveHost: boolean;
  readonly metrics: UpstreamMetrics;
  /** The endpoint for the next attempt. */
  readonly choice: Choice;
  /** What a request is hashed by; empty when it does not matter. */
  hashKey(exchange: Exchange): string;
  /** Undefined = nothing is sent twice, but for the free retry of a dead connection. */
  readonly retry: Retry | undefined;
  /** Whether an answer is as good as none, so that the fallback of a route steps in. */
  failsWith(status: number): boolean;
  /** Undefined = no request has two attempts under way. `after` in milliseconds. */
  readonly hedge: { readonly after: number; readonly max: number } | undefined;
  /** What further attempts are taken from; undefined when there can be none. */
  readonly budget: RetryBudget | undefined;
  /** Undefined = as many at once as come. */
  readonly bulkhead: Bulkhead | undefined;
  /** What it is like now. */
  view(): UpstreamView;
}
