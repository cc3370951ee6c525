import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../certificate.ts';
import { built } from '../gateway.ts';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import type { Contender, Running, Setup } from './contender.ts';
import { installed } from './installed.ts';

/** Caddy on one thread at a time. It keeps 32 idle connections to an upstream by default, fewer than the load opens. */
export const caddy: Contender = {
  name: 'caddy',
  async available() {
    return installed('caddy', ['version'], 'caddy');
  },
  async start(setup) {
    return start('caddy', 'http', '', setup);
  },
};

/** The same behind TLS. */
export const caddyTls: Contender = {
  name: 'caddy-tls',
  async available() {
    const certificates = built();
    return certificates.available ? caddy.available() : certificates;
  },
  async start(setup) {
    const { cert, key } = makeCertificate(setup.processes);
    return start('caddy-tls', 'https', `tls ${cert} ${key}`, setup);
  },
};

async function start(
  name: string,
  scheme: 'http' | 'https',
  tls: string,
  { upstreamPort, processes }: Setup,
): Promise<Running> {
  const folder = processes.folder(name);
  const config = join(folder, 'Caddyfile');
  const port = await freePort();
  writeFileSync(
    config,
    `{
  admin off
  auto_https off
}
${scheme}://127.0.0.1:${port} {
  bind 127.0.0.1
  ${tls}
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
  const url = `${scheme}://127.0.0.1:${port}`;
  await waitUntilReady(name, child, `${url}/1k`);
  return { url, child };
}
