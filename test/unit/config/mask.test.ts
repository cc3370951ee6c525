import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { parseConfig } from '../../../src/config/document.ts';
import { HARMLESS_KEYS, isCredentialName } from '../../../src/config/credentials.ts';
import { KnownSecrets } from '../../../src/config/known-secrets.ts';
import { maskKnown, maskPasswords, maskSecrets, SECRET_KEYS, SECRET_PATHS } from '../../../src/config/mask.ts';

type Schema = { readonly [key: string]: unknown };

/** A text that is parsed, as it is shown. */
function masked(text: string): string {
  return parseConfig(text, 'x.yaml', { env: () => 'env', folder: '/' }).masked;
}

describe('masking', () => {
  it('knows every key that the schema marks as secret, and no other', async () => {
    const text = await readFile(new URL('../../../schemas/gateway.schema.json', import.meta.url), 'utf8');
    const schema: Schema = JSON.parse(text);
    const found = secretsIn(schema, schema, []).map((path) => path.join('.'));
    const covered = (path: string): boolean =>
      SECRET_PATHS.includes(path) || SECRET_KEYS.includes(path.split('.').at(-1) ?? '');
    expect(found).to.include.members(['admin.token', 'redis.url', 'issuers.secret']);
    expect(found.filter((path) => !covered(path))).to.deep.equal([]);
    expect(SECRET_PATHS.filter((path) => !found.includes(path))).to.deep.equal([]);
    expect(SECRET_KEYS.filter((key) => !found.some((path) => path.endsWith(`.${key}`)))).to.deep.equal([]);
  });

  it('takes no key of the language for a header field with credentials', async () => {
    const text = await readFile(new URL('../../../schemas/gateway.schema.json', import.meta.url), 'utf8');
    const schema: Schema = JSON.parse(text);
    const keys = new Set(keysIn(schema));
    const look = [...keys].filter((key) => isCredentialName(key) && !SECRET_KEYS.includes(key));
    expect(look).to.have.members(HARMLESS_KEYS);
  });

  const MASKED: [text: string, masked: string][] = [
    ['token: abc # why', 'token: ••• # why'],
    ['token: "a b"', 'token: "• •"'],
    ["token: 'it''s'", "token: '••''•'"],
    ['"token" : abc', '"token" : •••'],
    ['{ token: abc, b: 1 }', '{ token: •••, b: 1 }'],
    ['- token: a,b}c#d', '- token: •••••••'],
    ['token:\n  abc\n  def\nb: 1', 'token:\n  •••\n  •••\nb: 1'],
    ['token: |-\n  abc\n\n  def\nb: 1', 'token: ••\n  •••\n\n  •••\nb: 1'],
    ['token: [abc, "def"]', 'token: ••••• "•••"•'],
    ['token: &a abc\nb: *a', 'token: •• •••\nb: *a'],
    ['x-a: &a abc\nsecret: *a', 'x-a: &a •••\nsecret: ••'],
    ['tokn: abc', 'tokn: •••'],
    ['token: 12345', 'token: •••••'],
    // A reference names a secret without being one; a default is one.
    ['token: ${A}', 'token: ${A}'],
    ['token: "${A}"', 'token: "${A}"'],
    ['token: ${A:-}', 'token: ${A:-}'],
    ['token: ${file:/run/a}', 'token: ${file:/run/a}'],
    ['token: ${A:-abc}', 'token: •••••••••'],
    ['token: ${A}abc', 'token: •••••••'],
    ['# token: abc', '# token: •••'],
    ['database: { url: postgres://a/b }', 'database: { url: •••••••••••••• }'],
    ['redis:\n  url: [redis://a, redis://b]', 'redis:\n  url: ••••••••••• ••••••••••'],
    // Keys of the same name that hold no secret.
    ['targets: [{ url: http://a }]', 'targets: [{ url: http://a }]'],
    ['tokens: { issuer: abc }', 'tokens: { issuer: abc }'],
    // A forgotten quote makes a text of the lines after it.
    ['a: "b\n  token: abc\n  c: "', 'a: "•\n  •••••• •••\n  •• "'],
    ['a: "b\n  c: abc\n  d: "', 'a: "b\n  c: abc\n  d: "'],
    ['a: http://u:pw@h/p', 'a: http://u:••@h/p'],
    ['a: "redis://:p@w/x@h"', 'a: "redis://:•••••@h"'],
    ['a: http://h:80/p', 'a: http://h:80/p'],
    ['# http://u:pw@h', '# http://u:••@h'],
    // What a comment says in prose.
    ['a: b # the password was abc def', 'a: b # the password was ••• •••'],
    ['# secret of the old one = abc', '# secret of the old one = •••'],
    ['# our token abcdef12 is old', '# our token •••••••• is •••'],
    ['# tokens: see the wiki', '# tokens: ••• ••• ••••'],
    ['# log in with the credentials hunter22', '# log in with the credentials ••••••••'],
    ['# tokens end after 15m', '# tokens end after 15m'],
    // What queries of URLs and header fields carry.
    ['a: http://h/p?api_key=abc&b=1', 'a: http://h/p?api_key=•••&b=1'],
    ['headers: { set: { Authorization: Bearer abc } }', 'headers: { set: { Authorization: •••••• ••• } }'],
    ['match: { headers: { x-api-key: abc } }', 'match: { headers: { x-api-key: ••• } }'],
    ['headers: { set: { x-plain: abc } }', 'headers: { set: { x-plain: abc } }'],
    ['headers: { set: { Authorization: "{{a}}" } }', 'headers: { set: { Authorization: "{{a}}" } }'],
    ['headers: { set: { Authorization: "${A}" } }', 'headers: { set: { Authorization: "${A}" } }'],
    ['headers: { set: { x-auth: "Bearer ${A}" } }', 'headers: { set: { x-auth: "Bearer ${A}" } }'],
    ['headers: { set: { x-auth: "abc{{a}}" } }', 'headers: { set: { x-auth: "••••••••" } }'],
    ['headers:\n  add:\n    x-auth: abc', 'headers:\n  add:\n    x-auth: •••'],
    ['headers: { set: { x-access-key: abc } }', 'headers: { set: { x-access-key: ••• } }'],
    ['headers: { set: { x-author: abc } }', 'headers: { set: { x-author: abc } }'],
    ['headers: { set: { x-basic: Basic abc } }', 'headers: { set: { x-basic: ••••• ••• } }'],
    ['headers: { set: { a: Basic realm=abc } }', 'headers: { set: { a: Basic realm=abc } }'],
    ['x: &a Bearer abc\nheaders: { set: { a: *a } }', 'x: &a •••••• •••\nheaders: { set: { a: •• } }'],
    ['respond: { headers: { set-cookie: "sid=abc" } }', 'respond: { headers: { set-cookie: "•••••••" } }'],
    ['query: { set: { api_key: abc, a: b } }', 'query: { set: { api_key: •••, a: b } }'],
    ['body: { set: { /client/secret: abc, /a: b } }', 'body: { set: { /client/secret: •••, /a: b } }'],
    // Whatever a request has to match.
    ['match: { headers: { x-a: abc, x-b: "${B}" } }', 'match: { headers: { x-a: •••, x-b: "${B}" } }'],
    // Defaults of variables with the names of secrets.
    ['a: ${VAULT_TOKEN:-abc}', 'a: ${VAULT_TOKEN:-•••}'],
    ['# a: ${VAULT_TOKEN:-abc}', '# a: ${VAULT_TOKEN:-•••}'],
    ['a: ${HOST:-abc}', 'a: ${HOST:-abc}'],
    // Names of header fields and schemes in comments.
    ['# authorization: Basic abc', '# authorization: ••••• •••'],
    ['# cookie: sid=abc', '# cookie: •••••••'],
    ['# admin-pass hunter2hunter2x', '# admin-pass •••••••••••••••'],
    ['# sent as Basic YWJjOmRlZg==', '# sent as Basic ••••••••••••'],
    ['# basic authentication', '# basic authentication'],
    ['# key: /etc/tls.key', '# key: /etc/tls.key'],
    // Members of JSON in texts.
    [`body: '{"access_token":"abc","a":"b"}'`, `body: '{"access_token":"•••","a":"b"}'`],
    [String.raw`body: "{\"secret\": \"a\\\"bc\"}"`, String.raw`body: "{\"secret\": \"••••"••\"}"`],
    [`body: '{"apiKey":12345,"n":1}'`, `body: '{"apiKey":•••••,"n":1}'`],
    [`body: '{"token":"\${A}"}'`, `body: '{"token":"\${A}"}'`],
  ];
  for (const [text, expected] of MASKED) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(expected)}`, () => expect(masked(text)).to.equal(expected));
  }

  it('hides secrets that are known wherever they came to stand, and no short word', () => {
    const shown = (text: string, ...secrets: string[]): string => maskKnown(text, new KnownSecrets(secrets, 8));
    expect(shown('a: s3cret-value # s3cret-value', 's3cret-value')).to.equal('a: •••••••••••• # ••••••••••••');
    expect(shown('localhost: prod', 'prod')).to.equal('localhost: prod');
    expect(shown('token: ${ADMIN_TOKEN}', '${ADMIN_TOKEN}')).to.equal('token: ${ADMIN_TOKEN}');
  });

  it('knows defaults of variables with the names of secrets', () => {
    const variables = { env: () => undefined, folder: '/' };
    const { secrets } = parseConfig('a: ${A_TOKEN:-abc}${HOST:-def}${B_TOKEN:-}', 'x.yaml', variables);
    expect(secrets).to.deep.equal(['abc']);
  });

  it('knows variables with the names of secrets', () => {
    const env = (name: string): string => `value-of-${name}`;
    const valuesIn = (text: string): readonly string[] => parseConfig(text, 'x.yaml', { env, folder: '/' }).secrets;
    expect(valuesIn('a: x${HOOK_TOKEN}\nb: ${HOST}')).to.deep.equal(['value-of-HOOK_TOKEN']);
    expect(valuesIn('a: ${DB_PASSWORD:-}${API_KEY}${MONKEY}')).to.deep.equal([
      'value-of-DB_PASSWORD',
      'value-of-API_KEY',
    ]);
  });

  const BROKEN: [text: string, masked: string][] = [
    ['token: abc, def }\nb: "', 'token: •••• ••• •\nb: "'],
    ['token:\n  abc\nb: [', 'token:\n  •••\nb: ['],
    ['token:\nabc\nb: [', 'token:\n•••\nb: ['],
    ['a:\n  token: abc\n    def\n  b: [', 'a:\n  token: •••\n    •••\n  b: ['],
    ['- token: |\n    abc\n\n    def\n  b: [', '- token: •\n    •••\n\n    •••\n  b: ['],
    ['a: { token: "abc', 'a: { token: "•••'],
    ['a: { "secret": abc, b: [', 'a: { "secret": •••• •• •'],
    ['url: postgres://a?password=abc\nb: [', 'url: •••••••••••••••••••••••••\nb: ['],
    ['a: [ http://u:pw@h', 'a: [ http://u:••@h'],
    ['token: ${A}\nb: [', 'token: ${A}\nb: ['],
    ['set:\n  authorization: "Bearer abc"\nb: [', 'set:\n  authorization: "•••••• •••"\nb: ['],
    ['set: { x-auth: abc }\nb: [', 'set: { x-auth: ••• •\nb: ['],
    ['set:\n  x-api-key: >-\n    abc\nb: [', 'set:\n  x-api-key: ••\n    •••\nb: ['],
    ['a: Bearer abcdef12\nb: [', 'a: Bearer ••••••••\nb: ['],
    ['a: ${A_TOKEN:-abc}\nb: [', 'a: ${A_TOKEN:-•••}\nb: ['],
    [`a: '{"x-secret":"abc"}'\nb: [`, `a: '{"x-secret":"•••"}'\nb: [`],
    ['# the password was abc\nb: [', '# the password was •••\nb: ['],
    ['apiKeys:\n  a: b\nb: [', 'apiKeys:\n  a: b\nb: ['],
  ];
  for (const [text, expected] of BROKEN) {
    it(`shows ${JSON.stringify(text)}, which is no YAML, as ${JSON.stringify(expected)}`, () => {
      expect(maskSecrets(text)).to.equal(expected);
      expect(masked(text)).to.equal(expected);
    });
  }

  it('keeps every character in its place and every line', () => {
    const word = fc.constantFrom(
      'token',
      'secret',
      ':',
      ' ',
      '\n',
      '  ',
      'abc',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '#',
      '&a',
      '*a',
      '😀',
      '- ',
      '|',
      ',',
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
        (text) => {
          for (const shown of [maskSecrets(text), masked(text)]) {
            expect(shown).to.have.length(text.length);
            expect(shown.split('\n').map((line) => line.length)).to.deep.equal(
              text.split('\n').map((line) => line.length),
            );
          }
        },
      ),
    );
  });

  it('hides a secret wherever it stands among other words', () => {
    const word = fc.constantFrom(
      'a: 1\n',
      'b: [1, 2]\n',
      '# note\n',
      'c: { d: e }\n',
      '- x\n',
      '"\n',
      '[\n',
      '}\n',
      '\t\n',
    );
    const value = fc.constantFrom(
      'hunter2',
      '"hunter2"',
      "'hunter2'",
      '|\n    hunter2',
      '\n    hunter2',
      '[hunter2]',
      '*hunter2',
      '!hunter2',
      '&hunter2',
      'x,hunter2',
      'x #hunter2 "',
      '@hunter2',
    );
    fc.assert(
      fc.property(fc.array(word), value, fc.array(word), (before, secret, after) => {
        const text = `${before.join('')}  token: ${secret}\n${after.join('')}`;
        const shown = masked(text);
        // What follows a space and a number sign is a comment, in which nobody can see a secret.
        if (!secret.includes(' #')) expect(shown).to.not.contain('hunter2');
      }),
    );
  });

  it('finds passwords of URLs in messages', () => {
    expect(maskPasswords('found "http://a:b@c", expected d')).to.equal('found "http://a:•@c", expected d');
  });
});

/** The paths of all keys with `x-secret`, through references and all branches; without indexes. */
function secretsIn(schema: Schema, root: Schema, path: readonly string[]): string[][] {
  const found: string[][] = schema['x-secret'] === true ? [[...path]] : [];
  const visit = (part: unknown, below: readonly string[]): void => {
    if (isSchema(part)) found.push(...secretsIn(part, root, below));
  };
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    visit(
      ref
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((part, key) => (isSchema(part) ? part[key] : undefined), root),
      path,
    );
  }
  for (const keyword of ['items', 'then', 'else', 'additionalProperties']) visit(schema[keyword], path);
  const properties = schema['properties'];
  if (isSchema(properties)) for (const [key, part] of Object.entries(properties)) visit(part, [...path, key]);
  return found;
}

/** All names of properties, wherever they are. */
function keysIn(schema: Schema): string[] {
  const { properties } = schema;
  const own = isSchema(properties) ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap((part) => (isSchema(part) ? keysIn(part) : []))];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
