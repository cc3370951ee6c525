import type { ProblemCode } from '../errors.ts';
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
  Trace,
} from '../exchange.ts';
import { combined } from '../fields.ts';
import type { Gateway, OpenExchange, Route } from '../gateway/gateway.ts';
import { UNLISTED } from '../roster.ts';
import type { ExchangeSurroundings } from './exchange.ts';

/** An exchange that has no client: its answer goes to whoever forked it. It is open, and drained, like the others. */
export class ForkedExchange implements Exchange, OpenExchange, ResponseWriter, Fork {
  readonly id: string;
  readonly method: string;
  readonly httpVersion: HttpVersion;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly host: string;
  readonly client: Client;
  headers: HeaderList;
  readonly params: Readonly<Record<string, string>>;
  readonly route: Route | undefined;
  body: RequestBody | undefined = undefined;
  readonly upgrade = undefined;
  readonly hasClient = false;
  identity: Identity | undefined;
  upstream = '';
  attempts = 0;
  failure: { readonly kind: string; readonly cause: string } | undefined;
  problem: ProblemCode | undefined;
  cacheResult = '';
  readonly trace: Trace | undefined;
  response: ResponseWriter = this;
  place = UNLISTED;
  readonly #gateway: Gateway;
  readonly #surroundings: ExchangeSurroundings;
  #owner: ForkOwner | undefined;
  #watcher: ExchangeWatcher | undefined;
  #held = 0;
  #added: readonly string[] = [];
  #hasHead = false;

  constructor(
    from: Exchange & Pick<OpenExchange, 'route'>,
    { method, headers, query }: ForkChanges,
    owner: ForkOwner,
    gateway: Gateway,
    surroundings: ExchangeSurroundings,
  ) {
    this.id = from.id;
    this.method = method;
    this.httpVersion = from.httpVersion;
    this.path = from.path;
    this.query = query;
    this.authority = from.authority;
    this.host = from.host;
    this.client = from.client;
    this.headers = headers;
    this.params = from.params;
    this.route = from.route;
    this.identity = from.identity;
    this.trace = from.trace;
    this.#owner = owner;
    this.#gateway = gateway;
    this.#surroundings = surroundings;
    gateway.enter(this);
  }

  get exchange(): Exchange {
    return this;
  }

  start(handle: (exchange: Exchange) => void | Promise<void>): void {
    const failed = (error: unknown): void => this.#surroundings.failed(this, this.route, error);
    try {
      const waiting = handle(this);
      if (waiting !== undefined) waiting.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  release(): void {
    this.#surroundings.bodies.give(this.#held);
    this.#held = 0;
  }

  drained(): void {
    this.#watcher?.onDrain();
  }

  abandon(): void {
    if (this.#owner === undefined) return;
    this.#over();
    this.#leave();
  }

  header(name: string): string | undefined {
    return combined(this.headers, name);
  }

  fail(code: ProblemCode, options: ProblemOptions = {}): void {
    if (this.#hasHead) this.abort();
    else this.#over()?.fail(code, { ...options, headers: [...(options.headers ?? []), ...this.#added] });
  }

  addToAnswer(name: string, value: string): void {
    this.#added = [...this.#added, name, value];
  }

  hold(bytes: number): boolean {
    const has = this.#owner !== undefined && this.#surroundings.bodies.take(bytes);
    if (has) this.#held += bytes;
    return has;
  }

  dismiss(): void {
    this.#leave();
  }

  watch(watcher: ExchangeWatcher | undefined): void {
    this.#watcher = watcher;
  }

  fork(changes: ForkChanges, owner: ForkOwner): Fork {
    return new ForkedExchange(this, changes, owner, this.#gateway, this.#surroundings);
  }

  informational(status: number, headers: HeaderList): void {
    if (!this.#hasHead) this.#owner?.informational(status, headers);
  }

  head(status: number, headers: HeaderList): void {
    if (this.#hasHead) return;
    this.#hasHead = true;
    this.#owner?.head(status, this.#added.length === 0 ? headers : [...headers, ...this.#added]);
  }

  write(chunk: Buffer): boolean {
    return this.#owner?.write(chunk) ?? true;
  }

  end(trailers?: HeaderList): void {
    const owner = this.#over();
    this.#watcher = undefined;
    owner?.end(trailers);
  }

  abort(): void {
    const owner = this.#over();
    this.#leave();
    owner?.abort();
  }

  cut(): void {
    this.abort();
  }

  farewell(): boolean {
    return false;
  }

  /** @returns who is to hear of the end; nobody hears of it twice */
  #over(): ForkOwner | undefined {
    const owner = this.#owner;
    if (owner === undefined) return undefined;
    this.#owner = undefined;
    this.#gateway.leave(this);
    return owner;
  }

  #leave(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.onAbort();
  }
}
