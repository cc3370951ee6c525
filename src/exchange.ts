import type { Socket } from 'node:net';
import type { Claims } from './claims.ts';
import type { ProblemCode, ProblemDetails } from './errors.ts';

/** Header names and values alternately, as on the wire: names in any case, repeated ones side by side or apart. */
export type HeaderList = readonly string[];

/** What a problem says of this one time, and further fields of the answer that it comes in. */
export type ProblemOptions = ProblemDetails & { readonly headers?: HeaderList | undefined };

/** The version of HTTP in which a request came, as Via names it (RFC 9110 section 7.6.3). */
export type HttpVersion = '1.0' | '1.1' | '2';

/**
 * One request and the answer to it, whichever engine reads the socket. Stages and forwarding see nothing else of a
 * connection, so that no stage can tell which engine it runs on.
 */
export interface Exchange {
  /** Unique, or what a trusted proxy sent as X-Request-Id. */
  readonly id: string;
  readonly method: string;
  readonly httpVersion: HttpVersion;
  /** The canonical path: the only one that there is. */
  readonly path: string;
  /** With its `?`; empty when there is none. */
  readonly query: string;
  /** The Host header, or the authority of an absolute-form target: host and port as the client wrote them. */
  readonly authority: string;
  /** The authority in lower case without its port. */
  readonly host: string;
  readonly client: Client;
  /**
   * As received, but for what identifies a caller to upstreams: see `withoutIdentity`. A stage that puts another body in
   * the place of the one that came says here what is true of it.
   */
  headers: HeaderList;
  readonly params: Readonly<Record<string, string>>;
  /** Undefined when the request has no body. A stage that reads it whole puts what it read in its place. */
  body: RequestBody | undefined;
  /** Present when the client asks for another protocol on this connection. */
  readonly upgrade: Upgrade | undefined;
  /** Where the answer goes. A stage that watches answers puts its own in front. */
  response: ResponseWriter;
  /** Who sent it, once credentials were verified; undefined as long as nobody knows. */
  identity: Identity | undefined;
  /** For the access line: which upstream was asked, and how often. */
  upstream: string;
  attempts: number;
  /** Why the gateway answered in the upstream's place: for the access line, never for the client. */
  failure: { readonly kind: string; readonly cause: string } | undefined;
  /** For the access line: the problem that the gateway has answered with. */
  problem: ProblemCode | undefined;
  /** For the access line: what a cache did for it; empty where there is none. */
  cacheResult: string;
  /** Undefined when requests are not traced. */
  readonly trace: Trace | undefined;

  /** A request header by its lower-case name; repeated ones are joined by a comma (RFC 9110 section 5.3). */
  header(name: string): string | undefined;
  /** Answers with a problem (RFC 9457), or cuts the connection when the answer has begun. */
  fail(code: ProblemCode, options?: ProblemOptions): void;
  /** Adds a field to the answer, whoever gives it and whatever its status is. */
  addToAnswer(name: string, value: string): void;
  /**
   * Asks for so many more bytes to hold of bodies, until the exchange is over.
   *
   * @returns false when all exchanges together hold too much already
   */
  hold(bytes: number): boolean;
  /** Whatever still sends an answer stops: the one that it sends is not wanted any more. */
  dismiss(): void;
  /** Says who is told of a client that reads again or is gone. One at a time. */
  watch(watcher: ExchangeWatcher | undefined): void;
  /**
   * The same request once more, without its body: for an answer that is not, or not only, for the client of this one. It
   * goes on when that client is gone. To be called while this exchange is open.
   */
  fork(changes: ForkChanges, owner: ForkOwner): Fork;
}

/** The part of a trace that a request is (W3C Trace Context). */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** The same for a trace that is recorded, and undefined for every other one. */
  readonly sampledId: string | undefined;
  /** An attempt begins. @returns undefined when nobody records it */
  attempt(request: AttemptedRequest): AttemptTrace | undefined;
  /**
   * A stage begins to wait.
   *
   * @returns to be called when it waits no more, and at the latest the end of the request does so; undefined when nobody
   *   records it
   */
  wait(stage: WaitingStage): (() => void) | undefined;
}

/** The stages that may have to wait before a request goes on, as their spans are named. */
export type WaitingStage = 'access' | 'rate-limit' | 'validate' | 'transform' | 'gather' | 'cache' | 'bulkhead';

/** What is said of an attempt in a trace. */
export interface AttemptedRequest {
  readonly method: string;
  /** Scheme, host and port of the endpoint. */
  readonly origin: string;
  /** For the upstream. */
  readonly path: string;
  /** The name of the upstream. */
  readonly upstream: string;
  /** How many attempts of the same request there were before. */
  readonly resends: number;
}

/** One attempt in a trace. */
export interface AttemptTrace {
  /** The fields of the request, in which the endpoint is told of this very attempt. */
  fields(fields: HeaderList): HeaderList;
  /** To be called once. @param status of the answer, 0 = there was none @param failure its kind, if it has failed */
  ended(status: number, failure: string | undefined): void;
}

/** In what a fork differs from the request that it comes from. */
export interface ForkChanges {
  readonly method: string;
  readonly headers: HeaderList;
  /** With its `?`; empty when there is none. */
  readonly query: string;
}

/** Takes the answer to a fork: all that a client would, or a problem in its place. */
export interface ForkOwner extends ResponseWriter {
  fail(code: ProblemCode, options: ProblemOptions): void;
}

/** A request that has no client of its own. */
export interface Fork {
  readonly exchange: Exchange;
  /** Has it answered. What it throws is logged, and is an internal error to the owner. */
  start(handle: (exchange: Exchange) => void | Promise<void>): void;
  /** Nothing is held any more of what was held through its exchange. To be called at the end, and as often as one likes. */
  release(): void;
  /** The owner takes more, after `write` returned false. */
  drained(): void;
  /** The owner wants nothing of it any more, and hears nothing of it again. */
  abandon(): void;
}

/** Who sent the request, and what upstreams are told of it. Only what trusted proxies sent is believed. */
export interface Client {
  /** The client's address; v4-mapped IPv6 is written as IPv4. */
  readonly address: string;
  /** What the client used on the outermost connection. */
  readonly scheme: 'http' | 'https';
  /** X-Forwarded-For: what trusted proxies sent, then the peer's address. */
  readonly forwardedFor: string;
  /** X-Forwarded-Host: what a trusted proxy sent, else the authority of this request. */
  readonly forwardedHost: string;
  /** Forwarded (RFC 7239), with the same content. */
  readonly forwarded: string;
}

/**
 * Who sent a request, once its credentials are verified. The pair of issuer and subject says who it is, everywhere:
 * two issuers may well call different people by the same name.
 */
export interface Identity {
  /** The name of the issuer in the configuration, or that of the gateway itself: see auth/identity.ts. */
  readonly issuer: string;
  readonly subject: string;
  /** Those that the issuer may grant. What they inherit is not in here. */
  readonly roles: readonly string[];
  /** Counts the changes of a user's role: a token of an older one has lost its rights. 0 where there is none. */
  readonly roleVersion: number;
  readonly scopes: readonly string[];
  readonly claims: Claims;
  /** In milliseconds since 1970; Infinity = never. */
  readonly expiresAt: number;
  readonly credential: 'token' | 'key';
  /** The session of the built-in identity that the token belongs to. */
  readonly sessionId?: string;
}

export interface ExchangeWatcher {
  /** The client reads again after `write` returned false. */
  onDrain(): void;
  /** The connection closed before the answer was complete. */
  onAbort(): void;
  /**
   * The exchange is to end before its time.
   *
   * @param code what a WebSocket is closed with (RFC 6455 section 7.4.1)
   * @returns whether it ends by itself soon; otherwise, and without this function, its connection is cut
   */
  onCut?(code: number): boolean;
}

/** Close codes of WebSockets (RFC 6455 section 7.4.1): the gateway goes, or whoever holds it may not any more. */
export const GOING_AWAY = 1001;
export const POLICY_VIOLATION = 1008;

/**
 * A chunk of an answer's body that is at least so long belongs to whoever it is given to. Of a shorter one only a copy
 * may be kept: it is a view of memory that is soon used again. In bytes.
 */
export const KEPT_FROM = 16 * 1024;

/** @returns what may be kept of a chunk */
export function kept(chunk: Buffer): Buffer {
  return chunk.length < KEPT_FROM ? Buffer.from(chunk) : chunk;
}

/** An answer of which all is here, and that is given again and again. */
export interface WholeAnswer {
  readonly status: number;
  /** Content-Length among them, unless the status has no content, and Date. */
  readonly headers: HeaderList;
  /** The same fields as they go over the wire (RFC 9112 section 5), when somebody has put them together before. */
  readonly lines?: string;
  readonly body: Buffer;
}

/** Takes the answer. After `end` or `abort`, or once the client is gone, every call is harmless. */
export interface ResponseWriter {
  /** A 1xx answer; more may follow. */
  informational(status: number, headers: HeaderList): void;
  /** The final status and headers. Content-Length, if there is one, is obeyed; otherwise the framing is the engine's. */
  head(status: number, headers: HeaderList): void;
  /**
   * Head, body and end in one, where that is less work: see {@link giveWhole}.
   *
   * @param added fields of this time only
   */
  whole?(answer: WholeAnswer, added: HeaderList): void;
  /**
   * @param chunk see {@link KEPT_FROM}
   * @returns false when the client reads slower than this: wait for `onDrain`
   */
  write(chunk: Buffer): boolean;
  end(trailers?: HeaderList): void;
  /** Cuts the connection, so that the client sees an incomplete answer as incomplete (RFC 9112 section 8). */
  abort(): void;
}

/** Gives an answer of which all is here. @param added fields of this time only */
export function giveWhole(response: ResponseWriter, answer: WholeAnswer, added: HeaderList): void {
  if (response.whole !== undefined) response.whole(answer, added);
  else giveInParts(response, answer, added);
}

/** See {@link giveWhole}: for those for whom it is the same work. */
export function giveInParts(response: ResponseWriter, { status, headers, body }: WholeAnswer, added: HeaderList): void {
  response.head(status, [...headers, ...added]);
  if (body.length > 0) response.write(body);
  response.end();
}

/** A request body that is read as it comes, never collected. */
export interface RequestBody {
  /** Undefined for a chunked body. In bytes. */
  readonly length: number | undefined;
  /** All of it is here: whoever reads it does not wait for the client. */
  readonly isBuffered: boolean;
  /**
   * Starts to read. To be called once an upstream wants the body; answers `Expect: 100-continue`.
   *
   * @param idleTimeout the longest time between two chunks, in milliseconds; 0 = unlimited
   */
  start(reader: BodyReader, idleTimeout: number): void;
  pause(): void;
  resume(): void;
}

export interface BodyReader {
  onData(chunk: Buffer): void;
  /** @param trailers those that may be passed on; undefined when there are none */
  onEnd(trailers: HeaderList | undefined): void;
  /** The body is over its limit, too slow, or cut off. No further call follows. */
  onFault(fault: BodyFault): void;
}

/** `timeout`: the client is too slow; `stalled`: whoever reads is; `aborted`: the client is gone. */
export type BodyFault = 'too-large' | 'timeout' | 'stalled' | 'aborted';

/** A connection that the client wants to turn into a tunnel. */
export interface Upgrade {
  /** The protocol as the client named it, in lower case. */
  readonly protocol: string;
  /**
   * Answers 101 and takes the socket over.
   *
   * @param headers of the answer, but for Connection and Upgrade
   * @returns the socket, and what the client sent early
   */
  accept(headers: HeaderList): { readonly socket: Socket; readonly head: Buffer };
}
