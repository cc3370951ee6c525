import type { ErrorObject } from 'ajv';
import type { ConfigDocument } from './document.ts';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import { formatPath, isRecord, parsePointer, type Path } from './path.ts';
import { HIDDEN } from './mask.ts';
import { examplesOf, keysOf, SchemaTree } from './schema-tree.ts';
import { suggest } from './suggest.ts';
import { flow, oneOf, quote, sentence, typeNames } from './wording.ts';

/** What a value of a form that is easily got wrong looks like, by the schema's title. */
const FORMS: Readonly<Record<string, string>> = {
  Duration: '30s or 5m',
  DurationOrOff: '30s, 5m or off',
  DurationOrZero: '30s or 0s',
  Size: '64KiB or 10MiB',
  SizeOrOff: '64KiB, 10MiB or off',
  Listen: '127.0.0.1:8080 or :8080',
  Origin: 'http://127.0.0.1:9001',
  HostPattern: 'api.example.com or "*.example.com"',
  UrlPath: '/orders, /orders/:id or /files/*rest',
  HeaderName: 'x-request-id',
  Cidr: '10.0.0.0/8',
  CorsOrigin: 'https://shop.example.com',
};

/**
 * Turns what the schema found into diagnostics: each at the key for an unknown property, at the parent for a missing
 * one, at the value otherwise, and none for a value that is not known because a variable has no value.
 *
 * @param errors Ajv's, with `verbose`
 * @param document the file that was checked
 */
export function schemaDiagnostics(errors: readonly ErrorObject[], document: ConfigDocument): Diagnostic[] {
  const found: Diagnostic[] = [];
  const tree = SchemaTree.read();
  for (const error of errors) {
    const path = parsePointer(error.instancePath, document.value);
    if (document.isUnknown(path)) continue;
    const finding = describe(error, path, document, tree);
    if (finding === undefined) continue;
    found.push({
      code: finding.code,
      severity: 'error',
      message: finding.message,
      file: document.file,
      path: formatPath(finding.path),
      ...document.locate(finding.path, finding.at),
      ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    });
  }
  return found;
}

interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly hint?: string | undefined;
}

function describe(error: ErrorObject, path: Path, document: ConfigDocument, tree: SchemaTree): Finding | undefined {
  const schema = isRecord(error.parentSchema) ? error.parentSchema : {};
  const show = (value: unknown): string => (isHidden(path, schema, document) ? HIDDEN : quote(value));
  const value = (code: DiagnosticCode, expected: string, hint?: string): Finding => ({
    code,
    message: `found ${show(error.data)}, expected ${expected}`,
    path,
    at: 'value',
    hint: hint ?? exampleHint(schema),
  });
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, path, schema, tree);
    case 'required':
    case 'dependentRequired':
      return missingKey(String(error.params['missingProperty']), path, schema);
    case 'type':
      if (error.params['type'] === 'object' && path.length > 0) {
        const form = formOf(keysOf([schema]), tree.at(path)) ?? 'a mapping';
        return value('wrong-type', form, mappingHint(error.data, path, tree));
      }
      return value('wrong-type', expectedForm(error, schema), typeHint(error, path, schema));
    case 'enum':
      // The one word that may stand in the place of something else: what was meant is that.
      if (Array.isArray(error.schema) && error.schema.length === 1) {
        const schemas = tree.at(path);
        const form = formOf(keysOf(schemas), schemas);
        if (form !== undefined) return value('invalid-value', form, mappingHint(error.data, path, tree));
      }
      return value('invalid-value', ...enumeration(error.params['allowedValues'], error.data));
    case 'const':
      return path.length === 1 && path[0] === 'version'
        ? {
            code: 'unknown-version',
            message: `found version ${show(error.data)}, and this gatewayctl reads version 1`,
            path,
            at: 'value',
            hint:
              error.data === '1'
                ? 'write version: 1, without quotes'
                : 'write version: 1, or install the gatewayctl that the file was written for',
          }
        : value('invalid-value', quote(error.params['allowedValue']));
    case 'pattern':
    case 'format':
      if (error.propertyName !== undefined) return badName(error.propertyName, path, schema);
      return value(
        'invalid-value',
        sentence(schema['description']) ?? `text that matches ${String(error.schema)}`,
        (isHidden(path, schema, document) ? undefined : slashHint(error, schema)) ??
          exampleHint(schema) ??
          exampleAt(path, tree),
      );
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum':
      return value('invalid-value', `a number ${String(error.params['comparison'])} ${String(error.params['limit'])}`);
    case 'minItems':
      return value('invalid-value', `a list of at least ${String(error.params['limit'])}`);
    case 'maxItems':
      return value('invalid-value', `a list of at most ${String(error.params['limit'])}`);
    case 'uniqueItems':
      return value('invalid-value', `a list in which nothing stands twice`);
    case 'minLength':
      return value('invalid-value', `at least ${String(error.params['limit'])} characters`);
    case 'maxLength':
      if (error.propertyName !== undefined) return badName(error.propertyName, path, schema);
      return value('invalid-value', `at most ${String(error.params['limit'])} characters`);
    case 'minProperties':
      return keyCount(path, schema, 'at least');
    case 'maxProperties':
      return keyCount(path, schema, 'at most');
    default:
      // `if`, `propertyNames` and the like only repeat that something inside of them failed.
      return undefined;
  }
}

/** A text with a form of its own is described by that: `found 30, expected text` would help nobody. */
function expectedForm(error: ErrorObject, schema: Record<string, unknown>): string {
  const form = 'pattern' in schema && !isMappingOrList(error.data) ? sentence(schema['description']) : undefined;
  return form ?? typeNames(error.params['type']);
}

/** YAML 1.2 reads an unquoted 8080 as a number, and yes, on and 1_000 as text: people mean it the other way round. */
function typeHint(error: ErrorObject, path: Path, schema: Record<string, unknown>): string | undefined {
  const { data } = error;
  const type: unknown = error.params['type'];
  if (path.length === 0) return 'a configuration begins with version: 1';
  if (typeof data === 'number' || typeof data === 'boolean') {
    if (type !== 'string') return undefined;
    const { pattern } = schema;
    const fits = typeof pattern !== 'string' || new RegExp(pattern, 'u').test(String(data));
    return fits ? 'put the value in quotes' : undefined;
  }
  if (typeof data !== 'string') return undefined;
  if (type === 'boolean' && /^(?:yes|on|true)$/i.test(data)) return 'write true, without quotes';
  if (type === 'boolean' && /^(?:no|off|false)$/i.test(data)) return 'write false, without quotes';
  const digits = data.replaceAll('_', '');
  return (type === 'integer' || type === 'number') && /^\d+(?:\.\d+)?$/.test(digits) ? `write ${digits}` : undefined;
}

/** What a place takes instead of what was found there. @param keys of the mapping that it takes, if it takes one */
function formOf(keys: readonly string[], schemas: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  if (keys.length === 0) return sentence(schemas.find((schema) => 'if' in schema)?.['description']);
  const list = schemas.some(({ type }) => type === 'array') ? ', a list of such mappings' : '';
  const off = schemas.some(({ title }) => title === 'Off') ? ', or off' : '';
  return `a mapping with ${oneOf(keys)}${list}${off}`;
}

/** An example; before that the shortest way to turn something on, when that is what somebody tried. */
function mappingHint(data: unknown, path: Path, tree: SchemaTree): string | undefined {
  const example = exampleAt(path, tree);
  const mapping = tree.at(path).find((schema) => 'properties' in schema);
  const isEnough = mapping !== undefined && !('required' in mapping) && !('minProperties' in mapping);
  if (!isEnough || typeof path.at(-1) !== 'string' || !/^(?:true|yes|on)$/i.test(String(data))) return example;
  const empty = `write ${String(path.at(-1))}: {}`;
  return example === undefined ? empty : `${empty}, or ${example}`;
}

/** The examples that the schema gives of a place, in one line: `for example retry: { attempts: 3 }`. */
function exampleAt(path: Path, tree: SchemaTree): string | undefined {
  const key = path.at(-1);
  const examples = examplesOf(tree.at(path)).map((example) =>
    typeof key === 'string' ? `${key}: ${flow(example)}` : flow(example),
  );
  return examples.length === 0 ? undefined : `for example ${oneOf(examples)}`;
}

/** An origin ends with its host or port: the slash that browsers show is no part of it. */
function slashHint({ data }: ErrorObject, { pattern }: Record<string, unknown>): string | undefined {
  if (typeof data !== 'string' || typeof pattern !== 'string' || !data.endsWith('/')) return undefined;
  const without = data.slice(0, -1);
  return new RegExp(pattern, 'u').test(without) ? `write ${without}, without the slash at its end` : undefined;
}

function isMappingOrList(value: unknown): boolean {
  return isRecord(value) || Array.isArray(value);
}

function unknownKey(error: ErrorObject, path: Path, schema: Record<string, unknown>, tree: SchemaTree): Finding {
  const key = String(error.params['additionalProperty']);
  const keys = isRecord(schema['properties']) ? Object.keys(schema['properties']) : [];
  const near = suggest(key, keys);
  const here = path.length === 0 ? 'at the top level' : `in ${formatPath(path)}`;
  return {
    code: 'unknown-key',
    message: `unknown key "${key}" ${here}, expected ${oneOf(keys)}`,
    path: [...path, key],
    at: 'key',
    hint: near === undefined ? elsewhere(key, path, schema, tree) : `did you mean "${near}"?`,
  };
}

/** Keys that stand in the main file only are the likeliest mistake in an included one, keys one level up elsewhere. */
function elsewhere(key: string, path: Path, schema: Record<string, unknown>, tree: SchemaTree): string | undefined {
  const main = [
    'include',
    'server',
    'admin',
    'logs',
    'response',
    'defaults',
    'identity',
    'issuers',
    'redis',
    'database',
  ];
  const included = schema['title'] === 'IncludeDocument' && main.includes(key);
  if (included) return 'write it in the file that includes this one';
  const properties = isRecord(schema['properties']) ? Object.entries(schema['properties']) : [];
  const homes = properties.filter(([, property]) => keysOf(tree.branches(property)).includes(key));
  const names = homes.map(([name]) => formatPath([...path, name]));
  return names.length === 0 ? undefined : `"${key}" is a key of ${oneOf(names)}`;
}

function missingKey(key: string, path: Path, schema: Record<string, unknown>): Finding {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const property = isRecord(properties[key]) ? properties[key] : {};
  const examples = property['examples'];
  const example: unknown = Array.isArray(examples) ? examples[0] : property['const'];
  return {
    code: 'missing-key',
    message: `the key "${key}" is missing${path.length === 0 ? '' : ` in ${formatPath(path)}`}`,
    path,
    at: typeof path.at(-1) === 'number' ? 'value' : 'key',
    hint: example === undefined ? `add ${key}:` : `add ${key}: ${flow(example)}`,
  };
}

function badName(name: string, path: Path, schema: Record<string, unknown>): Finding {
  const expected = sentence(schema['description']) ?? 'another form';
  return {
    code: 'invalid-value',
    message: `the name ${quote(name)} cannot stand here, expected ${expected}`,
    path: [...path, name],
    at: 'key',
  };
}

function keyCount(path: Path, schema: Record<string, unknown>, bound: 'at least' | 'at most'): Finding {
  const keys = isRecord(schema['properties']) ? Object.keys(schema['properties']) : [];
  return { code: 'invalid-value', message: `expected ${bound} one of the keys ${oneOf(keys)}`, path, at: 'value' };
}

function isHidden(path: Path, schema: Record<string, unknown>, document: ConfigDocument): boolean {
  return schema['x-secret'] === true || document.isSecret(path);
}

function enumeration(allowed: unknown, data: unknown): [expected: string, hint: string | undefined] {
  const values = Array.isArray(allowed) ? allowed.map(String) : [];
  const near = typeof data === 'string' ? suggest(data, values) : undefined;
  return [oneOf(values), near === undefined ? undefined : `did you mean "${near}"?`];
}

function exampleHint(schema: Record<string, unknown>): string | undefined {
  const { examples, title } = schema;
  const form = FORMS[String(title)];
  if (form !== undefined) return `for example ${form}`;
  return Array.isArray(examples) && examples.length > 0 ? `for example ${examples.map(flow).join(' or ')}` : undefined;
}
