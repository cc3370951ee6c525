/** One choice and how often it is made in relation to the others. */
export interface Weighted<Choice> {
  readonly choice: Choice;
  readonly weight: number;
}

/**
 * Smooth weighted round-robin: each turn every choice gains its weight, the richest is chosen and pays the total.
 * Weights 3 and 1 give a a b a, not a a a b, so that no endpoint is hit in bursts.
 *
 * @param choices at least one
 * @returns a function that gives the next choice
 */
export function roundRobin<Choice>(choices: readonly Weighted<Choice>[]): () => Choice {
  const [first] = choices;
  if (first === undefined) throw new RangeError('round-robin needs at least one choice');
  if (choices.length === 1) return () => first.choice;
  if (choices.every(({ weight }) => weight === first.weight)) return inTurn(choices, first);
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  const states = choices.map(({ choice, weight }) => ({ choice, weight, credit: 0 }));
  return () => {
    let best = states[0];
    for (const state of states) {
      state.credit += state.weight;
      if (best === undefined || state.credit > best.credit) best = state;
    }
    if (best === undefined) return first.choice;
    best.credit -= total;
    return best.choice;
  };
}

/** The same for equal weights, without the sums. */
function inTurn<Choice>(choices: readonly Weighted<Choice>[], first: Weighted<Choice>): () => Choice {
  let next = 0;
  return () => {
    const { choice } = choices[next] ?? first;
    next = next + 1 === choices.length ? 0 : next + 1;
    return choice;
  };
}
