import type { Exchange, WaitingStage } from '../exchange.ts';

/** Answers an exchange. It returns a promise only when it has to wait before it can hand the exchange on. */
export type Handler = (exchange: Exchange) => void | Promise<void>;

/** One concern of a route, put in front of what follows when the route is compiled. */
export type Stage = (next: Handler) => Handler;

/**
 * Waits before an exchange goes on, and lets it go on only when somebody is there still for whom to ask an upstream.
 *
 * @param stage that waits
 * @param asked never rejects
 */
export async function goOnAfter<Answer>(
  exchange: Exchange,
  stage: WaitingStage,
  asked: Promise<Answer>,
  goOn: (answer: Answer) => void | Promise<void>,
): Promise<void> {
  let isGone = false;
  exchange.watch({ onDrain: () => undefined, onAbort: () => (isGone = true) });
  const waited = exchange.trace?.wait(stage);
  const answer = await asked;
  waited?.();
  exchange.watch(undefined);
  if (!isGone) await goOn(answer);
}

/**
 * Puts stages in front of the handler that answers. It happens once, at load time: a request only makes calls.
 *
 * @param stages in order; undefined for what the route does not configure, which then costs nothing
 * @param last the handler at the end
 */
export function compose(stages: readonly (Stage | undefined)[], last: Handler): Handler {
  return stages.reduceRight<Handler>((next, stage) => (stage === undefined ? next : stage(next)), last);
}
