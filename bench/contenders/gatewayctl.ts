import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import type { Contender } from './contender.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PACKAGE = new URL('../../package.json', import.meta.url);

/** For the embedded database, which is created anew each time. */
const LONGEST_CREATION_MS = 60_000;

/** Routes, as they stand in the configuration file. */
type Routes = readonly { readonly name: string; readonly path: string; readonly rule?: string }[];

/** One route for everything. */
export const catchAll: Routes = [{ name: 'all', path: '/*rest' }];

/** One route for everything, with a rule, as it stands in the route. */
export function catchAllWith(rule: string): Routes {
  return [{ name: 'all', path: '/*rest', rule }];
}

/** A route for each of some services, and none for anything else. */
export function oneRoutePerService(services: readonly number[]): Routes {
  return services.map((service) => ({ name: `service-${service}`, path: `/service-${service}/*rest` }));
}

/**
 * The gateway of this project, as `npm run build` left it, with metrics and access log on as they are by default. The
 * log goes to a file, as one that is kept costs more than one that is thrown away.
 */
export function gatewayctl(name: string, routes: Routes, upstream: (port: number) => string = oneEndpoint): Contender {
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
      writeFileSync(config, configuration(port, adminPort, upstream(upstreamPort), routes));
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

/**
 * The gateway with its own users: every request has the access token of one of them, who needs a permission. Or nobody
 * does, and the token is only passed on: what it costs to carry it.
 */
export function gatewayctlWithUsers(
  name: string,
  access: 'permission' | 'public',
  routes: Routes = catchAll,
): Contender {
  return {
    ...gatewayctl(name, routes),
    async start({ upstreamPort, processes }) {
      const folder = processes.folder(name);
      const config = join(folder, 'gateway.yaml');
      const [port, adminPort] = [await freePort(), await freePort()];
      const rule = access === 'public' ? 'public' : '{ permissions: ["orders:read"] }';
      const text = configuration(port, adminPort, oneEndpoint(upstreamPort), routes).replace(
        'access: public',
        `access: ${rule}`,
      );
      writeFileSync(config, `${text}${USERS}`);
      const child = await processes.start({
        program: process.execPath,
        args: [MAIN, 'serve', '-c', config],
        output: join(folder, 'output.log'),
        env: { NODE_ENV: 'production' },
      });
      await waitUntilReady(name, child, `http://127.0.0.1:${adminPort}/readyz`);
      return { port, child, headers: [`Authorization: Bearer ${await tokenOf(`http://127.0.0.1:${port}/auth`)}`] };
    },
  };
}

const USERS = `
identity:
  registration: open
  defaultRole: viewer
  passwords: { bcryptCost: 4 }
  rateLimit: { requests: 1000, per: 1s }
  tokens: { issuer: https://gateway.example.com, audience: https://api.example.com, accessTtl: 1h }
roles: { viewer: ["orders:*"] }
`;

/** Registers a user and logs in, as soon as the embedded database is there. */
async function tokenOf(url: string): Promise<string> {
  const ask = async (operation: string): Promise<Response> =>
    fetch(`${url}/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'bench@example.com', password: 'correct horse battery' }),
    });
  const deadline = Date.now() + LONGEST_CREATION_MS;
  while ((await ask('register')).status === 503) {
    if (Date.now() > deadline) throw new Error('the embedded database does not come up');
    await sleep(100);
  }
  const answer: unknown = await (await ask('login')).json();
  const token: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'access_token') : undefined;
  if (typeof token !== 'string') throw new Error(`the login gave no token: ${JSON.stringify(answer)}`);
  return token;
}

function oneEndpoint(port: number): string {
  return `targets: [http://127.0.0.1:${port}]`;
}

/** The origin under two names, so that there is something to choose from. */
export function twoEndpoints(port: number): string {
  return `targets: [http://127.0.0.1:${port}, http://localhost:${port}]`;
}

/** The same with everything that looks after endpoints and requests, and nothing that goes wrong. */
export function twoEndpointsLookedAfter(port: number): string {
  return `${twoEndpoints(port)}
    slowStart: 30s
    health: { path: /1k }
    outlier: {}
    breaker: {}
    retry: { attempts: 3 }
    hedge: { after: 1s }
    bulkhead: { concurrent: 1000, queue: 100 }`;
}

function configuration(port: number, adminPort: number, upstream: string, routes: Routes): string {
  return `version: 1
server: { listen: 127.0.0.1:${port} }
admin: { listen: 127.0.0.1:${adminPort} }
upstreams:
  origin:
    ${upstream}
routes:
${routes.map(written).join('')}`;
}

function written({ name, path, rule }: Routes[number]): string {
  const rules = rule === undefined ? '' : `, ${rule}`;
  return `  - { name: ${name}, match: { path: ${path} }, upstream: origin, access: public${rules} }\n`;
}
