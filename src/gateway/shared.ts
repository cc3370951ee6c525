/** A share in a resource. */
export interface Lease<Resource> {
  readonly resource: Resource;
  /** To be called once. */
  release(): void;
}

/**
 * Resources of one kind that must outlive a reload: sockets, and what was learnt about an endpoint. Each has a key made
 * of its identity and of the settings that it depends on: the same key is the same resource, a changed key a fresh
 * start. A resource is closed when its last holder lets go.
 */
export class Shared<Settings, Resource extends { close(): void }> {
  readonly #create: (settings: Settings) => Resource;
  readonly #entries = new Map<string, { readonly resource: Resource; holders: number }>();

  /** @param create makes the resource when nobody holds one with these settings */
  constructor(create: (settings: Settings) => Resource) {
    this.#create = create;
  }

  /** @param settings plain data: its text form is the key */
  acquire(settings: Settings): Lease<Resource> {
    const key = JSON.stringify(settings);
    const entry = this.#entries.get(key) ?? { resource: this.#create(settings), holders: 0 };
    this.#entries.set(key, entry);
    entry.holders += 1;
    return {
      resource: entry.resource,
      release: () => {
        entry.holders -= 1;
        if (entry.holders > 0) return;
        this.#entries.delete(key);
        entry.resource.close();
      },
    };
  }

  /** How many resources are open. */
  get size(): number {
    return this.#entries.size;
  }
}
