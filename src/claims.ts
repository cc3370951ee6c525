/** What a verified token says, as it stood in its JSON. */
export type Claims = Readonly<Record<string, unknown>>;

/** Reads one value of the claims; undefined when it is not there. */
export type ClaimAccessor = (claims: Claims) => unknown;

const EXPRESSION = /^\{\{\s*claims(?:\.([\w-]+(?:\.[\w-]+)*)|\["([^"\]]+)"\])\s*\}\}$/;

/**
 * Compiles `{{claims.sub}}`, `{{claims.realm_access.roles}}` or `{{claims["https://x/y"]}}`. Dots lead from one object
 * into the next; what stands in brackets is one name. So a text means one place and no other: a token cannot put a
 * claim named `realm_access.roles` in the place of the nested one.
 *
 * @returns undefined when the text is no such expression
 */
export function compileClaim(expression: string): ClaimAccessor | undefined {
  const match = EXPRESSION.exec(expression);
  if (match === null) return undefined;
  return claimAt(match[2] === undefined ? (match[1] ?? '').split('.') : [match[2]]);
}

/** @param path names of members, from the outside in */
export function claimAt(path: readonly string[]): ClaimAccessor {
  const [name = ''] = path;
  if (path.length === 1) return (claims) => (Object.hasOwn(claims, name) ? claims[name] : undefined);
  return (claims) => {
    let value: unknown = claims;
    for (const member of path) {
      if (!isClaims(value) || !Object.hasOwn(value, member)) return undefined;
      value = value[member];
    }
    return value;
  };
}

/** Whether a value of JSON is an object. */
export function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The scopes of a token: `scope`, a text with spaces between (RFC 8693 section 4.2, RFC 9068 section 2.2.3) or a list,
 * and `scp`, which some issuers send instead.
 */
export function scopesOf(claims: Claims): readonly string[] {
  return [...words(claims['scope']), ...words(claims['scp'])];
}

function words(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return texts(value);
}

/** The texts of a list; anything else in it does not count. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
