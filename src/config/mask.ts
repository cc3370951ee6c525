/** Keys whose values are secrets wherever they stand; a test holds the list against `x-secret` in the schema. */
export const SECRET_KEYS: readonly string[] = ['token', 'registryToken', 'secret'];

const KEYS = SECRET_KEYS.join('|');
const ENTRY = new RegExp(`((?:^|[\\s{,])["']?(?:${KEYS})["']?\\s*:\\s*)("[^"]*"|'[^']*'|[^\\s,}#][^,}#\\n]*)`, 'g');
const BLOCK = new RegExp(`^(\\s*)(?:-\\s+)*["']?(?:${KEYS})["']?\\s*:\\s*[|>]`);
const URL_PASSWORD = /(\w:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/g;

/**
 * Replaces the secrets of a configuration text by dots, so that its lines can be shown. Every character keeps its
 * place. A value that is only a `${…}` names a secret without being one, and stays.
 *
 * @param text YAML, which need not be valid
 */
export function maskSecrets(text: string): string {
  let blockIndent = -1;
  const lines = text.split('\n').map((line) => {
    const indent = line.length - line.trimStart().length;
    if (blockIndent >= 0 && (line.trim() === '' || indent > blockIndent)) return hide(line);
    blockIndent = BLOCK.exec(line)?.[1]?.length ?? -1;
    if (blockIndent >= 0) return line;
    return line
      .replace(ENTRY, (_whole, key: string, value: string) => key + (value.startsWith('${') ? value : hide(value)))
      .replace(URL_PASSWORD, (_whole, before: string, password: string) => before + hide(password));
  });
  return lines.join('\n');
}

function hide(text: string): string {
  return text.replace(/[^\s"']/g, '•');
}
