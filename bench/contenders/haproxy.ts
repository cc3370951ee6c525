import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import { connectionLimit } from '../room.ts';
import type { Contender } from './contender.ts';
import { installed } from './installed.ts';

/**
 * HAProxy with one thread, in the foreground (`-db`), without logs. By default it keeps no connection to an upstream once
 * a fifth of its file descriptors are in use, and would open one for each request.
 */
export const haproxy: Contender = {
  name: 'haproxy',
  async available() {
    return installed('haproxy', ['-v'], 'haproxy');
  },
  async start({ upstreamPort, connections, processes }) {
    const folder = processes.folder('haproxy');
    const config = join(folder, 'haproxy.cfg');
    const port = await freePort();
    writeFileSync(
      config,
      `global
  nbthread 1
  tune.pool-low-fd-ratio 100
  tune.pool-high-fd-ratio 100
  maxconn ${connectionLimit(connections)}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend bench
  bind 127.0.0.1:${port}
  default_backend origin
backend origin
  server origin 127.0.0.1:${upstreamPort}
`,
    );
    const child = await processes.start({
      program: 'haproxy',
      args: ['-db', '-f', config],
      output: join(folder, 'output.log'),
    });
    const url = `http://127.0.0.1:${port}`;
    await waitUntilReady('haproxy', child, `${url}/1k`);
    return { url, child };
  },
};
