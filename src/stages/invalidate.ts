import type { Cache } from '../cache/cache.ts';
import { uriOf } from '../cache/place.ts';
import type { Exchange, HeaderList, ResponseWriter } from '../exchange.ts';
import { combined } from '../fields.ts';
import type { Stage } from './stage.ts';

export interface InvalidateOptions {
  readonly cache: Cache;
  /** The canonical path of a target; undefined when it has none. */
  readonly pathOf: (target: string) => string | undefined;
}

/** Methods of which nobody expects that they change anything: RFC 9110 section 9.2.1. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Drops what is stored of a resource once a request has changed it: RFC 9111 section 4.4. */
export function invalidate(options: InvalidateOptions): Stage {
  return (next) => (exchange) => {
    if (!SAFE.has(exchange.method)) exchange.response = new Invalidating(exchange, options);
    return next(exchange);
  };
}

/** Watches the answer to a request that may change something. */
class Invalidating implements ResponseWriter {
  readonly #exchange: Exchange;
  readonly #response: ResponseWriter;
  readonly #options: InvalidateOptions;

  constructor(exchange: Exchange, options: InvalidateOptions) {
    this.#exchange = exchange;
    this.#response = exchange.response;
    this.#options = options;
  }

  informational(status: number, headers: HeaderList): void {
    this.#response.informational(status, headers);
  }

  head(status: number, headers: HeaderList): void {
    if (status >= 200 && status < 400) this.#invalidate(headers);
    this.#response.head(status, headers);
  }

  write(chunk: Buffer): boolean {
    return this.#response.write(chunk);
  }

  end(trailers?: HeaderList): void {
    this.#response.end(trailers);
  }

  abort(): void {
    this.#response.abort();
  }

  #invalidate(headers: HeaderList): void {
    const { cache } = this.#options;
    const { host, path } = this.#exchange;
    const paths = new Set([path]);
    for (const name of ['location', 'content-location']) {
      const other = this.#pathOn(combined(headers, name));
      if (other !== undefined) paths.add(other);
    }
    for (const each of paths) cache.invalidate(uriOf(host, each));
  }

  /** @returns undefined for what is on another host: nobody may drop what others have stored */
  #pathOn(reference: string | undefined): string | undefined {
    const { authority, host, path, client } = this.#exchange;
    const base = `${client.scheme}://${authority || host}${path}`;
    if (reference === undefined || !URL.canParse(reference, base)) return undefined;
    const url = new URL(reference, base);
    return url.host === new URL(base).host ? this.#options.pathOf(url.pathname) : undefined;
  }
}
