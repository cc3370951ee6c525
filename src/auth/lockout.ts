/** When failed logins lock. Times are in milliseconds. */
export interface LockoutRules {
  /** Failures of one client with one account, from which on that client has to wait. */
  readonly failures: number;
  /** Failures with one account from anywhere, from which on everybody has to wait. */
  readonly accountFailures: number;
  /** Failures are forgotten so long after the first one, or after the end of the last lock. */
  readonly window: number;
  /** The longest lock. */
  readonly duration: number;
}

/** What is known of one key; undefined = no failure. Plain data, to be stored until `forgottenAt`. */
export interface FailureState {
  readonly failures: number;
  /** In the past when nothing is locked. */
  readonly lockedUntil: number;
  /** From then on it is as if there were no state. */
  readonly forgottenAt: number;
}

/** The states of the two keys that a login has. */
export interface LockoutStates {
  /** Of the pair of account and client. */
  readonly client: FailureState | undefined;
  /** Of the account alone. */
  readonly account: FailureState | undefined;
}

/** The first lock; each further failure doubles it. In milliseconds. */
const FIRST_LOCK = 1000;

/**
 * How long a login has to wait. It is to be refused without a look at the password, and does not count: otherwise
 * whoever goes on guessing could keep an account locked for good.
 *
 * @returns seconds for Retry-After (RFC 9110 section 10.2.3), rounded up; 0 = it may be tried
 */
export function retryAfter({ client, account }: LockoutStates, now: number): number {
  const until = Math.max(client?.lockedUntil ?? 0, account?.lockedUntil ?? 0);
  return until <= now ? 0 : Math.ceil((until - now) / 1000);
}

/**
 * A login has failed. To be stored before the password is compared, and taken back by {@link afterSuccess} when it was
 * right: a thousand guesses at once would otherwise all be made before the first of them counts.
 */
export function afterFailure(states: LockoutStates, rules: LockoutRules, now: number): LockoutStates {
  return {
    client: failed(states.client, rules.failures, rules, now),
    account: failed(states.account, rules.accountFailures, rules, now),
  };
}

/**
 * A login has succeeded whose failure was stored in advance. The client starts anew; the account is unlocked, and has
 * one failure less: those of others are no less than before.
 */
export function afterSuccess({ account }: LockoutStates): LockoutStates {
  if (account === undefined || account.failures <= 1) return { client: undefined, account: undefined };
  return { client: undefined, account: { ...account, failures: account.failures - 1, lockedUntil: 0 } };
}

/** One more failure of a key: from the limit on it locks for twice as long each time. */
function failed(
  state: FailureState | undefined,
  limit: number,
  { window, duration }: LockoutRules,
  now: number,
): FailureState {
  const known = state === undefined || now >= state.forgottenAt ? undefined : state;
  const failures = (known?.failures ?? 0) + 1;
  if (failures < limit) return { failures, lockedUntil: 0, forgottenAt: known?.forgottenAt ?? now + window };
  // 2 ** 1024 would be Infinity, which is no longer than the longest lock either.
  const lockedUntil = now + Math.min(duration, FIRST_LOCK * 2 ** (failures - limit));
  return { failures, lockedUntil, forgottenAt: lockedUntil + window };
}
