import { Cadence } from './cadence.ts';
import type { ProbeTarget } from './connecting.ts';
import { Probe, type ProbeOutcome, type ProbeQuestion } from './probe.ts';
import { after, UNPROBED, type Streak, type Thresholds } from './streak.ts';

export type { ProbeTarget } from './connecting.ts';

/** What is probed, how often, and what follows from it. */
export interface ProbeRules extends ProbeQuestion, Thresholds {
  /** From the start of a probe to the start of the next, in milliseconds. */
  readonly interval: number;
}

export interface ProbeObserver {
  /**
   * The endpoint is another now than it was held to be.
   *
   * @param why what the last probe found, for people and logs: `GET /healthz answered 503`, `connect ECONNREFUSED`
   */
  onChange(isHealthy: boolean, why: string): void;
}

/**
 * Probes one endpoint until it is closed: the first time within a second, then at intervals with a jitter of a tenth, so
 * that gateways do not probe in step. There is never more than one probe under way.
 */
export class Prober {
  readonly #target: ProbeTarget;
  readonly #rules: ProbeRules;
  readonly #observer: ProbeObserver;
  readonly #cadence: Cadence;
  #probe: Probe | undefined;
  #streak: Streak;

  /** @param before what the endpoint was held to be @param random from 0 to below 1 */
  constructor(
    target: ProbeTarget,
    rules: ProbeRules,
    observer: ProbeObserver,
    before: Pick<Streak, 'isHealthy'> = UNPROBED,
    random: () => number = Math.random,
  ) {
    this.#streak = { isHealthy: before.isHealthy, against: 0 };
    this.#target = target;
    this.#rules = rules;
    this.#observer = observer;
    this.#cadence = new Cadence(rules.interval, (done) => this.#begin(done), random);
  }

  /** Ends the probe that is under way. Nothing is told any more. */
  close(): void {
    this.#cadence.close();
    this.#probe?.cancel();
  }

  #begin(done: () => void): void {
    this.#probe = new Probe(this.#target, this.#rules, (outcome) => {
      this.#probe = undefined;
      // Before anybody is told: who is told may close this.
      done();
      this.#judge(outcome);
    });
    this.#probe.start();
  }

  #judge({ isHealthy, why }: ProbeOutcome): void {
    const before = this.#streak;
    this.#streak = after(before, isHealthy, this.#rules);
    if (this.#streak.isHealthy !== before.isHealthy) this.#observer.onChange(isHealthy, why);
  }
}
