import { createKey, outlived, readKeys, revokeKey, rotateKeys, type KeyFile } from '../auth/key-folder.ts';
import { storedSigningKeys } from '../auth/signing-keys.ts';
import type { IdentityConfig, TokensConfig } from '../config/people-config.ts';
import { visible } from '../config/render/terminal.ts';
import { formatDuration } from '../config/units.ts';
import { ExitError } from './exit.ts';
import { confirmed, isTerminal, ownTerminal, type Terminal } from './prompt.ts';
import { requireIdentity } from './refusal.ts';
import { dateText, print, printJson, table, tell, type OutputFormat } from './table.ts';

export interface KeysFlags {
  readonly format: OutputFormat;
}

/** Services keep a copy of a key set for some minutes, and some for longer. In milliseconds. */
const MIN_OVERLAP = 3_600_000;

/** What a key does: it signs, will sign, still verifies, or is of no use any more. */
type KeyState = 'signing' | 'next' | 'verifying' | 'outlived';

interface Folder {
  readonly path: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly transport: TokensConfig['transport'];
  /** How long a new key is published before it signs; in milliseconds, as the next. */
  readonly overlap: number;
  /** The longest life of what is made with a key. */
  readonly tokenLife: number;
}

/**
 * Makes the first signing key of the configured algorithm.
 *
 * @param now in milliseconds since 1970, as for the others
 * @throws ExitError 1 when there is one already
 */
export async function keysCreate(
  identity: IdentityConfig | undefined,
  { format }: KeysFlags,
  now = Date.now(),
): Promise<void> {
  const folder = folderOf(identity);
  const keys = await keysIn(folder);
  const own = keys.filter(({ algorithm }) => algorithm === folder.algorithm);
  if (own.length > 0) {
    const count = own.length === 1 ? 'is a key' : `are ${own.length} keys`;
    throw new ExitError(
      1,
      `there ${count} for ${folder.algorithm} in ${folder.path} already: to replace it, type gatewayctl keys rotate`,
    );
  }
  // Whoever has a copy of the key set has to hear of a new key first; of no keys nobody has a copy.
  const created = await written(
    createKey(folder.path, folder.algorithm, keys.length === 0 ? now : now + folder.overlap),
    folder,
  );
  report(created, [], folder, format, now);
}

/**
 * Makes the next signing key, which is published before it signs, and removes those that no valid token can be signed
 * with any more.
 *
 * @throws ExitError 1 when the next key is there already
 */
export async function keysRotate(
  identity: IdentityConfig | undefined,
  { format }: KeysFlags,
  now = Date.now(),
): Promise<void> {
  const folder = folderOf(identity);
  const keys = await keysIn(folder);
  const next = keys.find(({ algorithm, signsFrom }) => algorithm === folder.algorithm && signsFrom > now);
  if (next !== undefined) {
    throw new ExitError(
      1,
      `the next key ${next.kid} is there already and signs from ${dateText(new Date(next.signsFrom))}: rotate again after that`,
    );
  }
  const { created, removed } = await written(
    rotateKeys(folder.path, keys, folder.algorithm, {
      now,
      overlap: folder.overlap,
      tokenLife: folder.tokenLife,
    }),
    folder,
  );
  report(created, removed, folder, format, now);
}

/**
 * Lists the signing keys, the oldest first.
 *
 * @throws ExitError 1 when there is none, or one that cannot be used
 */
export async function keysList(
  identity: IdentityConfig | undefined,
  { format }: KeysFlags,
  now = Date.now(),
): Promise<void> {
  const folder = folderOf(identity);
  const keys = await keysIn(folder);
  const shown = keys.map((key) => describe(key, stateOf(key, keys, folder, now)));
  if (format === 'json') printJson({ folder: folder.path, keys: shown });
  else if (shown.length > 0) {
    const rows = shown.map(({ kid, algorithm, state, signsFrom, file }) => [kid, algorithm, state, signsFrom, file]);
    print(table(['KID', 'ALGORITHM', 'STATE', 'SIGNS FROM', 'FILE'], rows));
  }
  if (!keys.some(({ algorithm }) => algorithm === folder.algorithm)) {
    throw new ExitError(1, `there is no key for ${folder.algorithm} in ${folder.path}: type gatewayctl keys create`);
  }
}

/**
 * Withdraws a signing key that others may have. When it is the one that signs, another one signs in its place at once:
 * to publish that one first would leave the lost key good for so long.
 *
 * @throws ExitError 1 when there is no such key or nobody has confirmed it, 2 when there is nobody to ask, 130 for Ctrl-C
 */
export async function keysRevoke(
  identity: IdentityConfig | undefined,
  kid: string,
  flags: KeysFlags & { readonly yes: boolean },
  terminal: Terminal = ownTerminal(),
  now = Date.now(),
): Promise<void> {
  const folder = folderOf(identity);
  if (!flags.yes && !isTerminal(terminal)) {
    throw new ExitError(2, 'keys revoke asks before it removes, and there is no terminal to ask on: add --yes');
  }
  const keys = await keysIn(folder);
  const key = keys.find((each) => each.kid === kid);
  if (key === undefined) {
    throw new ExitError(
      1,
      `there is no key ${visible(JSON.stringify(kid))} in ${folder.path}: expected the kid of one; look with gatewayctl keys list`,
    );
  }
  const revoked = describe(key, stateOf(key, keys, folder, now));
  if (!flags.yes) {
    tell(`${key.path} (${revoked.state}) will be lost for good; to replace a key that nobody else has, rotate`);
    const sure = await confirmed('Type the kid to revoke the key: ', kid, terminal);
    if (!sure) throw new ExitError(1, `that is not ${kid}, and nothing was changed`);
  }
  const hasOthers = keys.some((other) => other !== key && other.algorithm === folder.algorithm);
  const successor = revoked.state === 'signing' || !hasOthers ? folder.algorithm : undefined;
  const created = await written(revokeKey(folder.path, key, successor, now), folder);
  if (flags.format === 'json') {
    printJson({ revoked, created: created === undefined ? null : describe(created, 'signing') });
    return;
  }
  if (created !== undefined) print(`made ${created.path} (${created.algorithm}), which signs at once\n`);
  print(`removed ${key.path}\n`);
  const users = folder.transport === 'cookie' ? 'have to log in again' : 'have to refresh or log in again';
  tell(`running gateways refuse tokens that were signed with it within 10 s; the users who have them ${users}`);
  tell('services that verify tokens themselves trust it until they fetch the key set anew: tell them');
}

function report(
  created: KeyFile,
  removed: readonly KeyFile[],
  folder: Folder,
  format: OutputFormat,
  now: number,
): void {
  const isNext = created.signsFrom > now;
  const made = describe(created, isNext ? 'next' : 'signing');
  if (format === 'json') {
    printJson({ created: made, removed: removed.map((key) => describe(key, 'outlived')) });
    return;
  }
  print(`made ${made.file} (${made.algorithm}), which signs from ${made.signsFrom}\n`);
  for (const { path } of removed) print(`removed ${path}\n`);
  if (isNext) {
    const overlap = formatDuration(folder.overlap);
    tell(`it is published for ${overlap} before it signs, so that others have it by then; older keys verify on`);
  }
}

function describe(
  { kid, algorithm, signsFrom, path }: KeyFile,
  state: KeyState,
): { kid: string; algorithm: string; state: KeyState; signsFrom: string; file: string } {
  return { kid, algorithm, state, signsFrom: dateText(new Date(signsFrom)), file: path };
}

function stateOf(key: KeyFile, keys: readonly KeyFile[], folder: Folder, now: number): KeyState {
  const own = keys.some(({ algorithm }) => algorithm === folder.algorithm);
  if (own && storedSigningKeys(keys, folder.algorithm).signing(now).kid === key.kid) return 'signing';
  if (key.signsFrom > now) return 'next';
  return outlived(keys, now - folder.tokenLife).includes(key) ? 'outlived' : 'verifying';
}

function folderOf(identity: IdentityConfig | undefined): Folder {
  const tokens: TokensConfig = requireIdentity(identity).tokens;
  const { keys, algorithm, accessTtl, refreshTtl, transport } = tokens;
  if (keys === undefined || algorithm === 'HS256') {
    throw new ExitError(
      2,
      'identity.tokens signs with a shared secret, which is no file: to sign with keys, set algorithm: RS256 and keys: keys/ in place of secret',
    );
  }
  return {
    path: keys,
    algorithm,
    transport,
    // No shorter than access tokens live: by the time when a key signs, what was there before it has been renewed.
    overlap: Math.max(MIN_OVERLAP, accessTtl),
    // CSRF tokens are made with the key as well, and live in their cookie for as long as the refresh token. A browser
    // that was idle has none but that one: without its key it could not even refresh.
    tokenLife: transport === 'cookie' ? Math.max(accessTtl, refreshTtl) : accessTtl,
  };
}

/** None when there is no folder yet. */
async function keysIn({ path }: Folder): Promise<readonly KeyFile[]> {
  const keys = await readKeys(path);
  if (!('faults' in keys)) return keys;
  if (keys.faults.every(({ code }) => code === 'missing')) return [];
  throw new ExitError(1, `${keys.faults.map(({ message }) => message).join('; ')}; nothing was changed`);
}

async function written<Result>(writing: Promise<Result>, { path }: Folder): Promise<Result> {
  try {
    return await writing;
  } catch (error) {
    // A system's error, such as EACCES, has a code; a bug has none.
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new ExitError(
      1,
      `the folder ${path} cannot be written: ${error.message}; mend its rights, or change identity.tokens.keys`,
    );
  }
}
