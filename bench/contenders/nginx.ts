import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { nginxMain } from '../nginx-main.ts';
import { waitUntilReady } from '../ready.ts';
import { connectionLimit } from '../room.ts';
import type { Contender } from './contender.ts';
import { installed } from './installed.ts';

/** nginx with one worker. Its own limits on the life of a connection and its temporary files are out of the way. */
export const nginx: Contender = {
  name: 'nginx',
  async available() {
    return installed('nginx', ['-v'], 'nginx-light');
  },
  async start({ upstreamPort, connections, processes }) {
    const folder = processes.folder('nginx');
    const config = join(folder, 'nginx.conf');
    const port = await freePort();
    writeFileSync(
      config,
      nginxMain(
        `
  upstream origin {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
      client_body_buffer_size 64k;
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
    await waitUntilReady('nginx', child, `${url}/1k`);
    return { url, child };
  },
};
