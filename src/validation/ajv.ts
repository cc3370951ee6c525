import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { withBoundedErrors } from './bounded-errors.ts';
import { UNIQUE_ITEMS } from './unique-items.ts';

// A CommonJS module, whose default export is a member of what is imported.
const addFormats = formats.default;

export interface SchemaOptions {
  /**
   * Whether values come as text, as in a query: texts then count as the numbers and booleans that they spell, and each
   * rule must say of which type its value is, since one for numbers says nothing about texts.
   */
  readonly coerce: boolean;
}

/** A text of a format is not longer; some of their expressions take too long for one that is. */
const LONGEST_FORMATTED = 4096;

/**
 * Ajv for JSON Schema 2020-12, as this gateway understands it: strict, all faults, and nothing from elsewhere.
 *
 * @param checksSchemas whether it knows what a schema looks like; it takes long to learn
 */
export function createAjv({ coerce }: SchemaOptions, checksSchemas: boolean): Ajv2020 {
  const options: Options = {
    allErrors: true,
    strict: true,
    strictTypes: coerce,
    strictTuples: false,
    strictRequired: false,
    allowUnionTypes: true,
    allowMatchingProperties: true,
    // `required: [constructor]` is not met by what every object inherits.
    ownProperties: true,
    coerceTypes: coerce ? 'array' : false,
    useDefaults: false,
    meta: checksSchemas,
    validateSchema: checksSchemas,
    logger: false,
    code: { process: withBoundedErrors },
  };
  const ajv = new Ajv2020(options);
  addFormats(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    const test = testOf(format);
    if (test !== undefined) ajv.addFormat(name, (text) => text.length <= LONGEST_FORMATTED && test(text));
  }
  // It knows what this one does, and yet not its name.
  ajv.addKeyword('$anchor');
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword(UNIQUE_ITEMS);
  return ajv;
}

/** The test of a format for texts; undefined when it is one for numbers, or takes every text. */
function testOf(format: Ajv2020['formats'][string]): ((text: string) => boolean) | undefined {
  if (format instanceof RegExp) return (text) => format.test(text);
  if (typeof format === 'function') return format;
  if (typeof format !== 'object' || format.async === true) return undefined;
  const { validate, type } = format;
  if (validate instanceof RegExp) return (text) => validate.test(text);
  return isTextTest(validate, type) ? validate : undefined;
}

function isTextTest(validate: unknown, type: unknown): validate is (text: string) => boolean {
  return typeof validate === 'function' && type !== 'number';
}
