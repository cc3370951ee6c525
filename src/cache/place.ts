/**
 * What of a resource is stored under any key, for those who change it: on this host and path, with whatever query.
 *
 * @param host in lower case, without a port
 * @param path canonical
 */
export function uriOf(host: string, path: string): string {
  return `${host} ${path}`;
}
