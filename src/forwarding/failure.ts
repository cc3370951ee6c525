import { PROBLEMS, type ProblemCode } from '../errors.ts';

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
  | 'client-aborted'
  | 'superseded';

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
  /** What `retry.when` calls it; undefined = another attempt would fail as well, or nobody wants one. */
  readonly cause: 'connect-failure' | 'reset' | 'timeout' | undefined;
}

/** One row a kind; every decision about a failure is read off here. */
export const FAILURES: Readonly<Record<FailureKind, FailureMeaning>> = {
  connect: { problem: 'upstream-unreachable', outcome: 'connect', cause: 'connect-failure' },
  'connect-timeout': { problem: 'upstream-unreachable', outcome: 'connect_timeout', cause: 'connect-failure' },
  tls: { problem: 'upstream-unreachable', outcome: 'tls', cause: 'connect-failure' },
  reset: { problem: 'upstream-reset', outcome: 'reset', cause: 'reset' },
  'invalid-response': { problem: 'upstream-invalid-response', outcome: 'invalid_response', cause: undefined },
  'headers-timeout': { problem: 'upstream-timeout', outcome: 'timeout', cause: 'timeout' },
  'body-timeout': { problem: 'upstream-timeout', outcome: 'body_timeout', cause: undefined },
  'request-body': { problem: 'invalid-request', outcome: 'request_body', cause: undefined },
  internal: { problem: 'internal-error', outcome: 'internal', cause: undefined },
  'client-aborted': { problem: 'request-timeout', outcome: 'client_aborted', cause: undefined },
  // Another attempt of the same request was answered first.
  superseded: { problem: 'internal-error', outcome: 'superseded', cause: undefined },
};

/** Whether it speaks against the upstream: a gateway or a client that fails says nothing of it. */
export function isOfUpstream(kind: FailureKind): boolean {
  return PROBLEMS[FAILURES[kind].problem].status >= 502;
}
