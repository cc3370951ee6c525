/** How many results in a row change the verdict on an endpoint; whole numbers from 1 on. */
export interface Thresholds {
  readonly healthyAfter: number;
  readonly unhealthyAfter: number;
}

/** The verdict on an endpoint, and how many results in a row speak against it. */
export interface Streak {
  readonly isHealthy: boolean;
  readonly against: number;
}

/** An endpoint is healthy until probes say otherwise: a gateway that starts must not wait for them. */
export const UNPROBED: Streak = { isHealthy: true, against: 0 };

/** What is held of an endpoint after one more result. A single result that confirms the verdict ends what spoke against it. */
export function after(streak: Streak, hasSucceeded: boolean, thresholds: Thresholds): Streak {
  const { isHealthy } = streak;
  if (hasSucceeded === isHealthy) return { isHealthy, against: 0 };
  const against = streak.against + 1;
  const enough = isHealthy ? thresholds.unhealthyAfter : thresholds.healthyAfter;
  return against < enough ? { isHealthy, against } : { isHealthy: hasSucceeded, against: 0 };
}
