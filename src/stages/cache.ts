import type { StoredAnswer } from '../cache/answer.ts';
import { isOpenTo, readAsked, whoAsks, type Asked } from '../cache/asked.ts';
import type { Place } from '../cache/cache.ts';
import { toldForwarded, toldHit, type Forwarded } from '../cache/cache-status.ts';
import type { FlightOptions } from '../cache/errand.ts';
import { Flight } from '../cache/flight.ts';
import type { Waiter } from '../cache/flight-reader.ts';
import { Flights } from '../cache/flights.ts';
import { HeadUpdate } from '../cache/head-update.ts';
import type { JudgedRequest } from '../cache/judge.ts';
import { canonicalQuery, keyOf } from '../cache/key.ts';
import { uriOf } from '../cache/place.ts';
import { responseDirectives } from '../cache/response-directives.ts';
import { mayStandIn, reuse } from '../cache/reuse.ts';
import { serveStored } from '../cache/served.ts';
import { variantStem } from '../cache/variants.ts';
import { variantOf, type FieldOf } from '../cache/vary.ts';
import type { Exchange } from '../exchange.ts';
import type { CacheMetrics, CacheResult } from '../observability/cache-counts.ts';
import { goOnAfter, type Handler, type Stage } from './stage.ts';

export interface CacheOptions extends Omit<FlightOptions, 'count'> {
  readonly route: string;
  /** What else an answer depends on besides its request: settings of the route, the arm of a split. A part of every key. */
  readonly scope: string;
  /** Request fields in the key, whatever Vary says; in lower case. */
  readonly vary: readonly string[];
  /** Query parameters in the key, and that go upstream; undefined = all. */
  readonly query: ReadonlySet<string> | undefined;
  /** The query as the route's edits make it; undefined = they leave it alone. It is in the key, too: it says what is asked for. */
  readonly editedQuery: ((exchange: Exchange) => string) | undefined;
  /** Whether callers share answers: otherwise it is in the key who asks. */
  readonly shareBetweenUsers: boolean;
  /** The names of the gateway's own cookies. */
  readonly ownCookies: ReadonlySet<string>;
  /** What the upstream is told of a caller by its claims; undefined = nothing. It is in the key, whoever shares what. */
  readonly claimed: ((exchange: Exchange) => string) | undefined;
  /** A request field as the upstream gets it. @param name in lower case */
  readonly fieldOf: (exchange: Exchange, name: string) => string | undefined;
  readonly metrics: CacheMetrics;
}

/** A request, as it is looked up. */
interface Lookup extends Omit<Waiter, 'goAlone'> {
  readonly place: Place;
  /** As it is in the key and goes upstream. */
  readonly query: string;
}

/**
 * Answers from what is stored, and stores what comes: a shared cache (RFC 9111). Whoever asks for what is on its way
 * already waits for it, and goes alone when it turns out not to be for others.
 */
export function cache(options: CacheOptions): Stage {
  return (next) => {
    const route = new RouteCache(options, next);
    return (exchange) => {
      const { method } = exchange;
      return method === 'GET' || method === 'HEAD' ? route.handle(exchange) : route.forwarded(exchange, 'method');
    };
  };
}

class RouteCache {
  readonly #options: CacheOptions;
  readonly #flying: FlightOptions;
  readonly #next: Handler;
  /** By what they fetch, as far as it is known before. */
  readonly #flights = new Flights();

  constructor(options: CacheOptions, next: Handler) {
    this.#options = options;
    this.#next = next;
    this.#flying = { ...options, count: (exchange, result) => this.#count(exchange, result) };
  }

  handle(exchange: Exchange): void | Promise<void> {
    const asked = readAsked(exchange, this.#options.ownCookies);
    if (asked.bypass !== undefined) return this.#bypass(exchange, asked, asked.bypass);
    const lookup = this.#lookup(exchange, asked);
    const { cache: store } = this.#options;
    const stored = store.find(lookup.place.base, lookup.fieldOf);
    // In flights the shared store is asked once for all. What else there is to ask for has no flight.
    if (stored !== undefined || !store.isShared || isForFlight(lookup)) return this.#answer(lookup, stored);
    const writing = store.begin(lookup.place);
    return goOnAfter(exchange, 'cache', writing.recall(lookup.fieldOf), (found) => {
      writing.end();
      return this.#answer(lookup, found);
    });
  }

  /** Sends a request on with which the cache has nothing to do. */
  forwarded(exchange: Exchange, why: Forwarded, detail?: string): void | Promise<void> {
    toldForwarded(exchange, why, { detail });
    this.#count(exchange, 'bypass');
    return this.#next(exchange);
  }

  #bypass(exchange: Exchange, asked: Asked, why: string): void | Promise<void> {
    return asked.rules?.onlyIfCached === true ? this.#notCached(exchange) : this.forwarded(exchange, 'bypass', why);
  }

  /** RFC 9111 section 5.2.1.7: the request wants nothing of the origin. */
  #notCached(exchange: Exchange): void {
    exchange.addToAnswer('cache-status', 'gatewayctl; detail=only-if-cached');
    this.#count(exchange, 'miss');
    exchange.fail('not-cached');
  }

  #lookup(exchange: Exchange, asked: Asked): Lookup {
    const { scope, route, vary, shareBetweenUsers, editedQuery, claimed, fieldOf } = this.#options;
    const { client, authority, host, path } = exchange;
    const query = canonicalQuery(exchange.query, this.#options.query);
    const field: FieldOf = (name) => fieldOf(exchange, name);
    const { forwardedHost, scheme } = client;
    let base = scope + keyOf([scheme, authority, forwardedHost === authority ? '' : forwardedHost, path, query]);
    base += shareBetweenUsers ? '' : keyOf(whoAsks(exchange, asked));
    if (claimed !== undefined) base += keyOf([claimed(exchange)]);
    if (editedQuery !== undefined) base += keyOf([editedQuery(exchange)]);
    if (vary.length > 0) base += variantOf(vary, field);
    if (asked.overrides.length > 0) base += keyOf(['overrides', ...asked.overrides]);
    return { exchange, asked, fieldOf: field, query, place: { base, uri: uriOf(host, path), route, path } };
  }

  /** @param stored what there is of it; undefined = nothing that is known of yet */
  #answer(lookup: Lookup, stored: StoredAnswer | undefined): void | Promise<void> {
    const { exchange, asked } = lookup;
    if (stored === undefined) return this.#fetch(lookup, undefined, 'miss');
    if (!isOpenTo(asked, stored)) return this.#bypass(exchange, asked, 'cookie');
    const now = Date.now();
    const how = reuse(stored.freshness, asked.rules, now);
    if (how === 'validate') {
      const isFresh = reuse(stored.freshness, undefined, now) === 'fresh';
      return this.#fetch(lookup, stored, isFresh ? 'request' : 'stale');
    }
    if (how === 'stale-while-revalidate') this.#refresh(lookup, stored);
    toldHit(exchange, stored.freshness, now);
    this.#count(exchange, how === 'fresh' ? 'hit' : 'stale');
    serveStored(exchange, asked, stored, now);
    return undefined;
  }

  #fetch(lookup: Lookup, stored: StoredAnswer | undefined, why: Forwarded): void | Promise<void> {
    const { exchange, asked } = lookup;
    if (asked.rules?.onlyIfCached === true) return this.#notCached(exchange);
    // What may stand in for an error has to be there when it comes.
    const standsIn = stored !== undefined && mayStandIn(stored.freshness, asked.rules, Date.now());
    if (exchange.method === 'HEAD' && !standsIn) return this.#head(lookup, stored, why);
    // Of a part nobody can be given the whole.
    if (asked.range !== undefined && stored === undefined) return this.forwarded(exchange, 'bypass', 'range');
    const key = this.#flightKey(lookup);
    const isShared = !this.#options.cache.isUnshared(key);
    // What may be validated is not lost on those who go alone.
    if (!isShared && stored === undefined && !this.#options.cache.isShared) {
      toldForwarded(exchange, why, { detail: 'not-shared' });
      this.#count(exchange, 'miss');
      return this.#next(exchange);
    }
    this.#fly(lookup, stored, why, isShared ? key : undefined);
    return undefined;
  }

  /** @param key undefined = it goes alone */
  #fly(lookup: Lookup, stored: StoredAnswer | undefined, why: Forwarded, key: string | undefined): void {
    const { exchange, asked, fieldOf } = lookup;
    // What was stored when it came may have been purged, or taken back, since.
    const goAlone = (): void => this.#fly(lookup, this.#find(lookup), why, undefined);
    const waiter = { exchange, asked, fieldOf, goAlone };
    const under = key === undefined ? undefined : this.#flights.get(key);
    if (under === undefined) this.#begin(lookup, waiter, stored, why, key, false);
    else under.join({ ...waiter, waited: exchange.trace?.wait('cache') });
  }

  /**
   * Fetches in the background what is stale. What comes for a request with cookies is stored only when it is public:
   * otherwise the refresh waits for a request without, and keeps nobody from it.
   */
  #refresh(lookup: Lookup, stored: StoredAnswer): void {
    if (lookup.asked.hasCookies && !responseDirectives(stored.headers).isPublic) return;
    const key = this.#flightKey(lookup);
    if (this.#flights.get(key) !== undefined) return;
    const { exchange, asked, fieldOf } = lookup;
    const leader = { exchange, asked, fieldOf, goAlone: () => undefined };
    this.#begin(lookup, leader, stored, 'stale', key, true);
  }

  #begin(
    { place, query }: Lookup,
    leader: Waiter,
    stored: StoredAnswer | undefined,
    why: Forwarded,
    key: string | undefined,
    isBackground: boolean,
  ): void {
    const closed = (): void => {
      if (key !== undefined) this.#flights.delete(key);
    };
    const unshare = (): void => {
      if (key !== undefined) this.#options.cache.markUnshared(key);
    };
    const request = judged(leader.asked);
    const isAlone = key === undefined;
    const errand = { place, query, request, why, isAlone, next: this.#next, closed, unshare };
    const flight = new Flight(this.#flying, errand, leader, stored, isBackground);
    if (key !== undefined) this.#flights.add(key, flight);
    flight.start();
  }

  /** Sends HEAD on as it is: nobody has asked for content. */
  #head(lookup: Lookup, stored: StoredAnswer | undefined, why: Forwarded): void | Promise<void> {
    const { exchange, place, fieldOf, asked } = lookup;
    const { cache: store, storing } = this.#options;
    if (stored !== undefined) {
      const options = { cache: store, place, fieldOf, storing, request: judged(asked), stored };
      exchange.response = new HeadUpdate(exchange.response, options);
    }
    toldForwarded(exchange, why);
    this.#count(exchange, 'miss');
    return this.#next(exchange);
  }

  #find({ place, fieldOf }: Lookup): StoredAnswer | undefined {
    return this.#options.cache.find(place.base, fieldOf);
  }

  /** Those whose credentials or cookies decide what is stored do not decide it for others. */
  #flightKey({ place, fieldOf, asked }: Lookup): string {
    const names = this.#options.cache.varyOf(place.base);
    const key = names.length === 0 ? place.base : variantStem(place.base, names, 0) + variantOf(names, fieldOf);
    return `${asked.authorization === undefined ? '' : 'a'}${asked.hasCookies ? 'c' : ''} ${key}`;
  }

  #count(exchange: Exchange, result: CacheResult): void {
    exchange.cacheResult = result;
    this.#options.metrics.count(result);
  }
}

/** Whether others may wait for the same. */
function isForFlight({ exchange, asked }: Lookup): boolean {
  return exchange.method === 'GET' && asked.range === undefined && asked.rules?.onlyIfCached !== true;
}

function judged({ authorization, hasCookies, headerBytes }: Asked): JudgedRequest {
  return { hasAuthorization: authorization !== undefined, hasCookies, headerBytes };
}
