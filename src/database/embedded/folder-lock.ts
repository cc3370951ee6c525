import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who holds a folder. */
export interface Holder {
  readonly pid: number;
  /** When that process was started, in the kernel's ticks; empty where the kernel does not tell. */
  readonly started: string;
  /** Different for every lock. */
  readonly token: string;
  /** The folder that it was taken in; unknown in a lock of an older version. */
  readonly folder?: Folder;
}

/** What tells a folder from others. */
interface Folder {
  /** Its device and inode: the same wherever it is mounted. */
  readonly inode: string;
  readonly path: string;
}

/**
 * The right to open a folder, held by one process at a time: a file with the process's id. It is left behind when the
 * process is killed, and taken over then.
 */
export class FolderLock {
  readonly #file: string;
  readonly #token: string;

  private constructor(file: string, token: string) {
    this.#file = file;
    this.#token = token;
  }

  /** Takes the lock unless somebody has it. The file appears whole or not at all. */
  static take(file: string): FolderLock | undefined {
    const token = randomUUID();
    const folder = folderOf(file);
    const holder: Holder = { pid: process.pid, started: startOf(process.pid), token, folder };
    const draft = `${file}.${token}`;
    writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return undefined;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    return new FolderLock(file, token);
  }

  /** Who has it; undefined when nobody does. What cannot be read is nobody alive. */
  static holder(file: string): Holder | undefined {
    try {
      const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return isHolder(found) ? found : NOBODY;
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? undefined : NOBODY;
    }
  }

  /**
   * Clears away the lock of a process that is dead, unless somebody else does or has done so.
   *
   * Whoever does it holds a lock of its own, named after the dead one's, and looks again then: so nobody removes a lock
   * that another process has taken since.
   */
  static clear(file: string, dead: Holder): void {
    const right = `${file}.clear-${dead.token}`;
    const mine = FolderLock.take(right);
    if (mine === undefined) {
      const other = FolderLock.holder(right);
      // It was killed between the lines below.
      if (other !== undefined && !isHeld(right, other)) FolderLock.clear(right, other);
      return;
    }
    try {
      if (FolderLock.holder(file)?.token === dead.token) rmSync(file, { force: true });
    } finally {
      mine.release();
    }
  }

  /** Whether it is still there. */
  get held(): boolean {
    return FolderLock.holder(this.#file)?.token === this.#token;
  }

  release(): void {
    if (this.held) rmSync(this.#file, { force: true });
  }
}

/** Whether the process that took a lock still runs: a process with its id may be another one, in a container above all. */
export function isAlive({ pid, started }: Holder): boolean {
  try {
    // Signal 0 asks only. EPERM: it runs, for somebody else.
    if (pid > 0) process.kill(pid, 0);
    else return false;
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return started === '' || now === '' || started === now;
}

/** Whether a lock keeps others out: not when its process is dead, nor when it came with a copy of another folder. */
export function isHeld(file: string, holder: Holder): boolean {
  return isAlive(holder) && !isCopied(file, holder);
}

/**
 * Whether a lock was taken in another folder. That is one with another inode and another path: a folder that is moved
 * keeps its inode, and one on a file system that makes inodes up keeps its path.
 */
export function isCopied(file: string, { folder }: Holder): boolean {
  if (folder === undefined) return false;
  const here = folderOf(file);
  return folder.inode !== here.inode && folder.path !== here.path;
}

function folderOf(file: string): Folder {
  const folder = dirname(file);
  const { dev, ino } = statSync(folder, { bigint: true });
  return { inode: `${dev}:${ino}`, path: realpathSync(folder) };
}

const NOBODY: Holder = { pid: 0, started: '', token: '' };

/** The 22nd field of /proc/PID/stat (proc(5)); the second may contain blanks and brackets. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isSafeInteger(value.pid) &&
    'started' in value &&
    typeof value.started === 'string' &&
    'token' in value &&
    typeof value.token === 'string' &&
    (!('folder' in value) || isFolder(value.folder))
  );
}

function isFolder(value: unknown): value is Folder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'inode' in value &&
    typeof value.inode === 'string' &&
    'path' in value &&
    typeof value.path === 'string'
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
