import { randomBytes } from 'node:crypto';
import * as bcrypt from 'bcrypt';
import { bounded, type BoundedOptions } from './bounded.ts';
import { normalPassword, unusablePassword } from './password-policy.ts';

/** How passwords are hashed. */
export interface PasswordHashing extends BoundedOptions {
  /** The cost of bcrypt: each step up doubles the work. */
  readonly cost: number;
}

/** Passwords to hashes, and back to yes or no. bcrypt runs on libuv's threads, of which it must leave some to others. */
export interface Passwords {
  /**
   * @param password one that the policy lets pass
   * @returns what is stored; `busy` when too much waits already
   * @throws RangeError for a password that bcrypt would truncate
   */
  hash(password: string): Promise<{ readonly hash: string } | 'busy'>;
  /**
   * @param password as somebody typed it
   * @param hash what is stored; undefined for a user who does not exist: the answer is `mismatch` after the same work
   */
  verify(password: string, hash: string | undefined): Promise<'match' | 'mismatch' | 'busy'>;
  /** Whether a stored hash is of another cost than new ones: to be hashed anew at the next login. */
  outdated(hash: string): boolean;
}

const HASH = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/**
 * Hashes with bcrypt, at most `concurrency` at once. Each call of `verify` does the work of one comparison, whoever is
 * asked for and whatever was typed: neither time nor load tells whether a user exists. Hashes of another cost than the
 * configured one take another time, which is why {@link Passwords.outdated} is there.
 */
export function passwords(options: PasswordHashing): Passwords {
  const { cost } = options;
  const work = bounded(options);
  const dummy = dummyHash(cost);
  return {
    async hash(password) {
      const normal = normalPassword(password);
      if (unusablePassword(normal) !== undefined) throw new RangeError('not a password that the policy lets pass');
      const hash = await work.run(() => bcrypt.hash(normal, cost));
      return hash === 'busy' ? hash : { hash };
    },
    async verify(password, hash) {
      const normal = normalPassword(password);
      const usable = unusablePassword(normal) === undefined;
      const known = hash !== undefined && HASH.test(hash);
      // What nobody can have as a password is compared as well: bcrypt would truncate it, and it would match.
      const matches = await work.run(() => bcrypt.compare(usable ? normal : '', known ? hash : dummy));
      if (matches === 'busy') return matches;
      return matches && usable && known ? 'match' : 'mismatch';
    },
    outdated: (hash) => !HASH.test(hash) || bcrypt.getRounds(hash) !== cost,
  };
}

/** A hash of the given cost that no password is known for. It need not be computed: 31 characters are as good as others. */
function dummyHash(cost: number): string {
  return bcrypt.genSaltSync(cost) + randomBytes(24).toString('base64').slice(0, 31).replaceAll('+', '.');
}
