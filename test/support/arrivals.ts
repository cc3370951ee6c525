import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a test waits for what has to happen; it fails with words after that. In milliseconds. */
const PATIENCE = 8000;

/** Gives what a promise gives, or fails when that takes too long. @param what is waited for, for the message */
export async function within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Things that come one after the other, and that a test can wait for. */
export class Arrivals<Item> {
  readonly items: Item[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #describe: (item: Item) => string;

  constructor(describe: (item: Item) => string) {
    this.#describe = describe;
  }

  push(item: Item): void {
    this.items.push(item);
    this.changed();
  }

  /** Something about an item changed: those who wait look again. */
  changed(): void {
    for (const look of this.#waiting) look();
  }

  /** The first item that matches, now or later. */
  async until(matches: (item: Item) => boolean, what: string): Promise<Item> {
    let look = (): void => undefined;
    const found = new Promise<Item>((resolve) => {
      look = () => {
        for (const item of this.items) if (matches(item)) resolve(item);
      };
    });
    this.#waiting.add(look);
    look();
    try {
      return await within(found, what);
    } catch (error) {
      throw new Error(`${what} did not come; there is: ${this.items.map(this.#describe).join('\n')}`, { cause: error });
    } finally {
      this.#waiting.delete(look);
    }
  }

  /** The item at a place, counted from 0, now or later. */
  async at(index: number): Promise<Item> {
    return this.until((item) => item === this.items[index], `item ${index}`);
  }
}

/** Waits until a number has stopped growing: everybody who could make it grow is in this process, and had many turns. */
export async function settled(read: () => number): Promise<number> {
  let last = read();
  for (let still = 0; still < 200; still += 1) {
    await nextTurn();
    const now = read();
    if (now !== last) still = 0;
    last = now;
  }
  return last;
}
