import { decodeSegment } from '../routing/canonical.ts';
import { parseTemplate } from '../template.ts';
import type { Identity } from './identity.ts';

/** What a rule can ask of a request; an exchange is one. */
export interface RequestValues {
  readonly id: string;
  /** As they stand in the canonical path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly client: { readonly address: string };
  header(name: string): string | undefined;
}

/** Whether the two sides of one line of a `where` are the same. */
export type Comparison = (identity: Identity, request: RequestValues) => boolean;

/** A value: a text, or for a claim whatever it is. */
type Accessor = (identity: Identity, request: RequestValues) => unknown;

/**
 * Compiles one line of a `where`. Texts are compared exactly, an absent value is never equal, not even to another
 * absent one, and a list equals each text in it. Numbers and booleans are no texts.
 *
 * @param left what is compared: `params.id`
 * @param right the template that it is compared with: `{{claims.sub}}`
 */
export function compileWhere(left: string, right: string): Comparison | { readonly fault: string } {
  const one = compileExpression(`{{${left}}}`);
  const other = compileTemplate(right);
  if (typeof one !== 'function') return one;
  if (typeof other !== 'function') return other;
  return (identity, request) => equal(one(identity, request), other(identity, request));
}

function equal(one: unknown, other: unknown): boolean {
  if (typeof one === 'string') return typeof other === 'string' ? one === other : contains(other, one);
  return typeof other === 'string' && contains(one, other);
}

function contains(list: unknown, text: string): boolean {
  return Array.isArray(list) && list.includes(text);
}

/** A template with text in it, or several expressions, is a text: a list in it has no value. */
function compileTemplate(template: string): Accessor | { readonly fault: string } {
  const pieces = template.split(/(\{\{.*?\}\})/s).filter((piece) => piece !== '');
  const accessors: Accessor[] = [];
  for (const piece of pieces) {
    const accessor = compileExpression(piece);
    if (typeof accessor !== 'function') return accessor;
    accessors.push(accessor);
  }
  const [only] = accessors;
  if (only !== undefined && accessors.length === 1) return only;
  return (identity, request) => {
    let text = '';
    for (const accessor of accessors) {
      const value = accessor(identity, request);
      if (typeof value !== 'string') return undefined;
      text += value;
    }
    return text;
  };
}

/** An expression in braces, or text without any. */
function compileExpression(text: string): Accessor | { readonly fault: string } {
  const template = parseTemplate(text);
  if ('fault' in template) return template;
  const [part] = template.parts;
  if (part === undefined || template.parts.length > 1) return { fault: `"${text}" is not one template expression` };
  if (part.kind === 'text') return () => part.text;
  if (part.kind === 'claim') return ({ claims }) => part.read(claims);
  const { name } = part;
  switch (part.source) {
    case 'params':
      return (_identity, { params }) => paramOf(params, name);
    case 'query':
      return (_identity, { query }) => queryOf(query, name);
    case 'headers':
      return (_identity, request) => request.header(name);
    case 'client':
      return (_identity, { client }) => client.address;
    case 'request':
      return (_identity, { id }) => id;
  }
}

/**
 * A param is compared by what it means, so that `a%40b` is `a@b`. One with an escaped slash has no value: `a%2Fb` and
 * `a%252Fb` would become the same text, and an upstream may well take the first for `a/b`.
 */
function paramOf(params: Readonly<Record<string, string>>, name: string): string | undefined {
  const raw = Object.hasOwn(params, name) ? params[name] : undefined;
  return raw === undefined || raw.includes('%2F') ? undefined : decodeSegment(raw);
}

/** A query parameter that stands there twice has no value: nobody knows which one the upstream takes. */
function queryOf(query: string, name: string): string | undefined {
  const values = new URLSearchParams(query).getAll(name);
  return values.length === 1 ? values[0] : undefined;
}
