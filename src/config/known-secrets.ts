/** How many characters of a secret are looked up first. */
const HEAD = 4;

/**
 * Texts that are known to be secrets, to be found wherever they came to stand. A text is read once, however many secrets
 * there are: at each place its next few characters say which of them can begin there.
 */
export class KnownSecrets {
  /** By the first characters: by length, longest first, those that begin so. */
  readonly #heads = new Map<string, [length: number, secrets: Set<string>][]>();

  /** @param shortest in characters, at least 4: shorter ones are left, since they would blur what is none */
  constructor(secrets: Iterable<string>, shortest: number) {
    for (const secret of secrets) {
      // What names a secret is none.
      if (secret.length < Math.max(shortest, HEAD) || secret.includes('${')) continue;
      const head = secret.slice(0, HEAD);
      const lengths = this.#heads.get(head) ?? [];
      this.#heads.set(head, lengths);
      const same = lengths.find(([length]) => length === secret.length);
      if (same === undefined) lengths.push([secret.length, new Set([secret])]);
      else same[1].add(secret);
    }
    for (const lengths of this.#heads.values()) lengths.sort(([one], [other]) => other - one);
  }

  /**
   * Replaces each part of a text that one or several secrets cover.
   *
   * @param shown what stands in its place
   */
  replace(text: string, shown: (part: string) => string): string {
    if (this.#heads.size === 0) return text;
    let out = '';
    let from = 0;
    let to = 0;
    for (let at = 0; at + HEAD <= text.length; at += 1) {
      const length = this.#lengthAt(text, at);
      if (length === 0) continue;
      if (at >= to) {
        out += hidden(text.slice(from, to), shown) + text.slice(to, at);
        from = at;
      }
      to = Math.max(to, at + length);
    }
    return out + hidden(text.slice(from, to), shown) + text.slice(to);
  }

  /** The length of the longest secret that stands at an offset; 0 = none does. */
  #lengthAt(text: string, at: number): number {
    const lengths = this.#heads.get(text.slice(at, at + HEAD)) ?? [];
    return lengths.find(([length, secrets]) => secrets.has(text.slice(at, at + length)))?.[0] ?? 0;
  }
}

function hidden(part: string, shown: (part: string) => string): string {
  return part === '' ? '' : shown(part);
}
