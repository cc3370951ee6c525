/**
 * What testssl.sh finds fault with: `tsx bench/tls-check.ts`. It takes some minutes.
 *
 * The built gateway (`npm run build`) has a certificate of `gatewayctl cert dev`, whose authority testssl.sh is told to
 * trust, HSTS, and the usual headers for browsers. What is printed is for a person to judge: an authority of one's own, for
 * one, has nobody to ask about revoked certificates.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate, tlsKeys } from './certificate.ts';
import { installed } from './contenders/installed.ts';
import { catchAllWith } from './contenders/gateway-yaml.ts';
import { built, startGateway } from './gateway.ts';
import { startOrigin } from './origin.ts';
import { freePort } from './ports.ts';
import type { Processes } from './processes.ts';
import { progress } from './progress.ts';
import { requireInstalled } from './tools.ts';
import { withProcesses } from './with-processes.ts';

/** MEDIUM and above, and what testssl.sh could not find out. */
const REPORTED: readonly string[] = ['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL', 'WARN'];

const HEADERS = `response:
  headers:
    set:
      content-security-policy: "default-src 'none'; frame-ancestors 'none'"
      x-content-type-options: nosniff
      x-frame-options: DENY
      referrer-policy: no-referrer
      permissions-policy: geolocation=()
      cross-origin-opener-policy: same-origin
      cross-origin-resource-policy: same-origin
    remove: [server, x-powered-by]
`;

interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

requireInstalled(['nginx', ['-v'], 'nginx-light']);
const gatewayctl = built();
if (!gatewayctl.available) throw new Error(gatewayctl.reason);
// Debian calls it so; the project itself does otherwise.
const program = ['testssl', 'testssl.sh'].find((name) => installed(name, ['--version'], 'testssl.sh').available);
if (program === undefined) throw new Error('testssl.sh is not installed (apt install testssl.sh)');

const findings = await withProcesses(async (processes) => check(program, processes));
const reported = findings.filter(({ severity }) => REPORTED.includes(severity));
process.stdout.write(
  `${findings.length} findings, of which ${reported.length} are MEDIUM or above, or could not be checked (WARN)\n`,
);
for (const { id, severity, finding } of reported) {
  process.stdout.write(`${severity.padEnd(9)} ${id.padEnd(30)} ${finding}\n`);
}

async function check(testssl: string, processes: Processes): Promise<readonly Finding[]> {
  const [port, certificate] = [await freePort(), makeCertificate(processes)];
  const server = tlsKeys(port, certificate, ', hsts: 365d');
  const routes = catchAllWith({ rule: 'rewrite: { path: /1k }' });
  await startGateway('gatewayctl', await startOrigin(processes), { server, routes, more: HEADERS }, processes);
  const folder = processes.folder('testssl');
  const json = join(folder, 'findings.json');
  const output = join(folder, 'output.log');
  progress('testssl.sh is running');
  const child = await processes.start({
    program: testssl,
    args: [
      '--quiet',
      '--color=0',
      '--warnings=off',
      '--nodns=none',
      '--ip=127.0.0.1',
      `--add-ca=${certificate.ca}`,
      `--jsonfile=${json}`,
      `localhost:${port}`,
    ],
    output,
  });
  // Its exit code counts findings; what it could not do stands in them as well.
  await child.ended;
  if (!existsSync(json)) throw new Error(`testssl.sh has written no findings:\n${child.output()}`);
  const found: unknown = JSON.parse(readFileSync(json, 'utf8'));
  if (!Array.isArray(found) || found.length === 0) throw new Error('testssl.sh has found nothing at all');
  return found.filter(isFinding);
}

function isFinding(value: unknown): value is Finding {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['id', 'severity', 'finding'].every((key) => typeof Reflect.get(value, key) === 'string')
  );
}
