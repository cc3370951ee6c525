import { credentialMembers, HARMLESS_KEYS, isCredentialName, isSecretVariable } from './credentials.ts';
import type { KnownSecrets } from './known-secrets.ts';
import type { Path } from './path.ts';
import { suggest } from './suggest.ts';

/** Keys whose values are secrets wherever they stand; a test holds both lists against `x-secret` in the schema. */
export const SECRET_KEYS: readonly string[] = ['token', 'registryToken', 'secret'];
/** Paths of keys that hold a secret, though keys of the same name elsewhere hold none. */
export const SECRET_PATHS: readonly string[] = ['database.url', 'redis.url'];

/** How many characters a secret has at least that is looked for in texts that are shown. */
export const MIN_KNOWN = 8;

/** Shown in a message in place of what must not be printed. */
export const HIDDEN = '(hidden)';

/** A part of a text, from one offset up to another. */
export type Range = readonly [from: number, to: number];

const REFERENCE_ONLY = /^["']?(?:\$\{(?:file:[^}]*|\w+(?::-)?)\})+["']?$/;
const KEY = /(?:^|[\s{,[#])["']?([\w-]+)["']?\s*:(?=\s|$)/g;
// Up to the last @, since a password may hold one.
const URL_PASSWORD = /(\w:\/\/[^\s/:@"']*:)([^\s"']+)(?=@)/g;
const QUERY_SECRET = /([?&][\w.-]*(?:token|secret|passw|pwd|key|auth|sig)[\w.-]*=)([^\s"'&#{}]+)/gi;
const DEFAULT = /(\$\{([A-Za-z_]\w*):-)([^{}]+)(?=\})/g;
/** As header fields have it, wherever it stands. */
const SCHEME = /\b((?:basic|bearer)\s+)([\w.~+/-]{8,}=*)/gi;
/** In prose: what follows may be one. */
const SECRET_WORD =
  /\b(?:pass(?:word|wd|phrase)s?|pwd|secrets?|tokens?|credentials?|api[-_ ]?keys?|private[-_ ]?keys?|bearer|\w+[-_](?:pass|auth|key))\b/i;
/** Up to where a value begins: `of the admin API: `, ` was `. */
const ASSIGNED = /^[^:=]{0,40}?(?:[:=]|\b(?:is|was)\b)\s*/;

/** Whether the value of a key must not be printed; a misspelt key is one too. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEYS.includes(key) || suggest(key, SECRET_KEYS) !== undefined;
}

/**
 * Tells whether the value at a path must not be printed: the nearest key decides. Keys are remembered, since a file has
 * few different ones.
 */
export function secretPaths(): (path: Path) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const key = path.findLast((part) => typeof part === 'string') ?? '';
    let secret = known.get(key);
    if (secret === undefined) known.set(key, (secret = isSecretKey(key)));
    return (
      secret || (key === 'url' && SECRET_PATHS.includes(path.filter((part) => typeof part === 'string').join('.')))
    );
  };
}

/**
 * Replaces secrets in a text by dots, so that its lines can be shown. Every character keeps its place. A value that is
 * only a `${…}` names a secret without being one, and stays.
 *
 * @param text YAML that was parsed
 * @param secrets where the secret values stand, each from the end of its key on
 */
export function maskRanges(text: string, secrets: readonly Range[]): string {
  return maskFilled(hideRanges(text, secrets).split('\n').map(maskLine).join('\n'));
}

function hideRanges(text: string, secrets: readonly Range[]): string {
  let out = '';
  let end = 0;
  for (const [from, to] of secrets.toSorted((a, b) => a[0] - b[0])) {
    if (to <= end) continue;
    const start = Math.max(from, end);
    out += text.slice(end, start) + hideValue(text.slice(start, to));
    end = to;
  }
  return out + text.slice(end);
}

/** Defaults of variables with the names of secrets, and what follows the name of a scheme. */
function maskFilled(text: string): string {
  return text
    .replace(DEFAULT, (whole, before: string, name: string, value: string) =>
      isSecretVariable(name) ? before + hide(value) : whole,
    )
    .replace(SCHEME, (whole, before: string, value: string) => (looksEncoded(value) ? before + hide(value) : whole));
}

/** What stands in comments, where a secret may have been put aside, and in URLs. */
function maskLine(line: string): string {
  const comment = line.indexOf('#');
  const code = comment === -1 ? line : line.slice(0, comment);
  return maskPasswords(comment === -1 ? line : code + maskComment(line.slice(comment)));
}

/**
 * The same for a text that cannot be parsed: hides everything after a secret key in its line, and the deeper lines
 * below it.
 */
export function maskSecrets(text: string): string {
  let column = -1;
  let pending = false;
  const lines = text.split('\n').map((line) => {
    const indent = line.length - line.trimStart().length;
    if (line.trim() === '') return line;
    if (pending || (column >= 0 && indent > column)) {
      pending = false;
      return hide(line);
    }
    const key = secretKeyIn(line);
    column = key?.column ?? -1;
    if (key === undefined) return maskLine(line);
    pending = line.slice(key.end).trim() === '';
    return maskPasswords(line.slice(0, key.end)) + hideValue(line.slice(key.end));
  });
  const shown = maskFilled(lines.join('\n'));
  return hideRanges(shown, credentialMembers(shown));
}

/** Replaces the passwords of URLs, and what credentials their queries have, by dots. */
export function maskPasswords(text: string): string {
  const hideSecond = (_whole: string, before: string, secret: string): string => before + hide(secret);
  return text.replace(URL_PASSWORD, hideSecond).replace(QUERY_SECRET, hideSecond);
}

/** Replaces texts that are known to be secrets by dots, wherever they came to stand. */
export function maskKnown(text: string, secrets: KnownSecrets): string {
  return secrets.replace(text, hide);
}

/** What a comment says is prose, or a line that was put out of use. */
function maskComment(text: string): string {
  const key = secretKeyIn(text);
  if (key !== undefined) return text.slice(0, key.end) + hideValue(text.slice(key.end));
  const word = SECRET_WORD.exec(text);
  if (word === null) return text;
  const end = word.index + word[0].length;
  const rest = text.slice(end);
  const assigned = ASSIGNED.exec(rest)?.[0] ?? rest;
  const prose = assigned.replace(/\S+/g, (each) => (looksRandom(each) ? hide(each) : each));
  return text.slice(0, end) + prose + hideValue(rest.slice(assigned.length));
}

function looksRandom(word: string): boolean {
  return word.length >= 20 || (word.length >= 8 && /\d/.test(word) && /[a-z]/i.test(word));
}

function looksEncoded(text: string): boolean {
  return /\d|=$|[a-z][A-Z]/.test(text) || text.length >= 20;
}

function secretKeyIn(line: string): { column: number; end: number } | undefined {
  for (const match of line.matchAll(KEY)) {
    const [whole, name = ''] = match;
    // The URL of a database: its path and query can hold a secret, too.
    const url = name === 'url' && /:\s*["']?(?:postgres|redis)/.test(line.slice(match.index));
    const credential = isCredentialName(name) && !HARMLESS_KEYS.includes(name);
    if (url || credential || isSecretKey(name))
      return { column: match.index + whole.indexOf(name), end: match.index + whole.length };
  }
  return undefined;
}

function hideValue(text: string): string {
  const [, before = '', value = ''] = /^(\s*:?\s*)(.*)$/s.exec(text) ?? [];
  return before + (REFERENCE_ONLY.test(value.trim()) ? value : hide(value));
}

function hide(text: string): string {
  return text.replace(/[^\s"']/g, '•');
}
