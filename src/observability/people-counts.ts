import { Counter, type Registry } from 'prom-client';
import { BoundCounter, type BoundCount } from './bound.ts';

/** Of callers without a role, and of those who have only roles that the configuration does not know. No role can have such a name. */
const NO_ROLE = '_none';
const OTHER_ROLE = '_other';

/** What is counted of those who call: how they are known, and what they do with their accounts. */
export class PeopleCounts {
  readonly #auth: BoundCounter<'result'>;
  readonly #calls: BoundCounter<'role'>;
  readonly #registrations: Counter;
  readonly #logins: Counter<'result'>;
  readonly #results = new Map<string, BoundCount>();
  readonly #roles = new Map<string, BoundCount>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#auth = new BoundCounter({
      name: 'gateway_auth_total',
      help: 'Requests on routes that ask who calls, by how that ended.',
      labelNames: ['result'],
      registers,
    });
    this.#calls = new BoundCounter({
      name: 'gateway_calls_by_role_total',
      help: 'Requests that were let in on routes that ask who calls, by each role that the caller has.',
      labelNames: ['role'],
      registers,
    });
    this.#registrations = new Counter({
      name: 'gateway_registrations_total',
      help: 'Users that have registered.',
      registers,
    });
    this.#logins = new Counter({
      name: 'gateway_logins_total',
      help: 'Logins by how they ended: ok, refused, locked or busy.',
      labelNames: ['result'],
      registers,
    });
  }

  /** Counts a request on a route that asks who calls. @param result of a closed list */
  auth(result: string): void {
    let count = this.#results.get(result);
    if (count === undefined) this.#results.set(result, (count = this.#auth.bind({ result })));
    count.inc();
  }

  /**
   * Counts requests that were let in, once for each of the caller's roles.
   *
   * @param known the roles of the configuration: tokens may name any others, and those must not become labels
   */
  callsBy(known: ReadonlySet<string>): (roles: readonly string[]) => void {
    const labelOf = (role: string): string => (known.has(role) ? role : OTHER_ROLE);
    return (roles) => {
      const [first] = roles;
      if (first === undefined) this.#call(NO_ROLE);
      else if (roles.length === 1) this.#call(labelOf(first));
      else {
        const labels = new Set(roles.map(labelOf));
        // Whoever has a role that is known is not one of the others.
        if (labels.size > 1) labels.delete(OTHER_ROLE);
        for (const label of labels) this.#call(label);
      }
    };
  }

  #call(role: string): void {
    let count = this.#roles.get(role);
    if (count === undefined) this.#roles.set(role, (count = this.#calls.bind({ role })));
    count.inc();
  }

  /** Counts a user who has registered. */
  registration(): void {
    this.#registrations.inc();
  }

  /** Counts a login. @param result of a closed list */
  login(result: string): void {
    this.#logins.labels(result).inc();
  }
}
