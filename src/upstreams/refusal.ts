import type { ProblemCode } from '../errors.ts';
import type { HeaderList } from '../exchange.ts';
import type { NoEndpoint } from './choice.ts';

/** Why there is no answer of an upstream. */
export interface Refusal {
  readonly problem: ProblemCode;
  /** For the access line. */
  readonly failure: { readonly kind: string; readonly cause: string };
  readonly headers: HeaderList;
}

/** The upstream has as many requests as it may have, and nobody else may wait. */
export const BUSY: Refusal = {
  problem: 'upstream-busy',
  failure: { kind: 'bulkhead', cause: 'no room' },
  headers: ['retry-after', '1'],
};

/** There is no endpoint, or none that may be asked. */
export function refusalOf(none: NoEndpoint): Refusal {
  if (none.fault === 'none')
    return { problem: 'no-endpoint', failure: { kind: 'no-endpoint', cause: 'there is none' }, headers: [] };
  return {
    problem: 'circuit-open',
    failure: { kind: 'circuit-open', cause: 'every breaker is open' },
    headers: ['retry-after', String(none.retryAfter)],
  };
}

/** Whether an answer counts against its endpoint: 501 and 505 say what it cannot do, and not that it fails. */
export function isFailure(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}
