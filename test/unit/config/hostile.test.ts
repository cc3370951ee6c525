import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { renderers } from '../../../src/config/render/index.ts';
import { MAX_BYTES } from '../../../src/config/source.ts';

const VERSION = 'version: 1\n';

async function* once(content: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(content);
}

async function check(content: string | Buffer): Promise<readonly Diagnostic[]> {
  const { diagnostics, sources } = await loadConfig('-', { env: () => undefined, stdin: once(content) });
  // Printing what was found is part of bearing the input.
  const report = { files: ['-'], diagnostics, valid: diagnostics.length === 0, sources, strict: false };
  for (const render of Object.values(renderers)) expect(render(report, { color: false })).to.not.match(/\n\s+at /);
  return diagnostics;
}

/** `code line:column message` of each finding. */
async function findings(content: string | Buffer): Promise<string[]> {
  const found = await check(content);
  return found.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);
}

/** Text → the one finding about it. */
const TEXTS: [name: string, text: string | Buffer, finding: string][] = [
  ['an empty file', '', 'empty-file 1:1 the file holds no configuration'],
  ['white space', ' \n\n  \n', 'empty-file 1:1 the file holds no configuration'],
  ['comments only', '# version: 1\n', 'empty-file 1:1 the file holds no configuration'],
  ['document marks only', '---\n...\n', 'empty-file 1:1 the file holds no configuration'],
  ['plain text', 'hello\n', 'wrong-type 1:1 found "hello", expected a mapping'],
  ['a number', '42\n', 'wrong-type 1:1 found 42, expected a mapping'],
  ['a list', '- version: 1\n', 'wrong-type 1:1 found a list, expected a mapping'],
  ['tabs', `${VERSION}server:\n\tlisten: ":80"\n`, 'yaml-syntax 3:1 a tab indents this line'],
  ['tabs in brackets', `${VERSION}logs: {\n\tlevel: info }\n`, 'yaml-syntax 3:1 a tab indents this line'],
  ['200 KB of [', '['.repeat(200_000), 'too-deep 1:65 nesting is deeper than 64 levels'],
  [
    '200 KB of { in a mapping',
    `${VERSION}a: ${'{a: '.repeat(50_000)}`,
    'too-deep 2:256 nesting is deeper than 64 levels',
  ],
  ['200 KB of list marks', '- '.repeat(100_000), 'too-deep 1:129 nesting is deeper than 64 levels'],
  ['200 KB of key marks', '? '.repeat(100_000), 'too-deep 1:129 nesting is deeper than 64 levels'],
  [
    'deep indentation',
    Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'too-deep 65:65 nesting is deeper than 64 levels',
  ],
  [
    'bytes that are not UTF-8',
    Buffer.concat([Buffer.from('version: 1\nlogs: { level: "'), Buffer.from([0xff]), Buffer.from('" }\n')]),
    'invalid-utf8 2:17 the text is not UTF-8 from here on',
  ],
  ['Latin-1', Buffer.from('version: 1 # café\n', 'latin1'), 'invalid-utf8 1:17 the text is not UTF-8 from here on'],
  ['UTF-16', Buffer.from('\u{FEFF}version: 1\n', 'utf16le'), 'invalid-utf8 1:1 the text is not UTF-8 from here on'],
  [
    'UTF-16 without a byte order mark',
    Buffer.from('version: 1\n', 'utf16le'),
    'yaml-syntax 1:2 a NUL byte stands here: this is no text, or UTF-16',
  ],
  ['a NUL byte', `${VERSION}ser\0ver: {}\n`, 'yaml-syntax 2:4 a NUL byte stands here: this is no text, or UTF-16'],
  ['a terminal escape', `${VERSION}x-a: \u001b[2J\n`, 'yaml-syntax 2:6 the control character U+001B stands here'],
  ['carriage returns only', 'version: 1\rlogs: {}\r', 'yaml-syntax 1:11 a line ends with a carriage return only'],
  ['more than 4 MiB', '#'.repeat(5 * 1024 * 1024), 'too-large 1:1 the file is larger than 4 MiB'],
  ['another version', 'version: 2\n', 'unknown-version 1:10 found version 2, and this gatewayctl reads version 1'],
  [
    'a version in quotes',
    'version: "1"\n',
    'unknown-version 1:10 found version "1", and this gatewayctl reads version 1',
  ],
  [
    'two documents',
    'version: 1\n---\nversion: 1\n',
    'yaml-syntax 2:1 a second document begins here, and a configuration is one',
  ],
  ['a custom tag', `${VERSION}logs: !include logs.yaml\n`, 'yaml-syntax 2:7 this is a tag, and the language has none'],
  ['a tag of YAML 1.1', `${VERSION}x-a: !!binary aGk=\n`, 'yaml-syntax 2:6 this is a tag, and the language has none'],
  ['a list as a key', `${VERSION}? [a, b]\n: c\n`, 'yaml-syntax 2:3 a key must be a plain name'],
  ['an alias as a key', `${VERSION}x-a: &a b\n*a : c\n`, 'yaml-syntax 3:1 a key must be a plain name'],
  ['a later YAML', '%YAML 1.3\n---\nversion: 1\n', 'yaml-syntax 1:7 unsupported YAML version 1.3'],
  [
    'yes in YAML 1.1',
    '%YAML 1.1\n---\nversion: 1\nlogs: { access: yes }\n',
    'wrong-type 4:17 found "yes", expected true or false',
  ],
  ['an octal number', `${VERSION}admin: { token: 0o17 }\n`, 'wrong-type 2:17 found (hidden), expected text'],
  [
    'a number with underscores',
    `${VERSION}server: { limits: { connections: 1_000 } }\n`,
    'wrong-type 2:34 found "1_000", expected a whole number',
  ],
  [
    'infinity',
    `${VERSION}server: { limits: { connections: .inf } }\n`,
    'wrong-type 2:34 found Infinity, expected a whole number',
  ],
  ['an unclosed quote', `${VERSION}x-a: "b\nlogs:\n  level: info\n`, 'yaml-syntax 2:6 this quote is never closed'],
  [
    'an unclosed single quote in a list',
    `${VERSION}x-a: [1, 'b\nlogs: {}\n`,
    'yaml-syntax 2:10 this quote is never closed',
  ],
  [
    'an unclosed brace',
    `${VERSION}logs: { level: info\nroutes: []\n`,
    'yaml-syntax 2:7 this { is not closed before the next line that is not indented',
  ],
  [
    'a variable in brackets',
    `${VERSION}include: [\${A}]\n`,
    'yaml-syntax 2:11 inside of { } and [ ] a ${…} has to be in quotes',
  ],
  ['a missing comma', `${VERSION}x-a: ["1" "2"]\n`, 'yaml-syntax 2:11 a comma is missing'],
  ['an unopened bracket', `${VERSION}routes: ]\n`, 'yaml-syntax 2:9 this cannot stand here'],
  ['an unknown escape', `${VERSION}x-a: "\\d"\n`, 'yaml-syntax 2:7 there is no such escape in double quotes'],
  ['a reserved character', `${VERSION}x-a: @b\n`, 'yaml-syntax 2:6 a value cannot begin with @'],
  ['many anchors', '&a '.repeat(1000), 'yaml-syntax 1:4 a node can have at most one anchor'],
  [
    'an alias in its own anchor',
    `${VERSION}x-a: &a [*a]\n`,
    'alias-expansion 2:10 the alias stands inside of what it stands for',
  ],
  ['an alias without an anchor', `${VERSION}routes: *rest\n`, 'alias-expansion 2:9 the alias has no anchor before it'],
];

describe('hostile input: one finding, at once, for', () => {
  for (const [name, text, finding] of TEXTS) {
    it(name, async () => expect(await findings(text)).to.deep.equal([finding]));
  }

  it('10,000 equal keys', async () => {
    expect(await findings(`${VERSION}${'x-a: 1\n'.repeat(10_000)}`)).to.deep.equal([
      'duplicate-key 3:1 "x-a" stands here 10,000 times: first in line 2',
    ]);
  });

  it('a billion laughs', async () => {
    const lines = Array.from({ length: 12 }, (_, i) => `x-${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}1]`);
    const [finding, ...others] = await findings(`${VERSION}x-0: &a0 [lol]\n${lines.join('\n')}\nroutes: *a12\n`);
    expect(finding).to.match(/^alias-expansion \d+:\d+ aliases expand to more than 2,000,000 values$/);
    expect(others).to.deep.equal([]);
  });
});

describe('input that looks hostile and is not', () => {
  const sound: [name: string, text: string][] = [
    ['a byte order mark', `\u{FEFF}${VERSION}`],
    ['Windows line ends', 'version: 1\r\nlogs:\r\n  level: info\r\n'],
    ['an end mark', `---\n${VERSION}...\n`],
    ['JSON', '{"version": 1, "routes": []}'],
    ['a key in quotes', '"version": 1\n'],
    ['depth below the limit', `${VERSION}x-a: ${'['.repeat(60)}${']'.repeat(60)}\n`],
    ['the largest file', `${VERSION}#${'x'.repeat(MAX_BYTES - VERSION.length - 1)}`],
    ['characters outside of the basic plane', `${VERSION}x-😀: "😀"\n`],
    ['an escaped control character', `${VERSION}x-a: "\\e[2J\\0"\n`],
    ['names of Object.prototype in free keys', `${VERSION}x-a: { __proto__: 1, constructor: 2, toString: 3 }\n`],
  ];
  for (const [name, text] of sound) {
    it(`accepts ${name}`, async () => expect(await findings(text)).to.deep.equal([]));
  }

  it('counts columns and lines behind a byte order mark and Windows line ends as an editor does', async () => {
    expect(await findings('\u{FEFF}version: 1\r\nlogs: { levl: info }\r\n')).to.deep.equal([
      'unknown-key 2:9 unknown key "levl" in logs, expected level, format or access',
    ]);
  });

  it('lets an own key named __proto__ change no prototype', async () => {
    const text = `${VERSION}__proto__: { polluted: 1 }\nserver: { __proto__: { listen: ":1" } }\n`;
    const found = await check(text);
    expect(found.map(({ path }) => path)).to.deep.equal(['__proto__', 'server.__proto__']);
    expect(Object.prototype).to.not.have.property('polluted');
  });

  it('can hold as many faults as it likes', async () => {
    // More than a function call takes arguments.
    const keys = Array.from({ length: 130_000 }, (_, index) => `k${index}:`).join('\n');
    const { diagnostics } = await loadConfig('-', { env: () => undefined, stdin: once(`${VERSION}${keys}\n`) });
    expect(diagnostics).to.have.length(130_000);
  });
});

describe('a file that cannot be read', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
  });

  afterEach(async () => rm(folder, { recursive: true }));

  async function only(file: string): Promise<Pick<Diagnostic, 'code' | 'message' | 'hint' | 'file'>> {
    const { diagnostics, config } = await loadConfig(file, { env: () => undefined });
    expect(diagnostics).to.have.length(1);
    expect(config).to.equal(undefined);
    const [found] = diagnostics;
    if (found === undefined) throw new Error('nothing was found');
    return found;
  }

  it('is named, with a hint, when it does not exist', async () => {
    const file = join(folder, 'gateway.yaml');
    expect(await only(file)).to.include({
      code: 'unreadable-file',
      file,
      message: 'there is no such file',
      hint: 'gatewayctl init writes a starter file',
    });
  });

  it('can be a directory', async () => {
    expect(await only(folder)).to.include({
      code: 'unreadable-file',
      message: 'this is a directory, and a file was expected',
    });
  });

  it('can lack the permission', async () => {
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, VERSION);
    await chmod(file, 0o000);
    // The superuser can read every file.
    const root = process.getuid?.() === 0;
    const { diagnostics } = await loadConfig(file, { env: () => undefined });
    const messages = diagnostics.map(({ message }) => message);
    expect(messages).to.deep.equal(root ? [] : ['the file cannot be read: permission denied']);
  });

  it('can be without an end', async () => {
    expect(await only('/dev/zero')).to.include({ code: 'too-large' });
  });

  it('can be named by a ${file:…} and be without an end', async () => {
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, `${VERSION}admin: { token: "\${file:/dev/zero}" }\n`);
    expect(await only(file)).to.include({
      code: 'missing-variable',
      message: 'the file /dev/zero cannot be read: it is not a regular file',
    });
  });

  it('can be named by a ${file:…} and be too large for a secret', async () => {
    await writeFile(join(folder, 'large'), 'x'.repeat(1024 * 1024 + 1));
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, `${VERSION}admin: { token: "\${file:large}" }\n`);
    expect(await only(file)).to.include({ message: 'the file large cannot be read: it is larger than 1 MiB' });
  });
});
