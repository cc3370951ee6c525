import { randomUUID } from 'node:crypto';
import type { StoredAnswer } from './answer.ts';
import { Bans } from './bans.ts';
import { Invalidations } from './invalidations.ts';
import { invalidationMessage, purgeMessage, readMessage } from './messages.ts';
import type { Place } from './place.ts';
import { isPurged, type Purge, type PurgeSelector } from './purge.ts';
import { retentionOf } from './retention.ts';
import { SecondPass } from './second-pass.ts';
import { ENTRY_PATTERN, entryKey, generationKey } from './shared-keys.ts';
import type { SharedScript } from './shared-scripts.ts';
import type { SharedReply, SharedStore } from './shared-store.ts';
import { decodeEntry, encodeEntry, withBody, type SharedEntry } from './stored-text.ts';
import { ALIKE, areSame, variantStem, type Differing } from './variants.ts';
import { variantOf, type FieldOf } from './vary.ts';

/** What the shared store knows of a place. */
export interface Recalled {
  /** Of the URI; changes with each invalidation. Empty = there is none yet. */
  readonly generation: string;
  /** When it was asked, by its clock, in microseconds. */
  readonly at: number;
  /** By which fields its variants differ. */
  readonly differing: Differing;
  /** Of its variants: see {@link variantStem}. Undefined = it knows nothing of the place. */
  readonly series: number | undefined;
  readonly answer: StoredAnswer | undefined;
}

/** What a process is told. */
export interface SharedEvents {
  /** By another gateway. */
  invalidated(uri: string): void;
  purged(selector: PurgeSelector): void;
  /** It may not have been told of something. */
  missed(): void;
  /** The store gave no answer, and why. */
  skipped(reason: string): void;
}

/** What is larger is left to each gateway: an answer of Redis is held whole, several times over. In bytes. */
const MAX_BODY = 8 * 1_048_576;
/** No fill may take longer than the generation stays that tells it of an invalidation. In milliseconds. */
const MAX_FILL = 3_600_000;

/** Answers that all gateways have in common, in Redis. What is invalidated or purged here goes from the memory of all of them. */
export class SharedCache {
  readonly #store: SharedStore;
  readonly #id = randomUUID();
  readonly #bans = new Bans();
  readonly #secondPass = new SecondPass((purges) => void this.#sweep(purges));
  readonly #invalidations: Invalidations;
  #events: SharedEvents | undefined;
  #end: () => void = () => undefined;

  constructor(store: SharedStore) {
    this.#store = store;
    this.#invalidations = new Invalidations({
      send: async (uri) => this.#sendInvalidation(uri),
      sendAll: async () => (await this.purge({ all: true })) !== undefined,
    });
  }

  /** Once, before anything else. */
  listen(events: SharedEvents): void {
    this.#events = events;
    let wasListening = false;
    this.#end = this.#store.subscribe(
      (message) => this.#onMessage(message),
      () => {
        if (wasListening) events.missed();
        wasListening = true;
      },
    );
  }

  /** @returns undefined when it gives no answer; never rejects */
  async recall(place: Place, fieldOf: FieldOf): Promise<Recalled | undefined> {
    const since = performance.now();
    if (!(await this.#invalidations.settle(place.uri))) return undefined;
    const first = await this.#lookUp(place, place.base, since);
    if (first === undefined) return undefined;
    const { generation, at, entry, body } = first;
    if (entry?.kind !== 'index') {
      const series = entry === undefined ? undefined : 0;
      return { generation, at, differing: ALIKE, series, answer: answerOf(entry, body, []) };
    }
    const { differing, series } = entry;
    const { names } = differing;
    const key = variantStem(place.base, names, series) + variantOf(names, fieldOf);
    const second = await this.#lookUp(place, key, since);
    if (second === undefined) return undefined;
    // What was invalidated in between is not known to whoever is told of the later generation.
    const answer = second.generation === generation ? answerOf(second.entry, second.body, names) : undefined;
    return { generation, at, differing, series, answer };
  }

  /**
   * Stores an answer, unless its URI was invalidated since it was recalled. Nobody waits for that.
   *
   * @param differing by which fields the variants of the place differ: those of the answer's Vary, and perhaps more
   */
  store(place: Place, recalled: Recalled, differing: Differing, answer: StoredAnswer, fieldOf: FieldOf): void {
    const { body, ...rest } = answer;
    const ttl = retentionOf(answer, Date.now());
    if (body.length > MAX_BODY || ttl <= 0) return;
    const { route, path } = place;
    const about = (content: SharedEntry['content']): string =>
      encodeEntry({ route, path, since: recalled.at, content });
    const { names } = differing;
    const series = seriesAfter(recalled, names);
    const index = entryKey(place, place.base);
    const variant = entryKey(place, variantStem(place.base, names, series) + variantOf(names, fieldOf));
    const key = names.length === 0 ? index : variant;
    const keys = [generationKey(place.uri), key, ...(names.length === 0 ? [] : [index])];
    const more = names.length === 0 ? [] : [about({ kind: 'index', differing, series })];
    const args = [recalled.generation, `s${randomUUID()}`, ttl, about({ kind: 'answer', answer: rest }), body, ...more];
    void this.#run('store', keys, args);
  }

  /** Nobody waits for it, but whoever recalls the URI next. */
  invalidate(uri: string): void {
    this.#invalidations.begin(uri);
  }

  /** @returns how many answers went; undefined when it did not get through all of them */
  async purge(selector: PurgeSelector): Promise<number | undefined> {
    // The others hear of it first: nothing that goes here may be written anew by one that has it in memory.
    const reply = await this.#run('announce', [], [this.#store.channel, purgeMessage(this.#id, selector)]);
    const at = reply?.[0];
    if (typeof at !== 'number') return undefined;
    const purge = { selector, at };
    this.#onPurge(purge);
    const count = await this.#sweep([purge]);
    if (count !== undefined) this.#secondPass.add(purge);
    return count;
  }

  close(): void {
    this.#end();
    this.#invalidations.close();
    this.#secondPass.close();
  }

  /** @returns how many answers went; undefined when it did not get through all of them */
  async #sweep(purges: readonly Purge[]): Promise<number | undefined> {
    let count = 0;
    const failure = await this.#store.sweep(ENTRY_PATTERN, 'm', (text) => {
      const entry = decodeEntry(text);
      // What nobody can read is nobody's.
      if (entry === undefined) return purges.some(({ selector }) => selector.all === true);
      const isGone = purges.some((purge) => isPurged(purge, purgeableOf(entry), entry.since));
      if (isGone && entry.content.kind === 'answer') count += 1;
      return isGone;
    });
    if (failure === undefined) return count;
    this.#events?.skipped(failure.reason);
    return undefined;
  }

  async #lookUp(place: Place, key: string, since: number) {
    const reply = await this.#run('look-up', [generationKey(place.uri), entryKey(place, key)], [], since);
    const [at, generation, text, body] = reply ?? [];
    if (typeof at !== 'number' || !Buffer.isBuffer(generation)) return undefined;
    const found = { at, generation: generation.toString(), entry: undefined, body: EMPTY };
    const entry = Buffer.isBuffer(text) ? decodeEntry(text) : undefined;
    if (entry === undefined || !Buffer.isBuffer(body)) return found;
    const isOther = entry.route !== place.route || entry.path !== place.path;
    if (isOther || this.#bans.refuses(purgeableOf(entry), entry.since)) return found;
    return { ...found, entry: entry.content, body };
  }

  async #sendInvalidation(uri: string): Promise<boolean> {
    const message = invalidationMessage(this.#id, uri);
    const args = [`i${randomUUID()}`, MAX_FILL, this.#store.channel, message];
    return (await this.#run('invalidate', [generationKey(uri)], args)) !== undefined;
  }

  #onMessage(text: string): void {
    const message = readMessage(text);
    // What this one says itself it has done already.
    if (message === undefined || message.from === this.#id) return;
    if (message.kind === 'invalidation') this.#events?.invalidated(message.uri);
    else this.#onPurge({ selector: message.purge, at: message.at });
  }

  #onPurge(purge: Purge): void {
    this.#bans.add(purge);
    this.#events?.purged(purge.selector);
  }

  async #run(
    script: SharedScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
    since?: number,
  ): Promise<readonly SharedReply[] | undefined> {
    const reply = await this.#store.run(script, keys, args, since);
    if (!('reason' in reply)) return reply;
    this.#events?.skipped(reply.reason);
    return undefined;
  }
}

const EMPTY = Buffer.alloc(0);

/** Another one with each change of the names. Where nothing is known yet, those who begin at once begin the same. */
function seriesAfter({ differing, series, at }: Recalled, names: readonly string[]): number {
  if (series === undefined) return 0;
  return areSame(differing.names, names) ? series : at;
}

/** @param names by which it was looked for: what differs in others is not known to be the right one */
function answerOf(
  content: SharedEntry['content'] | undefined,
  body: Buffer,
  names: readonly string[],
): StoredAnswer | undefined {
  if (content?.kind !== 'answer' || body.length > MAX_BODY) return undefined;
  const isRight = content.answer.vary.every((name) => names.includes(name));
  return isRight ? withBody(content.answer, body) : undefined;
}

function purgeableOf({ route, path, content }: SharedEntry) {
  return { route, path, tags: content.kind === 'answer' ? content.answer.tags : [] };
}
