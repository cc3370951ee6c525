import type { Candidate } from './balancer.ts';

/** What a candidate counts for now: its weight, or less of it while it starts slowly. */
export function effectiveWeight(candidate: Candidate): number {
  return candidate.weight * candidate.share;
}

/** What all candidates count for together. */
export function totalWeight(candidates: readonly Candidate[]): number {
  let total = 0;
  for (const candidate of candidates) total += effectiveWeight(candidate);
  return total;
}

/** @returns the weight that all candidates have in full, or 0 when they differ */
export function commonWeight(candidates: readonly Candidate[]): number {
  const weight = candidates[0]?.weight ?? 0;
  for (const candidate of candidates) if (!counts(candidate, weight)) return 0;
  return weight;
}

/** Whether a candidate counts for exactly this weight. */
export function counts(candidate: Candidate, weight: number): boolean {
  return candidate.weight === weight && candidate.share === 1;
}

/** The choice from a list of at most one. */
export function soleCandidate<C extends Candidate>(candidates: readonly C[]): C | undefined {
  const [candidate] = candidates;
  return candidate !== undefined && candidate.weight > 0 ? candidate : undefined;
}
