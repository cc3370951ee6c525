import type { ErrorObject } from 'ajv/dist/2020.js';
import type { FieldFault } from '../errors.ts';
import { pointerOf } from './strict-json.ts';

/** More are found, perhaps, and not told. */
export const MOST_FAULTS = 100;
/** A longer pointer or pattern is cut, in characters: names come from the client, and expressions may be long. */
const LONGEST_POINTER = 256;
const LONGEST_PATTERN = 64;

/** What a keyword is called in a fault, where its own name would not do. */
const CODES: Readonly<Record<string, string>> = {
  type: 'wrong-type',
  additionalProperties: 'unknown-member',
  unevaluatedProperties: 'unknown-member',
  dependentRequired: 'required',
  'false schema': 'not-allowed',
};
/** They only repeat that something inside of them failed. */
const REPEATS = new Set(['if', 'propertyNames']);

/**
 * What is wrong with a value, at the JSON pointers of it. The messages say what the schema asks for at that place, and
 * repeat no value; lists of permitted values, which may be secrets, are not told.
 */
export function faultsOf(errors: readonly (ErrorObject | undefined)[]): FieldFault[] {
  const found: FieldFault[] = [];
  for (const error of errors) {
    if (error === undefined || REPEATS.has(error.keyword)) continue;
    if (found.length === MOST_FAULTS) break;
    const code = CODES[error.keyword] ?? kebab(error.keyword);
    found.push({ pointer: cutPointer(error.instancePath + below(error)), code, detail: detailOf(error) });
  }
  return found;
}

/** A pointer to show, of a path: see {@link cutPointer}. */
export function shortPointer(path: readonly string[]): string {
  return cutPointer(pointerOf(path));
}

/** A pointer to show: names come from the client, and may be long. */
export function cutPointer(pointer: string): string {
  return cut(pointer, LONGEST_POINTER);
}

/** A missing member and one too many are what a fault points at, not the object around it. */
function below({ params, propertyName }: ErrorObject): string {
  const name: unknown =
    propertyName ?? params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof name === 'string' ? pointerOf([name]) : '';
}

function detailOf({ keyword, params, message = 'is not valid', propertyName }: ErrorObject): string {
  const subject = propertyName === undefined ? '' : 'its name ';
  switch (keyword) {
    case 'required':
      return 'must be there';
    case 'dependentRequired':
      return 'must be there, since another member is';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not known here';
    case 'false schema':
      return `${subject}must not be there`;
    case 'pattern':
      return `${subject}must match the pattern ${cut(String(params['pattern']), LONGEST_PATTERN)}`;
    case 'format':
      return `${subject}must be of the format ${String(params['format'])}`;
    case 'uniqueItems':
      return 'must not hold an item twice';
    case 'const':
      return `${subject}must be the one value that is allowed`;
    case 'enum':
      return `${subject}must be one of the allowed values`;
    default:
      return subject + message.replace('must NOT', 'must not');
  }
}

function kebab(keyword: string): string {
  return keyword.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
