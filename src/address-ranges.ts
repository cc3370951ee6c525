import ipaddr from 'ipaddr.js';

/** A set of IP addresses, as CIDR blocks and single addresses. */
export class AddressRanges {
  readonly #ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

  /** @param cidrs such as `10.0.0.0/8`, `192.0.2.1` and `fd00::/8` */
  constructor(cidrs: readonly string[]) {
    this.#ranges = cidrs.map(rangeOf);
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0;
  }

  /** @param address in the form that {@link normaliseAddress} gives; what is no address is in no range */
  includes(address: string): boolean {
    if (this.isEmpty || !isAddress(address)) return false;
    const parsed = ipaddr.parse(address);
    return this.#ranges.some((range) => range[0].kind() === parsed.kind() && parsed.match(range));
  }
}

/** A block of IPv6 that stands for IPv4 (`::ffff:10.0.0.0/104`) is one of IPv4: addresses are written so, too. */
function rangeOf(cidr: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const [address, bits] = ipaddr.parseCIDR(cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`);
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96)
    return [address.toIPv4Address(), bits - 96];
  return [address, bits];
}

/**
 * The block in which an address stands that is not its first: `10.0.0.0/8` for `10.0.0.1/8`.
 *
 * @returns undefined for a block as it should be written, a single address, and what is no address
 */
export function blockAround(cidr: string): string | undefined {
  const [address = '', bits] = cidr.split('/');
  if (bits === undefined || !isAddress(address)) return undefined;
  const { IPv4, IPv6 } = ipaddr;
  const block = (address.includes(':') ? IPv6 : IPv4).networkAddressFromCIDR(cidr).toString();
  return block === ipaddr.parse(address).toString() ? undefined : `${block}/${bits}`;
}

/** IPv4 as four decimal numbers, or IPv6: of `10.1`, `010.0.0.1` and `0xa000001` not all systems think the same. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** One form for each address: IPv4 in IPv6 is IPv4, IPv6 is short and in lower case, a zone is dropped. */
export function normaliseAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  return isAddress(bare) ? ipaddr.process(bare).toString() : bare;
}

/**
 * What a client is counted by: its address, of IPv6 the first 64 bits, since whoever has one has all of them (RFC 6177).
 *
 * @param address in the form that {@link normaliseAddress} gives
 */
export function clientNetwork(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address;
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv6.parse(address).parts;
  return `${a.toString(16)}:${b.toString(16)}:${c.toString(16)}:${d.toString(16)}::/64`;
}
