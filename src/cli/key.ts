import { parseApiKey } from '../auth/api-keys.ts';
import { parseDuration } from '../config/units.ts';
import type { ApiKeyRecord } from '../users/administration.ts';
import { ExitError } from './exit.ts';
import type { People } from './people.ts';
import { refusal, requireRole } from './refusal.ts';
import { dateText, print, printJson, table, tell, type OutputFormat } from './table.ts';

export interface KeyFlags {
  readonly format: OutputFormat;
}

/** Longer ones are typing errors. In milliseconds: a hundred years. */
const MAX_LIFE = 36_525 * 86_400_000;
const MAX_NAME = 100;

/**
 * Makes an API key. The key is all that goes to standard output, so that it can be piped to where it is kept; what there
 * is to know about it goes to standard error.
 *
 * @param now in milliseconds since 1970
 * @throws ExitError
 */
export async function keyAdd(
  people: People,
  name: string,
  flags: KeyFlags & { readonly role: string; readonly expires: string | undefined },
  now = Date.now(),
): Promise<void> {
  requireName(name);
  const life = flags.expires === undefined ? undefined : lifeOf(flags.expires);
  requireRole(flags.role, people.roles);
  const expiresAt = life === undefined ? undefined : new Date(now + life);
  const answer = await people.administration.addKey(name, flags.role, expiresAt);
  if ('fault' in answer) throw refusal(answer.fault, { role: flags.role }, people);
  const { key, record } = answer;
  if (flags.format === 'json') printJson({ key, ...shown(record, now) });
  else print(`${key}\n`);
  const until =
    record.expiresAt === undefined ? 'never expires (--expires 90d would)' : `expires ${dateText(record.expiresAt)}`;
  tell(`made the API key ${record.name} with the role ${record.role}: its id is ${record.id}, and it ${until}`);
  tell('it is shown this once and stored nowhere: keep it now');
}

/** Lists all API keys, those that were revoked or have expired included. */
export async function keyList({ administration }: People, { format }: KeyFlags, now = Date.now()): Promise<void> {
  const keys = await administration.listKeys();
  if (format === 'json') {
    printJson({ keys: keys.map((key) => shown(key, now)) });
    return;
  }
  if (keys.length === 0) {
    tell('there are no API keys yet: gatewayctl key add NAME --role ROLE');
    return;
  }
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.role,
    state(key, now),
    dateText(key.createdAt),
    key.expiresAt === undefined ? 'never' : dateText(key.expiresAt),
  ]);
  print(table(['ID', 'NAME', 'ROLE', 'STATE', 'CREATED', 'EXPIRES'], rows));
}

/**
 * Revokes an API key for good.
 *
 * @param idOrKey its id, or the key itself as it was found somewhere
 * @throws ExitError
 */
export async function keyRevoke(
  people: People,
  idOrKey: string,
  { format }: KeyFlags,
  now = Date.now(),
): Promise<void> {
  const id = idOf(idOrKey);
  const answer = await people.administration.revokeKey(id);
  if ('fault' in answer) throw refusal(answer.fault, { key: id }, people);
  if (format === 'json') printJson(shown(answer, now));
  else print(`revoked the API key ${answer.name} (${answer.id})\n`);
}

/** Whoever finds a key in a log has the key, and not its id. A key never stands in a message. */
function idOf(idOrKey: string): string {
  const text = idOrKey.trim();
  if (!text.startsWith('gw_')) return text;
  const key = parseApiKey(text);
  if (key !== undefined) return key.id;
  throw new ExitError(
    2,
    'found something like a whole key, with a typing error in it: expected the id of one; look with gatewayctl key list',
  );
}

function requireName(name: string): void {
  if (name.trim() !== '' && name.length <= MAX_NAME && !/\p{Cc}/u.test(name)) return;
  throw new ExitError(
    2,
    `the name of a key tells people what it is for: expected 1 to ${MAX_NAME} characters, such as ci or billing-export`,
  );
}

function lifeOf(text: string): number {
  let life = 0;
  try {
    life = text === 'off' ? 0 : parseDuration(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (life > 0 && life <= MAX_LIFE) return life;
  throw new ExitError(
    2,
    `found --expires ${text}, expected a time from now on, such as 12h, 90d or 365d; leave it out for a key that never expires`,
  );
}

/** As JSON has it: what is not set is there as null. */
function shown(key: ApiKeyRecord, now: number): Record<string, unknown> {
  return { ...key, expiresAt: key.expiresAt ?? null, revokedAt: key.revokedAt ?? null, state: state(key, now) };
}

function state({ expiresAt, revokedAt }: ApiKeyRecord, now: number): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt.getTime() <= now ? 'expired' : 'active';
}
