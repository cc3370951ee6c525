import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { algorithmsOf, MIN_RSA_BITS } from './algorithms.ts';
import { inOrder, type StoredKey } from './signing-keys.ts';

/**
 * The folder of signing keys: one PEM private key a file, `20260722T101500Z-3f1c0a52b7de9a44.pem`. The time in the name
 * is the one from which the key signs, in UTC; what follows is its kid. A folder that is copied or mounted keeps its
 * names, while the times of files change: the names are all that there is to know.
 */

/** What is wrong with a folder, or with one file in it. */
export interface KeyFault {
  readonly code:
    | 'missing'
    | 'unreadable'
    | 'readable-by-others'
    | 'writable-by-others'
    | 'foreign-owner'
    | 'bad-name'
    | 'not-a-key'
    | 'weak-key'
    | 'same-kid';
  /** The folder or the file. */
  readonly path: string;
  /** What to do about it, for people. */
  readonly message: string;
}

/** A key and the file that holds it. */
export interface KeyFile extends StoredKey {
  readonly path: string;
}

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([\w-]{1,128})\.pem$/;

/**
 * What others may not do with a private key's file; Windows has no such bits. As with the keys of PostgreSQL, root may
 * let a group read its file: so a secret is mounted for a process that is not root, and only root can give it a group.
 */
const OTHERS = process.platform === 'win32' ? { ofRoot: 0, ofAnybody: 0 } : { ofRoot: 0o037, ofAnybody: 0o077 };

/** Whoever may write into a folder could add a key, and sign with it. */
const WRITABLE = process.platform === 'win32' ? 0 : 0o022;
/** In such a folder nobody can replace what is another's; a foreign key is refused by its owner. */
const STICKY = 0o1000;

/**
 * Reads every key of a folder, the oldest first. Files that do not end in `.pem` are no keys.
 *
 * @returns the keys, or all that is wrong: a folder with one bad key is not used, since whoever put that key there
 * counts on it
 */
export async function readKeys(folder: string): Promise<readonly KeyFile[] | { readonly faults: readonly KeyFault[] }> {
  let names: string[];
  let mode: number;
  try {
    names = await readdir(folder);
    ({ mode } = await stat(folder));
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    const message = missing ? `there is no folder ${folder}` : `the folder ${folder} cannot be read`;
    return { faults: [{ code: missing ? 'missing' : 'unreadable', path: folder, message }] };
  }
  const keys: KeyFile[] = [];
  const faults: KeyFault[] = [];
  if ((mode & WRITABLE) !== 0 && (mode & STICKY) === 0) {
    const message = `${folder} can be written by others (mode ${(mode & 0o777).toString(8)}): chmod 700 ${folder}`;
    faults.push({ code: 'writable-by-others', path: folder, message });
  }
  for (const name of names.filter((each) => each.endsWith('.pem')).toSorted()) {
    const key = await readKey(join(folder, name), name);
    if ('code' in key) faults.push(key);
    else if (keys.some(({ kid }) => kid === key.kid))
      faults.push({ code: 'same-kid', path: key.path, message: `another file has the key id ${key.kid} as well` });
    else keys.push(key);
  }
  return faults.length > 0 ? { faults } : inOrder(keys);
}

async function readKey(path: string, name: string): Promise<KeyFile | KeyFault> {
  const [, year, month, day, hours, minutes, seconds, kid] = NAME.exec(name) ?? [];
  const signsFrom = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (kid === undefined || Number.isNaN(signsFrom)) {
    const message = `${path} is not named by time and key id, such as 20260722T101500Z-3f1c0a52b7de9a44.pem`;
    return { code: 'bad-name', path, message };
  }
  let pem: string;
  try {
    const file = await open(path);
    try {
      // Of the file that is open: what is read is what was looked at.
      const { mode, uid } = await file.stat();
      // Whoever else owns it could sign as anybody.
      if (uid !== 0 && uid !== (process.getuid?.() ?? uid)) {
        const message = `${path} belongs to another user (uid ${uid}): chown it to the one that runs the gateway, or to root`;
        return { code: 'foreign-owner', path, message };
      }
      if ((mode & (uid === 0 ? OTHERS.ofRoot : OTHERS.ofAnybody)) !== 0) {
        const message = `${path} can be read by others (mode ${(mode & 0o777).toString(8)}): chmod 600 ${path}`;
        return { code: 'readable-by-others', path, message };
      }
      pem = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return { code: 'unreadable', path, message: `${path} cannot be read` };
  }
  return keyIn(pem, { path, kid, signsFrom });
}

function keyIn(pem: string, file: Pick<KeyFile, 'path' | 'kid' | 'signsFrom'>): KeyFile | KeyFault {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    return { code: 'not-a-key', path: file.path, message: `${file.path} holds no PEM private key` };
  }
  const publicKey = createPublicKey(privateKey);
  const algorithm = (['RS256', 'ES256'] as const).find((each) => algorithmsOf(publicKey).includes(each));
  if (algorithm === undefined) {
    const message = `${file.path} holds neither an RSA key of ${MIN_RSA_BITS} bits or more nor a P-256 key`;
    return { code: 'weak-key', path: file.path, message };
  }
  return { ...file, algorithm, privateKey, publicKey };
}

/**
 * Makes a key and writes it into the folder, which is made as well when there is none. The file is 0600 from its first
 * byte on, and has its name only once it is complete: no instance ever reads half a key.
 *
 * @param signsFrom in milliseconds since 1970; whole seconds are kept
 */
export async function createKey(folder: string, algorithm: 'RS256' | 'ES256', signsFrom: number): Promise<KeyFile> {
  const { privateKey, publicKey } =
    algorithm === 'RS256'
      ? await promisify(generateKeyPair)('rsa', { modulusLength: MIN_RSA_BITS })
      : await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const kid = thumbprint(publicKey);
  const time = new Date(signsFrom).toISOString().replace(/\.\d+Z$/, 'Z');
  const path = join(folder, `${time.replaceAll(/[-:]/g, '')}-${kid}.pem`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return { path, kid, signsFrom: Date.parse(time), algorithm, privateKey, publicKey };
}

/** When keys change. All in milliseconds. */
export interface Rotation {
  readonly now: number;
  /** How long a new key is published before it signs: no shorter than anybody keeps a copy of the key set. */
  readonly overlap: number;
  /** The longest life of what was made with a key. */
  readonly tokenLife: number;
}

/**
 * Makes a new key that signs after the overlap, and removes those that no valid token can be signed with any more. In
 * an empty folder there is no key set that anybody has a copy of, and the new one signs at once.
 *
 * @param keys those of the folder, see {@link readKeys}
 */
export async function rotateKeys(
  folder: string,
  keys: readonly KeyFile[],
  algorithm: 'RS256' | 'ES256',
  { now, overlap, tokenLife }: Rotation,
): Promise<{ readonly created: KeyFile; readonly removed: readonly KeyFile[] }> {
  const created = await createKey(folder, algorithm, keys.length === 0 ? now : now + overlap);
  const removed = outlived(keys, now - tokenLife);
  for (const { path } of removed) await rm(path, { force: true });
  return { created, removed };
}

/**
 * Removes a key that others may have.
 *
 * @param successor the algorithm of a key that is made first and signs at once; undefined = none is needed
 */
export async function revokeKey(
  folder: string,
  { path }: KeyFile,
  successor: 'RS256' | 'ES256' | undefined,
  now: number,
): Promise<KeyFile | undefined> {
  const created = successor === undefined ? undefined : await createKey(folder, successor, now);
  await rm(path, { force: true });
  return created;
}

/**
 * The keys that have not signed anything since a time: another one of their algorithm had taken over by then. The
 * newest of an algorithm is never among them.
 */
export function outlived<Key extends StoredKey>(keys: readonly Key[], since: number): Key[] {
  const ordered = inOrder(keys);
  return ordered.filter((key, index) =>
    ordered.some(
      (other, later) => later > index && other.algorithm === key.algorithm && other.signsFrom <= since - CLOCKS,
    ),
  );
}

/** Another instance's clock may be late, and it goes on with the old key for so long; in milliseconds. */
const CLOCKS = 60_000;

/** A kid made of the key itself, so that no two keys share one; hexadecimal, since file systems may ignore case. */
function thumbprint(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
