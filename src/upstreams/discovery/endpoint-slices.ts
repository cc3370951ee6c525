import { originOf, type Scheme } from './endpoints.ts';
import { Fault, quoted } from './fault.ts';
import { listOf, member, portOf, textOf } from './shape.ts';
import type { Found } from './source.ts';

/** Which port of a service, and how it is spoken to where its slices do not say. */
export interface SlicePort {
  /** Name or number as the slices have it; undefined for the only one. */
  readonly port: string | number | undefined;
  readonly scheme: Scheme;
}

/** What one EndpointSlice adds to a service. */
export interface Slice {
  readonly addressType: string;
  readonly found: readonly Found[];
}

/**
 * Reads an EndpointSlice of `discovery.k8s.io/v1`
 * (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/). Endpoints take traffic
 * unless they say that they are not ready.
 */
export function readSlice(object: unknown, wanted: SlicePort): Slice | Fault {
  const name = textOf(member(object, 'metadata', 'name'));
  const addressType = textOf(member(object, 'addressType'));
  const endpoints = listOf(member(object, 'endpoints'));
  if (name === undefined || addressType === undefined || endpoints === undefined)
    return new Fault('the Kubernetes API sent something that is no EndpointSlice');
  const ready = endpoints.filter((endpoint) => member(endpoint, 'conditions', 'ready') !== false);
  // A slice that has nobody to send to may have no ports either.
  if (ready.length === 0) return { addressType, found: [] };
  const port = findPort(member(object, 'ports'), wanted, name);
  if (port instanceof Fault) return port;
  const found: Found[] = [];
  for (const endpoint of ready) {
    // "No semantics are defined for additional addresses beyond the first, and kube-proxy does not look at them."
    const host = textOf(listOf(member(endpoint, 'addresses'))?.[0]);
    const origin = host === undefined ? undefined : originOf(port.scheme, host, port.number);
    if (origin === undefined) return new Fault(`the EndpointSlice ${quoted(name)} has an endpoint without an address`);
    found.push({ origin, weight: 1 });
  }
  return { addressType, found };
}

/**
 * The endpoints of all slices of a service. One that has addresses of both families has each pod twice: each is taken
 * once, by IPv4 if it can be, since a cluster without that has none of these slices.
 */
export function mergeSlices(slices: Iterable<Slice>): readonly Found[] {
  const all = [...slices];
  const isDual = all.some(({ addressType, found }) => addressType === 'IPv4' && found.length > 0);
  return all.filter(({ addressType }) => !isDual || addressType !== 'IPv6').flatMap(({ found }) => found);
}

function findPort(
  ports: unknown,
  { port, scheme }: SlicePort,
  slice: string,
): { readonly number: number; readonly scheme: Scheme } | Fault {
  const list = listOf(ports);
  if (list === undefined) return new Fault(`the EndpointSlice ${quoted(slice)} has no list of ports`);
  const tcp = list.filter((each) => (member(each, 'protocol') ?? 'TCP') === 'TCP');
  const fitting = tcp.filter(
    (each) => port === undefined || member(each, typeof port === 'number' ? 'port' : 'name') === port,
  );
  const [first] = fitting;
  const number = portOf(member(first, 'port'));
  if (fitting.length > 1) return new Fault(`the EndpointSlice ${quoted(slice)} has several ports: name one`);
  if (number === undefined)
    return new Fault(
      `the EndpointSlice ${quoted(slice)} has no TCP port${port === undefined ? '' : ` ${quoted(String(port))}`}`,
    );
  return { number, scheme: member(first, 'appProtocol') === 'https' ? 'https' : scheme };
}
