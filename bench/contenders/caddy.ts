import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import type { Contender } from './contender.ts';
import { installed } from './installed.ts';

/** Caddy on one thread at a time. It keeps 32 idle connections to an upstream by default, fewer than the load opens. */
export const caddy: Contender = {
  name: 'caddy',
  async available() {
    return installed('caddy', ['version'], 'caddy');
  },
  async start({ upstreamPort, processes }) {
    const folder = processes.folder('caddy');
    const config = join(folder, 'Caddyfile');
    const port = await freePort();
    writeFileSync(
      config,
      `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${upstreamPort} {
    transport http {
      keepalive 1h
      keepalive_idle_conns 256
      keepalive_idle_conns_per_host 256
    }
  }
}
`,
    );
    const child = await processes.start({
      program: 'caddy',
      args: ['run', '--config', config, '--adapter', 'caddyfile'],
      output: join(folder, 'output.log'),
      env: { GOMAXPROCS: '1', HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    });
    const url = `http://127.0.0.1:${port}`;
    await waitUntilReady('caddy', child, `${url}/1k`);
    return { url, child };
  },
};
