/** How an upstream copes with endpoints that fail, with every default filled in. Times in milliseconds. */

/** How the next endpoint is chosen. */
export type BalanceConfig =
  | { readonly kind: 'round-robin' | 'least-connections' | 'p2c' | 'random' }
  | { readonly kind: 'hash'; readonly by: HashKeyConfig };

/** What requests are hashed by; names of headers in lower case. */
export type HashKeyConfig =
  { readonly kind: 'client' | 'path' } | { readonly kind: 'header' | 'cookie'; readonly name: string };

/** An active probe. */
export interface HealthConfig {
  /** What is asked for; undefined = a connection is enough. */
  readonly path: string | undefined;
  readonly status: readonly number[];
  /** What the answer’s body must contain; undefined = anything. */
  readonly body: string | undefined;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyAfter: number;
  readonly unhealthyAfter: number;
}

export interface OutlierConfig {
  readonly failures: number;
  readonly window: number;
  readonly ejectFor: number;
  readonly maxEjected: number;
}

export interface BreakerConfig {
  readonly failureRatio: number;
  readonly minimumRequests: number;
  readonly window: number;
  readonly openFor: number;
  readonly halfOpenRequests: number;
}

/** What a retry may be for: the failure of an attempt, or the status of an answer. */
export type RetryCauseConfig = 'connect-failure' | 'reset' | 'timeout' | number;

/** What is retried, and what a fallback steps in for, unless something else is written. */
export const DEFAULT_RETRY_CAUSES: readonly RetryCauseConfig[] = ['connect-failure', 'reset', 'timeout', 502, 503, 504];

export interface RetryConfig {
  /** In all, the first one included. */
  readonly attempts: number;
  readonly when: readonly RetryCauseConfig[];
  readonly methods: readonly string[];
  readonly backoff: { readonly base: number; readonly max: number };
  readonly budget: number;
  /** In bytes. */
  readonly bodyBuffer: number;
}

export interface HedgeConfig {
  readonly after: number;
  readonly max: number;
}

export interface BulkheadConfig {
  readonly concurrent: number;
  readonly queue: number;
  readonly queueTimeout: number;
}

/** What is answered when no attempt succeeded. */
export type FallbackConfig =
  | { readonly kind: 'upstream'; readonly upstream: string }
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: string;
    };

/** Undefined = there is none. */
export interface ResilienceConfig {
  readonly balance: BalanceConfig;
  /** 0 = off. */
  readonly slowStart: number;
  readonly health: HealthConfig | undefined;
  readonly outlier: OutlierConfig | undefined;
  readonly breaker: BreakerConfig | undefined;
  readonly retry: RetryConfig | undefined;
  readonly hedge: HedgeConfig | undefined;
  readonly bulkhead: BulkheadConfig | undefined;
}
