import { Gauge, type Registry } from 'prom-client';

/**
 * The requests that are being answered, by route. They are counted when metrics are asked for: requests pay nothing for it.
 *
 * @param read those of routes that have any
 */
export function inFlightByRoute(registry: Registry, read: () => ReadonlyMap<string, number>): void {
  const seen = new Set<string>();
  const gauge: Gauge<'route'> = new Gauge({
    name: 'gateway_route_requests_in_flight',
    help: 'Requests that are being answered, by route.',
    labelNames: ['route'],
    registers: [registry],
    collect: () => {
      const now = read();
      for (const route of now.keys()) seen.add(route);
      // A series that came and went would have gaps where it is zero.
      for (const route of seen) gauge.set({ route }, now.get(route) ?? 0);
    },
  });
}
