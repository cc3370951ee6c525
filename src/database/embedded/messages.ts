/** The folder below `dataDir` that PostgreSQL's own files are in. */
export const CLUSTER = 'postgres';
/** The packages that the embedded database needs. */
export const PACKAGE = '@electric-sql/pglite';

/** What the thread of the embedded database is given. */
export interface ServerSource {
  /** PostgreSQL's own files. */
  readonly cluster: string;
  readonly socket: string;
  /** How long a client may say nothing within a transaction; in milliseconds. */
  readonly transactionIdle: number;
}

/** What the thread is told: to stop, or to say that it can still listen. */
export type ServerRequest = 'stop' | 'ping';

/** What the thread says. */
export type ServerMessage =
  | { readonly kind: 'pong' }
  | { readonly kind: 'listening' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'stopped' };

/** What the process that creates the files says at its end. */
export type CreateMessage = { readonly kind: 'created' } | { readonly kind: 'failed'; readonly message: string };
