import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseConfig } from '../../../src/config/document.ts';

const ENV: Readonly<Record<string, string>> = {
  NAME: 'shop',
  PORT: '8080',
  YES: 'yes',
  TRUE: 'true',
  NULL: 'null',
  HEX: '0x1F',
  OCTAL: '0o17',
  FLOAT: '-1.5e3',
  UNDERSCORE: '1_000',
  EMPTY: '',
  MAPPING: '{ a: 1 }',
  LIST: '- a\n- b',
  COMMENT: 'a # b',
  COLON: 'a: b',
  ALIAS: '*anchor',
  REFERENCE: '${NAME}',
  _under: 'score',
};

describe('interpolation', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
  });

  after(async () => rm(folder, { recursive: true }));

  /** The value of `a` after substitution, or the messages that say why there is none. */
  function value(scalar: string): unknown {
    const document = parseConfig(`a: ${scalar}\n`, 'x.yaml', { env: (name) => ENV[name], folder });
    if (document.faults.length > 0) return document.faults.map(({ message }) => message);
    const entries: unknown = document.value;
    return typeof entries === 'object' && entries !== null && 'a' in entries ? entries.a : undefined;
  }

  const VALUES: [scalar: string, value: unknown][] = [
    ['${NAME}', 'shop'],
    ['http://${NAME}:${PORT}/', 'http://shop:8080/'],
    ['${NAME}${PORT}', 'shop8080'],
    ['${_under}', 'score'],
    // A plain scalar of nothing but references takes the type of the text; all others are strings.
    ['${PORT}', 8080],
    ['"${PORT}"', '8080'],
    ["'${PORT}'", '8080'],
    ['!!str ${PORT}', '8080'],
    ['${PORT}s', '8080s'],
    ['${PORT}${PORT}', 80808080],
    ['${TRUE}', true],
    ['${NULL}', null],
    ['${HEX}', 31],
    ['${OCTAL}', 15],
    ['${FLOAT}', -1500],
    // What only YAML 1.1 took for a boolean or a number is text.
    ['${YES}', 'yes'],
    ['${UNDERSCORE}', '1_000'],
    ['${EMPTY}', ''],
    // A value is never structure.
    ['${MAPPING}', '{ a: 1 }'],
    ['${LIST}', '- a\n- b'],
    ['${COMMENT}', 'a # b'],
    ['${COLON}', 'a: b'],
    ['${ALIAS}', '*anchor'],
    ['${REFERENCE}', '${NAME}'],
    // :- covers unset and empty.
    ['${NO_SUCH:-fallback}', 'fallback'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${NAME:-fallback}', 'shop'],
    ['${NO_SUCH:-}', ''],
    ['${NO_SUCH:-8080}', 8080],
    ['"${NO_SUCH:-a b: c}"', 'a b: c'],
    ['${NO_SUCH:-http://127.0.0.1:80}', 'http://127.0.0.1:80'],
    // $${ is a literal ${, and a $ before anything else is nothing special.
    ['$${NAME}', '${NAME}'],
    ['"$${"', '${'],
    ['a$${NAME}b${NAME}', 'a${NAME}bshop'],
    ['$NAME', '$NAME'],
    ['"$"', '$'],
    ['$$', '$$'],
    ['"$$NAME {NAME}"', '$$NAME {NAME}'],
  ];
  for (const [scalar, expected] of VALUES) {
    it(`makes ${JSON.stringify(expected)} of ${scalar}`, () => expect(value(scalar)).to.deep.equal(expected));
  }

  it('reaches block scalars, lists and values of anchors', () => {
    const text = 'a: &x |\n  ${NAME}\nb: [*x, "${NAME}"]\n';
    const document = parseConfig(text, 'x.yaml', { env: (name) => ENV[name], folder });
    expect(document.value).to.deep.equal({ a: 'shop\n', b: ['shop\n', 'shop'] });
  });

  it('leaves keys untouched', () => {
    const document = parseConfig('${NAME}: 1\n', 'x.yaml', { env: (name) => ENV[name], folder });
    expect(document.value).to.deep.equal({ '${NAME}': 1 });
    expect(document.faults).to.deep.equal([]);
  });

  it('says which name is missing, and every one of them', () => {
    expect(value('${NO_SUCH}')).to.deep.equal(['the environment variable NO_SUCH is not set']);
    expect(value('"${NO_A}${NO_B}"')).to.have.length(2);
  });

  for (const scalar of ['${', '${NAME', '"${}"', '"${ NAME }"', '${1A}', '${A-B}', '${A:b}', '${file:}', '${NAME:-a']) {
    it(`refuses ${scalar}`, () => {
      expect(value(scalar)).to.deep.equal(['a ${…} is not of the form ${NAME}, ${NAME:-default} or ${file:/path}']);
    });
  }

  it('does not nest', () => {
    expect(value('${NO_SUCH:-${NAME}}')).to.deep.equal(['a ${…} cannot stand in another one']);
    expect(value('${NAME:-${PORT}}')).to.deep.equal(['a ${…} cannot stand in another one']);
  });

  it('reads files relative to the folder, without one trailing newline', async () => {
    await writeFile(join(folder, 'secret'), 'one\n\n');
    await writeFile(join(folder, 'windows'), 'two\r\n');
    await writeFile(join(folder, 'number'), '42');
    expect(value('${file:secret}')).to.equal('one\n');
    expect(value(`\${file:${join(folder, 'windows')}}`)).to.equal('two');
    expect(value('${file:number}')).to.equal(42);
    expect(value('"${file:number}"')).to.equal('42');
  });

  it('tells which files were read, those that are missing included, so that they are watched', async () => {
    await writeFile(join(folder, 'there'), 'x');
    const text = 'a: ${file:there}\nb: ${file:not-there}\n';
    const document = parseConfig(text, 'x.yaml', { env: () => undefined, folder });
    expect(document.files).to.deep.equal([join(folder, 'there'), join(folder, 'not-there')]);
    expect(document.faults.map(({ line, message, hint }) => ({ line, message, hint }))).to.deep.equal([
      {
        line: 2,
        message: 'the file not-there cannot be read: there is no such file',
        hint: `it is looked for at ${join(folder, 'not-there')}`,
      },
    ]);
  });
});
