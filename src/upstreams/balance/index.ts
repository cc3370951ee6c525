import type { Balancer, Candidate } from './balancer.ts';
import { Hash } from './hash.ts';
import { LeastConnections } from './least-connections.ts';
import { PowerOfTwoChoices } from './p2c.ts';
import { Random } from './random.ts';
import { RoundRobin } from './round-robin.ts';

export type BalancerKind = 'round-robin' | 'least-connections' | 'p2c' | 'random' | 'hash';

/** @param random gives numbers from 0 up to, but not including, 1 */
export function createBalancer<C extends Candidate>(
  kind: BalancerKind,
  random: () => number = Math.random,
): Balancer<C> {
  switch (kind) {
    case 'round-robin':
      return new RoundRobin();
    case 'least-connections':
      return new LeastConnections();
    case 'p2c':
      return new PowerOfTwoChoices(random);
    case 'random':
      return new Random(random);
    case 'hash':
      return new Hash();
  }
}
