/** What a {@link Roster} keeps. It is in one at a time. */
export interface Listed {
  /** Where in the roster it stands, which is the roster's alone to change; {@link UNLISTED} before and after. */
  place: number;
}

/** The place of what is in no roster. */
export const UNLISTED = -1;

/**
 * A set, in no order, for what comes and goes with every request. It makes no garbage, where a Set does so in a harmful
 * way: each time its table has had its fill of deletions it takes a new one, and the old ones, chained to it and full of
 * what was in them, survive the collection of young objects together. With them go the requests of a second, into the old
 * space, which is then collected several times a second. See docs/decisions/rosters.md.
 */
export class Roster<Member extends Listed> implements Iterable<Member> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  /** Does nothing for one that is in it. */
  add(member: Member): void {
    if (member.place !== UNLISTED) return;
    member.place = this.#members.length;
    this.#members.push(member);
  }

  /** Does nothing for one that is not in it. */
  delete(member: Member): void {
    const { place } = member;
    if (place === UNLISTED) return;
    member.place = UNLISTED;
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    last.place = place;
    this.#members[place] = last;
  }

  /**
   * Goes through it from its end. It may change meanwhile: whatever is in it all the time comes once or more, what is
   * added may not come, and what was deleted does not.
   */
  *[Symbol.iterator](): Generator<Member, void> {
    for (let place = this.#members.length - 1; place >= 0; place -= 1) {
      const member = this.#members[place];
      if (member !== undefined) yield member;
    }
  }
}
