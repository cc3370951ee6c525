import type { ListenConfig } from './config.ts';

/**
 * @param text `host:port`, `:port` for every address, or `[IPv6]:port`; the schema lets nothing else through
 * @returns the host (empty = every address) and the port
 */
export function parseListen(text: string): ListenConfig {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon);
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port: Number(text.slice(colon + 1)) };
}

/** The other way round, as an address that can be put into a URL. */
export function formatListen({ host, port }: ListenConfig): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether only this machine can reach an address. */
export function isLoopback(listen: string): boolean {
  const { host } = parseListen(listen);
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
