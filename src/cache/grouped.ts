/** Which items belong to which group. A group without items takes no room. */
export class Grouped<Item> {
  readonly #groups = new Map<string, Set<Item>>();

  add(group: string, item: Item): void {
    const items = this.#groups.get(group);
    if (items === undefined) this.#groups.set(group, new Set([item]));
    else items.add(item);
  }

  remove(group: string, item: Item): void {
    const items = this.#groups.get(group);
    items?.delete(item);
    if (items?.size === 0) this.#groups.delete(group);
  }

  /** As they are now: what happens to the group meanwhile changes nothing. */
  of(group: string): readonly Item[] {
    return [...(this.#groups.get(group) ?? [])];
  }

  /** How many groups have items. */
  get size(): number {
    return this.#groups.size;
  }
}
