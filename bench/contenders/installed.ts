import { spawnSync } from 'node:child_process';
import type { Availability } from './contender.ts';

/**
 * Looks for a program on the PATH.
 *
 * @param program its name
 * @param versionArgs makes it print its version
 * @param aptPackage where Debian and Ubuntu have it
 */
export function installed(program: string, versionArgs: readonly string[], aptPackage: string): Availability {
  const { error, stdout, stderr } = spawnSync(program, versionArgs, { encoding: 'utf8' });
  if (error) return { available: false, reason: `${program} is not installed (apt install ${aptPackage})` };
  const version = /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown version';
  return { available: true, version };
}
