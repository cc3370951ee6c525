import { join } from 'node:path';
import { freePort } from './ports.ts';
import type { Child, Processes } from './processes.ts';
import { waitUntilPrinted } from './ready.ts';

/** A Redis that keeps nothing. */
export interface RedisServer {
  readonly child: Child;
  readonly url: string;
}

/** Starts a Redis of its own on a free port of the loopback interface. */
export async function startRedis(processes: Processes): Promise<RedisServer> {
  const folder = processes.folder('redis');
  const port = await freePort();
  const child = await processes.start({
    program: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no'],
    output: join(folder, 'output.log'),
  });
  await waitUntilPrinted('redis-server', child, 'Ready to accept connections');
  return { child, url: `redis://127.0.0.1:${port}` };
}
