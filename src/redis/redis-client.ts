import type { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisConfig } from '../config/redis-config.ts';
import { connectionFor, messagesFor, ping, type Connection } from './connection.ts';
import { Reconnecting } from './reconnecting.ts';
import { bytesReplyOf, replyOf, type BytesReply, type RedisScript, type Reply } from './script.ts';
import { mastersOf, sweepServer, type Sweep } from './sweep.ts';
import { causeOf, replyCode, Unavailable } from './unavailable.ts';
import { LATE, within } from './within.ts';

/** How often a server that does not answer is asked whether it does again. In milliseconds. */
const PING_INTERVAL = 250;
/** How long it may keep silent before a new connection is tried. In milliseconds. */
const SILENCE = 2000;

interface Subscription {
  readonly listener: (message: string) => void;
  readonly onListening: () => void;
}

/** Is told when Redis goes away and when it comes back, and why. The reason holds no secret. */
export type HealthListener = (isUp: boolean, why: string) => void;

type State =
  /** Nothing was asked yet, or the first connection is being made. */
  | { readonly kind: 'new' }
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly why: string }
  | { readonly kind: 'closed' };

/**
 * The process's way to Redis: nothing is connected before it is first used, or somebody who will use it says so. No command takes longer than the configured
 * timeout, and while Redis is known to be away none waits at all. A command that was late raises the question whether
 * Redis is away, and a PING answers it. It is back when it answers one.
 */
export class RedisClient {
  readonly #config: RedisConfig;
  readonly #commands: Reconnecting<Connection>;
  readonly #messages: Reconnecting<Redis>;
  readonly #channels = new Map<string, Set<Subscription>>();
  readonly #health = new Set<HealthListener>();
  readonly #closing = new AbortController();
  #state: State = { kind: 'new' };
  #tellKnown: () => void = () => undefined;
  /** Done when it is first known whether Redis is there. */
  readonly #known = new Promise<void>((resolve) => (this.#tellKnown = resolve));
  /** The same, or when it was waited for long enough. */
  #waited: Promise<unknown> | undefined;
  #hasBegun = false;
  /** The connection that is being asked whether it answers. */
  #asked: Connection | undefined;

  constructor(config: RedisConfig) {
    this.#config = config;
    this.#commands = new Reconnecting({
      open: () => connectionFor(config),
      onReady: (connection) => void this.#probe(connection),
      onEnd: (cause) => this.#become({ kind: 'down', why: `Redis cannot be reached: ${cause}` }),
    });
    this.#messages = new Reconnecting({
      open: (attempt) => messagesFor(config, attempt),
      onReady: (connection) => this.#listen(connection),
      // Who listens asks now and then, too: a message may be lost at other times as well.
      onEnd: () => undefined,
    });
  }

  /** Connects ahead of the first use, which need not wait for it then. */
  begin(): void {
    this.#hasBegun = true;
    this.#commands.start();
  }

  /** Done when it is known whether Redis is there, or after so many milliseconds; at once when nothing has begun. */
  async known(milliseconds: number): Promise<void> {
    if (this.#hasBegun && this.#state.kind === 'new') await within(this.#known, milliseconds);
  }

  /** Whether Redis answered when it was last heard of; undefined before that, since nobody asks without a need. */
  get isUp(): boolean | undefined {
    return this.#state.kind === 'new' ? undefined : this.#state.kind === 'up';
  }

  /** The name of a key or a channel in Redis. */
  key(name: string): string {
    return this.#config.keyPrefix + name;
  }

  /** @returns what ends the telling */
  onHealth(listener: HealthListener): () => void {
    this.#health.add(listener);
    return () => void this.#health.delete(listener);
  }

  /**
   * Runs a script. It is sent once: when no answer comes, it has taken effect once or not at all.
   *
   * @param keys without the prefix. In a cluster all of them must share a hash tag, as in `limits:{orders}`
   * @returns within `timeout`; never rejects
   */
  async run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<Reply | Unavailable> {
    const names = keys.map((key) => this.key(key));
    return this.#ask(async (connection) => replyOf(await evaluate(connection, script, names, args)));
  }

  /**
   * As {@link run}, for bytes that are no text.
   *
   * @param since when the asking began, as performance.now() tells it: what belongs together shares one timeout
   */
  async runBytes(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
    since = performance.now(),
  ): Promise<BytesReply | Unavailable> {
    const names = keys.map((key) => this.key(key));
    return this.#ask(async (connection) => bytesReplyOf(await evaluateBytes(connection, script, names, args)), since);
  }

  /**
   * Removes hashes from all servers that hold a part of the keys. It takes as many commands as it needs, each of them
   * within `timeout`; what comes about meanwhile may be missed.
   *
   * @param sweep its pattern without the prefix
   * @returns undefined when all were looked at; never rejects
   */
  async sweep(sweep: Sweep): Promise<Unavailable | undefined> {
    const masters = await this.#ask(async (connection) => mastersOf(connection));
    if (masters instanceof Unavailable) return masters;
    const prefix = this.#config.keyPrefix.replaceAll(/[*?[\]\\^]/g, String.raw`\$&`);
    const named = { ...sweep, pattern: prefix + sweep.pattern };
    for (const server of masters) {
      const failure = await sweepServer(named, server, async (send) => this.#ask(send));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /**
   * Listens to a channel, over a connection of its own. Messages may be lost while there is none.
   *
   * @param channel without the prefix
   * @param onListening told each time that listening begins: the first time, and whenever messages may have been lost
   * @returns what ends it
   */
  subscribe(
    channel: string,
    listener: (message: string) => void,
    onListening: () => void = () => undefined,
  ): () => void {
    const name = this.key(channel);
    const subscription = { listener, onListening };
    const subscriptions = this.#channels.get(name) ?? new Set();
    subscriptions.add(subscription);
    this.#channels.set(name, subscriptions);
    if (this.#messages.ready !== undefined) this.#listenTo(this.#messages.ready, name, subscription);
    this.#messages.start();
    return () => {
      subscriptions.delete(subscription);
      if (subscriptions.size > 0 || this.#channels.get(name) !== subscriptions) return;
      this.#channels.delete(name);
      this.#messages.ready?.unsubscribe(name).catch(() => undefined);
    };
  }

  /** Closes all connections; what is under way fails. */
  async close(): Promise<void> {
    this.#state = { kind: 'closed' };
    this.#tellKnown();
    this.#closing.abort();
    await Promise.all([this.#commands.close(), this.#messages.close()]);
  }

  get #silence(): string {
    return `Redis did not answer within ${this.#config.timeout} ms`;
  }

  async #firstState(): Promise<void> {
    // All who ask meanwhile wait for one and the same end, so that no request waits once that has passed.
    this.#waited ??= within(this.#known, this.#config.timeout);
    this.begin();
    await this.#waited;
  }

  #away(): Unavailable {
    switch (this.#state.kind) {
      case 'closed':
        return new Unavailable('closed', 'the connection to Redis is closed');
      case 'new':
        return new Unavailable('connecting', 'Redis is being connected to');
      case 'down':
        return new Unavailable('down', this.#state.why);
      case 'up':
        return new Unavailable('lost', 'the connection to Redis broke');
    }
  }

  #failed(connection: Connection, error: unknown): Unavailable {
    const code = replyCode(error);
    if (code === undefined) return new Unavailable('lost', `the connection to Redis broke: ${causeOf(error)}`);
    // What was the master is none any more, and only a new connection finds the one that is.
    if (code === 'READONLY' && this.#commands.ready === connection) this.#commands.drop(code);
    return new Unavailable('refused', `Redis refused the command: ${code}`, code);
  }

  /**
   * Sends commands, once.
   *
   * @param since when the asking began, as performance.now() tells it
   * @returns within `timeout`; never rejects
   */
  async #ask<Answer>(
    send: (connection: Connection) => Promise<Answer>,
    since = performance.now(),
  ): Promise<Answer | Unavailable> {
    const deadline = since + this.#config.timeout;
    if (this.#state.kind === 'new') await this.#firstState();
    const connection = this.#commands.ready;
    if (this.#state.kind !== 'up' || connection === undefined) return this.#away();
    try {
      const answer = await within(send(connection), Math.max(0, deadline - performance.now()));
      if (answer !== LATE) return answer;
    } catch (error) {
      return this.#failed(connection, error);
    }
    void this.#probe(connection);
    return new Unavailable('timeout', this.#silence);
  }

  /** Asks whether Redis answers, until it does or the connection is given up. */
  async #probe(connection: Connection): Promise<void> {
    if (this.#asked === connection) return;
    this.#asked = connection;
    const giveUpAt = performance.now() + SILENCE;
    const isCurrent = (): boolean => this.#commands.ready === connection;
    while (isCurrent()) {
      const why = await this.#pinged(connection);
      if (!isCurrent()) break;
      this.#become(why === undefined ? { kind: 'up' } : { kind: 'down', why });
      if (why === undefined) break;
      if (performance.now() >= giveUpAt) {
        this.#commands.drop('no answer');
        // It goes the same way, and has nothing of its own to ask.
        this.#messages.drop('no answer');
      } else await sleep(PING_INTERVAL, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
    if (this.#asked === connection) this.#asked = undefined;
  }

  /** @returns why not, when there was no answer */
  async #pinged(connection: Connection): Promise<string | undefined> {
    try {
      return (await within(ping(connection), this.#config.timeout)) === LATE ? this.#silence : undefined;
    } catch (error) {
      return `Redis cannot be asked: ${causeOf(error)}`;
    }
  }

  #become(state: Extract<State, { readonly kind: 'up' | 'down' }>): void {
    const before = this.#state.kind;
    if (before === 'closed') return;
    this.#state = state;
    this.#tellKnown();
    if (before === state.kind) return;
    for (const listener of this.#health)
      listener(state.kind === 'up', state.kind === 'up' ? 'Redis answers' : state.why);
  }

  #listen(connection: Redis): void {
    connection.on('message', (channel, message) => {
      for (const { listener } of this.#channels.get(channel) ?? []) listener(message);
    });
    for (const [channel, subscriptions] of this.#channels)
      for (const subscription of subscriptions) this.#listenTo(connection, channel, subscription);
  }

  #listenTo(connection: Redis, channel: string, subscription: Subscription): void {
    const begun = (): void => {
      if (this.#channels.get(channel)?.has(subscription) === true) subscription.onListening();
    };
    connection.subscribe(channel).then(begun, () => undefined);
  }
}

async function evaluate(
  connection: Connection,
  script: RedisScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await connection.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    // It has not run, so that it may be sent again, as a whole: a new server knows no scripts.
    if (replyCode(error) !== 'NOSCRIPT') throw error;
    return connection.eval(script.text, keys.length, ...keys, ...args);
  }
}

async function evaluateBytes(
  connection: Connection,
  script: RedisScript,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await connection.callBuffer('evalsha', script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (replyCode(error) !== 'NOSCRIPT') throw error;
    return connection.callBuffer('eval', script.text, keys.length, ...keys, ...args);
  }
}
