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
  readonly #linger: number;
  readonly #entries = new Map<string, { readonly resource: Resource; holders: number; timer?: NodeJS.Timeout }>();

  /**
   * @param create makes the resource when nobody holds one with these settings
   * @param linger how long one that nobody holds is kept, in milliseconds: somebody may come back for it
   */
  constructor(create: (settings: Settings) => Resource, linger = 0) {
    this.#create = create;
    this.#linger = linger;
  }

  /** @param settings plain data: its text form is the key */
  acquire(settings: Settings): Lease<Resource> {
    const key = JSON.stringify(settings);
    const entry = this.#entries.get(key) ?? { resource: this.#create(settings), holders: 0 };
    this.#entries.set(key, entry);
    entry.holders += 1;
    clearTimeout(entry.timer);
    return {
      resource: entry.resource,
      release: () => {
        entry.holders -= 1;
        if (entry.holders > 0) return;
        if (this.#linger === 0) this.#close(key);
        else entry.timer = setTimeout(() => this.#close(key), this.#linger).unref();
      },
    };
  }

  /** One that is open, whoever holds it. */
  find(settings: Settings): Resource | undefined {
    return this.#entries.get(JSON.stringify(settings))?.resource;
  }

  /** All that are open, whoever holds them. */
  get open(): readonly Resource[] {
    return [...this.#entries.values()].map(({ resource }) => resource);
  }

  #close(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    entry?.resource.close();
  }

  /** How many resources somebody holds. */
  get size(): number {
    return [...this.#entries.values()].filter(({ holders }) => holders > 0).length;
  }
}
