import type {
  BalanceDocument,
  BulkheadDocument,
  FallbackDocument,
  HealthDocument,
  HedgeDocument,
  RetryDocument,
  UpstreamDefaultsDocument,
} from './document.types.ts';
import { unlessOff } from './located.ts';
import type {
  BalanceConfig,
  BreakerConfig,
  BulkheadConfig,
  FallbackConfig,
  HashKeyConfig,
  HealthConfig,
  HedgeConfig,
  OutlierConfig,
  ResilienceConfig,
  RetryConfig,
} from './resilience-config.ts';
import { DEFAULT_RETRY_CAUSES } from './resilience-config.ts';
import { parseDuration, parseSize, parseTimer } from './units.ts';

/** Methods that may be sent twice: RFC 9110 section 9.2.2. */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

/** @param value of the upstream, its defaults under it */
export function resolveResilience(value: UpstreamDefaultsDocument): ResilienceConfig {
  return {
    balance: resolveBalance(unlessOff(value.balance) ?? 'round-robin'),
    slowStart: parseDuration(value.slowStart ?? 'off'),
    health: given(value.health, resolveHealth),
    outlier: given(value.outlier, resolveOutlier),
    breaker: given(value.breaker, resolveBreaker),
    retry: given(value.retry, resolveRetry),
    hedge: given(value.hedge, resolveHedge),
    bulkhead: given(value.bulkhead, resolveBulkhead),
  };
}

/** @returns undefined for what is off, or not written */
export function given<Document, Config>(
  value: Document | 'off' | undefined,
  resolve: (value: Document) => Config,
): Config | undefined {
  const written = unlessOff(value);
  return written === undefined ? undefined : resolve(written);
}

function resolveBalance(balance: Exclude<BalanceDocument, 'off'>): BalanceConfig {
  return typeof balance === 'string' ? { kind: balance } : { kind: 'hash', by: resolveHashKey(balance.hash) };
}

/** @param key as `client`, `path`, `header:NAME` or `cookie:NAME` */
export function resolveHashKey(key: string): HashKeyConfig {
  const [kind, name = ''] = key.split(':');
  if (kind === 'header') return { kind, name: name.toLowerCase() };
  if (kind === 'cookie') return { kind, name };
  return { kind: kind === 'path' ? kind : 'client' };
}

function resolveHealth(health: HealthDocument): HealthConfig {
  return {
    path: health.path,
    status: health.expect?.status ?? [200],
    body: health.expect?.body,
    interval: parseTimer(health.interval ?? '5s'),
    timeout: parseTimer(health.timeout ?? '1s'),
    healthyAfter: health.healthyAfter ?? 2,
    unhealthyAfter: health.unhealthyAfter ?? 3,
  };
}

function resolveOutlier(outlier: Exclude<UpstreamDefaultsDocument['outlier'], 'off' | undefined>): OutlierConfig {
  return {
    failures: outlier.failures ?? 5,
    window: parseDuration(outlier.window ?? '30s'),
    ejectFor: parseDuration(outlier.ejectFor ?? '30s'),
    maxEjected: outlier.maxEjected ?? 0.5,
  };
}

function resolveBreaker(breaker: Exclude<UpstreamDefaultsDocument['breaker'], 'off' | undefined>): BreakerConfig {
  return {
    failureRatio: breaker.failureRatio ?? 0.5,
    minimumRequests: breaker.minimumRequests ?? 20,
    window: parseDuration(breaker.window ?? '10s'),
    openFor: parseDuration(breaker.openFor ?? '15s'),
    halfOpenRequests: breaker.halfOpenRequests ?? 3,
  };
}

function resolveRetry(retry: RetryDocument): RetryConfig {
  return {
    attempts: retry.attempts,
    when: retry.when ?? DEFAULT_RETRY_CAUSES,
    methods: retry.methods ?? IDEMPOTENT,
    backoff: {
      base: parseTimer(retry.backoff?.base ?? '25ms'),
      max: parseTimer(retry.backoff?.max ?? '1s'),
    },
    budget: retry.budget ?? 0.2,
    bodyBuffer: parseSize(retry.bodyBuffer ?? '64KiB'),
  };
}

function resolveHedge({ after, max }: HedgeDocument): HedgeConfig {
  return { after: parseTimer(after), max: max ?? 1 };
}

function resolveBulkhead({ concurrent, queue, queueTimeout }: BulkheadDocument): BulkheadConfig {
  return { concurrent, queue: queue ?? 0, queueTimeout: parseTimer(queueTimeout ?? '1s') };
}

/** The answer of a route when no attempt succeeded. */
export function resolveFallback(fallback: FallbackDocument | 'off' | undefined): FallbackConfig | undefined {
  const written = unlessOff(fallback);
  if (written === undefined) return undefined;
  const { upstream, status = 200, headers = {}, body = '' } = written;
  if (upstream !== undefined) return { kind: 'upstream', upstream };
  return { kind: 'respond', status, headers: Object.entries(headers), body };
}
