import type { PurgeSelector } from '../cache/purge.ts';
import type { FieldFault } from '../errors.ts';
import { canonicalPath, type PathRules } from '../routing/canonical.ts';
import { readFields, type Field } from '../users/json-fields.ts';
import type { Part } from './openapi.ts';

export type SelectorResult =
  | { readonly selector: PurgeSelector }
  | { readonly fault: 'too-large' | 'media-type' }
  | { readonly errors: readonly FieldFault[] };

const TEXTS = ['route', 'path', 'prefix', 'tag'] as const;

const FIELDS: readonly Field[] = [
  { name: 'route', type: 'string', required: false, description: 'The name of a route.' },
  { name: 'path', type: 'string', required: false, description: 'A path, with every query.' },
  { name: 'prefix', type: 'string', required: false, description: 'What the path begins with.' },
  { name: 'tag', type: 'string', required: false, description: 'One of the tags that the upstream gave the answer.' },
  { name: 'all', type: 'boolean', required: false, description: 'Everything that is stored; alone.' },
];

/** What is stored has one path for whatever of this `server.paths` says. */
const RULES: PathRules = { encodedSlash: 'keep', dotSegments: 'reject', duplicateSlash: 'merge' };

/** The JSON Schema of what {@link readSelector} takes. */
export const SELECTOR: Part = {
  type: 'object',
  description: 'All that is given must hold.',
  minProperties: 1,
  properties: Object.fromEntries(
    FIELDS.map(({ name, description }) => [
      name,
      name === 'all'
        ? { const: true, description }
        : {
            type: 'string',
            description,
            minLength: 1,
            ...(name === 'path' || name === 'prefix' ? { pattern: '^/[^?]*$' } : {}),
          },
    ]),
  ),
  // Beside others, it would say less than it seems to.
  dependentSchemas: { all: { maxProperties: 1 } },
  additionalProperties: false,
};

/** Reads the JSON of a purge. Faults have JSON pointers (RFC 6901). Paths come out canonical, as answers are stored under them. */
export function readSelector(body: Buffer, contentType: string | undefined): SelectorResult {
  const read = readFields(body, contentType, FIELDS);
  if (!('values' in read)) return read;
  const { values } = read;
  const errors: FieldFault[] = [];
  const selector: { -readonly [Name in keyof PurgeSelector]: PurgeSelector[Name] } = {};
  const tell = (name: string, code: string, detail: string): void =>
    void errors.push({ pointer: name === '' ? '' : `/${name}`, code, detail });
  for (const name of TEXTS) {
    if (!values.has(name)) continue;
    const text = values.text(name);
    const found = name === 'path' || name === 'prefix' ? pathOf(text) : text;
    if (text === '') tell(name, 'empty', 'must not be empty');
    else if (typeof found === 'string') selector[name] = found;
    else tell(name, 'invalid-path', found.fault);
  }
  if (values.has('all')) {
    if (!values.flag('all')) tell('all', 'invalid-value', 'must be true');
    else if (TEXTS.some((name) => values.has(name))) tell('all', 'not-alone', 'must be alone: it is everything');
    else selector.all = true;
  } else if (!TEXTS.some((name) => values.has(name))) {
    tell('', 'required', `must have ${TEXTS.join(', ')} or all`);
  }
  return errors.length > 0 ? { errors } : { selector };
}

function pathOf(text: string): string | { readonly fault: string } {
  if (!text.startsWith('/')) return { fault: 'must begin with /' };
  if (text.includes('?')) return { fault: 'must have no query: every query of a path is purged' };
  const path = canonicalPath(text, RULES);
  return typeof path === 'string' ? path : { fault: `cannot be stored: ${path.fault}` };
}
