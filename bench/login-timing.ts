/**
 * Whether the time of a refused login tells that there is such a user: `tsx bench/login-timing.ts [logins] [cost]`.
 *
 * The built gateway (`npm run build`) refuses wrong passwords of a user and logins of users that do not exist, one
 * after the other and in turns, so that the machine is the same for both. It prints the medians and their ratio.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.ts';
import { createProcesses } from './processes.ts';
import { waitUntilReady } from './ready.ts';
import { spread } from './stats.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PASSWORD = 'correct horse battery';
const LONGEST_CREATION_MS = 60_000;

const logins = Number(process.argv[2] ?? 200);
const cost = Number(process.argv[3] ?? 10);
const processes = createProcesses();
try {
  const url = await startGateway();
  for (const [title, users] of [
    ['one user, against one address that nobody has', [1, 1]],
    ['another address each time', [logins, logins]],
  ] as const) {
    const known = Array.from({ length: users[0] }, (_, index) => `known-${index}@example.com`);
    for (const email of known) await post(`${url}/register`, { email, password: PASSWORD });
    const unknown = known.map((email) => email.replace('known', 'nobody'));
    const times = await refusals(url, known, unknown);
    report(title, times);
  }
} finally {
  await processes.close();
}

async function startGateway(): Promise<string> {
  const folder = processes.folder('gatewayctl');
  const file = join(folder, 'gateway.yaml');
  const [port, adminPort] = [await freePort(), await freePort()];
  writeFileSync(
    file,
    `version: 1
server: { listen: 127.0.0.1:${port} }
admin: { listen: 127.0.0.1:${adminPort} }
identity:
  registration: open
  passwords: { bcryptCost: ${cost} }
  rateLimit: { requests: 1000000, per: 1s }
  lockout: { failures: 1000000, accountFailures: 1000000 }
  tokens: { issuer: https://gateway.example.com, audience: https://api.example.com }
routes: []
`,
  );
  const child = await processes.start({
    program: process.execPath,
    args: [MAIN, 'serve', '-c', file],
    output: join(folder, 'output.log'),
  });
  await waitUntilReady('gatewayctl', child, `http://127.0.0.1:${adminPort}/readyz`);
  const url = `http://127.0.0.1:${port}/auth`;
  const deadline = Date.now() + LONGEST_CREATION_MS;
  // While the embedded database is created, whoever registers is told to come back.
  while ((await post(`${url}/register`, { email: 'first@example.com', password: PASSWORD })) === 503) {
    if (Date.now() > deadline) throw new Error(`the embedded database does not come up:\n${child.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return url;
}

/** Milliseconds of each refusal: of a user with a wrong password, and of nobody. */
async function refusals(
  url: string,
  known: readonly string[],
  unknown: readonly string[],
): Promise<{ readonly known: number[]; readonly unknown: number[] }> {
  const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
  for (let turn = 0; turn < logins; turn += 1) {
    const order = turn % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const kind of order) {
      const emails = kind === 'known' ? known : unknown;
      const email = emails[turn % emails.length] ?? '';
      const begun = performance.now();
      const status = await post(`${url}/login`, { email, password: 'not the right password' });
      times[kind].push(performance.now() - begun);
      if (status !== 401) throw new Error(`expected 401, found ${status}`);
    }
  }
  return times;
}

async function post(url: string, body: object): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

function report(title: string, times: { readonly known: number[]; readonly unknown: number[] }): void {
  const [known, unknown] = [spread(times.known), spread(times.unknown)];
  const line = ({ median, p10, p90 }: typeof known): string =>
    `${median.toFixed(2)} ms (${p10.toFixed(2)} to ${p90.toFixed(2)})`;
  process.stdout.write(`${title}, bcrypt cost ${cost}, ${logins} of each
  a wrong password   ${line(known)}
  an unknown user    ${line(unknown)}
  ratio of medians   ${(unknown.median / known.median).toFixed(3)}

`);
}
