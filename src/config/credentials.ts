import type { Path } from './path.ts';

/** Names of variables whose values are secrets, wherever they are put. */
const SECRET_VARIABLE = /secret|token|passw|passphrase|pwd|credential|api_?key|private_?key|(?:^|_)key(?:$|_)/i;
/** Names of header fields, and of members of JSON, that carry credentials. */
const CREDENTIAL_NAME =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|pwd|credential|signature|keys?(?:$|[-_])|(?:^|[-_])(?:o?auth|pass|sig|hmac|jwt|bearer)(?:$|[-_])/i;
/** Values that are credentials whatever the name is; a challenge is none. */
const CREDENTIAL_VALUE = /^(?:basic|bearer)\s+(?!realm=)/i;
/** Nothing but what is filled in: by a `${…}` without a default, or by a template from each request. */
const FILLED_IN = /^(?:(?:basic|bearer)\s)?(?:\s|\{\{[^{}]*\}\}|\$\{(?:file:[^}]*|\w+(?::-)?)\})+$/i;
/** Keys of the language that hold no credential, though their names look so; a test holds them against the schema. */
export const HARMLESS_KEYS: readonly string[] = [
  'apiKeys',
  'credentials',
  'key',
  'keys',
  'passwords',
  'storeSetCookie',
  'tokens',
];

/** Members of JSON in a text, in three parts: their name, what is before their value, and the value. */
const MEMBERS = [
  /("([\w.-]+)"\s*:\s*")((?:\\.|[^"\\])+)/gs,
  // In double quotes of YAML: a quote of JSON is \", and one inside of its text is \\\".
  /(\\"([\w.-]+)\\"\s*:\s*\\")((?:\\\\(?:\\"|[^"])|[^"\\])+)/gs,
  /(\\?"([\w.-]+)\\?"\s*:\s*)(-?\d[\w.+-]*)/g,
];

/** Whether a value that comes from a variable must not be printed. */
export function isSecretVariable(name: string): boolean {
  return SECRET_VARIABLE.test(name);
}

/** Whether a header field or a member of JSON of this name carries credentials. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL_NAME.test(name);
}

/**
 * Whether the value of a header field must not be shown in files: by its name or what it says, and any that requests must
 * have to match, since such a value is often a shared secret. Edits of queries and bodies count by their names.
 *
 * @param path of the field, or of what an edit sets
 * @param value as it is written; what is filled in by a template or a `${…}` is none
 */
export function isCredentialField(path: Path, value: string): boolean {
  const [outer, inner] = path.slice(-3, -1);
  const isEdit = inner === 'set' && (outer === 'query' || outer === 'body');
  if (FILLED_IN.test(value)) return false;
  if (outer !== 'headers' && inner !== 'headers') return isEdit && isCredentialName(String(path.at(-1)));
  const isMatched = outer === 'match' && inner === 'headers';
  return isMatched || isCredentialName(String(path.at(-1))) || CREDENTIAL_VALUE.test(value);
}

/** Where the values of JSON members with credentials stand in a text, from one offset up to another. */
export function credentialMembers(text: string): (readonly [from: number, to: number])[] {
  const found: (readonly [from: number, to: number])[] = [];
  for (const pattern of MEMBERS) {
    for (const { index, 0: whole, 1: before = '', 2: name = '', 3: value = '' } of text.matchAll(pattern)) {
      if (isCredentialName(name) && !FILLED_IN.test(value)) found.push([index + before.length, index + whole.length]);
    }
  }
  return found;
}
