import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../certificate.ts';
import { built } from '../gateway.ts';
import { freePort } from '../ports.ts';
import { nginxMain } from '../nginx-main.ts';
import { waitUntilReady } from '../ready.ts';
import { connectionLimit } from '../room.ts';
import type { Contender, Running, Setup } from './contender.ts';
import { installed } from './installed.ts';

/** nginx with one worker. Its own limits on the life of a connection and its temporary files are out of the way. */
export const nginx: Contender = {
  name: 'nginx',
  async available() {
    return installed('nginx', ['-v'], 'nginx-light');
  },
  async start(setup) {
    return start('nginx', 'http', '', setup);
  },
};

/** The same behind TLS. */
export const nginxTls: Contender = {
  name: 'nginx-tls',
  async available() {
    const certificates = built();
    return certificates.available ? nginx.available() : certificates;
  },
  async start(setup) {
    const { cert, key } = makeCertificate(setup.processes);
    const tls = `ssl_certificate ${cert}; ssl_certificate_key ${key}; ssl_protocols TLSv1.2 TLSv1.3;`;
    return start('nginx-tls', 'https', tls, setup);
  },
};

async function start(
  name: string,
  scheme: 'http' | 'https',
  tls: string,
  { upstreamPort, connections, processes }: Setup,
): Promise<Running> {
  const folder = processes.folder(name);
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
    listen 127.0.0.1:${port}${scheme === 'https' ? ' ssl' : ''};
    ${tls}
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
  const url = `${scheme}://127.0.0.1:${port}`;
  await waitUntilReady(name, child, `${url}/1k`);
  return { url, child };
}
