import type { AttemptMetrics } from '../observability/metrics.ts';
import type { Endpoint } from './endpoint.ts';

/** A named service, compiled: where its requests can go. */
export interface Upstream {
  readonly name: string;
  /** Whether the client's Host goes to the upstream instead of the endpoint's own. */
  readonly preserveHost: boolean;
  readonly metrics: AttemptMetrics;
  /** The endpoint for the next attempt. */
  pick(): Endpoint;
}
