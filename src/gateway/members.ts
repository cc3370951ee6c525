import type { TargetConfig } from '../config/config.ts';
import type { Choice } from '../upstreams/choice.ts';
import type { Member } from '../upstreams/member.ts';
import type { Holding } from './gateway.ts';
import type { Lease } from './shared.ts';

/** A member with what it holds. */
export interface HeldMember {
  readonly member: Lease<Member>;
  /** What looks after it. */
  readonly care: Holding;
}

/**
 * The endpoints of one generation's upstream, which may come and go while it serves. One that stays is the same to
 * whoever chooses among them.
 */
export class Members {
  readonly #hold: (target: TargetConfig) => HeldMember;
  readonly #choice: Choice;
  readonly #held = new Map<string, HeldMember>();
  #isStopped = false;

  /** @param hold makes a member of a target */
  constructor(choice: Choice, hold: (target: TargetConfig) => HeldMember) {
    this.#choice = choice;
    this.#hold = hold;
  }

  /** The endpoints from now on. */
  replace(targets: readonly TargetConfig[]): void {
    if (this.#isStopped) return;
    const wanted = new Set<string>();
    for (const target of targets) {
      const key = `${target.weight} ${target.origin}`;
      wanted.add(key);
      // One by one, so that nothing is lost when one of them cannot be had.
      if (!this.#held.has(key)) this.#held.set(key, this.#hold(target));
    }
    const gone = [...this.#held].filter(([key]) => !wanted.has(key));
    for (const [key] of gone) this.#held.delete(key);
    this.#choice.replace([...this.#held.values()].map(({ member }) => member.resource));
    for (const [, { member, care }] of gone) {
      care.release();
      member.release();
    }
  }

  /** Another generation has taken over: the endpoints stay as they are for what is still under way, and nobody looks after them. */
  stop(): void {
    this.#isStopped = true;
    for (const { care } of this.#held.values()) care.release();
  }

  /** Nothing is under way any more. */
  release(): void {
    this.#choice.replace([]);
    for (const { member } of this.#held.values()) member.release();
  }
}
