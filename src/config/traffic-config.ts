import type { HashKeyConfig } from './resilience-config.ts';

/** The rules of a route for what comes in, with every default filled in. Times in milliseconds. */

/** Client addresses that are let in or kept out, as CIDR blocks. */
export interface IpConfig {
  /** Empty = all. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** What has a counter of its own. */
export type RateLimitKeyConfig =
  | { readonly kind: 'client' | 'user' | 'route' }
  /** In lower case. */
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'claim'; readonly name: string };

export interface RouteLimitConfig {
  /** What it is called in the RateLimit fields of answers. */
  readonly name: string;
  /** Limits of one scope share their counters. */
  readonly scope: string;
  readonly requests: number;
  readonly per: number;
  readonly burst: number;
  readonly by: RateLimitKeyConfig;
}

/** Several upstreams that share the requests of a route. */
export interface SplitConfig {
  /** Undefined = chance. */
  readonly sticky: HashKeyConfig | undefined;
  readonly to: readonly { readonly upstream: string; readonly weight: number }[];
}

export interface MirrorConfig {
  readonly upstream: string;
  /** From 0 to 1. */
  readonly ratio: number;
}
