import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORDER, STORED_TAG } from './documents.ts';
import { nginxMain } from './nginx-main.ts';
import { COUNTS_PATH } from './origin-count.ts';
import { freePort } from './ports.ts';
import type { Processes } from './processes.ts';
import { waitUntilReady } from './ready.ts';
import { connectionLimit } from './room.ts';

const FILES = {
  '1k': Buffer.alloc(1024, 'x'),
  '64k': Buffer.alloc(64 * 1024, 'x'),
  '10m': Buffer.alloc(10 * 1024 * 1024, 'x'),
  '1k.json': ORDER,
  '64k.json': JSON.stringify('x'.repeat(64 * 1024 - 2)),
};

/**
 * Starts the server that all contenders forward to: nginx with one worker. It serves `/1k`, `/64k` and `/10m`, the first
 * below `/service-<number>/` too, `/1k.json` and `/64k.json`, below `/stored/` so that a cache may keep them, and answers
 * `/post` with 1 KiB, a POST as a GET.
 *
 * @returns its port
 */
export async function startOrigin(processes: Processes): Promise<number> {
  const folder = processes.folder('origin');
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  const config = join(folder, 'nginx.conf');
  const port = await freePort();
  writeFileSync(config, nginxMain(httpBlock(port, folder), connectionLimit()));
  const child = await processes.start({
    program: 'nginx',
    args: ['-p', folder, '-c', config, '-e', 'stderr'],
    output: join(folder, 'output.log'),
  });
  await waitUntilReady('the origin', child, `http://127.0.0.1:${port}/1k`);
  return port;
}

/**
 * A plain `return 200` would answer a POST before its body has come. `mirror` is the one part of nginx-light that reads
 * the whole body first; what it mirrors to answers at once. Files refuse a POST, and that refusal then becomes the
 * answer to a GET.
 */
function httpBlock(port: number, folder: string): string {
  return `
  open_file_cache max=16;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder};
    default_type application/octet-stream;
    types { application/json json; }
    client_max_body_size 0;
    client_body_buffer_size 64k;
    location / { }
    location ~ ^/service-\\d+/1k$ { try_files /1k =404; }
    location /stored/ {
      alias ${folder}/;
      etag off;
      add_header ETag '${STORED_TAG}';
      add_header Cache-Control max-age=3600;
    }
    location = ${COUNTS_PATH} { stub_status; }
    location = /post {
      mirror /mirrored;
      try_files /1k =404;
      error_page 405 =200 /1k;
    }
    location = /mirrored { internal; return 204; }
  }`;
}
