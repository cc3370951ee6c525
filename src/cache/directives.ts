import { durationOf, parseDirectives, type Directive } from './directive-list.ts';

/** Cache-Control of a request (RFC 9111 section 5.2.1). Durations in milliseconds. */
export interface RequestRules {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly onlyIfCached: boolean;
  readonly maxAge: number | undefined;
  readonly minFresh: number | undefined;
  /** Infinity = `max-stale` without a value. */
  readonly maxStale: number | undefined;
  /** RFC 5861 section 4. */
  readonly staleIfError: number | undefined;
}

const NO_RULES: RequestRules = {
  noStore: false,
  noCache: false,
  onlyIfCached: false,
  maxAge: undefined,
  minFresh: undefined,
  maxStale: undefined,
  staleIfError: undefined,
};

/**
 * @param pragma `no-cache` counts when there is no Cache-Control (RFC 9111 section 5.4)
 * @returns undefined when the request says nothing, as nearly all do
 */
export function requestRules(cacheControl: string | undefined, pragma: string | undefined): RequestRules | undefined {
  if (cacheControl === undefined) return pragma === undefined ? undefined : pragmaRules(pragma);
  let rules: RequestRules | undefined;
  for (const directive of parseDirectives(cacheControl)) {
    const rule = ruleOf(directive, rules ?? NO_RULES);
    if (rule !== undefined) rules = { ...(rules ?? NO_RULES), ...rule };
  }
  return rules;
}

function pragmaRules(pragma: string): RequestRules | undefined {
  const isNoCache = parseDirectives(pragma).some(({ name }) => name === 'no-cache');
  return isNoCache ? { ...NO_RULES, noCache: true } : undefined;
}

/** What a directive adds. Of several of one name the strictest counts; of a value that cannot be read, the strictest. */
function ruleOf(directive: Directive, rules: RequestRules): Partial<RequestRules> | undefined {
  const duration = durationOf(directive);
  switch (directive.name) {
    case 'no-store':
      return { noStore: true };
    case 'no-cache':
      return { noCache: true };
    case 'only-if-cached':
      return { onlyIfCached: true };
    case 'max-age':
      return { maxAge: Math.min(rules.maxAge ?? Infinity, duration ?? 0) };
    case 'min-fresh':
      return duration === undefined ? undefined : { minFresh: Math.max(rules.minFresh ?? 0, duration) };
    case 'max-stale': {
      const bound = directive.value === undefined ? Infinity : (duration ?? 0);
      return { maxStale: Math.min(rules.maxStale ?? Infinity, bound) };
    }
    case 'stale-if-error':
      return { staleIfError: Math.min(rules.staleIfError ?? Infinity, duration ?? 0) };
    default:
      return undefined;
  }
}
