import { POLICY_VIOLATION } from '../exchange.ts';
import { hasExpired } from '../users/credentials.ts';
import type { Live } from '../users/live.ts';
import type { Gateway, OpenExchange } from './gateway.ts';

export interface LostAccessOptions {
  /** Those with open exchanges. */
  readonly gateways: () => readonly Gateway[];
  /** Undefined while no configuration has users or keys. */
  readonly live: () => Live | undefined;
  readonly onError: (error: unknown) => void;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** Together with how long answers of the database are remembered, it stays below 5 s. In milliseconds. */
const PERIOD = 1000;

/**
 * Ends what goes on for longer than the right to it: a WebSocket whose token has expired, and every exchange of a user
 * who was disabled, logged out or given another role, or of a key that was revoked. While the database cannot be asked
 * nothing is cut off.
 */
export class LostAccess {
  readonly #options: LostAccessOptions;
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(options: LostAccessOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), PERIOD).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks at everything that is open; at once, and not only when it is time to. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const waiting: Promise<void>[] = [];
      for (const gateway of this.#options.gateways()) {
        for (const exchange of gateway.open) {
          if (exchange.identity === undefined) continue;
          const verdict = this.#judge(exchange);
          if (verdict instanceof Promise) waiting.push(verdict);
        }
      }
      await Promise.all(waiting);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      this.#looking = false;
    }
  }

  #judge(exchange: OpenExchange): void | Promise<void> {
    const { identity, upgrade } = exchange;
    if (identity === undefined) return;
    const now = (this.#options.now ?? Date.now)();
    if (upgrade !== undefined && hasExpired(identity, now)) {
      exchange.cut(POLICY_VIOLATION);
      return;
    }
    const liveness = this.#options.live()?.check(identity) ?? 'live';
    if (liveness instanceof Promise)
      return liveness.then((found) => {
        if (found === 'ended') exchange.cut(POLICY_VIOLATION);
      });
    if (liveness === 'ended') exchange.cut(POLICY_VIOLATION);
  }
}
