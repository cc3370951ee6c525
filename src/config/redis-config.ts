/** The Redis that gateways share, with every default filled in. */
export type RedisConfig = RedisAddressConfig & {
  /** What every key and channel begins with. */
  readonly keyPrefix: string;
  /** How long one command may take, in milliseconds. */
  readonly timeout: number;
};

/** Where it is, and how it lets the gateway in: one server, what its sentinels say, or the nodes of a cluster. */
export type RedisAddressConfig = RedisAccessConfig &
  (
    | { readonly kind: 'single'; readonly database: number }
    | { readonly kind: 'sentinel'; readonly database: number; readonly master: string }
    | { readonly kind: 'cluster' }
  );

interface RedisAccessConfig {
  /** The server, the sentinels, or the nodes that are asked for all others. At least one. */
  readonly nodes: readonly RedisNodeConfig[];
  /** Undefined = the default user. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
}

export interface RedisNodeConfig {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}
