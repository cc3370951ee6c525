import { createServer } from 'node:net';

/**
 * Finds a free port on the loopback interface. Another process could take it before it is used; whoever was to listen on
 * it then fails loudly at its start.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'));
        else resolve(address.port);
      });
    });
  });
}
