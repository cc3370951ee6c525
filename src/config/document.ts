import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parse,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import { interpolate, type Variables } from './interpolate.ts';
import { formatPath, type Path } from './path.ts';

/** The most values that a document may hold once its aliases are expanded. */
const MAX_VALUES = 2_000_000;

/** A place in a text; line and column are 1-based, length is what a caret underlines. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One configuration file: its value, and the way back from any place in the value to a place in the text. */
export interface ConfigDocument {
  readonly file: string;
  readonly text: string;
  /** The plain value, variables substituted, aliases and merge keys resolved. Undefined when the text is no YAML. */
  readonly value: unknown;
  readonly faults: readonly Diagnostic[];
  /** Files that `${file:…}` named. */
  readonly files: readonly string[];
  /** Whether the value at a path could not be known, because a variable in it has no value. */
  isUnknown(path: Path): boolean;
  /** Whether the value at a path came out of a `${file:…}`. */
  isSecret(path: Path): boolean;
  /**
   * Where a path stands.
   *
   * @param at `key` points at the key, `value` at what it holds; a path that does not exist gives its nearest parent
   */
  locate(path: Path, at: 'key' | 'value'): Position;
}

/**
 * Parses one YAML text.
 *
 * @param text checked by `decodeSource` before
 * @param file how diagnostics name the file
 * @param variables what `${…}` is looked up in
 */
export function parseConfig(text: string, file: string, variables: Variables): ConfigDocument {
  const lines = new LineCounter();
  // Duplicate keys are looked for while the value is built: the parser's own check is quadratic.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const builder = new Builder(document, file, variables, lines);
  const syntax = document.errors[0] ?? document.warnings[0];
  if (syntax !== undefined) {
    // What follows the first syntax error is mostly its echo.
    const { line, col } = lines.linePos(syntax.pos[0]);
    const tabs = syntax.code === 'TAB_AS_INDENT';
    builder.faults.push({
      code: 'yaml-syntax',
      severity: 'error',
      message: lowerFirst(syntax.message),
      file,
      path: '',
      line,
      column: col,
      length: 1,
      ...(tabs ? { hint: 'indent with spaces' } : {}),
    });
  } else if (document.contents === null) {
    builder.faults.push({
      code: 'empty-file',
      severity: 'error',
      message: 'the file holds no configuration',
      file,
      path: '',
      line: 1,
      column: 1,
      length: 1,
      hint: 'gatewayctl init writes a starter file',
    });
  }
  const value = builder.faults.length > 0 ? undefined : builder.build(document.contents, []);
  return {
    file,
    text,
    value: builder.overflowed ? undefined : value,
    faults: builder.faults,
    files: builder.files,
    isUnknown: (path) => builder.unknown.has(builder.find(path).value),
    isSecret: (path) => builder.secret.has(builder.find(path).value),
    locate: (path, at) => {
      const found = builder.find(path);
      return builder.position(at === 'key' && found.key !== undefined ? found.key : (found.value ?? found.key));
    },
  };
}

/** Builds the plain value of a document, once, in document order. */
class Builder {
  readonly faults: Diagnostic[] = [];
  readonly files: string[] = [];
  readonly unknown = new Set<unknown>();
  readonly secret = new Set<unknown>();
  overflowed = false;
  readonly #document: Document.Parsed | Document;
  readonly #file: string;
  readonly #variables: Variables;
  readonly #lines: LineCounter;
  // The nodes that aliases stand for: filled in document order, so that the last definition before an alias counts.
  readonly #anchors = new Map<string, Node>();
  readonly #aliased = new Map<unknown, Node>();
  // Built once a node, so that an alias shares its value; `size` counts the values as if each alias were a copy.
  readonly #built = new Map<Node, { value: unknown; size: number }>();
  readonly #open = new Set<Node>();
  #size = 0;

  constructor(document: Document.Parsed | Document, file: string, variables: Variables, lines: LineCounter) {
    this.#document = document;
    this.#file = file;
    this.#variables = variables;
    this.#lines = lines;
  }

  build(node: unknown, path: Path): unknown {
    if (isAlias(node)) return this.#buildAlias(node, path);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null;
    const before = this.#size;
    this.#size += 1;
    if (node.anchor !== undefined) {
      this.#anchors.set(node.anchor, node);
      this.#open.add(node);
    }
    let value: unknown;
    if (isScalar(node)) value = this.#buildScalar(node, path);
    else if (isSeq(node)) value = node.items.map((item, index) => this.build(item, [...path, index]));
    else value = this.#buildMap(node, path);
    if (node.anchor !== undefined) {
      this.#open.delete(node);
      this.#built.set(node, { value, size: this.#size - before });
    }
    return value;
  }

  #buildAlias(node: Node & { source: string }, path: Path): unknown {
    const target = this.#anchors.get(node.source);
    const built = target === undefined ? undefined : this.#built.get(target);
    if (target === undefined || built === undefined) {
      const inside = target !== undefined && this.#open.has(target);
      const message = inside ? `*${node.source} stands inside of what it stands for` : `*${node.source} has no anchor`;
      this.#fault('alias-expansion', message, path, node);
      return null;
    }
    this.#aliased.set(node, target);
    this.#size += built.size;
    if (this.#size > MAX_VALUES && !this.overflowed) {
      this.overflowed = true;
      const message = `aliases expand to more than ${MAX_VALUES.toLocaleString('en')} values`;
      this.#fault('alias-expansion', message, path, node);
    }
    return built.value;
  }

  #buildMap(node: YAMLMap, path: Path): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const firsts = new Map<string, Node>();
    const merges: { source: unknown; node: Node }[] = [];
    for (const pair of node.items) {
      if (!isScalar(pair.key)) {
        this.#fault('yaml-syntax', 'a key must be a plain name', path, isNode(pair.key) ? pair.key : node);
        continue;
      }
      const key = String(pair.key.value);
      const first = firsts.get(key);
      if (first !== undefined) {
        const { line } = this.position(first);
        this.#fault('duplicate-key', `"${key}" stands here twice: first in line ${line}`, [...path, key], pair.key);
        continue;
      }
      firsts.set(key, pair.key);
      if (isMergeKey(pair)) merges.push({ source: this.build(pair.value, [...path, key]), node: pair.key });
      else define(value, key, this.build(pair.value, [...path, key]));
    }
    for (const merge of merges) {
      for (const source of Array.isArray(merge.source) ? merge.source : [merge.source]) {
        if (typeof source !== 'object' || source === null || Array.isArray(source)) {
          this.#fault('wrong-type', '<< merges mappings, and this is none', [...path, '<<'], merge.node);
          continue;
        }
        for (const [key, merged] of Object.entries(source)) if (!Object.hasOwn(value, key)) define(value, key, merged);
      }
    }
    return value;
  }

  #buildScalar(node: Scalar, path: Path): unknown {
    if (typeof node.value !== 'string') return node.value;
    const result = interpolate(node.value, this.#variables);
    if (result === undefined) return node.value;
    this.files.push(...result.files);
    if (result.files.length > 0) this.secret.add(node);
    if (result.fault !== undefined) {
      this.unknown.add(node);
      this.#fault('invalid-interpolation', result.fault, path, node, 'write $${ for a literal ${');
      return null;
    }
    if (result.missing.length > 0) {
      this.unknown.add(node);
      for (const name of result.missing) this.#missing(name, path, node);
      return null;
    }
    // Only a plain scalar that is nothing but references takes a type; a quoted one stays a string.
    return result.whole && node.type === 'PLAIN' ? coreValue(result.text) : result.text;
  }

  #missing(name: string, path: Path, node: Node): void {
    if (name.startsWith('file:')) {
      this.#fault('missing-variable', `the file ${name.slice(5)} cannot be read`, path, node);
      return;
    }
    const hint = `export ${name}=…, or give a default: \${${name}:-…}`;
    this.#fault('missing-variable', `the environment variable ${name} is not set`, path, node, hint);
  }

  #fault(code: DiagnosticCode, message: string, path: Path, node: Node, hint?: string): void {
    this.faults.push({
      code,
      severity: 'error',
      message,
      file: this.#file,
      path: formatPath(path),
      ...this.position(node),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** The key and value nodes at a path, or those of the nearest parent that exists. */
  find(path: Path): { key: unknown; value: unknown } {
    let key: unknown;
    let value: unknown = this.#document.contents;
    for (const part of path) {
      const target = this.#resolve(value);
      if (isSeq(target) && typeof part === 'number' && part < target.items.length) {
        key = undefined;
        value = target.items[part];
        continue;
      }
      const pair = isMap(target) ? this.#findPair(target, String(part)) : undefined;
      if (pair === undefined) break;
      ({ key, value } = pair);
    }
    return { key, value };
  }

  #findPair(map: YAMLMap, key: string): Pair | undefined {
    const own = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
    if (own !== undefined) return own;
    for (const merge of map.items.filter(isMergeKey)) {
      const source = this.#resolve(merge.value);
      for (const item of isSeq(source) ? source.items : [source]) {
        const merged = this.#resolve(item);
        const pair = isMap(merged) ? this.#findPair(merged, key) : undefined;
        if (pair !== undefined) return pair;
      }
    }
    return undefined;
  }

  #resolve(node: unknown): unknown {
    return this.#aliased.get(node) ?? node;
  }

  position(node: unknown): Position {
    const range = isNode(node) ? node.range : undefined;
    if (range === undefined || range === null) return { line: 1, column: 1, length: 1 };
    const { line, col } = this.#lines.linePos(range[0]);
    // A block is underlined at its first line only; its end is somewhere below.
    const length = isScalar(node) ? Math.max(1, range[1] - range[0]) : 1;
    return { line, column: col, length };
  }
}

function isNode(value: unknown): value is ParsedNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN';
}

/** Sets a key as its own, `__proto__` too, so that it is seen and refused instead of changing the prototype. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The value of a plain scalar by YAML's core rules. Text that could be anything but one word is a string. */
function coreValue(text: string): unknown {
  if (!/^[-+]?\.?[0-9A-Za-z][\w.+-]*$/.test(text)) return text;
  const value: unknown = parse(text);
  return value;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
