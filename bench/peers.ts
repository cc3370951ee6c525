import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { progress } from './progress.ts';

const BENCH = fileURLToPath(new URL('.', import.meta.url));

/** Installs the packages of bench/package.json when they are not there. */
export function installPeers(): void {
  if (existsSync(`${BENCH}node_modules`)) return;
  progress('bench/node_modules is missing: installing the peers with npm ci --prefix bench');
  // Standard output belongs to the report.
  const { status } = spawnSync('npm', ['ci', '--prefix', BENCH, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('npm ci --prefix bench failed');
}
