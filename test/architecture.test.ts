/** The rules of docs/architecture.md on who may import whom, read from the import lines of src. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Imports point down this list, or stay within a folder. Folders of one line may not import each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['cli'],
  ['cluster'],
  ['admin'],
  ['server'],
  ['gateway'],
  ['stages'],
  ['users'],
  ['upstreams'],
  ['forwarding'],
  ['resilience', 'cache', 'limits', 'auth', 'database', 'redis'],
  ['observability'],
  ['config'],
  ['template.ts'],
  ['routing', 'http1', 'validation'],
  ['fields.ts'],
  ['exchange.ts'],
  ['errors.ts', 'deadlines.ts', 'claims.ts', 'address-ranges.ts'],
  ['roster.ts'],
];
/** `validate` works offline and starts fast. */
const NETWORK =
  /^(?:node:)?(?:http|https|http2|net|tls|dgram|dns)(?:\/|$)|^(?:undici|koa|@koa\/router|pg|ws|redis|ioredis)$/;
const KOA = /^(?:koa|@koa\/router)$/;
/** Each declares a small options type of its own. */
const PURE = ['resilience', 'cache', 'limits', 'auth', 'routing', 'validation'];

/** Names that the sources give: of types, functions, values, and of what classes hold. */
const DECLARED = /\b(?:class|interface|type|function|const|let|readonly)\s+#?([A-Za-z_$][\w$]*)/g;

interface Source {
  /** Below src, with slashes: `config/load.ts`. */
  readonly path: string;
  readonly text: string;
}

interface Import {
  /** As written, or below src when it is relative. */
  readonly target: string;
  /** Nothing is left of it at run time. */
  readonly typeOnly: boolean;
}

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
}

function importsOf({ path, text }: Source): Import[] {
  return [...withoutComments(text).matchAll(IMPORT)].map(([, type, written, dynamic]) => {
    const name = written ?? dynamic ?? '';
    const target = name.startsWith('.')
      ? normalize(join(dirname(path), name))
          .split(sep)
          .join('/')
      : name;
    // A type that is imported in place, as in `import('node:net').Socket`, is told from a dynamic import by the `await`.
    const inPlace = dynamic !== undefined && !text.includes(`await import('${name}')`);
    return { target, typeOnly: type !== undefined || inPlace };
  });
}

function layerOf(path: string): number {
  const [first = ''] = path.split('/');
  return LAYERS.findIndex((names) => names.includes(first));
}

/** What the rules forbid and the sources do. */
function breaches(sources: readonly Source[]): string[] {
  const found: string[] = [];
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  for (const { path, text } of sources) {
    const [folder = ''] = path.split('/');
    const tell = (what: string): void => void found.push(`${path} ${what}`);
    if (layerOf(path) === -1) tell('stands in no layer');
    for (const { target, typeOnly } of imports.get(path) ?? []) {
      const within = target.split('/')[0] === folder;
      if (imports.has(target) && !within && layerOf(target) <= layerOf(path))
        tell(`imports ${target}, which is not below it`);
      if (PURE.includes(folder) && (KOA.test(target) || target.startsWith('config/'))) tell(`imports ${target}`);
      if (['stages', 'forwarding', 'upstreams'].includes(folder) && KOA.test(target)) tell(`imports ${target}`);
      if (folder === 'stages' && within && target !== 'stages/stage.ts' && !typeOnly)
        tell(`imports the stage ${target}`);
    }
    const code = withoutComments(text);
    if (/\bprocess\.env\b/.test(code) && folder !== 'cli' && folder !== 'config') tell('reads process.env');
    if (path !== 'cli/main.ts' && /\bprocess\.exit\(/.test(code)) tell('calls process.exit');
  }
  for (const { path } of sources) {
    if (!path.startsWith('config/')) continue;
    for (const way of waysToNetwork(path, imports)) found.push(`${path} loads network code: ${way}`);
  }
  return found;
}

/** How a module comes to load network code, over however many others. */
function waysToNetwork(path: string, imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const ways: string[] = [];
  const seen = new Set([path]);
  const visit = (module: string, way: string): void => {
    for (const { target, typeOnly } of imports.get(module) ?? []) {
      if (typeOnly || seen.has(target)) continue;
      seen.add(target);
      if (NETWORK.test(target)) ways.push(`${way} > ${target}`);
      else visit(target, `${way} > ${target}`);
    }
  };
  visit(path, path);
  return ways;
}

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function readSources(): Source[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') || path.endsWith('.mjs'))
    .map((path) => ({ path: path.split(sep).join('/'), text: readFileSync(join(ROOT, 'src', path), 'utf8') }));
}

describe('the architecture', () => {
  it('is what docs/architecture.md says', () => {
    const sources = readSources();
    expect(sources.length).to.be.greaterThan(50);
    expect(breaches(sources)).to.deep.equal([]);
  });

  it('has no name with a word in it that docs/architecture.md rules out', () => {
    const [, list = ''] = /^- No name has in it: ([\w, ]+)\.$/m.exec(textOf('docs/architecture.md')) ?? [];
    const words = list.split(', ');
    expect(words).to.include('backend');
    const word = new RegExp(words.join('|'), 'i');
    const found = readSources().flatMap(({ path, text }) => [
      ...(word.test(path) ? [path] : []),
      ...[...withoutComments(text).matchAll(DECLARED)]
        .map(([, name = '']) => name)
        .filter((name) => word.test(name))
        .map((name) => `${path}: ${name}`),
    ]);
    expect(found).to.deep.equal([]);
  });

  it('knows every folder that docs/architecture.md names', () => {
    const map = /## Where things live\n\n```\n([^]*?)```/.exec(textOf('docs/architecture.md'));
    const folders = [...(map?.[1] ?? '').matchAll(/^ {2}([a-z]+)\/ /gm)].map(([, name]) => name);
    expect(folders).to.include.members(['cli', 'auth']);
    expect(LAYERS.flat()).to.include.members(folders);
  });

  for (const [what, path, text, others] of [
    ['a layer that imports one above it', 'forwarding/a.ts', "import { b } from '../gateway/b.ts';", ['gateway/b.ts']],
    ['layers of one rank that import each other', 'cache/a.ts', "import { b } from '../limits/b.ts';", ['limits/b.ts']],
    ['a type from above', 'config/a.ts', "import type { B } from '../gateway/b.ts';", ['gateway/b.ts']],
    ['config that loads network code', 'config/a.ts', "import { request } from 'node:http';", []],
    ['a dynamic import', 'config/a.ts', "const http = await import('node:http');", []],
    ['rules that know the configuration', 'limits/a.ts', "import type { B } from '../config/b.ts';", ['config/b.ts']],
    ['rules that know Koa', 'auth/a.ts', "import Koa from 'koa';", []],
    ['a stage that knows Koa', 'stages/a.ts', "import type { Context } from 'koa';", []],
    ['a stage that imports another', 'stages/a.ts', "import {\n  b,\n} from './b.ts';", ['stages/b.ts']],
    ['a module that reads the environment', 'server/a.ts', 'export const a = process.env["A"];', []],
    ['a module that ends the process', 'cli/a.ts', 'process.exit(1);', []],
    ['a folder that nobody has heard of', 'manager/a.ts', '', []],
  ] as const) {
    it(`does not allow ${what}`, () => {
      const sources = [{ path, text }, ...others.map((other) => ({ path: other, text: '' }))];
      expect(breaches(sources)).to.have.length(1);
    });
  }

  it('finds network code behind other modules, and minds no types and comments', () => {
    const sources = [
      { path: 'config/a.ts', text: "import { b } from '../routing/b.ts';\nimport type { Socket } from 'node:net';" },
      { path: 'routing/b.ts', text: "import { c } from './c.ts';\n// import 'node:http';\n/* process.exit(1) */" },
      { path: 'routing/c.ts', text: "export type { Server } from 'node:http';\nimport 'node:tls';" },
    ];
    expect(breaches(sources)).to.deep.equal([
      'config/a.ts loads network code: config/a.ts > routing/b.ts > routing/c.ts > node:tls',
    ]);
  });
});
