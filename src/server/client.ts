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

/** Walks from the peer towards the client as long as each hop is trusted: the first that is not is the client. */
function throughProxy(peer: Peer, proxies: AddressRanges, headers: HeaderList, authority: string): Client {
  const forwarded = combined(headers, 'forwarded');
  const elements = elementsOf(forwarded);
  const forwardedFor = combined(headers, 'x-forwarded-for');
  const hops =
    forwardedFor === undefined
      ? elements.map(({ client }) => client)
      : forwardedFor.split(',').flatMap((hop) => (hop.trim() === '' ? [] : [hop.trim()]));
  let address = peer.address;
  let first = hops.length;
  while (first > 0) {
    const next = normaliseAddress(withoutPort(hops[first - 1] ?? ''));
    if (!isAddress(next)) break;
    address = next;
    first -= 1;
    if (!proxies.includes(next)) break;
  }
  // What the proxy next to the client says, as far as no header of its own says it.
  const outermost = elements[first];
  const scheme = (combined(headers, 'x-forwarded-proto') ?? outermost?.scheme ?? '').toLowerCase();
  return {
    address,
    scheme: scheme === 'https' || scheme === 'http' ? scheme : peer.scheme,
    forwardedFor: [...hops, peer.address].join(', '),
    forwardedHost: combined(headers, 'x-forwarded-host') ?? outermost?.host ?? authority,
    forwarded: (forwarded === undefined ? hops.map((hop) => `for=${node(hop)}`) : [forwarded])
      .concat(element(peer.address, authority, peer.scheme))
      .join(', '),
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
  readonly client: string;
  readonly scheme: string | undefined;
  readonly host: string | undefined;
}

/** The elements of Forwarded that name a client, in order. */
function elementsOf(forwarded: string | undefined): ForwardedElement[] {
  const elements = (forwarded ?? '').match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return elements.flatMap((text) => {
    const pairs = text.matchAll(/(?:^|;)\s*(for|host|proto)=(?:"([^"]*)"|([^;\s]*))/gi);
    const values = new Map([...pairs].map((pair) => [pair[1]?.toLowerCase(), pair[2] ?? pair[3] ?? '']));
    const client = values.get('for');
    return client === undefined ? [] : [{ client, scheme: values.get('proto'), host: values.get('host') }];
  });
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711` without the port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(hop);
  if (bracketed !== null) return bracketed[1] ?? '';
  return /^\d+(?:\.\d+){3}:\d+$/.test(hop) ? hop.slice(0, hop.indexOf(':')) : hop;
}
