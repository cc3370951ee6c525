import { randomBytes } from 'node:crypto';

/**
 * Makes identifiers for requests: unique across processes by their first half, within one by the second. They are names
 * and no secrets, so that a random number for each would be paid for nothing.
 *
 * @returns a function that gives the next one
 */
export function requestIds(): () => string {
  const process = `${randomBytes(8).toString('hex')}-`;
  // Six digits from the first on, so that they line up.
  let count = 36 ** 5;
  return () => {
    count += 1;
    return process + count.toString(36);
  };
}
