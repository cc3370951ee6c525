import type { Holding } from './gateway.ts';
import type { Lease } from './shared.ts';

/** Leases that are released together. */
export class Leases implements Holding {
  readonly #leases: Lease<unknown>[] = [];

  add<Resource>(lease: Lease<Resource>): Resource {
    this.#leases.push(lease);
    return lease.resource;
  }

  release(): void {
    for (const lease of this.#leases) lease.release();
  }
}
