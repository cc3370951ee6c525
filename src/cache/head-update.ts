import type { HeaderList, ResponseWriter } from '../exchange.ts';
import type { StoredAnswer } from './answer.ts';
import type { Cache, Place } from './cache.ts';
import { isDescribed } from './same-representation.ts';
import { freshened, type JudgedRequest, type StorageRules } from './judge.ts';
import type { FieldOf } from './vary.ts';

/** What an answer to HEAD may say something about. */
export interface HeadUpdateOptions {
  readonly cache: Cache;
  readonly place: Place;
  readonly fieldOf: FieldOf;
  readonly request: JudgedRequest;
  readonly storing: StorageRules;
  readonly stored: StoredAnswer;
}

/** Watches an answer to HEAD: it updates the stored answer to GET, or shows that it holds no more (RFC 9111 section 4.3.5). */
export class HeadUpdate implements ResponseWriter {
  readonly #response: ResponseWriter;
  readonly #options: HeadUpdateOptions;
  readonly #requestedAt = Date.now();

  constructor(response: ResponseWriter, options: HeadUpdateOptions) {
    this.#response = response;
    this.#options = options;
  }

  informational(status: number, headers: HeaderList): void {
    this.#response.informational(status, headers);
  }

  head(status: number, headers: HeaderList): void {
    if (status === 200) this.#update(headers);
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

  #update(headers: HeaderList): void {
    const { cache, place, fieldOf, request, storing, stored } = this.#options;
    // What it is about may have been purged since, or have made room for something newer.
    if (cache.find(place.base, fieldOf)?.freshness.bornAt !== stored.freshness.bornAt) return;
    const head = { status: stored.status, headers, requestedAt: this.#requestedAt, receivedAt: Date.now() };
    const writing = cache.begin(place);
    const answer = freshened(stored, head, request, storing);
    if (answer !== undefined) writing.store(answer, fieldOf);
    // That it may not be stored is perhaps no more than what this request is like.
    else if (!isDescribed(stored, head.status, headers)) writing.remove(fieldOf);
    writing.end();
  }
}
