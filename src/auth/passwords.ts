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
  /** Whether one more would not be `busy` now, with so many others about to come: to be asked before anything is stored. */
  hasRoom(coming?: number): boolean;
  /** Whether a stored hash is of another cost than new ones: to be hashed anew at the next login. */
  outdated(hash: string): boolean;
}

/** What bcrypt can compare with: it says no to any other version or cost at once. */
const HASH = /^\$2[ab]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
/** bcrypt's own. */
const LOWEST_COST = 4;

/**
 * Hashes with bcrypt, at most `concurrency` at once. Each call of `verify` does the work of one comparison at the
 * configured cost, whoever is asked for and whatever was typed: neither time nor load tells whether a user exists.
 *
 * A hash of a lower cost, from before `cost` was raised, is made up for. One of a higher cost cannot be: it takes longer
 * than what is not there, until the next login has it hashed anew ({@link Passwords.outdated}).
 *
 * @param compare bcrypt's; for tests
 */
export function passwords(
  options: PasswordHashing,
  compare: (password: string, hash: string) => Promise<boolean> = bcrypt.compare,
): Passwords {
  const { cost } = options;
  const work = bounded(options);
  const dummy = dummyHash(cost);
  const cheaper = Array.from({ length: Math.max(cost - LOWEST_COST, 0) }, (_, index) => dummyHash(LOWEST_COST + index));
  /** Each step of the cost doubles the work: that of c and of c, c + 1, …, cost - 1 together is exactly that of cost. */
  const compareAtCost = async (password: string, hash: string): Promise<boolean> => {
    const matches = await compare(password, hash);
    const lower = bcrypt.getRounds(hash);
    for (const filler of cheaper.slice(lower - LOWEST_COST)) await compare(password, filler);
    return matches;
  };
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
      const matches = await work.run(async () => compareAtCost(usable ? normal : '', known ? hash : dummy));
      if (matches === 'busy') return matches;
      return matches && usable && known ? 'match' : 'mismatch';
    },
    hasRoom: (coming) => work.hasRoom(coming),
    outdated: (hash) => !HASH.test(hash) || bcrypt.getRounds(hash) !== cost,
  };
}

/** A hash of the given cost that no password is known for. It need not be computed: 31 characters are as good as others. */
function dummyHash(cost: number): string {
  return bcrypt.genSaltSync(cost) + randomBytes(24).toString('base64').slice(0, 31).replaceAll('+', '.');
}
