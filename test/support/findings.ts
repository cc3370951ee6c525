/** What `validate` finds in the configurations that are shipped. */
import { loadConfig } from '../../src/config/load.ts';
import { textOf } from './deployed.ts';

/**
 * Everything that is found, warnings included; secrets that only exist where the file is used have a value.
 *
 * @param path of a gateway.yaml, from the root
 * @returns one text for each finding, empty when there is none
 */
export async function findingsIn(path: string): Promise<readonly string[]> {
  // A secret is a file on the machine that serves: here it is a variable.
  const text = textOf(path).replaceAll(/\$\{file:[^}]+\}/g, '${SECRET}');
  const stdin = (async function* () {
    yield text;
  })();
  const { diagnostics } = await loadConfig('-', { env: () => 'secret-of-at-least-32-characters-0', stdin });
  return diagnostics.map(({ code, line, path: key, message }) => `${line} ${code} ${key}: ${message}`);
}
