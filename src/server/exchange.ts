import { giveInParts, GOING_AWAY } from '../exchange.ts';
import { PROBLEM_TYPE, PROBLEMS, problemBody, type ProblemCode } from '../errors.ts';
import type {
  Client,
  Exchange,
  ExchangeWatcher,
  Fork,
  ForkChanges,
  ForkOwner,
  HeaderList,
  HttpVersion,
  Identity,
  ProblemOptions,
  RequestBody,
  ResponseWriter,
  Upgrade,
  WholeAnswer,
} from '../exchange.ts';
import { combined, withoutField } from '../fields.ts';
import { editHeaders, type HeaderEdits } from '../forwarding/headers.ts';
import { withoutFields } from '../forwarding/identity.ts';
import { CORS_FIELDS } from '../stages/cors.ts';
import type { Gateway, OpenExchange, Route } from '../gateway/gateway.ts';
import type { RequestTrace } from '../observability/tracing/request-trace.ts';
import type { BodyMemory } from './body-memory.ts';
import { ForkedExchange } from './forked-exchange.ts';
import type { ServerRequestBody } from './request-body.ts';
import { withoutLength } from './answer-fields.ts';
import type { Turn, TurnOwner } from './turn.ts';
import { UNLISTED } from '../roster.ts';

/** What is known of a request once its head was judged. */
export type ExchangeHead = Pick<
  Exchange,
  'id' | 'method' | 'httpVersion' | 'path' | 'query' | 'authority' | 'host' | 'client' | 'headers'
> & { readonly body: ServerRequestBody | undefined; readonly trace: RequestTrace | undefined };

/** What all exchanges have in common, whichever gateway they take. */
export interface ExchangeSurroundings {
  readonly bodies: BodyMemory;
  /** Called once, when the answer is out or the connection is gone. */
  readonly ended: (exchange: ServerExchange) => void;
  /** A handler threw, which is a bug. */
  readonly failed: (exchange: Exchange, route: Route | undefined, error: unknown) => void;
}

/** The status that the log and the metrics give an exchange whose client left before an answer: nginx made it common. */
const CLIENT_CLOSED = 499;

/** An exchange with a client, on whichever engine. */
export class ServerExchange implements Exchange, ResponseWriter, OpenExchange, TurnOwner {
  readonly id: string;
  readonly method: string;
  readonly httpVersion: HttpVersion;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly host: string;
  readonly client: Client;
  headers: HeaderList;
  body: RequestBody | undefined;
  readonly upgrade: Upgrade | undefined;
  readonly hasClient = true;
  place = UNLISTED;
  readonly startedAt = performance.now();
  params: Readonly<Record<string, string>> = {};
  route: Route | undefined;
  responseEdits: HeaderEdits | undefined;
  /** Strict-Transport-Security of the answer, in place of what an upstream says; undefined = none of the gateway's own. */
  strictTransport: string | undefined;
  identity: Identity | undefined;
  upstream = '';
  attempts = 0;
  failure: { readonly kind: string; readonly cause: string } | undefined;
  problem: ProblemCode | undefined;
  cacheResult = '';
  readonly trace: RequestTrace | undefined;
  response: ResponseWriter = this;
  readonly #turn: Turn;
  readonly #gateway: Gateway;
  readonly #surroundings: ExchangeSurroundings;
  #held = 0;
  #isOver = false;
  /** The body as it came, whatever a stage has put in its place. */
  readonly #received: ServerRequestBody | undefined;
  /** Fields that stages have added to the answer; undefined = none. */
  #added: string[] | undefined;
  #watcher: ExchangeWatcher | undefined;
  /** What the answer has as a body is not sent. */
  #isMute = false;

  constructor(head: ExchangeHead, turn: Turn, gateway: Gateway, surroundings: ExchangeSurroundings) {
    this.id = head.id;
    this.method = head.method;
    this.httpVersion = head.httpVersion;
    this.path = head.path;
    this.query = head.query;
    this.authority = head.authority;
    this.host = head.host;
    this.client = head.client;
    this.headers = head.headers;
    this.body = head.body;
    this.trace = head.trace;
    this.#received = head.body;
    this.responseEdits = gateway.responseEdits;
    this.upgrade = turn.upgrade === undefined ? undefined : this.#upgradeOf(turn.upgrade);
    this.#turn = turn;
    this.#gateway = gateway;
    this.#surroundings = surroundings;
    gateway.enter(this);
    turn.begin(this);
  }

  /** The status that was sent; 0 when none was. */
  get sentStatus(): number {
    return this.#turn.status;
  }

  /** What its access line says of the route, and of the configuration that it stands in. */
  get about(): string {
    return this.route?.about ?? this.#gateway.about;
  }

  /** The status that was sent, or what the log says when none was. */
  get status(): number {
    return this.#turn.status === 0 ? CLIENT_CLOSED : this.#turn.status;
  }

  /** How many bytes of the answer's body were written. */
  get bytes(): number {
    return this.#turn.bytes;
  }

  /** Whether the whole answer went out. */
  get complete(): boolean {
    return this.#turn.complete;
  }

  header(name: string): string | undefined {
    return combined(this.headers, name);
  }

  fail(code: ProblemCode, options: ProblemOptions = {}): void {
    if (this.#turn.status !== 0) {
      this.#turn.abort();
      return;
    }
    this.problem = code;
    const body = Buffer.from(problemBody(code, this.id, options));
    const headers = ['content-type', PROBLEM_TYPE, 'content-length', String(body.length), ...(options.headers ?? [])];
    this.head(PROBLEMS[code].status, headers);
    this.write(body);
    this.end();
  }

  dismiss(): void {
    this.#leave();
  }

  hold(bytes: number): boolean {
    // What is held after the end would never be given back.
    const has = !this.#isOver && this.#surroundings.bodies.take(bytes);
    if (has) this.#held += bytes;
    return has;
  }

  addToAnswer(name: string, value: string): void {
    (this.#added ??= []).push(name, value);
  }

  /** @returns false when the body is known to be longer than so many bytes */
  limitBody(bytes: number): boolean {
    return this.#received?.limitTo(bytes) !== false;
  }

  watch(watcher: ExchangeWatcher | undefined): void {
    this.#watcher = watcher;
  }

  fork(changes: ForkChanges, owner: ForkOwner): Fork {
    return new ForkedExchange(this, changes, owner, this.#gateway, this.#surroundings);
  }

  informational(status: number, headers: HeaderList): void {
    // HTTP/1.0 has no interim answers: RFC 9110 section 15.2.
    if (this.#turn.status === 0 && this.httpVersion !== '1.0') this.#turn.informational(status, headers);
  }

  head(status: number, headers: HeaderList): void {
    if (this.#received?.isLost === true) this.#turn.close();
    const edited = this.#edited(headers);
    // RFC 9110 section 15.3.6: it has no content, and unlike 204 it has to say so.
    this.#isMute = status === 205;
    const sent = this.#isMute ? [...withoutLength(edited), 'content-length', '0'] : edited;
    this.#turn.head(status, sent, this.id);
  }

  whole(answer: WholeAnswer, added: HeaderList): void {
    const isEdited =
      this.responseEdits !== undefined || this.route?.cors !== undefined || this.strictTransport !== undefined;
    if (!isEdited && this.#received === undefined && answer.status !== 205) {
      const all = this.#added === undefined ? added : [...added, ...this.#added];
      if (this.#turn.whole?.(answer, all, this.id) === true) return;
    }
    giveInParts(this, answer, added);
  }

  write(chunk: Buffer): boolean {
    return this.#isMute || this.#turn.write(chunk);
  }

  end(trailers?: HeaderList): void {
    this.#received?.discard();
    this.#turn.end(trailers);
  }

  abort(): void {
    this.#turn.abort();
  }

  /** The rest of the request cannot be read: ends what was begun with it. */
  refuse(problem: ProblemCode): void {
    this.#leave();
    this.#turn.close();
    this.fail(problem);
  }

  cut(code: number = GOING_AWAY): void {
    if (this.farewell(code)) return;
    this.#leave();
    this.#turn.abort();
  }

  farewell(code: number): boolean {
    return this.#watcher?.onCut?.(code) === true;
  }

  drained(): void {
    this.#watcher?.onDrain();
  }

  over(): void {
    if (this.complete) this.#watcher = undefined;
    else this.#leave();
    this.#gateway.leave(this);
    const { bodies, ended } = this.#surroundings;
    this.#isOver = true;
    bodies.give(this.#held);
    ended(this);
  }

  #upgradeOf(upgrade: Upgrade): Upgrade {
    const accept: Upgrade['accept'] = (headers) => upgrade.accept([...this.#edited(headers), 'x-request-id', this.id]);
    return { protocol: upgrade.protocol, accept };
  }

  #edited(headers: HeaderList): HeaderList {
    const { responseEdits } = this;
    const cors = this.route?.cors;
    const all = this.#added === undefined ? headers : [...headers, ...this.#added];
    const allowed = cors === undefined ? all : [...withoutFields(all, CORS_FIELDS), ...cors.headersFor(this)];
    const secured = this.strictTransport === undefined ? allowed : withStrictTransport(allowed, this.strictTransport);
    return responseEdits === undefined ? secured : editHeaders(secured, responseEdits, this);
  }

  #leave(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.onAbort();
  }
}

/** RFC 6797 section 7.1: an answer has the field once. */
function withStrictTransport(headers: HeaderList, value: string): HeaderList {
  const name = 'strict-transport-security';
  return [...withoutField(headers, name), name, value];
}
