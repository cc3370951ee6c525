import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { ServerTlsConfig } from '../../config/tls-config.ts';
import { SUITES } from './suites.ts';

/** The certificates of a listener, ready for handshakes, and which one a client gets. */
export class SecureContexts {
  /** For clients that name no host, or one that no certificate is for. */
  readonly first: SecureContext;
  readonly #byName = new Map<string, SecureContext>();
  /** By what follows the `*` of a wildcard: `.example.com`. */
  readonly #byParent = new Map<string, SecureContext>();

  /**
   * @param resumption of sessions, the same whichever certificate a client got
   * @throws what OpenSSL says of a certificate or key that it does not take
   */
  constructor({ certificates, minVersion, clientCa }: ServerTlsConfig, resumption: SecureContextOptions) {
    const contexts = certificates.map(({ cert, key }) => {
      const context = createSecureContext({ cert, key, ca: clientCa, minVersion, ...SUITES, ...resumption });
      for (const name of namesOf(cert)) this.#add(name, context);
      return context;
    });
    const [first] = contexts;
    if (first === undefined) throw new Error('there is no certificate');
    this.first = first;
  }

  /** @param serverName as in the client's Server Name Indication (RFC 6066 section 3) */
  choose(serverName: string): SecureContext {
    const name = serverName.toLowerCase().replace(/\.$/, '');
    const dot = name.indexOf('.');
    return this.#byName.get(name) ?? (dot > 0 ? this.#byParent.get(name.slice(dot)) : undefined) ?? this.first;
  }

  /** Of two certificates for one name the one that is written first is used. */
  #add(name: string, context: SecureContext): void {
    const isWildcard = name.startsWith('*.');
    const names = isWildcard ? this.#byParent : this.#byName;
    const key = isWildcard ? name.slice(1) : name;
    if (!names.has(key)) names.set(key, context);
  }
}

/** The host names that a certificate is for: those in subjectAltName, as RFC 9110 section 4.3.4 wants it. */
export function namesOf(cert: string): string[] {
  const { subjectAltName = '' } = new X509Certificate(cert);
  // A name with a comma or another strange character stands in quotes, and is none of a host.
  return subjectAltName.split(', ').flatMap((entry) => {
    const [, name] = /^DNS:((?:\*\.)?[\w.-]+)$/.exec(entry) ?? [];
    return name === undefined ? [] : [name.toLowerCase()];
  });
}
