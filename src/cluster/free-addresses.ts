import { createServer } from 'node:http';
import type { GatewayConfig, ListenConfig } from '../config/config.ts';
import { listen } from '../server/listen.ts';

/**
 * Binds, for a moment, what a configuration takes clients on and the former one does not. That is how the primary finds
 * out that an address is taken before any worker tries: node:cluster numbers the attempts of each worker, and workers of
 * which one has failed more often than the others would not share an address any more; and the primary itself would end
 * with an exception when two workers wait for an address that then cannot be bound.
 *
 * @param before undefined at the start
 * @throws the system's error for the first that cannot be bound
 */
export async function checkFree(before: GatewayConfig | undefined, after: GatewayConfig): Promise<void> {
  const pairs = [
    [before?.server.listen, after.server.listen],
    [before?.server.tls?.listen, after.server.tls?.listen],
  ] as const;
  for (const [old, next] of pairs) {
    if (next === undefined || isSame(old, next)) continue;
    const server = createServer();
    await listen(server, next);
    await new Promise((resolve) => server.close(resolve));
  }
}

function isSame(one: ListenConfig | undefined, other: ListenConfig): boolean {
  return one?.host === other.host && one.port === other.port;
}
