import ipaddr from 'ipaddr.js';

/**
 * What one client can be told from others by: its address, and of IPv6 the /64, since everybody has 2^64 addresses in
 * one of those.
 */
export function clientGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address === '' ? 'unknown' : address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const bytes = parsed.toByteArray();
  return `${ipaddr.fromByteArray([...bytes.slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`;
}
