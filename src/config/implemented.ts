/**
 * The keys of the language that this version does not carry out yet. A configuration that uses one is refused, so that
 * a rule that somebody wrote is never served as if it were not there. `[]` stands for every item of a list, `*` for
 * every key. After `=` stands the one value that is refused, `{}` for any mapping.
 */
export const NOT_IMPLEMENTED: readonly string[] = ['tracing'];
