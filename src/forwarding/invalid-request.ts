import type { FieldFault } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import { MOST_FAULTS } from '../validation/faults.ts';
import type { BodyRefusal } from './json-body.ts';

/** What the access line says is not longer, in characters. */
const LONGEST_CAUSE = 200;

/** Answers a request that is not what its route takes. @param faults at least one */
export function refuseFaults(exchange: Exchange, faults: readonly FieldFault[]): void {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  tell(exchange, (first === undefined ? '' : described(first)) + more);
  exchange.fail('validation-failed', { errors: faults.slice(0, MOST_FAULTS) });
}

/** Answers a request whose body cannot be taken. @param others what else is wrong with it */
export function refuseBody(exchange: Exchange, refusal: BodyRefusal, others: readonly FieldFault[] = []): void {
  const { problem, cause, detail, headers, fault } = refusal;
  tell(exchange, fault === undefined ? cause : described(fault));
  const errors = fault === undefined ? undefined : [...others.slice(0, MOST_FAULTS - 1), fault];
  exchange.fail(problem, { detail, headers, errors });
}

function tell(exchange: Exchange, cause: string): void {
  exchange.failure = { kind: 'invalid-request', cause };
}

function described({ in: part = 'body', pointer, detail }: FieldFault): string {
  return `${part} ${pointer === '' ? '' : `${pointer} `}${detail}`.slice(0, LONGEST_CAUSE);
}
