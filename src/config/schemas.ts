import { dirname, join, relative, resolve } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';
import { parseConfig, type ConfigDocument } from './document.ts';
import type { ValidateDocument } from './document.types.ts';
import { describeReadError, readNamedFile } from './files.ts';
import { inside, pathOf, Reporter, unlessOff, type Place, type WrittenConfig } from './located.ts';
import { decodeSource } from './source.ts';

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
  const parts: { readonly place: Place; readonly schemas: ValidateDocument }[] = [];
  const add = (place: Place, validate: ValidateDocument | 'off' | undefined): void => {
    const schemas = unlessOff(validate);
    if (schemas !== undefined) parts.push({ place: inside(place, 'validate'), schemas });
  };
  for (const route of routes) add(route, route.value.validate);
  add(inside(main, 'defaults', 'route'), main.value.defaults?.route?.validate);
  if (parts.length === 0) return NONE;
  const reader = new SchemaReader(await schemaChecker());
  for (const { place, schemas } of parts) {
    for (const part of PARTS) {
      const schema = schemas[part];
      if (schema !== undefined) reader.read(inside(place, part), schema, part !== 'body');
    }
  }
  return reader;
}

/** What is wrong with a schema, at its places. */
type Check = (
  schema: unknown,
  options: { readonly coerce: boolean },
) => readonly { readonly path: readonly (string | number)[]; readonly at: 'key' | 'value'; readonly message: string }[];

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
  /** What was checked already: many routes may share a schema. */
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

  /** @param coerce whether its values come as text */
  read(place: Place, schema: ValidateDocument[keyof ValidateDocument], coerce: boolean): void {
    if (typeof schema !== 'string') {
      this.#judge(place, schema, coerce);
      return;
    }
    const path = pathOf(place, schema);
    if (!this.#documents.has(path)) this.#documents.set(path, this.#readFile(place, schema, path));
    const document = this.#documents.get(path);
    if (document === undefined || this.#checked.has(`${coerce} ${path}`)) return;
    this.#checked.add(`${coerce} ${path}`);
    this.texts.set(path, JSON.stringify(document.value));
    this.#judge({ document, path: [] }, document.value, coerce);
  }

  #judge(place: Place, schema: unknown, coerce: boolean): void {
    for (const { path, at, message } of this.#check(schema, { coerce })) {
      const hint = path.length === 0 && place.path.length === 0 ? undefined : HINT;
      this.#reporter.error('invalid-schema', { ...inside(place, ...path), at }, `in the schema: ${message}`, hint);
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
      this.sources.set(name, text);
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
