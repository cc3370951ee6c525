import { METHODS } from 'node:http';
import type { HeaderList, HttpVersion } from '../exchange.ts';
import type { ProblemCode } from '../errors.ts';

/** The head of a request as a parser read it. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: HttpVersion;
  readonly headers: HeaderList;
  /** What {@link judgeFields} finds in the fields, when that is known already. */
  readonly fields?: JudgedFields;
}

/** What the fields of a request say of how it is to be read, or why it cannot be. */
export type JudgedFields =
  | {
      /** What the fields take up, in bytes. */
      readonly size: number;
      readonly host: string | undefined;
      readonly contentLength: string | undefined;
      readonly isChunked: boolean;
      readonly expectsContinue: boolean;
    }
  | RefusedHead;

/** What follows from an acceptable head. */
export interface AcceptedHead {
  /** In origin form: path and query. */
  readonly target: string;
  /** Host and port as the client wrote them; empty for HTTP/1.0 without Host. */
  readonly authority: string;
  /** In lower case, without port and last dot. */
  readonly host: string;
  /** In bytes; undefined for a chunked body. 0 = no body. */
  readonly bodyLength: number | undefined;
  readonly expectsContinue: boolean;
}

export interface RefusedHead {
  readonly problem: ProblemCode;
  readonly detail?: string;
  /** Extra fields of the answer. */
  readonly headers?: HeaderList;
}

export interface HeadLimits {
  readonly uriBytes: number;
  readonly headerBytes: number;
}

/** The most bytes that a parser takes for a head: target and fields, and what is around them. */
export function headLimit({ headerBytes, uriBytes }: HeadLimits): number {
  return headerBytes + uriBytes + 1024;
}

/** Host and port: RFC 9110 section 7.2, without what no client needs: userinfo, escapes, sub-delimiters. */
const AUTHORITY = /^([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/;
/** What the parser of `node:http` takes for a method. It knows SOURCE, but in another protocol. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== 'SOURCE'));
const ABSOLUTE_FORM = /^(https?):\/\/([^/?#]*)(.*)$/is;

/**
 * Judges a request's head beyond what a parser of HTTP/1 guarantees, the same for every engine: one Host, one way of
 * framing, a target in a form that names a resource, sizes within the limits. It never repairs anything.
 *
 * @param head as parsed
 * @param limits in bytes
 */
export function acceptHead(head: RequestHead, limits: HeadLimits): AcceptedHead | RefusedHead {
  const { method } = head;
  if (head.target.length > limits.uriBytes) return { problem: 'uri-too-long' };
  const fields = head.fields ?? judgeFields(head.headers);
  if ('problem' in fields) return fields;
  const { size, host, contentLength, isChunked, expectsContinue } = fields;
  if (size > limits.headerBytes) return { problem: 'headers-too-large' };
  // RFC 9112 section 6.1: chunked in HTTP/1.0 is one of the ways in which requests are smuggled.
  if (isChunked && head.httpVersion === '1.0') return refuse('HTTP/1.0 has no Transfer-Encoding');
  if (method === 'TRACE') {
    return { problem: 'method-not-allowed', headers: ['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'] };
  }
  if (method === 'CONNECT') return { problem: 'method-not-implemented' };
  if (!KNOWN_METHODS.has(method)) return refuse('the method is not known');

  let target = head.target;
  let authority = host;
  if (!target.startsWith('/')) {
    const absolute = ABSOLUTE_FORM.exec(target);
    if (absolute === null) return { problem: 'invalid-target', detail: 'the request target is not a path' };
    // RFC 9112 section 3.2.2: the target's authority counts. A Host that says something else is an attempt at confusion.
    authority = absolute[2] ?? '';
    const rest = absolute[3] ?? '';
    target = rest.startsWith('/') ? rest : `/${rest}`;
    if (host !== undefined && host.toLowerCase() !== authority.toLowerCase()) {
      return { problem: 'invalid-host', detail: 'Host and the request target name different hosts' };
    }
  }
  if (authority === undefined && head.httpVersion !== '1.0') {
    return { problem: 'invalid-host', detail: 'the Host header is missing' };
  }
  if (authority !== undefined && !isAuthority(authority)) {
    return { problem: 'invalid-host', detail: 'the Host header is not a host and port' };
  }
  return {
    target,
    authority: authority ?? '',
    host: hostOf(authority ?? ''),
    bodyLength: isChunked ? undefined : Number(contentLength ?? 0),
    // RFC 9110 section 10.1.1: of an HTTP/1.0 client it is ignored.
    expectsContinue: expectsContinue && head.httpVersion !== '1.0',
  };
}

/** Judges the fields of a request by themselves: equal fields are judged alike, whatever the request is. */
export function judgeFields(headers: HeaderList): JudgedFields {
  let size = 0;
  let host: string | undefined;
  let contentLength: string | undefined;
  let isChunked = false;
  let expectsContinue = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    // Colon, space and line end are part of what was sent.
    size += name.length + value.length + 4;
    switch (name.length) {
      case 4:
        if (name.toLowerCase() !== 'host') break;
        if (host !== undefined) return { problem: 'invalid-host', detail: 'there is more than one Host header' };
        host = value;
        break;
      case 6:
        if (name.toLowerCase() !== 'expect') break;
        if (value.toLowerCase() !== '100-continue') return { problem: 'expectation-failed' };
        expectsContinue = true;
        break;
      case 14:
        if (name.toLowerCase() !== 'content-length') break;
        if (contentLength !== undefined) return refuse('there is more than one Content-Length');
        if (!/^\d{1,15}$/.test(value)) return refuse('the Content-Length is not a number');
        contentLength = value;
        break;
      case 17:
        if (name.toLowerCase() !== 'transfer-encoding') break;
        if (isChunked) return refuse('there is more than one Transfer-Encoding');
        if (value.toLowerCase() !== 'chunked') return refuse('the only Transfer-Encoding of requests is chunked');
        isChunked = true;
        break;
      default:
    }
  }
  // RFC 9112 section 6.1: both together are how requests are smuggled.
  if (isChunked && contentLength !== undefined)
    return refuse('Content-Length and Transfer-Encoding exclude each other');
  return { size, host, contentLength, isChunked, expectsContinue };
}

function isAuthority(authority: string): boolean {
  const match = AUTHORITY.exec(authority);
  return match !== null && !/^\.+$/.test(match[1] ?? '') && Number(match[2] ?? 0) <= 65_535;
}

function refuse(detail: string): RefusedHead {
  return { problem: 'invalid-request', detail };
}

/** The host of an authority, for matching: lower case, no port, no root dot. */
function hostOf(authority: string): string {
  const lower = authority.toLowerCase();
  const end = lower.lastIndexOf(':');
  // The last colon of `[::1]` stands inside of the brackets.
  const host = end === -1 || lower.endsWith(']') ? lower : lower.slice(0, end);
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
