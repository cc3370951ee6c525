import type { EndpointView, SourceView, UpstreamView } from '../upstreams/view.ts';

/** From the best to the worst. */
const CONDITIONS = ['available', 'half-open', 'ejected', 'unhealthy', 'circuit-open'] as const;
const BREAKERS = [undefined, 'closed', 'half-open', 'open'] as const;

/**
 * What all workers say of upstreams, as one: what they do is summed, and of what they have found out the worst is shown.
 *
 * @param views of each worker
 */
export function mergedUpstreams(views: readonly (readonly UpstreamView[])[]): readonly UpstreamView[] {
  return [...grouped(views.flat(), ({ name }) => name).values()].map(mergedUpstream);
}

function mergedUpstream(views: readonly [UpstreamView, ...UpstreamView[]]): UpstreamView {
  const [first] = views;
  const bulkheads = views.flatMap(({ bulkhead }) => bulkhead ?? []);
  const endpoints = grouped(
    views.flatMap((view) => view.endpoints),
    ({ origin }) => origin,
  );
  return {
    name: first.name,
    balance: first.balance,
    panic: views.some(({ panic }) => panic),
    source: mergedSource(
      views.map(({ source }) => source),
      first.source,
    ),
    bulkhead:
      bulkheads.length === 0
        ? undefined
        : { inside: sum(bulkheads, ({ inside }) => inside), queued: sum(bulkheads, ({ queued }) => queued) },
    endpoints: [...endpoints.values()].map((each) => mergedEndpoint(each, views.length)),
  };
}

/** As old as the oldest knowledge in it. */
function mergedSource(sources: readonly SourceView[], { kind }: SourceView): SourceView {
  const times = sources.flatMap(({ updatedAt }) => updatedAt ?? []);
  return {
    kind,
    updatedAt: times.length === 0 ? undefined : Math.min(...times),
    fault: sources.find(({ fault }) => fault !== undefined)?.fault,
  };
}

/** @param workers how many there are: one may not have found the endpoint yet */
function mergedEndpoint(views: readonly [EndpointView, ...EndpointView[]], workers: number): EndpointView {
  const [first] = views;
  const worst = views.reduce((one, other) =>
    CONDITIONS.indexOf(other.condition) > CONDITIONS.indexOf(one.condition) ? other : one,
  );
  const saying = views.filter(({ condition }) => condition === worst.condition).length;
  const latencies = views.flatMap(({ latency }) => latency ?? []);
  const breaker = Math.max(...views.map((view) => BREAKERS.indexOf(view.breaker)));
  return {
    origin: first.origin,
    weight: first.weight,
    condition: worst.condition,
    why: worst.condition === 'available' ? '' : `${worst.why} (${saying} of ${workers} workers)`,
    isHealthy: views.every(({ isHealthy }) => isHealthy),
    isEjected: views.some(({ isEjected }) => isEjected),
    breaker: BREAKERS[breaker],
    inFlight: sum(views, ({ inFlight }) => inFlight),
    connections: sum(views, ({ connections }) => connections),
    idle: sum(views, ({ idle }) => idle),
    waiting: sum(views, ({ waiting }) => waiting),
    latency: latencies.length === 0 ? undefined : sum(latencies, (latency) => latency) / latencies.length,
    share: Math.min(...views.map(({ share }) => share)),
  };
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** By key, in the order of the first of each. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
