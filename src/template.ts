import { compileClaim, type ClaimAccessor, type Claims } from './claims.ts';
import { decodeSegment } from './routing/canonical.ts';

/** A header value with `{{…}}` in it, parsed. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  /** Whether it holds a value that identifies the caller. */
  readonly usesClaims: boolean;
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'claim'; readonly read: ClaimAccessor }
  | { readonly kind: 'value'; readonly source: ValueSource; readonly name: string };

const SOURCES = ['params', 'query', 'headers', 'client', 'request'] as const;
/** What a template is filled in from; an exchange is one. */
export interface TemplateValues {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly client: { readonly address: string };
  /** Undefined when nobody knows who calls. */
  readonly identity?: { readonly claims: Claims } | undefined;
  header(name: string): string | undefined;
}

type ValueSource = (typeof SOURCES)[number];

const EXPRESSION = /\{\{(.*?)\}\}/gs;
const ACCESS = /^(params|query|headers|client|request)(?:\.([\w.-]+)|\["([^"\]]+)"\])$/;
const FIXED: Readonly<Record<string, string>> = { client: 'ip', request: 'id' };

/**
 * Parses a template: `{{params.id}}`, `{{query.q}}`, `{{headers.x-id}}`, `{{claims.sub}}`, `{{claims["https://x/y"]}}`,
 * `{{client.ip}}`, `{{request.id}}`, and text around them.
 *
 * @param text the value as written
 * @returns the template, or what is wrong with it
 */
export function parseTemplate(text: string): Template | { readonly fault: string } {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const claim = compileClaim(match[0]);
    if (claim !== undefined) {
      parts.push({ kind: 'claim', read: claim });
      continue;
    }
    const access = ACCESS.exec((match[1] ?? '').trim());
    const source = sourceOf(access?.[1]);
    const name = access?.[2] ?? access?.[3];
    if (source === undefined || name === undefined) return { fault: `"${match[0]}" is not a template expression` };
    const fixed = FIXED[source];
    if (fixed !== undefined && name !== fixed) return { fault: `"${match[0]}": ${source} has only ${source}.${fixed}` };
    parts.push({ kind: 'value', source, name: source === 'headers' ? name.toLowerCase() : name });
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  // What is not closed would be sent on as it stands.
  if (parts.some((part) => part.kind === 'text' && part.text.includes('{{')))
    return { fault: 'a {{ is not closed by }}' };
  return { parts, usesClaims: parts.some(({ kind }) => kind === 'claim') };
}

function sourceOf(text: string | undefined): ValueSource | undefined {
  return SOURCES.find((source) => source === text);
}

/**
 * Fills a template in for one exchange.
 *
 * @returns the text as it goes into a header, non-ASCII characters as UTF-8 bytes; undefined when one of its values
 * does not exist, or when a control character would get into the header (RFC 9110 section 5.5)
 */
export function renderTemplate(template: Template, exchange: TemplateValues): string | undefined {
  let out = '';
  for (const part of template.parts) {
    const value = textOf(part, exchange);
    if (value === undefined) return undefined;
    // A header's value is bytes already, one a character; encoding it again would garble it.
    out += part.kind === 'value' && part.source === 'headers' ? value : toBytes(value);
  }
  return /[\0-\x08\x0a-\x1f\x7f]/.test(out) ? undefined : out;
}

/** A text as it goes into a header: its UTF-8 bytes, one character each. */
export function toBytes(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

function textOf(part: TemplatePart, exchange: TemplateValues): string | undefined {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'value') return valueOf(part.source, part.name, exchange);
  return exchange.identity === undefined ? undefined : claimText(part.read(exchange.identity.claims));
}

/** A claim as text; a list is joined by commas, and what has no plain text has no value. */
function claimText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(',') : undefined;
}

function valueOf(source: ValueSource, name: string, exchange: TemplateValues): string | undefined {
  switch (source) {
    case 'params': {
      const raw = Object.hasOwn(exchange.params, name) ? exchange.params[name] : undefined;
      return raw === undefined ? undefined : decodeSegment(raw);
    }
    case 'query':
      return new URLSearchParams(exchange.query).get(name) ?? undefined;
    case 'headers':
      return exchange.header(name);
    case 'client':
      return exchange.client.address;
    case 'request':
      return exchange.id;
  }
}
