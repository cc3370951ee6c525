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
import { credentialMembers, isCredentialField } from './credentials.ts';
import { maskRanges, maskSecrets, secretPaths, type Range } from './mask.ts';
import { describeSyntaxError } from './syntax.ts';
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
  /** The text with its secrets masked, to be shown. */
  readonly masked: string;
  /** The plain value, variables substituted, aliases and merge keys resolved. Undefined when the text is no YAML. */
  readonly value: unknown;
  readonly faults: readonly Diagnostic[];
  /** Files that `${file:…}` named. */
  readonly files: readonly string[];
  /** What came out of a `${file:…}` or a variable with the name of a secret, or stands at a secret key: not to be printed. */
  readonly secrets: readonly string[];
  /** Texts that a secret was substituted into, by what came of it: as they are written. */
  readonly written: ReadonlyMap<string, string>;
  /** Whether the value at a path could not be known, because a variable in it has no value. */
  isUnknown(path: Path): boolean;
  /** Whether the value at a path must not be printed: it stands at a secret key, or is made of a secret. */
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
 * @param variables what `${…}` is looked up in; undefined = it stands for itself
 */
export function parseConfig(text: string, file: string, variables: Variables | undefined): ConfigDocument {
  const lines = new LineCounter();
  // Duplicate keys are looked for while the value is built: the parser's own check is quadratic.
  // The schema is fixed, so that `%YAML 1.1` does not turn yes and no into booleans.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
  });
  const builder = new Builder(document, { file, text, variables, lines });
  const syntax = document.errors[0] ?? document.warnings[0];
  if (syntax !== undefined) {
    // What follows the first syntax error is mostly its echo.
    const { message, offset, hint } = describeSyntaxError(syntax, document, text);
    const { line, col } = lines.linePos(offset);
    const place = { file, path: '', line, column: col, length: 1 };
    builder.faults.push({
      code: 'yaml-syntax',
      severity: 'error',
      message,
      ...place,
      ...(hint === undefined ? {} : { hint }),
    });
  } else if (isEmpty(document.contents)) {
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
  const readable = builder.faults.length === 0;
  const value = readable ? builder.build(document.contents, []) : undefined;
  return {
    file,
    masked: syntax === undefined ? maskRanges(text, builder.ranges) : maskSecrets(text),
    value: builder.overflowed ? undefined : value,
    faults: builder.faults,
    files: builder.files,
    secrets: builder.secrets,
    written: builder.written,
    isUnknown: (path) => builder.unknown.has(builder.nodeAt(path)),
    isSecret: (path) => builder.isSecretPath(path) || builder.hidden.has(builder.nodeAt(path)),
    locate: (path, at) => {
      const found = builder.find(path);
      return builder.position(at === 'key' && found.key !== undefined ? found.key : (found.value ?? found.key));
    },
  };
}

/** A text of nothing but comments and document marks. */
function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === '');
}

interface BuilderSource {
  readonly file: string;
  readonly text: string;
  readonly variables: Variables | undefined;
  readonly lines: LineCounter;
}

/** Builds the plain value of a document, once, in document order. */
class Builder {
  readonly faults: Diagnostic[] = [];
  readonly files: string[] = [];
  readonly unknown = new Set<unknown>();
  /** Scalars that must not be printed, whatever their key. */
  readonly hidden = new Set<unknown>();
  readonly secrets: string[] = [];
  readonly written = new Map<string, string>();
  readonly isSecretPath = secretPaths();
  /** Where secret values stand in the text. */
  readonly ranges: Range[] = [];
  overflowed = false;
  readonly #document: Document.Parsed | Document;
  readonly #source: BuilderSource;
  // The nodes that aliases stand for: filled in document order, so that the last definition before an alias counts.
  readonly #anchors = new Map<string, Node>();
  readonly #aliased = new Map<unknown, Node>();
  // Built once a node, so that an alias shares its value; `size` counts the values as if each alias were a copy.
  readonly #built = new Map<Node, { value: unknown; size: number }>();
  readonly #open = new Set<Node>();
  readonly #pairs = new WeakMap<YAMLMap, Map<string, Pair>>();
  #size = 0;

  constructor(document: Document.Parsed | Document, source: BuilderSource) {
    this.#document = document;
    this.#source = source;
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
      const message = inside ? 'the alias stands inside of what it stands for' : 'the alias has no anchor before it';
      // The name is left out: it may be a password that begins with an asterisk.
      const hint = inside ? 'name another anchor, or write the value out' : 'put a value that begins with * in quotes';
      this.#fault('alias-expansion', message, path, node, hint);
      this.unknown.add(node);
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
    const firsts = new Map<string, { key: Node; again: Node[] }>();
    const merges: { source: unknown; key: Node; value: unknown }[] = [];
    for (const pair of node.items) {
      if (!isScalar(pair.key)) {
        this.#fault('yaml-syntax', 'a key must be a plain name', path, isNode(pair.key) ? pair.key : node);
        continue;
      }
      const key = String(pair.key.value);
      const keyPath = [...path, key];
      if (this.isSecretPath(keyPath)) this.#hide(pair.key, pair.value);
      else this.#hideCredentials(keyPath, pair.key, pair.value);
      const first = firsts.get(key);
      if (first !== undefined) {
        first.again.push(pair.key);
        continue;
      }
      firsts.set(key, { key: pair.key, again: [] });
      if (isMergeKey(pair)) merges.push({ source: this.build(pair.value, keyPath), key: pair.key, value: pair.value });
      else define(value, key, this.build(pair.value, keyPath));
    }
    for (const [key, { key: first, again }] of firsts) {
      const [second] = again;
      if (second === undefined) continue;
      const times = again.length === 1 ? 'twice' : `${(again.length + 1).toLocaleString('en')} times`;
      const message = `"${key}" stands here ${times}: first in line ${this.position(first).line}`;
      this.#fault('duplicate-key', message, [...path, key], second, 'keep one of them');
    }
    for (const merge of merges) {
      if (this.unknown.has(merge.value)) continue;
      for (const source of Array.isArray(merge.source) ? merge.source : [merge.source]) {
        if (typeof source !== 'object' || source === null || Array.isArray(source)) {
          this.#fault('wrong-type', '<< merges mappings, and this is none', [...path, '<<'], merge.key);
          continue;
        }
        for (const [key, merged] of Object.entries(source)) if (!Object.hasOwn(value, key)) define(value, key, merged);
      }
    }
    return value;
  }

  /** Marks what stands behind a key as secret, anchors and tags included; in a mapping each key decides for itself. */
  #hide(key: Node, value: unknown): void {
    const node = this.#resolve(isAlias(value) ? (this.#anchors.get(value.source) ?? value) : value);
    if (node !== value && isNode(node) && !isMap(node)) this.ranges.push([node.range[0], node.range[1]]);
    if (isMap(node) || !isNode(value) || !key.range) return;
    this.ranges.push([key.range[1], value.range[1]]);
  }

  /** What a header field has, if it has credentials. */
  #hideCredentials(path: Path, key: Node, value: unknown): void {
    const node = this.#resolve(isAlias(value) ? (this.#anchors.get(value.source) ?? value) : value);
    if (!isScalar(node) || !isCredentialField(path, String(node.value))) return;
    this.hidden.add(node);
    this.#hide(key, value);
  }

  /** A text can be JSON with credentials, and a forgotten quote makes one of many lines, those with a secret among them. */
  #hideSwallowed(node: Scalar): void {
    const [from, to] = node.range ?? [0, 0];
    const text = this.#source.text.slice(from, to);
    for (const [start, end] of credentialMembers(text)) this.ranges.push([from + start, from + end]);
    if (!text.includes('\n') || maskSecrets(text) === text) return;
    this.ranges.push([from, to]);
    this.hidden.add(node);
  }

  #buildScalar(node: Scalar, path: Path): unknown {
    const secret = this.isSecretPath(path);
    if (typeof node.value !== 'string') return node.value;
    if (secret) this.secrets.push(node.value);
    this.#hideSwallowed(node);
    const { variables } = this.#source;
    const result = variables && interpolate(node.value, variables);
    if (result === undefined) return node.value;
    this.files.push(...result.files);
    const isFile = result.files.length > 0;
    if (isFile || result.values.length > 0) {
      this.hidden.add(node);
      // The names of hosts are kept in lower case.
      for (const text of [result.text, result.text.toLowerCase()]) this.written.set(text, node.value);
    }
    if (secret || isFile) this.secrets.push(result.text);
    this.secrets.push(...result.values);
    if (result.fault !== undefined) {
      this.unknown.add(node);
      this.#fault('invalid-interpolation', result.fault, path, node, 'write $${ for a literal ${');
      return null;
    }
    if (result.missing.length > 0) {
      this.unknown.add(node);
      for (const missing of result.missing) {
        this.#fault('missing-variable', missing.message, path, node, missing.hint);
      }
      return null;
    }
    // Only a plain scalar that is nothing but references takes a type; a quoted one stays a string.
    return result.whole && node.type === 'PLAIN' && node.tag === undefined ? coreValue(result.text) : result.text;
  }

  #fault(code: DiagnosticCode, message: string, path: Path, node: Node, hint?: string): void {
    this.faults.push({
      code,
      severity: 'error',
      message,
      file: this.#source.file,
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

  nodeAt(path: Path): unknown {
    return this.#resolve(this.find(path).value);
  }

  #findPair(map: YAMLMap, key: string): Pair | undefined {
    let pairs = this.#pairs.get(map);
    if (pairs === undefined) {
      pairs = new Map();
      // Of two equal keys the first counts, as in the value.
      for (const pair of map.items.toReversed()) if (isScalar(pair.key)) pairs.set(String(pair.key.value), pair);
      this.#pairs.set(map, pairs);
    }
    const own = pairs.get(key);
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
    const { line, col } = this.#source.lines.linePos(range[0]);
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
