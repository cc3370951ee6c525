import type {
  ShownCacheTraffic,
  ShownProcess,
  ShownRequests,
  ShownRouteTraffic,
  ShownTotal,
  ShownTraffic,
} from '../../observability/traffic.ts';
import { isRecord } from '../../upstreams/discovery/shape.ts';
import { has, isNumber, isText, listOf, orNull, type Members } from '../../upstreams/checks.ts';

/** Whether JSON is traffic as it is shown. More members than are known here are none the worse. */
export function isShownTraffic(value: unknown): value is ShownTraffic {
  return has(TRAFFIC, value);
}

const REQUESTS: Members<ShownRequests> = {
  requests_per_second: isNumber,
  errors_per_second: isNumber,
  p50_seconds: orNull(isNumber),
  p95_seconds: orNull(isNumber),
  p99_seconds: orNull(isNumber),
};
const TOTAL: Members<ShownTotal> = { ...REQUESTS, in_flight: isNumber, connections: isNumber };
const ROUTE: Members<ShownRouteTraffic> = {
  ...REQUESTS,
  name: isText,
  statuses: (value) => isRecord(value) && Object.values(value).every(isNumber),
};
const CACHE: Members<ShownCacheTraffic> = {
  hit_ratio: orNull(isNumber),
  bytes: orNull(isNumber),
  entries: orNull(isNumber),
  routes: listOf((route) => has({ name: isText, hit_ratio: orNull(isNumber) }, route)),
};
const PROCESS: Members<ShownProcess> = {
  cpu_cores: isNumber,
  memory_bytes: isNumber,
  event_loop_lag_seconds: orNull(isNumber),
};
const TRAFFIC: Members<ShownTraffic> = {
  at: isText,
  interval_seconds: isNumber,
  total: (value) => has(TOTAL, value),
  routes: listOf((route) => has(ROUTE, route)),
  cache: (value) => has(CACHE, value),
  process: (value) => has(PROCESS, value),
};
