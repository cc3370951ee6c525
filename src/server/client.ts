import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AddressRanges, isAddress, normaliseAddress } from '../address-ranges.ts';
import type { Client, HeaderList } from '../exchange.ts';
import { combined } from '../fields.ts';

/** What is known of a connection, so that it is worked out once and not at each request. */
export class Peer {
  readonly address: string;
  readonly scheme: 'http' | 'https';
  #proxies: AddressRanges | undefined;
  #trusted = false;
  #client: Client | undefined;

  /** @param address as the socket gives it */
  constructor(address: string | undefined, scheme: 'http' | 'https') {
    this.address = normaliseAddress(address ?? '0.0.0.0');
    this.scheme = scheme;
  }

  /** Who is at the other end of a connection that is open. */
  static of(socket: Socket): Peer {
    return new Peer(socket.remoteAddress, socket instanceof TLSSocket ? 'https' : 'http');
  }

  /** Whether the peer is a proxy whose word counts. */
  isTrusted(proxies: AddressRanges): boolean {
    if (proxies !== this.#proxies) {
      this.#proxies = proxies;
      this.#trusted = proxies.includes(this.address);
    }
    return this.#trusted;
  }

  /**
   * The client of a request on this connection.
   *
   * @param headers looked at only when the peer is trusted
   * @param authority what the request calls this gateway
   */
  client(proxies: AddressRanges, headers: HeaderList, authority: string): Client {
    if (this.isTrusted(proxies)) return throughProxy(this, proxies, headers, authority);
    // Nothing in it depends on the request but the authority, which hardly ever changes on a connection.
    if (this.#client?.forwardedHost !== authority) this.#client = direct(this, authority);
    return this.#client;
  }
}

function direct(peer: Peer, authority: string): Client {
  return {
    address: peer.address,
    scheme: peer.scheme,
    forwardedFor: peer.address,
    forwardedHost: authority,
    forwarded: element(peer.address, authority, peer.scheme),
  };
}

/** What the proxies say of the way of a request, in one of the two families of fields. */
interface Testimony {
  /** From the client on: whom each proxy took the request from. The last is the word of the peer. */
  readonly hops: readonly string[];
  /** @param hop how many steps from the peer it is; 1 = what the peer says */
  readonly scheme: (hop: number) => string | undefined;
  readonly host: (hop: number) => string | undefined;
  /** As elements of Forwarded. */
  readonly elements: readonly string[];
}

/**
 * Walks from the peer towards the client as long as each hop is trusted: the first that is not is the client. One family
 * of fields is believed as a whole. A proxy writes one and passes the other on as the client wrote it, so that nothing
 * may be taken from Forwarded where a field of the other family is.
 */
function throughProxy(peer: Peer, proxies: AddressRanges, headers: HeaderList, authority: string): Client {
  const { hops, scheme, host, elements } = legacy(headers) ?? standard(headers);
  let address = peer.address;
  let steps = 0;
  while (steps < hops.length) {
    const next = normaliseAddress(withoutPort(hops.at(-1 - steps) ?? ''));
    if (!isAddress(next)) break;
    address = next;
    steps += 1;
    if (!proxies.includes(next)) break;
  }
  // What the proxy next to the client says. The peer says something even where it names nobody.
  const hop = Math.max(1, steps);
  const said = scheme(hop)?.toLowerCase();
  return {
    address,
    scheme: said === 'https' || said === 'http' ? said : peer.scheme,
    forwardedFor: [...hops, peer.address].join(', '),
    forwardedHost: host(hop) ?? authority,
    forwarded: [...elements, element(peer.address, authority, peer.scheme)].join(', '),
  };
}

/** X-Forwarded-For, -Proto and -Host. @returns undefined when there is none of them */
function legacy(headers: HeaderList): Testimony | undefined {
  const [hops, schemes, hosts] = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'].map((name) =>
    combined(headers, name)
      ?.split(',')
      .flatMap((member) => (member.trim() === '' ? [] : [member.trim()])),
  );
  if (hops === undefined && schemes === undefined && hosts === undefined) return undefined;
  // Proxies that do not add to a list leave it shorter than the way was: then its first member is of the farthest.
  const member = (list: readonly string[] = [], hop: number): string | undefined => list.at(-hop) ?? list[0];
  return {
    hops: hops ?? [],
    scheme: (hop) => member(schemes, hop),
    host: (hop) => member(hosts, hop),
    elements: (hops ?? []).map((each) => `for=${node(each)}`),
  };
}

/** Forwarded: RFC 7239. */
function standard(headers: HeaderList): Testimony {
  const elements = elementsOf(combined(headers, 'forwarded') ?? '');
  const naming = elements.filter(({ client }) => client !== undefined);
  return {
    hops: naming.map(({ client = '' }) => client),
    scheme: (hop) => naming.at(-hop)?.scheme,
    host: (hop) => naming.at(-hop)?.host,
    elements: elements.map(({ text }) => text),
  };
}

/** One element of Forwarded: RFC 7239 section 4. */
function element(address: string, authority: string, scheme: string): string {
  const host = authority === '' ? '' : `;host="${authority}"`;
  return `for=${node(address)}${host};proto=${scheme}`;
}

/** IPv6 stands in brackets and quotes: RFC 7239 section 6. What is no plain word is quoted. */
function node(address: string): string {
  if (/^[\w.-]+$/.test(address)) return address;
  const bare = address.replace(/["\\]/g, '');
  return bare.includes(':') && !bare.startsWith('[') && isAddress(bare) ? `"[${bare}]"` : `"${bare}"`;
}

/** What one proxy says in Forwarded. */
interface ForwardedElement {
  readonly text: string;
  readonly client: string | undefined;
  readonly scheme: string | undefined;
  readonly host: string | undefined;
}

/**
 * The elements of Forwarded, in order. They are read from the end, where the nearest proxy wrote: a quote that a client
 * left open must not swallow what comes after it.
 */
function elementsOf(forwarded: string): ForwardedElement[] {
  const backwards = reversed(forwarded).match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return backwards.toReversed().flatMap((letters) => {
    const text = reversed(letters).trim();
    const pairs = text.matchAll(/(?:^|;)\s*(for|host|proto)=(?:"([^"]*)"|([^;\s]*))/gi);
    const values = new Map([...pairs].map((pair) => [pair[1]?.toLowerCase(), pair[2] ?? pair[3] ?? '']));
    const [client, scheme, host] = ['for', 'proto', 'host'].map((name) => values.get(name));
    return text === '' ? [] : [{ text, client, scheme, host }];
  });
}

function reversed(text: string): string {
  return [...text].toReversed().join('');
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711` without the port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(hop);
  if (bracketed !== null) return bracketed[1] ?? '';
  return /^\d+(?:\.\d+){3}:\d+$/.test(hop) ? hop.slice(0, hop.indexOf(':')) : hop;
}
