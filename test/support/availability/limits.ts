/** Clients of a limited route, each with an address and so a counter of its own. */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pair } from './pair.ts';
import { ask, Counts, statusOf } from './asking.ts';

/** How many at a time. */
const CLIENTS = 8;
/** Between two requests of one, in milliseconds: its burst is spread over more than one restart. */
const PAUSE = 150;

/** What one of them has got. */
interface Client {
  readonly address: string;
  passed: number;
  refused: number;
  /** Requests that may have been counted without an answer: broken off, or 5xx. */
  lost: number;
}

/** How the clients' counts compare with the limit. */
export interface Judgement {
  readonly clients: number;
  /** As many passed as the limit says, on the dot. */
  readonly exact: number;
  /** Fewer passed, and as many answers were lost on the way, or more. */
  readonly fewer: number;
  /** How many passed beyond the limit, of all clients together: no more than one gateway counted alone. */
  readonly beyond: number;
  /** What must not be: more passed, or fewer than lost answers explain. */
  readonly faults: readonly string[];
}

export class LimitedClients {
  readonly counts = new Counts();
  readonly #pair: Pair;
  readonly #burst: number;
  readonly #clients: Client[] = [];

  constructor(pair: Pair, burst: number) {
    this.#pair = pair;
    this.#burst = burst;
  }

  /** Sends until it is told to stop, twice as many requests for each client as may pass. */
  async run(running: () => boolean): Promise<void> {
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (running()) {
          const client = this.#next();
          await this.#with(client, async (agent) => {
            for (let count = 0; count < 2 * this.#burst && running(); count += 1) {
              await this.#send(client, agent);
              await pause(PAUSE);
            }
          });
        }
      }),
    );
  }

  /**
   * When nothing is restarted any more: uses up what is left of each limit, and compares.
   *
   * @returns with a fault for what neither lost answers nor a Redis that was late explain
   */
  async judge(): Promise<Judgement> {
    // haproxy counts tries that it repeated: the first may have been counted.
    const repeated = new Map<string, number>();
    for (const { client, retries } of this.#pair.haproxy.requests)
      repeated.set(client, (repeated.get(client) ?? 0) + retries);
    const faults: string[] = [];
    let exact = 0;
    let fewer = 0;
    let beyond = 0;
    for (const client of this.#clients) {
      await this.#with(client, async (agent) => {
        for (let spent = 0; spent <= this.#burst; spent += 1) {
          const { refused } = client;
          await this.#send(client, agent);
          if (client.refused > refused) break;
        }
      });
      const lost = client.lost + (repeated.get(client.address) ?? 0);
      beyond += Math.max(0, client.passed - this.#burst);
      if (client.passed === this.#burst) exact += 1;
      else if (client.passed < this.#burst) fewer += 1;
      if (client.passed < this.#burst - lost)
        faults.push(`${client.address}: ${client.passed} passed of ${this.#burst}, ${lost} were lost or repeated`);
    }
    const alone = [...(await this.#pair.countedAlone()).values()].reduce((sum, count) => sum + count, 0);
    if (beyond > alone)
      faults.push(`${beyond} passed beyond the limit, and ${alone} were counted by one gateway alone`);
    return { clients: this.#clients.length, exact, fewer, beyond, faults };
  }

  #next(): Client {
    const number = this.#clients.length + 1;
    const address = `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}`;
    const client = { address, passed: 0, refused: 0, lost: 0 };
    this.#clients.push(client);
    return client;
  }

  async #with(client: Client, use: (agent: Agent) => Promise<void>): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: client.address });
    try {
      await use(agent);
    } finally {
      agent.destroy();
    }
  }

  async #send(client: Client, agent: Agent): Promise<void> {
    const outcome = await ask(this.#pair.haproxy.address, 'GET /limited', { agent });
    this.counts.add(outcome);
    const status = statusOf(outcome);
    if (status === 200) client.passed += 1;
    else if (status === 429) client.refused += 1;
    else client.lost += 1;
  }
}
