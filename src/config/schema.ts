import type { ErrorObject } from 'ajv';
import type { ConfigDocument } from './document.ts';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import { formatPath, isRecord, parsePointer, type Path } from './path.ts';
import { suggest } from './suggest.ts';

/** Shown in place of a value that must not be printed. */
const HIDDEN = '(hidden)';

/**
 * Turns what the schema found into diagnostics: each at the key for an unknown property, at the parent for a missing
 * one, at the value otherwise, and none for a value that is not known because a variable has no value.
 *
 * @param errors Ajv's, with `verbose`
 * @param document the file that was checked
 */
export function schemaDiagnostics(errors: readonly ErrorObject[], document: ConfigDocument): Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const error of errors) {
    const path = parsePointer(error.instancePath, document.value);
    if (document.isUnknown(path)) continue;
    const finding = describe(error, path, document);
    if (finding === undefined) continue;
    const diagnostic: Diagnostic = {
      code: finding.code,
      severity: 'error',
      message: finding.message,
      file: document.file,
      path: formatPath(finding.path),
      ...document.locate(finding.path, finding.at),
      ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    };
    // One value can break several branches of a condition in the same way.
    const key = `${diagnostic.path} ${diagnostic.code} ${diagnostic.message}`;
    if (!seen.has(key)) found.push(diagnostic);
    seen.add(key);
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

function describe(error: ErrorObject, path: Path, document: ConfigDocument): Finding | undefined {
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
      return unknownKey(error, path, schema);
    case 'required':
    case 'dependentRequired':
      return missingKey(String(error.params['missingProperty']), path, schema);
    case 'type':
      return value('wrong-type', typeNames(error.params['type']), quoteHint(error));
    case 'enum':
      return value('invalid-value', ...enumeration(error.params['allowedValues'], error.data));
    case 'const':
      return path.length === 1 && path[0] === 'version'
        ? {
            code: 'unknown-version',
            message: `found version ${show(error.data)}, and this gatewayctl reads version 1`,
            path,
            at: 'value',
            hint: 'write version: 1, or install the gatewayctl that the file was written for',
          }
        : value('invalid-value', quote(error.params['allowedValue']));
    case 'pattern':
    case 'format':
      if (error.propertyName !== undefined) return badName(error.propertyName, path, schema);
      return value('invalid-value', sentence(schema['description']) ?? `text that matches ${String(error.schema)}`);
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

/** YAML reads an unquoted 8080 or true as something else than text. */
function quoteHint(error: ErrorObject): string | undefined {
  const scalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  return scalar && error.params['type'] === 'string' ? 'put the value in quotes' : undefined;
}

function unknownKey(error: ErrorObject, path: Path, schema: Record<string, unknown>): Finding {
  const key = String(error.params['additionalProperty']);
  const keys = isRecord(schema['properties']) ? Object.keys(schema['properties']) : [];
  const near = suggest(key, keys);
  const here = path.length === 0 ? 'at the top level' : `in ${formatPath(path)}`;
  return {
    code: 'unknown-key',
    message: `unknown key "${key}" ${here}, expected ${oneOf(keys)}`,
    path: [...path, key],
    at: 'key',
    hint: near === undefined ? undefined : `did you mean "${near}"?`,
  };
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

function typeNames(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    null: 'nothing',
  };
  const types: unknown[] = Array.isArray(type) ? type : [type];
  return types.map((name) => names[String(name)] ?? String(name)).join(' or ');
}

function enumeration(allowed: unknown, data: unknown): [expected: string, hint: string | undefined] {
  const values = Array.isArray(allowed) ? allowed.map(String) : [];
  const near = typeof data === 'string' ? suggest(data, values) : undefined;
  return [oneOf(values), near === undefined ? undefined : `did you mean "${near}"?`];
}

function exampleHint(schema: Record<string, unknown>): string | undefined {
  const { examples } = schema;
  return Array.isArray(examples) && examples.length > 0 ? `for example ${examples.map(flow).join(' or ')}` : undefined;
}

/** A description's first sentence, so that it can go on a sentence. */
function sentence(description: unknown): string | undefined {
  if (typeof description !== 'string') return undefined;
  const first = description.split(/\.(?:\s|$)/, 1)[0] ?? '';
  return first.slice(0, 1).toLowerCase() + first.slice(1);
}

function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${String(names.at(-1))}`;
}

/** A value as a person would write it in one line. */
function flow(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:*~-]+$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${flow(item)}`);
  return `{ ${entries.join(', ')} }`;
}

function quote(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isRecord(value)) return 'a mapping';
  return value === null || value === undefined ? 'nothing' : JSON.stringify(value);
}
