import type { Exchange, HeaderList } from '../exchange.ts';
import { HOP_BY_HOP, joined, twinless, UNEDITABLE } from '../fields.ts';
import { renderTemplate, type Template } from '../template.ts';

/**
 * Fields that Connection may name without effect: they frame or route the message, or say for whom and how long it is
 * (RFC 9110 section 7.6.1), so dropping them would change it.
 */
const NEVER_CONNECTION_SPECIFIC = new Set([
  'cache-control',
  'cdn-cache-control',
  'content-length',
  'content-type',
  'date',
  'expires',
  'host',
  'trailer',
  'transfer-encoding',
  'vary',
]);

/** Fields that the gateway writes itself on every request that it forwards. */
const WRITTEN_ON_REQUESTS: readonly string[] = [
  'host',
  'expect',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
];

/** Header edits, compiled. */
export interface HeaderEdits {
  /** Lower case: what is removed, and what is set and so must go first. */
  readonly dropped: ReadonlySet<string>;
  /** See {@link lengthsOf}. */
  readonly lengths: readonly boolean[];
  readonly added: readonly (readonly [name: string, value: Template])[];
}

/** What forwarding does to the headers of every request of one route. */
export interface RequestHeaderPlan extends HeaderEdits {
  /** Fields that the gateway would write, and that the route's edits take away or set themselves. */
  readonly unwritten: ReadonlySet<string>;
  /** See {@link Withheld}. */
  readonly cookies: ReadonlySet<string>;
}

/** Credentials that are for the gateway alone. */
export interface Withheld {
  /** The headers that carry them, in lower case. */
  readonly headers: readonly string[];
  /** The names of its cookies. */
  readonly cookies: readonly string[];
}

const ALWAYS_DROPPED = [...HOP_BY_HOP, ...WRITTEN_ON_REQUESTS];
/** What says how a body is to be read: whoever took a twin for one of these would read another body than was judged. */
const ABOUT_CONTENT: readonly string[] = ['content-length', 'content-type', 'content-encoding'];
/** Methods of which servers expect content, and want to hear when there is none: RFC 9110 section 8.6. */
const CONTENTFUL = new Set(['POST', 'PUT', 'PATCH']);
/** Names that are not dropped, and yet need a closer look. */
const LOOKED_AT: readonly string[] = ['via', 'te', ...ABOUT_CONTENT];
const PLAIN: RequestHeaderPlan = {
  dropped: new Set(ALWAYS_DROPPED),
  lengths: lengthsOf([...ALWAYS_DROPPED, ...LOOKED_AT]),
  added: [],
  unwritten: new Set(),
  cookies: new Set(),
};

/**
 * @param dropped names of fields, in lower case
 * @param added fields that are added after that
 */
export function headerEdits(dropped: readonly string[], added: HeaderEdits['added']): HeaderEdits {
  return { dropped: new Set(dropped), lengths: lengthsOf(dropped), added };
}

/** @returns the plan for a route whose configuration edits request headers as given */
export function planRequestHeaders(edits: HeaderEdits | undefined, withheld: Withheld): RequestHeaderPlan {
  const { headers, cookies } = withheld;
  if (edits === undefined && headers.length === 0 && cookies.length === 0) return PLAIN;
  const own = edits ?? headerEdits([], []);
  const dropped = new Set([...ALWAYS_DROPPED, ...own.dropped, ...headers]);
  const lookedAt = [...dropped, ...LOOKED_AT, ...(cookies.length === 0 ? [] : ['cookie'])];
  return {
    dropped,
    lengths: lengthsOf(lookedAt),
    added: own.added,
    unwritten: own.dropped,
    cookies: new Set(cookies),
  };
}

/**
 * How long certain names are: by its length alone most fields are told from them, and need not be written in lower case
 * to be looked up.
 *
 * @returns by length, whether there is such a name
 */
function lengthsOf(names: readonly string[]): readonly boolean[] {
  const lengths: boolean[] = [];
  for (const { length } of names) {
    while (lengths.length <= length) lengths.push(false);
    lengths[length] = true;
  }
  return lengths;
}

/**
 * The headers that go to an upstream, without Host: end-to-end fields as received, the edits of the route, and what
 * the gateway says of the client (RFC 7239, RFC 9110 section 7.6.3).
 */
export function forwardedRequestHeaders(exchange: Exchange, plan: RequestHeaderPlan): string[] {
  const { headers, client } = exchange;
  const named = connectionNames(headers);
  const out: string[] = [];
  const { unwritten, lengths } = plan;
  let via = '';
  let trailers = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (named === undefined && lengths[name.length] !== true) {
      out.push(name, value);
      continue;
    }
    const lower = name.toLowerCase();
    if (lower === 'via') {
      via += `${value}, `;
      continue;
    }
    if (lower === 'te') {
      // `trailers` is the one TE member that a gateway can keep its promise on: it does forward trailers.
      trailers ||= /(?:^|,)\s*trailers\s*(?:,|$)/i.test(value);
      continue;
    }
    if (plan.dropped.has(lower) || named?.has(lower) === true) continue;
    if (lower === 'cookie' && plan.cookies.size > 0) {
      const others = withoutCookies(value, plan.cookies);
      if (others !== '') out.push(name, others);
      continue;
    }
    // Servers that read `X_Forwarded_For` as `X-Forwarded-For` would take the client's word for the gateway's.
    if ((lower.includes('_') || lower.includes('.')) && isTwin(twinless(lower), plan)) continue;
    out.push(name, value);
  }
  if (trailers) out.push('te', 'trailers');
  if (exchange.body === undefined && CONTENTFUL.has(exchange.method) && exchange.header('content-length') === undefined)
    out.push('content-length', '0');
  const written = out.length;
  out.push('x-forwarded-for', client.forwardedFor, 'x-forwarded-proto', client.scheme, 'forwarded', client.forwarded);
  out.push('via', `${via}${exchange.httpVersion} gatewayctl`, 'x-request-id', exchange.id);
  // HTTP/1.0 knows requests without a host.
  if (client.forwardedHost !== '') out.push('x-forwarded-host', client.forwardedHost);
  if (unwritten.size > 0) {
    for (let index = out.length - 2; index >= written; index -= 2) {
      if (unwritten.has(out[index] ?? '')) out.splice(index, 2);
    }
  }
  addRendered(out, plan.added, exchange);
  return out;
}

/**
 * A field as an upstream gets it: what its Vary names is not what the client has sent. Twins of the field stand behind
 * its value, each on a line of its own: some servers read them as this field, and answer by them.
 *
 * @param name in lower case
 */
export function forwardedField(exchange: Exchange, plan: RequestHeaderPlan, name: string): string | undefined {
  const value = ownField(exchange, plan, name);
  const twins = twinsOf(exchange.headers, name);
  return twins === undefined ? value : `${value ?? ''}${twins}`;
}

function ownField(exchange: Exchange, plan: RequestHeaderPlan, name: string): string | undefined {
  let value: string | undefined;
  for (const [added, template] of plan.added) {
    if (added.toLowerCase() !== name) continue;
    const rendered = renderTemplate(template, exchange);
    if (rendered !== undefined) value = joined(name, value, rendered);
  }
  if (!plan.unwritten.has(name)) {
    const written = writtenField(exchange, name);
    if (written !== undefined) return written;
  }
  const received = plan.dropped.has(name) ? undefined : exchange.header(name);
  if (received === undefined || connectionNames(exchange.headers)?.has(name) === true) return value;
  const passed = name === 'cookie' ? withoutCookies(received, plan.cookies) : received;
  if (passed === '' && received !== '') return value;
  return value === undefined ? passed : joined(name, passed, value);
}

/** Fields whose names differ from this one in `_`, `.` and `-` alone; undefined when there are none, as nearly always. */
function twinsOf(headers: HeaderList, name: string): string | undefined {
  let twins: string | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const other = headers[index] ?? '';
    if (other.length !== name.length || other.toLowerCase() === name || twinless(other) !== twinless(name)) continue;
    twins = `${twins ?? ''}\n${other.toLowerCase()}: ${headers[index + 1] ?? ''}`;
  }
  return twins;
}

/** What the gateway itself says of the client. */
function writtenField({ client, authority }: Exchange, name: string): string | undefined {
  switch (name) {
    case 'x-forwarded-for':
      return client.forwardedFor;
    case 'x-forwarded-proto':
      return client.scheme;
    case 'x-forwarded-host':
      return client.forwardedHost;
    case 'forwarded':
      return client.forwarded;
    case 'host':
      return authority;
    default:
      return undefined;
  }
}

/** The cookies of a field without those of certain names (RFC 6265 section 4.2.1). */
function withoutCookies(value: string, names: ReadonlySet<string>): string {
  const pairs = value.split(';');
  const others = pairs.filter((pair) => !names.has((pair.split('=', 1)[0] ?? '').trim()));
  return others.length === pairs.length ? value : others.join(';').trim();
}

/** Whether a field with `_` or `.` would be read as one that the gateway drops, or as one that says what the body is. */
function isTwin(name: string, plan: RequestHeaderPlan): boolean {
  return plan.dropped.has(name) || ABOUT_CONTENT.includes(name);
}

/** X-Request-Id of an answer is the gateway's own, whatever the upstream echoes. */
const DROPPED_FROM_ANSWERS = new Set([...HOP_BY_HOP, 'x-request-id']);
const LENGTHS_DROPPED_FROM_ANSWERS = lengthsOf([...DROPPED_FROM_ANSWERS]);

/** The end-to-end fields of an upstream's answer. */
export function endToEndHeaders(headers: HeaderList): string[] {
  const named = connectionNames(headers);
  const out: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (named !== undefined || LENGTHS_DROPPED_FROM_ANSWERS[name.length] === true) {
      const lower = name.toLowerCase();
      if (DROPPED_FROM_ANSWERS.has(lower) || named?.has(lower) === true) continue;
    }
    out.push(name, headers[index + 1] ?? '');
  }
  return out;
}

/** Applies a route's edits to the headers of an answer. */
export function editHeaders(headers: HeaderList, edits: HeaderEdits, exchange: Exchange): string[] {
  const out: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (edits.lengths[name.length] === true && edits.dropped.has(name.toLowerCase())) continue;
    out.push(name, headers[index + 1] ?? '');
  }
  addRendered(out, edits.added, exchange);
  return out;
}

/** Fields that must not come as trailers: they frame, route, authenticate or vouch (RFC 9110 section 6.5.1). */
const NEVER_IN_TRAILERS = new Set([
  ...UNEDITABLE,
  ...WRITTEN_ON_REQUESTS,
  'authorization',
  'cache-control',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'set-cookie',
]);

/** The trailers that may be passed on, in either direction. */
export function safeTrailers(trailers: HeaderList): string[] {
  const out: string[] = [];
  for (let index = 0; index + 1 < trailers.length; index += 2) {
    const name = trailers[index] ?? '';
    if (!NEVER_IN_TRAILERS.has(twinless(name))) out.push(name, trailers[index + 1] ?? '');
  }
  return out;
}

function addRendered(out: string[], added: RequestHeaderPlan['added'], exchange: Exchange): void {
  for (const [name, template] of added) {
    const value = renderTemplate(template, exchange);
    if (value !== undefined) out.push(name, value);
  }
}

/** The fields that Connection names as its own; undefined when there are none, as in nearly every message. */
function connectionNames(headers: HeaderList): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const value = (headers[index + 1] ?? '').toLowerCase();
    if (value === 'keep-alive' || value === 'close') continue;
    for (const option of value.split(',')) {
      const field = option.trim();
      if (!NEVER_CONNECTION_SPECIFIC.has(field)) (names ??= new Set()).add(field);
    }
  }
  return names;
}
