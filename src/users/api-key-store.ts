import type { Queries } from '../database/database.ts';

/** A key as lists show it. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: Date;
  /** Undefined = never. */
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** A key that was not revoked, as it is compared with what a client sends. */
export interface StoredApiKey {
  readonly id: string;
  readonly role: string;
  /** As `ApiKey.hash` has it. */
  readonly hash: string;
  /** In milliseconds since 1970; Infinity = never. */
  readonly expiresAt: number;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, name, role, created_at, expires_at, revoked_at';

function recordOf({ id, name, role, created_at, expires_at, revoked_at }: Row): ApiKeyRecord {
  return {
    id,
    name,
    role,
    createdAt: created_at,
    expiresAt: expires_at ?? undefined,
    revokedAt: revoked_at ?? undefined,
  };
}

export async function insertApiKey(
  queries: Queries,
  key: {
    readonly id: string;
    readonly hash: string;
    readonly name: string;
    readonly role: string;
    readonly expiresAt: Date | undefined;
    readonly now: number;
  },
): Promise<ApiKeyRecord> {
  const createdAt = new Date(key.now);
  await queries.execute(
    'INSERT INTO api_keys (id, name, role, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [key.id, key.name, key.role, Buffer.from(key.hash, 'base64url'), createdAt, key.expiresAt ?? null],
  );
  const { id, name, role, expiresAt } = key;
  return { id, name, role, createdAt, expiresAt, revokedAt: undefined };
}

/** All of them, the oldest first. */
export async function allApiKeys(queries: Queries): Promise<readonly ApiKeyRecord[]> {
  return (await queries.query<Row>(`SELECT ${COLUMNS} FROM api_keys ORDER BY created_at, id`)).map(recordOf);
}

/** @returns undefined when there is no such key; one that was revoked before keeps its time */
export async function revokeApiKey(queries: Queries, id: string, now: number): Promise<ApiKeyRecord | undefined> {
  const [row] = await queries.query<Row>(
    `UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING ${COLUMNS}`,
    [id, new Date(now)],
  );
  return row === undefined ? undefined : recordOf(row);
}

/** Those of the given keys that were not revoked. */
export async function storedApiKeys(
  queries: Queries,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredApiKey>> {
  const rows = await queries.query<{ id: string; role: string; hash: Buffer; expires_at: Date | null }>(
    'SELECT id, role, hash, expires_at FROM api_keys WHERE id = ANY($1::text[]) AND revoked_at IS NULL',
    [ids],
  );
  return new Map(
    rows.map(({ id, role, hash, expires_at }) => [
      id,
      { id, role, hash: hash.toString('base64url'), expiresAt: expires_at?.getTime() ?? Infinity },
    ]),
  );
}
