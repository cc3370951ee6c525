/** Routes, as they stand in the configuration file. */
export type Routes = readonly {
  readonly name: string;
  readonly path: string;
  /** Where its requests go; to the upstream `origin` when it is left out. */
  readonly to?: string;
  /** Who may; everybody when it is left out. */
  readonly access?: string;
  readonly rule?: string;
}[];

/** What gateways that are compared differ in. What is left out is one route, one upstream, and nothing else. */
export interface Sections {
  /** Further keys of `server`, each with a comma before it. */
  readonly server?: string;
  readonly upstreams?: (port: number) => string;
  readonly routes?: Routes;
  /** Further sections. */
  readonly more?: string;
}

/** One route for everything. */
export const catchAll: Routes = [{ name: 'all', path: '/*rest' }];

/** One route for everything, with what else stands in it. */
export function catchAllWith(others: Pick<Routes[number], 'to' | 'access' | 'rule'>): Routes {
  return catchAll.map((route) => ({ ...route, ...others }));
}

/** A route for each of some services, and none for anything else. */
export function oneRoutePerService(services: readonly number[]): Routes {
  return services.map((service) => ({ name: `service-${service}`, path: `/service-${service}/*rest` }));
}

function oneEndpoint(port: number): string {
  return `  origin: { targets: [http://127.0.0.1:${port}] }\n`;
}

/** The origin twice, as a second upstream beside the one that routes lead to. */
export function twoUpstreams(port: number): string {
  return `${oneEndpoint(port)}  other: { targets: [http://127.0.0.1:${port}] }\n`;
}

/** The origin under two names, so that there is something to choose from. */
export function twoEndpoints(port: number): string {
  return `  origin:
    targets: [http://127.0.0.1:${port}, http://localhost:${port}]
`;
}

/** The same with everything that looks after endpoints and requests, and nothing that goes wrong. */
export function twoEndpointsLookedAfter(port: number): string {
  return `${twoEndpoints(port)}    slowStart: 30s
    health: { path: /1k }
    outlier: {}
    breaker: {}
    retry: { attempts: 3 }
    hedge: { after: 1s }
    bulkhead: { concurrent: 1000, queue: 100 }
`;
}

/**
 * Writes a configuration file.
 *
 * @param ports where the gateway and its admin listener listen, and the origin
 */
export function configuration(
  ports: { readonly plain: number; readonly admin: number; readonly origin: number },
  { server = '', upstreams = oneEndpoint, routes = catchAll, more = '' }: Sections,
): string {
  return `version: 1
server: { listen: 127.0.0.1:${ports.plain}${server} }
admin: { listen: 127.0.0.1:${ports.admin} }
upstreams:
${upstreams(ports.origin)}routes:
${routes.map(written).join('')}${more}`;
}

function written({ name, path, to = 'upstream: origin', access = 'public', rule }: Routes[number]): string {
  const rules = rule === undefined ? '' : `, ${rule}`;
  return `  - { name: ${name}, match: { path: ${path} }, ${to}, access: ${access}${rules} }\n`;
}
