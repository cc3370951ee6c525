import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../gateway.ts';
import type { Contender } from './contender.ts';
import { catchAllWith } from './gateway-yaml.ts';
import { gatewayctl } from './gatewayctl.ts';

/** For the embedded database, which is created anew each time. */
const LONGEST_CREATION_MS = 60_000;

const USERS = `
identity:
  registration: open
  defaultRole: viewer
  passwords: { bcryptCost: 4 }
  rateLimit: { requests: 1000, per: 1s }
  tokens: { issuer: https://gateway.example.com, audience: https://api.example.com, accessTtl: 1h }
roles: { viewer: ["orders:*"] }
`;

/**
 * The gateway with its own users: every request has the access token of one of them, who needs a permission. Or nobody
 * does, and the token is only passed on: what it costs to carry it.
 */
export function gatewayctlWithUsers(
  name: string,
  kind: 'permission' | 'public',
  others: { readonly rule?: string } = {},
): Contender {
  const access = kind === 'public' ? 'public' : '{ permissions: ["orders:read"] }';
  const sections = { routes: catchAllWith({ access, ...others }), more: USERS };
  return {
    ...gatewayctl(name, sections),
    async start({ upstreamPort, processes }) {
      const { url, child } = await startGateway(name, upstreamPort, sections, processes);
      return { url, child, headers: [`Authorization: Bearer ${await tokenOf(`${url}/auth`)}`] };
    },
  };
}

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
