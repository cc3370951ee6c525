import { decodeSegment } from './routing/canonical.ts';

/** A header value with `{{…}}` in it, parsed. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  /** Whether it holds a value that identifies the caller. */
  readonly usesClaims: boolean;
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly source: TemplateSource; readonly name: string };

const SOURCES = ['params', 'query', 'headers', 'claims', 'client', 'request'] as const;
/** What a template is filled in from; an exchange is one. */
export interface TemplateValues {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly client: { readonly address: string };
  header(name: string): string | undefined;
}

type TemplateSource = (typeof SOURCES)[number];

const EXPRESSION = /\{\{(.*?)\}\}/gs;
const ACCESS = /^(params|query|headers|claims|client|request)(?:\.([\w.-]+)|\["([^"\]]+)"\])$/;
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
  return { parts, usesClaims: parts.some((part) => part.kind === 'value' && part.source === 'claims') };
}

function sourceOf(text: string | undefined): TemplateSource | undefined {
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
    const value = part.kind === 'text' ? part.text : valueOf(part.source, part.name, exchange);
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

function valueOf(source: TemplateSource, name: string, exchange: TemplateValues): string | undefined {
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
    case 'claims':
      // Nobody is known to this version, so that no claim has a value.
      return undefined;
  }
}
