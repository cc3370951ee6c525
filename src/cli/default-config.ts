import { statSync } from 'node:fs';
import { ExitError } from './exit.ts';

/** Where the configuration is looked for when none is named: in this folder, then where an installed service has it. */
const PLACES = ['gateway.yaml', '/etc/gatewayctl/gateway.yaml'] as const;

/** For the help of commands. */
export const DEFAULT_PLACES = PLACES.join(', else ');

/**
 * The configuration that a command takes when none is named: the first there is.
 *
 * @param advice what else can be done when there is none
 * @param places paths
 * @throws ExitError 2 when there is none
 */
export function defaultConfig(advice: string, places: readonly string[] = PLACES): string {
  const found = places.find(isThere);
  if (found !== undefined) return found;
  throw new ExitError(2, `in ${process.cwd()} there is no ${places.join(', and no ')}: ${advice}`);
}

/** A file that cannot be looked at is one: to read it says why. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
