import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { nginxMain } from '../nginx-main.ts';
import { waitUntilReady } from '../ready.ts';
import { connectionLimit } from '../room.ts';
import type { Contender } from './contender.ts';
import { nginx } from './nginx.ts';

/**
 * nginx that keeps answers: the keys in memory, the answers in files that stay open. It writes an access log as gatewayctl
 * does, in batches of the same size and age. It reads the files: by sendfile an answer of 64 KiB waits 40 ms for the delayed
 * acknowledgement of its first part with tcp_nopush, and without it both sizes cost more.
 */
export const nginxCache: Contender = {
  name: 'nginx-cache',
  async available() {
    return nginx.available();
  },
  async start({ upstreamPort, connections, processes }) {
    const folder = processes.folder('nginx-cache');
    const config = join(folder, 'nginx.conf');
    const port = await freePort();
    writeFileSync(
      config,
      nginxMain(
        `
  proxy_cache_path ${folder}/store keys_zone=answers:10m inactive=24h use_temp_path=off;
  open_file_cache max=1000 inactive=1h;
  open_file_cache_valid 1h;
  upstream origin {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
  }
  server {
    listen 127.0.0.1:${port};
    sendfile off;
    access_log ${folder}/access.log combined buffer=32k flush=50ms;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache answers;
      add_header Cache-Status "nginx; $upstream_cache_status";
    }
  }`,
        connectionLimit(connections),
      ),
    );
    const child = await processes.start({
      program: 'nginx',
      args: ['-p', folder, '-c', config, '-e', 'stderr'],
      output: join(folder, 'output.log'),
    });
    const url = `http://127.0.0.1:${port}`;
    await waitUntilReady('nginx-cache', child, `${url}/1k`);
    return { url, child };
  },
};
