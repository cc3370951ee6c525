import { builtInIssuer } from '../auth/access-tokens.ts';
import type { Algorithm } from '../auth/algorithms.ts';
import { foreignIssuer, type Issuer } from '../auth/issuer.ts';
import { fileJwks, remoteJwks } from '../auth/jwks.ts';
import { jwksUrl } from '../auth/jwks-fetch.ts';
import { secretKeys, type KeySource } from '../auth/key-source.ts';
import { verifier, type Verifier } from '../auth/verifier.ts';
import { compileClaim } from '../claims.ts';
import type { IssuerConfig } from '../config/people-config.ts';
import type { Lease } from './shared.ts';
import type { HeldKeys, SigningSettings } from './signing.ts';

/** What a verifier depends on. */
export interface VerifierSettings {
  readonly issuers: readonly IssuerConfig[];
  /** The built-in identity; undefined when there is none. */
  readonly builtIn: BuiltInSettings | undefined;
}

export interface BuiltInSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly signing: SigningSettings;
}

/** A verifier that several generations of the gateway hold. */
export interface HeldVerifier {
  readonly verifier: Verifier;
  close(): void;
}

/**
 * Makes what verifies the tokens of a configuration's issuers.
 *
 * @param holdKeys the keys of the built-in identity, which are shared with what signs
 * @param keysUnavailable told of each fetch of keys that failed
 */
export function createVerifier(
  { issuers, builtIn }: VerifierSettings,
  holdKeys: (settings: SigningSettings) => Lease<HeldKeys>,
  keysUnavailable: (issuer: string, fault: string) => void = () => undefined,
): HeldVerifier {
  const compiled = issuers.map((config) => compileIssuer(config, (fault) => keysUnavailable(config.name, fault)));
  const lease = builtIn === undefined ? undefined : holdKeys(builtIn.signing);
  if (builtIn !== undefined && lease !== undefined) compiled.push(builtInIssuer({ ...builtIn, keys: lease.resource }));
  return { verifier: verifier({ issuers: compiled, now: Date.now }), close: () => lease?.release() };
}

function compileIssuer(config: IssuerConfig, onFault: (fault: string) => void): Issuer {
  const { name, issuer, audience, algorithms, claims, allowRoles } = config;
  return foreignIssuer({
    name,
    issuer,
    audience,
    algorithms,
    allowRoles,
    keys: keysOf(config, algorithms, onFault),
    subject: claims.subject === undefined ? undefined : compileClaim(claims.subject),
    roles: claims.roles === undefined ? undefined : compileClaim(claims.roles),
  });
}

function keysOf(
  { name, keys }: IssuerConfig,
  algorithms: readonly Algorithm[],
  onFault: (fault: string) => void,
): KeySource {
  if (keys.kind === 'secret') return secretKeys(keys.secret);
  if (keys.kind === 'file') {
    const source = fileJwks(keys.text, algorithms);
    if (source === undefined) throw new Error(`the JWK Set of the issuer ${name} does not parse`);
    return source;
  }
  const url = jwksUrl(keys.url);
  if (url === undefined) throw new Error(`the keys of the issuer ${name} would come over plain HTTP`);
  return remoteJwks({ url, algorithms, now: () => performance.now(), onFault });
}
