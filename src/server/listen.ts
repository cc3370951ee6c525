import type { Server } from 'node:http';
import type { ListenConfig } from '../config/config.ts';

/** Binds a server, as a promise. */
export async function listen(server: Server, { host, port }: ListenConfig): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Without a host every address is meant, and the system chooses how.
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
