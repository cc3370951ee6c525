import type { ProblemCode } from '../errors.ts';

/** How an attempt ended without an answer: the side and the phase. */
export type FailureKind =
  | 'connect'
  | 'connect-timeout'
  | 'tls'
  | 'reset'
  | 'invalid-response'
  | 'headers-timeout'
  | 'body-timeout'
  | 'request-body'
  | 'internal'
  | 'client-aborted';

/** An expected failure of an attempt: a value, never an exception. */
export interface Failure {
  readonly kind: FailureKind;
  /** For the log, never for the client. */
  readonly cause: string;
}

/** What a failure means to each who has to know. */
export interface FailureMeaning {
  /** The answer, when the attempt was the last and nothing has been answered yet. */
  readonly problem: ProblemCode;
  /** The `outcome` label of gateway_upstream_attempts_total. */
  readonly outcome: string;
}

/** One row a kind; every decision about a failure is read off here. */
export const FAILURES: Readonly<Record<FailureKind, FailureMeaning>> = {
  connect: { problem: 'upstream-unreachable', outcome: 'connect' },
  'connect-timeout': { problem: 'upstream-unreachable', outcome: 'connect_timeout' },
  tls: { problem: 'upstream-unreachable', outcome: 'tls' },
  reset: { problem: 'upstream-reset', outcome: 'reset' },
  'invalid-response': { problem: 'upstream-invalid-response', outcome: 'invalid_response' },
  'headers-timeout': { problem: 'upstream-timeout', outcome: 'timeout' },
  'body-timeout': { problem: 'upstream-timeout', outcome: 'body_timeout' },
  'request-body': { problem: 'invalid-request', outcome: 'request_body' },
  internal: { problem: 'internal-error', outcome: 'internal' },
  'client-aborted': { problem: 'request-timeout', outcome: 'client_aborted' },
};
