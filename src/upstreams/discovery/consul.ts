import type { IncomingHttpHeaders } from 'node:http';
import { keepAsking } from './asking.ts';
import { originOf, type Scheme } from './endpoints.ts';
import { Fault } from './fault.ts';
import { askJson } from './http.ts';
import { listOf, member, portOf, textOf, weightOf } from './shape.ts';
import type { Discovery, DiscoveryObserver, Found } from './source.ts';

export interface ConsulOptions {
  /** URL of the agent. A path is what its API stands below, a query is sent along, as `?dc=west`. */
  readonly consul: string;
  readonly service: string;
  /** Takes only the instances that have this tag. */
  readonly tag?: string | undefined;
  /** The catalogue does not say it; default `http`. */
  readonly scheme?: Scheme | undefined;
}

/** How long Consul may hold a query back while nothing changes. In seconds. */
const WAIT = 60;
/** Consul adds up to a sixteenth to the wait; the rest is for a slow answer. In milliseconds. */
const TIMEOUT = WAIT * (1 + 1 / 16) * 1000 + 10_000;
/** For a query that is not held back. In milliseconds. */
const PROMPT = 10_000;

/**
 * The passing instances of a service in Consul: `/v1/health/service/:service` with blocking queries
 * (https://developer.hashicorp.com/consul/api-docs/health and …/features/blocking). An empty list means that no
 * instance is healthy, and so that there are no endpoints.
 */
export function discoverConsul(options: ConsulOptions, observer: DiscoveryObserver): Discovery {
  /** Up to where the catalogue is known; 0 = not at all, and the query is not held back. */
  let index = 0;
  return keepAsking(async (tell, signal) => {
    const known = index;
    // After a failure Consul would hold back the answer that says it works again.
    index = 0;
    const answer = await askJson({ url: queryUrl(options, known) }, known === 0 ? PROMPT : TIMEOUT, signal);
    if (answer instanceof Fault) return answer;
    const next = indexOf(answer.headers);
    if (next === undefined) return new Fault('Consul sent no X-Consul-Index');
    const found = readInstances(answer.json, options.scheme ?? 'http');
    if (found instanceof Fault) return found;
    tell(found);
    // "Reset the index if it goes backwards", and "sanity check index is greater than zero", since 0 would not block.
    index = next < known ? 0 : Math.max(1, next);
    return 0;
  }, observer);
}

function queryUrl({ consul, service, tag }: ConsulOptions, index: number): URL {
  const url = new URL(consul);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/health/service/${encodeURIComponent(service)}`;
  url.searchParams.set('passing', '1');
  if (tag !== undefined) url.searchParams.set('tag', tag);
  if (index > 0) {
    url.searchParams.set('index', String(index));
    url.searchParams.set('wait', `${WAIT}s`);
  }
  return url;
}

function indexOf(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['x-consul-index'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function readInstances(json: unknown, scheme: Scheme): readonly Found[] | Fault {
  if (!Array.isArray(json)) return new Fault('Consul sent no list of instances');
  const found: Found[] = [];
  for (const [index, entry] of (listOf(json) ?? []).entries()) {
    // "Address … if empty, the address of the node."
    const host = textOf(member(entry, 'Service', 'Address')) ?? textOf(member(entry, 'Node', 'Address'));
    const port = portOf(member(entry, 'Service', 'Port'));
    const written = member(entry, 'Service', 'Weights', 'Passing');
    const weight = written === undefined ? 1 : weightOf(written);
    const origin = host === undefined || port === undefined ? undefined : originOf(scheme, host, port);
    if (origin === undefined || weight === undefined)
      return new Fault(`instance ${index} of Consul’s answer has no usable address, port or weight`);
    found.push({ origin, weight });
  }
  return found;
}
