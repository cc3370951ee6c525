import { dirname, join, relative, resolve } from 'node:path';
import { namesIn, parsePattern } from '../routing/pattern.ts';
import type { Diagnostic } from './diagnostic.ts';
import { parseConfig, type ConfigDocument } from './document.ts';
import type { ValidateDocument } from './document.types.ts';
import { describeReadError, readNamedFile } from './files.ts';
import { inside, pathOf, Reporter, unlessOff, type Place, type WrittenConfig } from './located.ts';
import { maskSecrets } from './mask.ts';
import { namesInSchema } from './schema-names.ts';
import { decodeSource } from './source.ts';
import type { SchemaFault } from '../validation/schema-faults.ts';
import { suggest } from './suggest.ts';

/** The JSON Schemas of a configuration, read and checked. */
export interface NamedSchemas {
  /** As JSON text, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every path that was looked at, those that cannot be read included. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file by the name that diagnostics give it. */
  readonly sources: ReadonlyMap<string, string>;
}

const NONE: NamedSchemas = { texts: new Map(), paths: [], diagnostics: [], sources: new Map() };
const PARTS = ['body', 'query', 'params', 'headers'] as const;

/** Reads and checks the schemas of all routes: a mistake in one is told now, and not when the first request comes. */
export async function readSchemas({ main, routes }: WrittenConfig): Promise<NamedSchemas> {
  const parts: { readonly place: Place; readonly schemas: ValidateDocument; readonly params?: readonly string[] }[] =
    [];
  const add = (place: Place, validate: ValidateDocument | 'off' | undefined, params?: readonly string[]): void => {
    const schemas = unlessOff(validate);
    if (schemas !== undefined) parts.push({ place: inside(place, 'validate'), schemas, ...(params && { params }) });
  };
  for (const route of routes) add(route, route.value.validate, parametersOf(route.value.match.path));
  // Some of the routes that they are for may have a parameter that others have not.
  add(inside(main, 'defaults', 'route'), main.value.defaults?.route?.validate);
  if (parts.length === 0) return NONE;
  const reader = new SchemaReader(await schemaChecker());
  for (const { place, schemas, params } of parts) {
    for (const part of PARTS) {
      const schema = schemas[part];
      if (schema !== undefined) reader.read(inside(place, part), schema, { part, params });
    }
  }
  return reader;
}

/** @returns undefined for a path that is none */
function parametersOf(path: string): readonly string[] | undefined {
  const pattern = parsePattern(path);
  return 'fault' in pattern ? undefined : namesIn(pattern.segments);
}

/** What a schema is for. */
interface Purpose {
  readonly part: (typeof PARTS)[number];
  /** The names that the path of its route binds; undefined when it is not one route's. */
  readonly params: readonly string[] | undefined;
}

/** What is wrong with a schema, at its places. */
type Check = (schema: unknown, options: { readonly coerce: boolean }) => readonly SchemaFault[];

/** Loaded when there is a schema: to load what compiles them takes as long as all the rest of `validate`. */
async function schemaChecker(): Promise<Check> {
  const { SchemaChecker } = await import('../validation/schema-faults.ts');
  const checker = new SchemaChecker();
  return (schema, options) => checker.faults(schema, options);
}

class SchemaReader implements NamedSchemas {
  readonly texts = new Map<string, string>();
  readonly sources = new Map<string, string>();
  readonly #check: Check;
  readonly #reporter = new Reporter();
  readonly #faults: Diagnostic[] = [];
  /** By path; undefined for one that cannot be read. */
  readonly #documents = new Map<string, ConfigDocument | undefined>();
  /** Which checks were made of which file: many routes may share a schema. */
  readonly #checked = new Set<string>();

  constructor(check: Check) {
    this.#check = check;
  }

  get paths(): string[] {
    return [...this.#documents.keys()];
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.#faults, ...this.#reporter.found];
  }

  read(place: Place, schema: ValidateDocument[keyof ValidateDocument], purpose: Purpose): void {
    const coerce = purpose.part !== 'body';
    if (typeof schema !== 'string') {
      this.#judge(place, schema, coerce);
      this.#checkNames(place, schema, purpose);
      return;
    }
    const path = pathOf(place, schema);
    if (!this.#documents.has(path)) this.#documents.set(path, this.#readFile(place, schema, path));
    const document = this.#documents.get(path);
    if (document === undefined) return;
    const root = { document, path: [] };
    if (this.#isNew(`${coerce} ${path}`)) {
      this.texts.set(path, JSON.stringify(document.value));
      this.#judge(root, document.value, coerce);
    }
    if (purpose.part === 'params') this.#checkParameters(place, document.value, purpose, schema);
    else if (this.#isNew(`${purpose.part} ${path}`)) this.#checkNames(root, document.value, purpose);
  }

  #isNew(check: string): boolean {
    const { size } = this.#checked;
    return this.#checked.add(check).size > size;
  }

  #judge(place: Place, schema: unknown, coerce: boolean): void {
    for (const { path, at, message, choice } of this.#check(schema, { coerce })) {
      const near = choice && suggest(choice.found, choice.names);
      const dialect = path.length === 0 && place.path.length === 0 ? undefined : HINT;
      const hint = near === undefined ? dialect : `did you mean "${near}"?`;
      this.#reporter.error('invalid-schema', { ...inside(place, ...path), at }, `in the schema: ${message}`, hint);
    }
  }

  /** Names that no request has: a rule for them would never be asked, and who requires them would refuse everybody. */
  #checkNames(place: Place, schema: unknown, purpose: Purpose): void {
    if (purpose.part === 'headers') this.#checkHeaders(place, schema);
    if (purpose.part === 'params') this.#checkParameters(place, schema, purpose);
  }

  #checkHeaders(place: Place, schema: unknown): void {
    for (const { name, path, at } of namesInSchema(schema)) {
      const lower = name.toLowerCase();
      if (name === lower) continue;
      const message = `in the schema: no header is called "${name}", since header names are in lower case here`;
      this.#reporter.error('invalid-schema', { ...inside(place, ...path), at }, message, `write ${lower}`);
    }
  }

  /** @param file where the schema is, if it is in one: routes whose paths are not alike may share it */
  #checkParameters(place: Place, schema: unknown, { params }: Purpose, file?: string): void {
    if (params === undefined) return;
    for (const { name, path, at } of namesInSchema(schema)) {
      if (params.includes(name)) continue;
      const where = file === undefined ? { ...inside(place, ...path), at } : place;
      const message = `the path has no parameter "${name}"${file === undefined ? '' : `, which ${file} speaks of`}`;
      const near = suggest(name, params);
      const there = params.length === 0 ? 'it has none' : `it has ${params.join(', ')}`;
      this.#reporter.error('unknown-reference', where, message, near === undefined ? there : `did you mean "${near}"?`);
    }
  }

  #readFile(place: Place, file: string, path: string): ConfigDocument | undefined {
    let text: string;
    try {
      text = readNamedFile(path);
    } catch (error) {
      const message = `the file ${file} cannot be read: ${describeReadError(error)}`;
      this.#reporter.error('invalid-file', place, message, `it is looked for at ${path}`);
      return undefined;
    }
    const { file: from } = place.document;
    const name = join(dirname(from), relative(dirname(resolve(from)), path));
    // What would make a parser misbehave is refused as in the configuration.
    const source = decodeSource(Buffer.from(text, 'utf8'), name);
    if ('fault' in source) {
      this.#faults.push(source.fault);
      this.sources.set(name, maskSecrets(text));
      return undefined;
    }
    // JSON is YAML. What looks like a variable is most likely a part of a pattern.
    const document = parseConfig(source.text, name, undefined);
    this.sources.set(name, document.masked);
    this.#faults.push(...document.faults);
    return document.value === undefined || document.faults.length > 0 ? undefined : document;
  }
}

const HINT = 'schemas are JSON Schema 2020-12';
