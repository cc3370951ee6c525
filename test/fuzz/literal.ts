const NAMED: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t', "'": "\\'", '\\': '\\\\' };

/** Bytes as a string literal that can be pasted into a test. */
export function literal(text: string): string {
  const escaped = text.replaceAll(
    /[^\x20-\x7e]|['\\]/g,
    (character) => NAMED[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `'${escaped}'`;
}
