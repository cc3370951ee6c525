/**
 * What the primary and its workers say to each other. A configuration holds secrets: it goes over the channel between
 * the two processes, and is never an argument, in the environment or on the disk. All of it is JSON: members that are
 * undefined do not arrive.
 */
import type { Health } from '../admin/admin.ts';
import type { PurgeSelector } from '../cache/purge.ts';
import type { Purged, PurgeScope } from '../cache/purged.ts';
import type { GatewayConfig, RouteConfig, UpstreamConfig } from '../config/config.ts';
import type { MetricsConfig } from '../config/metrics-config.ts';
import type { Instance } from '../upstreams/registry/registry.ts';
import type { UpstreamView } from '../upstreams/view.ts';

/** An instance that has registered with the primary, for so many more milliseconds. */
export interface Registration {
  readonly upstream: string;
  readonly instance: Instance;
  readonly ttl: number;
}

/** Where clients are taken: `127.0.0.1:8080`. */
export interface Addresses {
  readonly address: string;
  /** Over TLS; undefined when they are not. */
  readonly httpsAddress: string | undefined;
}

/** How a worker sees its upstreams, and what else it leans on. */
export interface WorkerState {
  readonly upstreams: readonly UpstreamView[];
  readonly health: Health;
}

/** What a worker does with configurations, in the order in which it comes. Each is answered. */
export type ConfigRequest =
  /** The next upstreams and routes of a configuration: unpacking all of them at once would hold requests up. */
  | { readonly kind: 'part'; readonly upstreams: readonly UpstreamConfig[]; readonly routes: readonly RouteConfig[] }
  /** Begin to serve. */
  | {
      readonly kind: 'start';
      /** Without its upstreams and routes: those have come before. */
      readonly config: GatewayConfig;
      readonly registrations: readonly Registration[];
      /** From 1; a worker that takes the place of another has the same. */
      readonly worker: number;
      /** How many there are. */
      readonly workers: number;
      readonly isTerminal: boolean;
      /** What keys of TLS session tickets are derived from, the same in all. */
      readonly ticketSecret: string;
      /** How durations are measured, the same in all: what they have counted is added up. */
      readonly measured: MetricsConfig;
    }
  /** Make a configuration ready. It comes as with `start`. */
  | { readonly kind: 'prepare'; readonly config: GatewayConfig }
  | { readonly kind: 'commit' }
  | { readonly kind: 'abort' };

/** What a worker tells at any time. */
export type LookRequest =
  | { readonly kind: 'metrics' }
  | { readonly kind: 'state' }
  /** Whether its event loop goes round: `done`. */
  | { readonly kind: 'ping' };

/** Let stored answers go. */
export interface PurgeRequest {
  readonly kind: 'purge';
  readonly selector: PurgeSelector;
  readonly scope: PurgeScope;
}

/** What a worker is asked, and answers. */
export type Request = ConfigRequest | LookRequest | PurgeRequest;

/** What a worker is told. Nobody waits for an answer. */
export type Notice =
  | ({ readonly kind: 'registered' } & Registration)
  | { readonly kind: 'removed'; readonly upstream: string; readonly instance: string }
  /** Take nothing new, let requests end, and then end. */
  | { readonly kind: 'stop' }
  /** End a stop at once. */
  | { readonly kind: 'hurry' };

export type ToWorker = (Request & { readonly id: number }) | (Notice & { readonly id?: undefined });

/** What became of a request. */
export type Answer =
  | { readonly kind: 'done' }
  | ({ readonly kind: 'started' } & Addresses)
  /** In OpenMetrics. */
  | { readonly kind: 'metrics'; readonly text: string }
  | ({ readonly kind: 'state' } & WorkerState)
  | ({ readonly kind: 'purged' } & Purged)
  | { readonly kind: 'refused'; readonly message: string; readonly code: string | undefined };

/** The id of what a worker says unasked: `done`, once it listens. What it is sent before that is lost. */
export const GREETING = 0;

export type FromWorker = Answer & { readonly id: number };
