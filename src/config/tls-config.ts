import type { ListenConfig } from './config.ts';

/** The HTTPS listener. */
export interface ServerTlsConfig {
  readonly listen: ListenConfig;
  /** At least one; the first is for clients that name no host, or one that no certificate is for. */
  readonly certificates: readonly CertificateConfig[];
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  /** As PEM text: what the file held when the configuration was read. Undefined = no client is asked for a certificate. */
  readonly clientCa: string | undefined;
  /** Whether a client without a certificate is refused; it counts only with `clientCa`. */
  readonly clientAuth: 'require' | 'request';
  /** Whether the plain listener sends clients here. */
  readonly redirectHttp: boolean;
  /** The max-age of Strict-Transport-Security; in milliseconds, 0 = no such field. */
  readonly hsts: number;
  readonly http2: boolean;
}

/** A certificate with its chain and its key, as PEM text: what the files held when the configuration was read. */
export interface CertificateConfig {
  readonly cert: string;
  readonly key: string;
}
