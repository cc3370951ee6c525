import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../ports.ts';
import { waitUntilReady } from '../ready.ts';
import type { Contender } from './contender.ts';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/**
 * A small Node server in bench/peers.
 *
 * @param name its name and its file's
 * @param packageName the package of bench/package.json that it stands for; none when it uses Node alone
 */
export function nodePeer(name: string, packageName?: string): Contender {
  return {
    name,
    async available() {
      if (packageName === undefined) return { available: true, version: `Node ${process.version}` };
      const manifest = join(BENCH, 'node_modules', packageName, 'package.json');
      if (!existsSync(manifest)) return { available: false, reason: `${packageName} is not installed in bench/` };
      const version = /"version": "(.*)"/.exec(readFileSync(manifest, 'utf8'))?.[1] ?? 'unknown version';
      return { available: true, version };
    },
    async start({ upstreamPort, processes }) {
      const port = await freePort();
      const child = await processes.start({
        program: process.execPath,
        args: [join(BENCH, 'peers', `${name}.js`), String(port), String(upstreamPort)],
        output: join(processes.folder(name), 'output.log'),
        env: { NODE_ENV: 'production' },
      });
      const url = `http://127.0.0.1:${port}`;
      await waitUntilReady(name, child, `${url}/1k`);
      return { url, child };
    },
  };
}
