import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import type { Contender } from './contender.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PACKAGE = new URL('../../package.json', import.meta.url);

/** Routes, as they stand in the configuration file. */
type Routes = readonly { readonly name: string; readonly path: string }[];

/** One route for everything. */
export const catchAll: Routes = [{ name: 'all', path: '/*rest' }];

/** A route for each of some services, and none for anything else. */
export function oneRoutePerService(services: readonly number[]): Routes {
  return services.map((service) => ({ name: `service-${service}`, path: `/service-${service}/*rest` }));
}

/**
 * The gateway of this project, as `npm run build` left it, with metrics and access log on as they are by default. The
 * log goes to a file, as one that is kept costs more than one that is thrown away.
 */
export function gatewayctl(name: string, routes: Routes): Contender {
  return {
    name,
    async available() {
      if (!existsSync(MAIN)) return { available: false, reason: 'dist/cli/main.js is missing (npm run build)' };
      return { available: true, version: /"version": "(.*)"/.exec(readFileSync(PACKAGE, 'utf8'))?.[1] ?? 'unknown' };
    },
    async start({ upstreamPort, processes }) {
      const folder = processes.folder(name);
      const config = join(folder, 'gateway.yaml');
      const port = await freePort();
      const adminPort = await freePort();
      writeFileSync(config, configuration(port, adminPort, upstreamPort, routes));
      const child = await processes.start({
        program: process.execPath,
        args: [MAIN, 'serve', '-c', config],
        output: join(folder, 'output.log'),
        env: { NODE_ENV: 'production' },
      });
      await waitUntilReady(name, child, `http://127.0.0.1:${adminPort}/readyz`);
      return { port, child };
    },
  };
}

function configuration(port: number, adminPort: number, upstreamPort: number, routes: Routes): string {
  return `version: 1
server: { listen: 127.0.0.1:${port} }
admin: { listen: 127.0.0.1:${adminPort} }
upstreams:
  origin: { targets: [http://127.0.0.1:${upstreamPort}] }
routes:
${routes.map(({ name, path }) => `  - { name: ${name}, match: { path: ${path} }, upstream: origin, access: public }\n`).join('')}`;
}
