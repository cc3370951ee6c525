import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Availability } from './contenders/contender.ts';
import { configuration, type Sections } from './contenders/gateway-yaml.ts';
import { freePort } from './ports.ts';
import type { Child, Processes } from './processes.ts';
import { waitUntilReady } from './ready.ts';

/** The program, as `npm run build` left it. */
export const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PACKAGE = new URL('../package.json', import.meta.url);

/** A gateway of this project that is ready for traffic. */
export interface Gateway {
  readonly child: Child;
  /** Where it takes requests: scheme, address and port. */
  readonly url: string;
  readonly adminUrl: string;
  /** The file that it writes its log to. */
  readonly log: string;
}

/** Whether there is a gateway to start. */
export function built(): Availability {
  if (!existsSync(MAIN)) return { available: false, reason: 'dist/cli/main.js is missing (npm run build)' };
  return { available: true, version: /"version": "(.*)"/.exec(readFileSync(PACKAGE, 'utf8'))?.[1] ?? 'unknown' };
}

/**
 * Starts a gateway in front of the origin, with metrics and access log on as they are by default. The log goes to a file,
 * as one that is kept costs more than one that is thrown away.
 */
export async function startGateway(
  name: string,
  origin: number,
  sections: Sections,
  processes: Processes,
): Promise<Gateway> {
  const folder = processes.folder(name);
  const config = join(folder, 'gateway.yaml');
  const log = join(folder, 'output.log');
  const [plain, admin] = [await freePort(), await freePort()];
  writeFileSync(config, configuration({ plain, admin, origin }, sections));
  const child = await processes.start({
    program: process.execPath,
    args: [MAIN, 'serve', '-c', config],
    output: log,
    env: { NODE_ENV: 'production' },
  });
  const adminUrl = `http://127.0.0.1:${admin}`;
  await waitUntilReady(name, child, `${adminUrl}/readyz`);
  return { child, url: `http://127.0.0.1:${plain}`, adminUrl, log };
}
