/** What is to go. All that is said must hold; one that says nothing selects nothing. */
export interface PurgeSelector {
  readonly route?: string;
  /** Canonical, without the query, of any host. */
  readonly path?: string;
  /** What the canonical path begins with. */
  readonly prefix?: string;
  readonly tag?: string;
  readonly all?: true;
}

/** What a purge goes by. */
export interface Purgeable {
  readonly route: string;
  readonly path: string;
  /** Undefined = not known yet: it may be any. */
  readonly tags: readonly string[] | undefined;
}

export function isSelected(selector: PurgeSelector, { route, path, tags }: Purgeable): boolean {
  if (Object.values(selector).every((value) => value === undefined)) return false;
  return (
    (selector.route === undefined || selector.route === route) &&
    (selector.path === undefined || selector.path === path) &&
    (selector.prefix === undefined || path.startsWith(selector.prefix)) &&
    (selector.tag === undefined || tags === undefined || tags.includes(selector.tag))
  );
}

/** What was purged, and when: by the clock of the store, in microseconds. */
export interface Purge {
  readonly selector: PurgeSelector;
  readonly at: number;
}

/** @param since when the answer was asked for, by the same clock: what came of it later is none of the purge's */
export function isPurged({ selector, at }: Purge, entry: Purgeable, since: number): boolean {
  return since <= at && isSelected(selector, entry);
}
