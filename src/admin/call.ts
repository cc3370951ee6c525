import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Router } from '@koa/router';
import type { Context } from 'koa';
import type { ProblemCode, ProblemDetails } from '../errors.ts';
import { normaliseAddress } from '../address-ranges.ts';
import { MAX_BODY_BYTES } from '../users/json-fields.ts';
import type { Header } from '../users/problems.ts';
import { API_PATH, type Part } from './openapi.ts';

/** What a call is read from. */
export interface CallContext extends Pick<Context, 'path' | 'querystring' | 'get' | 'response'> {
  readonly req: IncomingMessage;
  /** Decoded; as it was written when it cannot be. */
  readonly params: Readonly<Record<string, string>>;
}

/** Answers with a problem. */
export type ProblemAnswer = (context: Context, code: ProblemCode, details?: ProblemDetails) => void;

export interface Problem extends ProblemDetails {
  readonly problem: ProblemCode;
  readonly headers?: readonly Header[];
}

/** An answer that somebody writes by and by. */
export interface Streamed {
  readonly type: 'text/event-stream';
  /** Begins it: status and header fields are set, and not sent yet. */
  readonly begin: (response: ServerResponse) => void;
  readonly headers?: readonly Header[];
}

/**
 * What is answered: JSON, with 200 unless it says otherwise, a stream, a problem, that what is known has not changed (304),
 * or, when it is undefined, 204.
 */
export type Result =
  | { readonly json: object; readonly status?: 201; readonly headers?: readonly Header[] }
  | { readonly notModified: true; readonly headers: readonly Header[] }
  | Streamed
  | Problem
  | undefined;

/** What the log says of who asks. */
export interface Caller {
  readonly requestId: string;
  readonly client: string;
}

/** What a request may ask for behind its question mark. */
export interface QueryParameter {
  readonly name: string;
  /** For people, as the next. */
  readonly description: string;
  readonly expected: string;
  readonly schema: Part;
  /** Whether a value is one that it may have. */
  accepts(text: string): boolean;
}

/** How much of a wrong value is told back; in characters. */
const MAX_TOLD = 64;

/** The path of an operation as the router takes it: `/api/v1/users/:id` for `/users/{id}`. */
export function routerPath(path: string): string {
  return API_PATH + path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** Adds an operation to what the admin listener answers. */
export function addOperation(
  router: Router,
  { method, path }: { readonly method: string; readonly path: string },
  answer: (context: CallContext) => Promise<Result>,
  problem: ProblemAnswer,
): void {
  router.register(routerPath(path), [method], async (context) => {
    const result = await answer(context);
    context.set('cache-control', 'no-store');
    for (const [name, value] of result?.headers ?? []) context.set(name, value);
    if (result === undefined) context.status = 204;
    else if ('notModified' in result) context.status = 304;
    else if ('json' in result) {
      context.status = result.status ?? 200;
      context.body = result.json;
    } else if ('begin' in result) stream(context, result);
    else {
      const { problem: code, headers: _headers, ...details } = result;
      problem(context, code, details);
    }
  });
}

/** Koa is left out of it from here on: it would tell of each client that goes as of a fault of the gateway. */
function stream(context: Context, { type, begin }: Streamed): void {
  context.status = 200;
  context.set('content-type', type);
  context.respond = false;
  if (context.method === 'HEAD') context.res.end();
  else begin(context.res);
}

/** Who asks, while the connection is there. */
export function callerOf(context: CallContext): Caller {
  const requestId = context.response.get('x-request-id');
  // A socket that has closed knows no address any more.
  return { requestId, client: normaliseAddress(context.req.socket.remoteAddress ?? '') };
}

/**
 * Reads a target: a path that can be decoded, and a query strictly, since a parameter that is not known would be a
 * filter that does not filter.
 *
 * @returns the values of the query by their names
 */
export function readTarget(
  context: CallContext,
  parameters: readonly QueryParameter[],
): ReadonlyMap<string, string> | Problem {
  if (decoded(context.path) === undefined) return { problem: 'invalid-target' };
  const query = readQuery(context.querystring, parameters);
  return typeof query === 'string' ? { problem: 'invalid-query', detail: query } : query;
}

/** @returns what is wrong with it, in words, or the values by their names */
function readQuery(query: string, parameters: readonly QueryParameter[]): ReadonlyMap<string, string> | string {
  const values = new Map<string, string>();
  const names = parameters.map(({ name }) => name).join(', ');
  if (decoded(query) === undefined) return `the query: found ${told(query)}, expected UTF-8 that is percent-encoded`;
  for (const [name, value] of new URLSearchParams(query)) {
    const parameter = parameters.find((each) => each.name === name);
    if (parameter === undefined)
      return `${told(name)}: found a parameter that is not known here, expected ${names === '' ? 'none' : names}`;
    if (values.has(name)) return `${name}: found twice, expected once`;
    if (!parameter.accepts(value)) return `${name}: found ${told(value)}, expected ${parameter.expected}`;
    values.set(name, value);
  }
  return values;
}

/** A text that somebody sent, as it is told back to them: quoted, and not all of it when it is long. */
export function told(text: string): string {
  return JSON.stringify(text.length > MAX_TOLD ? `${text.slice(0, MAX_TOLD)}…` : text);
}

/** @returns undefined for what is not percent-encoded UTF-8 */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a body to its end. Of one that is too large so much is kept that this can be told; the rest is thrown away as it
 * comes: a connection that were closed meanwhile would lose the answer (RFC 9112 section 9.6).
 *
 * @returns undefined when the client is gone before all of it came
 */
export async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      if (size > MAX_BODY_BYTES) return;
      size += chunk.length;
      chunks.push(chunk);
      if (size > MAX_BODY_BYTES) resolve(Buffer.concat(chunks));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve(undefined));
  });
}

/** The problem of a body that cannot be taken apart. */
export function bodyProblem(fault: 'too-large' | 'media-type'): Problem {
  return fault === 'too-large'
    ? { problem: 'body-too-large' }
    : { problem: 'unsupported-media-type', headers: [['accept', 'application/json']] };
}
