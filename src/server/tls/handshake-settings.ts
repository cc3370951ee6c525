import { createHash, hkdfSync } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ServerTlsConfig } from '../../config/tls-config.ts';

/** What a configuration says of handshakes. The rest of `server.tls` is for what comes after them. */
export class HandshakeSettings {
  readonly config: ServerTlsConfig;
  /** For how long a client may take; in milliseconds, 0 = for ever. */
  readonly timeout: number;

  constructor(config: ServerTlsConfig, timeout: number) {
    this.config = config;
    this.timeout = timeout;
  }

  /** Whether handshakes are the same under others. Certificates are compared by what was in their files. */
  equals(other: HandshakeSettings): boolean {
    return this.timeout === other.timeout && isDeepStrictEqual(this.#agreed, other.#agreed);
  }

  /** Whether those who shook hands under these settings could have done so under others. */
  admitsAs({ config }: HandshakeSettings): boolean {
    const { clientCa, clientAuth, minVersion } = this.config;
    return clientCa === config.clientCa && clientAuth === config.clientAuth && minVersion === config.minVersion;
  }

  /**
   * By what sessions are resumed (RFC 5077, RFC 8446 section 4.6.1): the same in all processes that know the secret, and
   * different under different settings, so that nobody comes by a ticket past a rule that was not there yet.
   */
  resumption(secret: string): { readonly ticketKeys: Buffer; readonly sessionIdContext: string } {
    const digest = createHash('sha256').update(JSON.stringify(this.#agreed)).digest();
    return {
      ticketKeys: Buffer.from(hkdfSync('sha256', secret, digest, 'session tickets', 48)),
      // OpenSSL takes 32 bytes of it.
      sessionIdContext: digest.toString('hex').slice(0, 32),
    };
  }

  get #agreed(): unknown {
    const { certificates, clientCa, clientAuth, minVersion, http2 } = this.config;
    return { certificates, clientCa: clientCa ?? '', clientAuth, minVersion, http2 };
  }
}
