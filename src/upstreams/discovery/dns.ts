import { Resolver } from 'node:dns/promises';
import type { RecordWithTtl, SrvRecord } from 'node:dns';
import { keepAsking, type Round } from './asking.ts';
import { originOf, type Scheme } from './endpoints.ts';
import { Fault, kindOf } from './fault.ts';
import type { Discovery, DiscoveryObserver, Found } from './source.ts';

export interface DnsOptions {
  /** The whole name: search domains are not tried. */
  readonly dns: string;
  /** Of A and AAAA records; default 80, with https 443. SRV records hold it. */
  readonly port?: number | undefined;
  /** Default `http`. */
  readonly scheme?: Scheme | undefined;
  /** Whether SRV records are looked up instead of A and AAAA records. */
  readonly srv?: boolean | undefined;
  /** Name servers as `host:port`, for tests; default those of the system. */
  readonly servers?: readonly string[] | undefined;
}

/** For one try of a query, of which there are as many. In milliseconds. */
const TIMEOUT = 2000;
const TRIES = 3;
/** Bounds of what a time to live may ask for. In seconds. */
const MIN_TTL = 1;
const MAX_TTL = 60;
/** How often SRV records are looked up. Node does not tell their time to live; a resolver that caches does obey it. In milliseconds. */
const SRV_INTERVAL = 5000;

/**
 * The endpoints that DNS names, by A and AAAA records (RFC 1035, RFC 3596) or SRV records (RFC 2782). No such name and
 * no records are failures: a zone that was lost looks the same as one that was emptied, and a service that runs has
 * records. Only an SRV record whose target is the root says that there are no endpoints.
 */
export function discoverDns(options: DnsOptions, observer: DiscoveryObserver): Discovery {
  return keepAsking(options.srv === true ? srvRound(options) : addressRound(options), observer);
}

/**
 * How long an answer holds, in milliseconds.
 *
 * @param ttls of its records, in seconds
 */
export function lifetime(ttls: readonly number[]): number {
  return Math.min(MAX_TTL, Math.max(MIN_TTL, Math.min(...ttls))) * 1000;
}

/** What one query found; `none` when there is no such name or no record of the type. */
type Lookup<Item> = readonly Item[] | 'none' | Fault;

function addressRound(options: DnsOptions): Round {
  const { dns, scheme = 'http', port = scheme === 'https' ? 443 : 80 } = options;
  let known: readonly (readonly string[])[] = [[], []];
  return async (tell, signal) => {
    const lookups = await withResolver(options, signal, async (resolver) =>
      Promise.all([
        lookUp(resolver.resolve4(dns, { ttl: true }), `the A records of ${dns}`),
        lookUp(resolver.resolve6(dns, { ttl: true }), `the AAAA records of ${dns}`),
      ]),
    );
    const records = lookups.flatMap((lookup): readonly RecordWithTtl[] => (Array.isArray(lookup) ? lookup : []));
    if (records.length === 0)
      return lookups.find((lookup) => lookup instanceof Fault) ?? new Fault(`DNS has no addresses of ${dns}`);
    // There are name servers that answer for one family only: the other keeps what it had.
    known = lookups.map((lookup, family) => {
      if (lookup instanceof Fault) return known[family] ?? [];
      return lookup === 'none' ? [] : lookup.map(({ address }) => address);
    });
    const found: Found[] = [];
    for (const address of known.flat()) {
      const origin = originOf(scheme, address, port);
      if (origin === undefined) return new Fault(`DNS has an address of ${dns} that is none`);
      found.push({ origin, weight: 1 });
    }
    tell(found);
    return lifetime(records.map(({ ttl }) => ttl));
  };
}

/**
 * The targets of the lowest priority, and no others: those are for when all of these are down, which DNS does not know.
 * They stay names: each connection looks its address up, certificates are checked against the name, and the records of
 * the target have a time to live of their own.
 */
function srvRound(options: DnsOptions): Round {
  const { dns, scheme = 'http' } = options;
  return async (tell, signal) => {
    const records = await withResolver(options, signal, async (resolver) =>
      lookUp<SrvRecord>(resolver.resolveSrv(dns), `the SRV records of ${dns}`),
    );
    if (records instanceof Fault) return records;
    if (records === 'none') return new Fault(`DNS has no SRV records of ${dns}`);
    const lowest = Math.min(...records.map(({ priority }) => priority));
    const found: Found[] = [];
    for (const { name, port, priority, weight } of records) {
      const host = name.replace(/\.$/, '');
      // "A Target of "." means that the service is decidedly not available at this domain."
      if (priority !== lowest || host === '') continue;
      const origin = port === 0 ? undefined : originOf(scheme, host, port);
      if (origin === undefined) return new Fault(`an SRV record of ${dns} has no usable target and port`);
      // Weight 0 is "a very small chance of being selected", and not none.
      found.push({ origin, weight: Math.max(1, weight) });
    }
    tell(found);
    return SRV_INTERVAL;
  };
}

/** A new one each time: it reads which servers the system has when it is made. */
async function withResolver<Result>(
  { servers }: DnsOptions,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<Result>,
): Promise<Result> {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    return await ask(resolver);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function lookUp<Item>(query: Promise<readonly Item[]>, what: string): Promise<Lookup<Item>> {
  try {
    const items = await query;
    return items.length === 0 ? 'none' : items;
  } catch (error) {
    const kind = kindOf(error);
    return kind === 'ENOTFOUND' || kind === 'ENODATA' ? 'none' : new Fault(`DNS cannot tell ${what}: ${kind}`);
  }
}
