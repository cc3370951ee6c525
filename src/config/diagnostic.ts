/** How bad a finding is: an error makes the file invalid, a warning does so only with `--strict`. */
export type Severity = 'error' | 'warning';

/**
 * Every code a diagnostic can carry, in one closed list. Tools match on the code, never on the message.
 *
 * The first group is about the text, the second about the shape, the third about what the parts mean together,
 * the last about files that are valid and probably not what was meant.
 */
export const DIAGNOSTIC_CODES = {
  'unreadable-file': 'The file cannot be read.',
  'too-large': 'The file is larger than 4 MiB.',
  'too-deep': 'Brackets or indentation nest deeper than 64 levels.',
  'invalid-utf8': 'The file is not UTF-8 text.',
  'yaml-syntax': 'The text is not YAML.',
  'duplicate-key': 'A key stands twice in one mapping.',
  'alias-expansion': 'Aliases expand to more than a configuration can need.',
  'empty-file': 'The file holds no configuration.',
  'missing-variable': 'A ${NAME} has no value and no default.',
  'invalid-interpolation': 'A ${…} is not well-formed.',

  'unknown-version': 'The file is written for another version of the language.',
  'unknown-key': 'The language has no such key here.',
  'missing-key': 'A required key is absent.',
  'wrong-type': 'A value is of another type than the key takes.',
  'invalid-value': 'A value is outside of what the key takes.',

  'duplicate-name': 'Two things have the same name.',
  'unknown-reference': 'A name is used that nothing defines.',
  'route-conflict': 'Two routes match the same requests and neither is more specific.',
  'access-without-identity': 'A route asks for a login, but nothing in the file says who may log in.',
  'admin-token-required': 'The admin listener can be reached from elsewhere and has no token.',
  'invalid-file': 'A file that the configuration names is missing or is not what it should be.',
  'invalid-schema': 'A JSON Schema is not one, or asks for something that is not there.',

  'unreachable-route': 'A route that no request can reach.',
  'unused-upstream': 'An upstream that nothing uses.',
  'retries-exceed-timeout': 'The retries of an upstream cannot fit into a route’s timeout.',
  'public-mutation': 'A public route changes data under a prefix whose other routes need a login.',
  'claims-on-public-route': 'A public route uses claims of a caller whom it never knows.',
  'mirror-to-itself': 'Copies of requests go where the requests themselves go.',
  'certificate-not-valid-now': 'A certificate has expired, or is not valid yet.',
  'plain-http-credentials': 'Passwords, tokens or keys travel over plain HTTP.',
  'address-within-block': 'A block of addresses is written by one that is not its first.',
  'tls-verification-off': 'The certificate of an upstream is not verified.',
  'workers-without-redis': 'Several workers count rate limits or keep answers, each for itself.',
  'cache-without-effect': 'A cache of which nothing can ever be answered.',
  'cache-across-callers': 'An answer that was made for one caller is kept for others.',
  'vary-on-credentials': 'The key of a cache names credentials, which are in it by themselves.',
  'otlp-grpc-port': 'Spans are sent over HTTP to a port that takes gRPC.',
  'include-without-match': 'An include matches no file.',
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

/** One finding in a configuration file, at the place a person has to look at. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence: what was found and what was expected. Without a full stop. */
  readonly message: string;
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  /** The key's path as `yq` writes it: `routes[0].match.path`; empty for the whole file. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
  /** How many characters the caret underlines, at least 1. */
  readonly length: number;
  /** What to type next: `did you mean "routes"?` */
  readonly hint?: string;
}
