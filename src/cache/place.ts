/** Where an answer is kept. */
export interface Place {
  /** Everything in the key but Vary values. It does not begin with a line feed. */
  readonly base: string;
  /** Host (lower case, no port), a space, canonical path: what unsafe methods invalidate, with all queries, identities, variants, routes. */
  readonly uri: string;
  readonly route: string;
  readonly path: string;
}

/**
 * What of a resource is kept under any key, for those who change it: on this host and path, with whatever query.
 *
 * @param host in lower case, without a port
 * @param path canonical
 */
export function uriOf(host: string, path: string): string {
  return `${host} ${path}`;
}
