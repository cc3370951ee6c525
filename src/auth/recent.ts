/**
 * The values that were asked for lately, in two generations: what is asked for moves into the young one, and when that
 * is full it becomes the old one, whose values go. A hit among the young costs one look-up and changes nothing; to keep
 * the exact order of use would cost a deletion and an insertion each time.
 */
export class Recent<Value> {
  readonly #generation: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** @param size how many are kept at the most, and half of them at the least; 2 or more */
  constructor(size: number) {
    this.#generation = Math.floor(size / 2);
  }

  get(key: string): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#generation && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
