/** What is kept of answers, with every default filled in. Times in milliseconds, sizes in bytes. */

/** The store that all routes share. */
export interface CacheConfig {
  /** What cached answers may take in each process; 0 = nothing is kept in memory. */
  readonly memory: number;
  /** Whether answers are kept in Redis too, when there is one. */
  readonly redis: boolean;
}

export interface RouteCacheConfig {
  /** Of answers that carry no freshness of their own; undefined = only what the origin allows is kept. */
  readonly ttl: number | undefined;
  /** 0 = not. */
  readonly staleWhileRevalidate: number;
  /** 0 = not. */
  readonly staleIfError: number;
  /** Request headers that are in the key besides the Vary of the origin. In lower case, each once. */
  readonly vary: readonly string[];
  /** The parameters that are in the key and go upstream; undefined = all of them. */
  readonly query: readonly string[] | undefined;
  readonly shareBetweenUsers: boolean;
  readonly storeSetCookie: boolean;
  /** Of a body; larger ones stream past. */
  readonly maxBytes: number;
}
