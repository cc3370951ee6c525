import type { Identity } from '../exchange.ts';

export type { Identity } from '../exchange.ts';

/**
 * The issuer of tokens of the built-in identity, and of API keys. No issuer in a configuration can have this name:
 * names have no parentheses.
 */
export const BUILT_IN = '(gateway)';

/** Whether the gateway itself knows this caller. */
export function isBuiltIn(identity: Identity): boolean {
  return identity.issuer === BUILT_IN;
}
