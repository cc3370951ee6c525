import { installed } from './contenders/installed.ts';

/**
 * Makes sure that there is what cannot be skipped.
 *
 * @param programs what {@link installed} is asked for
 * @throws with how to install what is missing
 */
export function requireInstalled(...programs: readonly Parameters<typeof installed>[]): void {
  if (process.platform !== 'linux') throw new Error('processes are watched in /proc, which only Linux has');
  for (const program of programs) {
    const tool = installed(...program);
    if (!tool.available) throw new Error(tool.reason);
  }
}
