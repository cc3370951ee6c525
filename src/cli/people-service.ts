import type { GatewayConfig } from '../config/config.ts';
import { compilePeople } from '../gateway/compile-people.ts';
import type { Prepared } from '../gateway/generations.ts';
import { Leases } from '../gateway/leases.ts';
import type { Resources } from '../gateway/resources.ts';
import type { Administration } from '../users/administration.ts';
import { usesDatabase } from './parts.ts';

/** The users of the gateway in a process that serves no requests: its administrators come there. */
export class PeopleService {
  readonly #resources: Resources;
  #held = new Leases();
  #administration: Administration | undefined;

  constructor(resources: Resources) {
    this.#resources = resources;
  }

  /** Undefined while the gateway has no users of its own. */
  get administration(): Administration | undefined {
    return this.#administration;
  }

  /**
   * Makes a configuration ready. It opens the database, too: an embedded one is run by the first process that opens it.
   *
   * @throws KeyRingFault when there is no key to sign with
   */
  async prepare(config: GatewayConfig): Promise<Prepared> {
    const held = new Leases();
    if (usesDatabase(config)) this.#resources.stores.users.open(config.database);
    let administration: Administration | undefined;
    try {
      const people = config.identity && (await compilePeople(config, this.#resources, held));
      administration = people?.builtIn?.service.administration(config.roles);
    } catch (error) {
      held.release();
      throw error;
    }
    return {
      commit: async () => {
        this.close();
        this.#held = held;
        this.#administration = administration;
      },
      abort: async () => held.release(),
    };
  }

  close(): void {
    this.#held.release();
    this.#held = new Leases();
  }
}
