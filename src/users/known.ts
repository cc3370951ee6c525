import { DatabaseUnavailable } from '../database/failures.ts';

export interface KnownOptions<Value> {
  /** Asks for many at once; what is not in the answer is not there. Throws `DatabaseUnavailable`. */
  readonly ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;
  /** How old an answer may be; in milliseconds. */
  readonly ttl: number;
  /** How old it may be while the database cannot be asked. */
  readonly staleFor: number;
  /** How many answers are remembered. */
  readonly size: number;
  /** Whether it is remembered that there is no such thing. Not where anybody can ask for as many as they like. */
  readonly remembersNone: boolean;
  /** Milliseconds that never go back. */
  readonly clock: () => number;
}

/** `value` undefined = there is no such thing. */
export type Answer<Value> = { readonly value: Value | undefined } | 'unknown';

interface Entry<Value> {
  readonly value: Value | undefined;
  /** When it was asked for: the answer is at least as new as that. */
  readonly at: number;
}

interface Waiting<Value> {
  readonly resolve: (outcome: Entry<Value> | 'unknown') => void;
  readonly reject: (error: unknown) => void;
}

/** How many are asked for in one statement. */
const BATCH = 500;
/** How many may be waited for at once: a database that takes seconds must not gather callers without end. */
const MAX_WAITING = 10_000;
/** How long somebody who has an older answer waits for a newer one, before the older one will do; in milliseconds. */
const PATIENCE = 500;
/** What part of the answers goes at once when there are too many: a Map is slow to find its first after many deletions. */
const PART = 16;
/** How long nobody asks again on behalf of answers that will still do, when the database could not be asked. */
const PAUSE = 1000;

/**
 * Answers of the database that are remembered for a short while. What is asked for within one turn of the event loop, or
 * while a statement runs, goes into one statement; there is never more than one at once, so that however many callers
 * there are, the database sees few and small statements.
 *
 * An answer that is used is renewed in good time, while it is still good: callers who come all the time never wait.
 */
export class Known<Value> {
  readonly #options: KnownOptions<Value>;
  readonly #entries = new Map<string, Entry<Value>>();
  /** Who waits for which answer. */
  readonly #waiting = new Map<string, Waiting<Value>[]>();
  /** What the statement that runs now must not put back, as it may not have seen the change; undefined = none runs. */
  #changes: ((key: string, value: Value | undefined) => boolean)[] | undefined;
  #running = false;
  /** When the database could not be asked; undefined when it could. */
  #failedAt: number | undefined;

  constructor(options: KnownOptions<Value>) {
    this.#options = options;
  }

  /**
   * @param accepts whether an answer is new enough for the caller, who may know of something newer
   * @returns a promise only when the database has to be asked; `unknown` when it cannot be, and nothing is remembered
   */
  get(
    key: string,
    accepts: (value: Value | undefined) => boolean = () => true,
  ): Answer<Value> | Promise<Answer<Value>> {
    const { ttl, clock } = this.#options;
    const entry = this.#entries.get(key);
    const usable = entry !== undefined && accepts(entry.value) ? entry : undefined;
    if (usable !== undefined) {
      const now = clock();
      const age = now - usable.at;
      const isDown = this.#failedAt !== undefined;
      if (age < ttl || (isDown && age < this.#options.staleFor)) {
        // A rejection is that of a bug: whoever waits for an answer sees it.
        if (age >= ttl / 2 && !this.#isPaused() && !this.#waiting.has(key)) this.#ask(key).catch(() => undefined);
        return usable;
      }
    }
    if (this.#isPaused() || (this.#waiting.size >= MAX_WAITING && !this.#waiting.has(key)))
      return usable === undefined || this.#isTooOld(usable) ? 'unknown' : usable;
    const asked = this.#ask(key);
    const patient = usable === undefined || this.#isTooOld(usable) ? asked : this.#soon(asked);
    return patient.then((outcome) => {
      if (outcome !== 'unknown') return outcome;
      const isStale = usable === undefined || this.#isTooOld(usable);
      // It may have been changed here while the database was asked.
      return isStale || this.#entries.get(key) !== usable ? this.#changed(key, entry) : usable;
    });
  }

  /** The database could not be asked a moment ago: to ask again for each caller would make all of them wait. */
  #isPaused(): boolean {
    return this.#failedAt !== undefined && this.#options.clock() - this.#failedAt < PAUSE;
  }

  #isTooOld({ at }: Entry<Value>): boolean {
    return this.#options.clock() - at >= this.#options.staleFor;
  }

  /** A database that hangs is as good as none, for whoever has an answer that will do then. */
  async #soon(asked: Promise<Entry<Value> | 'unknown'>): Promise<Entry<Value> | 'unknown'> {
    let timer: NodeJS.Timeout | undefined;
    const impatient = new Promise<'unknown'>((resolve) => {
      timer = setTimeout(() => {
        this.#failedAt = this.#options.clock();
        resolve('unknown');
      }, PATIENCE);
    });
    try {
      return await Promise.race([asked, impatient]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What is known now without asking: something has changed here. */
  set(key: string, value: Value | undefined): void {
    this.#changes?.push((changed) => changed === key);
    this.#store(key, { value, at: this.#options.clock() });
  }

  /** Everything that matches is asked for again. */
  forget(matches: (key: string, value: Value | undefined) => boolean): void {
    this.#changes?.push(matches);
    for (const [key, { value }] of this.#entries) if (matches(key, value)) this.#entries.delete(key);
  }

  #changed(key: string, before: Entry<Value> | undefined): Answer<Value> {
    const entry = this.#entries.get(key);
    return entry === undefined || entry === before ? 'unknown' : entry;
  }

  async #ask(key: string): Promise<Entry<Value> | 'unknown'> {
    const known = this.#waiting.get(key);
    return new Promise((resolve, reject) => {
      if (known === undefined) this.#waiting.set(key, [{ resolve, reject }]);
      else known.push({ resolve, reject });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => void this.#run());
    });
  }

  /** Asks until nobody waits any more. */
  async #run(): Promise<void> {
    while (this.#waiting.size > 0) await this.#runBatch([...this.#waiting].slice(0, BATCH));
    this.#running = false;
  }

  async #runBatch(batch: readonly (readonly [string, readonly Waiting<Value>[]])[]): Promise<void> {
    // Whoever asks from now on may know of something that this statement does not see.
    for (const [key] of batch) this.#waiting.delete(key);
    const changes: ((key: string, value: Value | undefined) => boolean)[] = [];
    this.#changes = changes;
    const at = this.#options.clock();
    try {
      const answers = await this.#options.ask(batch.map(([key]) => key));
      this.#failedAt = undefined;
      for (const [key, waiting] of batch) {
        const entry = { value: answers.get(key), at };
        const isKept = entry.value !== undefined || this.#options.remembersNone;
        if (!isKept) this.#entries.delete(key);
        else if (!changes.some((matches) => matches(key, entry.value))) this.#store(key, entry);
        for (const { resolve } of waiting) resolve(entry);
      }
    } catch (error) {
      if (error instanceof DatabaseUnavailable) this.#failed(batch);
      else for (const { reject } of batch.flatMap(([, waiting]) => waiting)) reject(error);
    } finally {
      this.#changes = undefined;
    }
  }

  /** Whoever waits has waited long enough: the next statement would fail as well, and take as long. */
  #failed(batch: readonly (readonly [string, readonly Waiting<Value>[]])[]): void {
    this.#failedAt = this.#options.clock();
    const all = [...batch, ...this.#waiting].flatMap(([, waiting]) => waiting);
    this.#waiting.clear();
    for (const { resolve } of all) resolve('unknown');
  }

  /** Those that were stored longest ago go: what is in use is stored again and again. */
  #store(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const { size } = this.#options;
    if (this.#entries.size <= size) return;
    const left = size - Math.floor(size / PART);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= left) return;
      this.#entries.delete(oldest);
    }
  }
}
