import { renderTemplate, type Template, type TemplateValues } from '../template.ts';
import { jsonPointer } from './json-pointer.ts';
import { removeValue, setValue } from './json-splice.ts';

/** A JSON value whose texts may depend on the request. */
export type JsonTemplate =
  | { readonly kind: 'constant'; readonly json: string }
  | { readonly kind: 'text'; readonly template: Template }
  | { readonly kind: 'list'; readonly items: readonly JsonTemplate[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: JsonTemplate])[] };

/** Changes to a JSON body, carried out in this order. */
export interface JsonEdits {
  /** Tokens of JSON pointers, at least one each. */
  readonly remove: readonly (readonly string[])[];
  readonly set: readonly (readonly [tokens: readonly string[], value: JsonTemplate])[];
}

/** A change that cannot be made in this body. */
export interface EditFault {
  /** What is in the way. */
  readonly pointer: string;
  readonly code: 'wrong-type' | 'required';
  readonly detail: string;
}

/**
 * Changes a JSON text at the places that are named, and nowhere else.
 *
 * @param text in which `jsonFault` found nothing
 * @param values what templates are filled in from
 */
export function editJson(text: string, edits: JsonEdits, values: TemplateValues): string | EditFault {
  let out = text;
  for (const tokens of edits.remove) out = removeValue(out, tokens);
  for (const [tokens, template] of edits.set) {
    const json = renderJson(template, values);
    // What the gateway would have set must not be what the client wrote there.
    if (json === undefined) {
      out = removeValue(out, tokens);
      continue;
    }
    const changed = setValue(out, tokens, json);
    if (typeof changed !== 'string') {
      const pointer = jsonPointer(tokens.slice(0, changed.depth));
      return changed.reason === 'no-item'
        ? { pointer, code: 'required', detail: 'must be there' }
        : { pointer, code: 'wrong-type', detail: 'must be an object' };
    }
    out = changed;
  }
  return out;
}

/** @returns undefined for a text whose template has no value: members and items of that kind are left out */
function renderJson(template: JsonTemplate, values: TemplateValues): string | undefined {
  switch (template.kind) {
    case 'constant':
      return template.json;
    case 'text': {
      // As bytes, one a character, and without CR, LF and NUL: as it would go into a header.
      const bytes = renderTemplate(template.template, values);
      return bytes === undefined ? undefined : JSON.stringify(Buffer.from(bytes, 'latin1').toString('utf8'));
    }
    case 'list':
      return `[${rendered(template.items.map((item) => renderJson(item, values)))}]`;
    case 'object':
      return `{${rendered(
        template.members.map(([name, value]) => {
          const json = renderJson(value, values);
          return json === undefined ? undefined : `${JSON.stringify(name)}:${json}`;
        }),
      )}}`;
  }
}

function rendered(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(',');
}
