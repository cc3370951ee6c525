import type { FieldFault } from '../errors.ts';
import { createAjv, type SchemaOptions } from './ajv.ts';
import { faultsOf, shortPointer } from './faults.ts';

/** Judges values by one schema. */
export interface Validator {
  /** @returns every fault, as far as they can be told; none = it is valid */
  faults(value: unknown): readonly FieldFault[];
}

/** A text that is read as a number: as JSON has it, and not as JavaScript would, to which 0x10 and " 1 " are numbers, too. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * Compiles a schema, which takes milliseconds.
 *
 * @param schema one in which `schemaFaults` found nothing
 * @throws when it is none
 */
export function compileValidator(schema: Readonly<Record<string, unknown>>, options: SchemaOptions): Validator {
  const validate = createAjv(options, false).compile(schema);
  const judge = (value: unknown): readonly FieldFault[] => {
    if (validate(value)) return [];
    const { errors } = validate;
    // What was found belongs to this value alone, and can be large.
    validate.errors = null;
    return faultsOf(errors ?? []);
  };
  return { faults: options.coerce ? (value) => judgeTexts(value, judge) : judge };
}

/** Judges an object of texts and lists of them: those that stand for numbers must be written as JSON writes them. */
function judgeTexts(value: unknown, judge: (value: unknown) => readonly FieldFault[]): readonly FieldFault[] {
  if (typeof value !== 'object' || value === null) return judge(value);
  const before = Object.entries(value);
  // Judging puts numbers and booleans in the place of texts.
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, text] of before) copy[name] = Array.isArray(text) ? [...text] : text;
  const faults = judge(copy);
  const misread = before.filter(([name, text]) => !isRead(text, copy[name])).map(([name]) => name);
  if (misread.length === 0) return faults;
  return [...faults, ...misread.map(noNumber)];
}

function isRead(text: unknown, value: unknown): boolean {
  if (Array.isArray(value)) {
    const texts: unknown[] = Array.isArray(text) ? text : [text];
    return value.every((item, index) => isRead(texts[index], item));
  }
  return typeof value !== 'number' || (typeof text === 'string' && NUMBER.test(text) && Number.isFinite(value));
}

function noNumber(name: string): FieldFault {
  return { pointer: shortPointer([name]), code: 'wrong-type', detail: 'must be a number' };
}
