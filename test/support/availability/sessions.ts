/** People who log in, use their session over haproxy and on each gateway, refresh it and log out. */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, Counts, statusOf, textIn, type AskOptions, type Outcome } from './asking.ts';
import type { Pair } from './pair.ts';

const PEOPLE = 4;
const PASSWORD = 'correct horse battery';
/** Refreshes of one session before it ends. */
const REFRESHES = 3;
/** Between two sessions of one of them, in milliseconds. */
const PAUSE = 50;
/** How long a gateway may go on with a session that the other has ended, in milliseconds: 5 s, and time for an answer. */
const STALE = 10_000;

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export class Sessions {
  /** Requests that haproxy may repeat. */
  readonly gets = new Counts();
  /** Those that it may not. */
  readonly posts = new Counts();
  /** What must not be. */
  readonly faults: string[] = [];
  /** How many sessions there have been, how many have ended for good, and how many refreshes there were. */
  begun = 0;
  ended = 0;
  refreshed = 0;
  readonly #pair: Pair;
  readonly #ended: { readonly tokens: Tokens; readonly since: number }[] = [];

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  /** Goes on until it is told to stop. */
  async run(running: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: PEOPLE }, async (_, index) => this.#person(`person-${index}`, running)));
  }

  /** When nothing is restarted any more: each session that has ended is refused by both, and no session has two tokens. */
  async judge(): Promise<readonly string[]> {
    const youngest = this.#ended.at(-1)?.since ?? 0;
    await pause(Math.max(0, STALE - (performance.now() - youngest)));
    for (const { tokens } of this.#ended) {
      await this.#everywhere(tokens, 401);
      this.#expect(await ask(this.#pair.haproxy.address, ...refresh(tokens)), [401], 'a refresh of an ended session');
    }
    const twice = await this.#pair.database.query(
      `SELECT session_id FROM refresh_tokens JOIN sessions ON sessions.id = session_id
       WHERE used_at IS NULL AND revoked_at IS NULL GROUP BY session_id HAVING count(*) > 1`,
    );
    if (twice.length > 0) this.faults.push(`${twice.length} sessions have two live refresh tokens`);
    return this.faults;
  }

  async #person(name: string, running: () => boolean): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const credentials = { email: `${name}@example.com`, password: PASSWORD };
    try {
      while (statusOf(await this.#send('POST /auth/register', { agent, body: credentials })) === undefined);
      // A session that lasts: it works on both, whichever is restarted.
      const kept = await this.#login(credentials, agent);
      while (running()) {
        await this.#life(credentials, agent);
        if (kept !== undefined) await this.#use(kept, agent);
        await pause(PAUSE);
      }
      if (kept !== undefined) await this.#everywhere(kept, 200);
    } finally {
      agent.destroy();
    }
  }

  async #login(credentials: object, agent: Agent): Promise<Tokens | undefined> {
    const outcome = await this.#send('POST /auth/login', { agent, body: credentials });
    this.#expect(outcome, [200], 'a login');
    if (statusOf(outcome) !== 200) return undefined;
    this.begun += 1;
    return tokensOf(outcome);
  }

  async #life(credentials: object, agent: Agent): Promise<void> {
    let tokens = await this.#login(credentials, agent);
    for (let count = 0; count < REFRESHES && tokens !== undefined; count += 1) {
      await this.#use(tokens, agent);
      tokens = await this.#refresh(tokens, agent);
    }
    if (tokens === undefined) return;
    if (this.begun % 2 === 0) return this.#refreshTwice(tokens);
    const status = statusOf(await this.#send('POST /auth/logout', { agent, token: tokens.access }));
    if (status === 204) this.#end(tokens);
    else if (status !== undefined) this.faults.push(`a logout was answered ${status}`);
    await this.#lookBack();
  }

  /** @returns undefined when the session is over */
  async #refresh(tokens: Tokens, agent: Agent): Promise<Tokens | undefined> {
    const outcome = await this.#send(refresh(tokens)[0], { agent, ...refresh(tokens)[1] });
    const status = statusOf(outcome);
    if (status !== undefined) {
      this.#expect(outcome, [200], 'a refresh');
      this.refreshed += 1;
      return status === 200 ? tokensOf(outcome) : undefined;
    }
    // Nobody knows whether the token was used up: either it is good still, or the session ends with its second use.
    const again = await this.#send(refresh(tokens)[0], { agent, ...refresh(tokens)[1] });
    this.#expect(again, [200, 401], 'a refresh that is tried again');
    if (statusOf(again) === 200) return tokensOf(again);
    if (statusOf(again) === 401) this.#end(tokens);
    return undefined;
  }

  /** One token at both gateways at once: one of them takes it, at the most. */
  async #refreshTwice(tokens: Tokens): Promise<void> {
    const outcomes = await Promise.all(this.#pair.addresses.map(async (address) => ask(address, ...refresh(tokens))));
    if (outcomes.filter((outcome) => statusOf(outcome) === 200).length > 1)
      this.faults.push('both gateways took the same refresh token');
  }

  async #use({ access: token }: Tokens, agent: Agent): Promise<void> {
    this.#expect(await this.#send('GET /auth/me', { agent, token }), [200], 'a session over haproxy');
    await this.#everywhere({ access: token }, 200);
  }

  /** Asks each gateway by itself. One that is being restarted says nothing. */
  async #everywhere({ access: token }: Pick<Tokens, 'access'>, status: 200 | 401): Promise<void> {
    for (const [index, address] of this.#pair.addresses.entries()) {
      const what = `a session ${status === 200 ? '' : 'that has ended '}at gateway ${index + 1}`;
      this.#expect(await ask(address, 'GET /auth/me', { token }), [status], what);
    }
  }

  #end(tokens: Tokens): void {
    this.ended += 1;
    this.#ended.push({ tokens, since: performance.now() });
  }

  /** Some session that has ended long enough ago that both must know of it. */
  async #lookBack(): Promise<void> {
    const old = this.#ended.filter(({ since }) => performance.now() - since > STALE);
    const some = old[Math.floor(Math.random() * old.length)];
    if (some !== undefined) await this.#everywhere(some.tokens, 401);
  }

  async #send(target: string, options: AskOptions): Promise<Outcome> {
    const outcome = await ask(this.#pair.haproxy.address, target, options);
    (target.startsWith('GET ') ? this.gets : this.posts).add(outcome);
    return outcome;
  }

  /** No answer, and 5xx, are counted, and no fault of what is asked for. */
  #expect(outcome: Outcome, statuses: readonly number[], what: string): void {
    const status = statusOf(outcome);
    if (status !== undefined && !statuses.includes(status)) this.faults.push(`${what}: ${status}`);
  }
}

function refresh(tokens: Tokens): [target: string, options: AskOptions] {
  return ['POST /auth/refresh', { body: { refresh_token: tokens.refresh } }];
}

function tokensOf(outcome: Outcome): Tokens {
  return { access: textIn(outcome, 'access_token'), refresh: textIn(outcome, 'refresh_token') };
}
