import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Who holds a folder. */
export interface Holder {
  readonly pid: number;
  /** When that process was started, in the kernel's ticks; empty where the kernel does not tell. */
  readonly started: string;
  /** Different for every lock. */
  readonly token: string;
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
    const holder: Holder = { pid: process.pid, started: startOf(process.pid), token };
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

  /** Clears away the lock of a process that is dead, unless somebody else was faster. */
  static clear(file: string, dead: Holder): void {
    const aside = `${file}.${randomUUID()}`;
    try {
      renameSync(file, aside);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    try {
      // Another process has cleared and taken it since it was looked at: it gets it back.
      if (FolderLock.holder(aside)?.token !== dead.token) linkSync(aside, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(aside, { force: true });
    }
  }

  /** Whether it is still this one: two processes that clear a dead one's lock at once are told apart here. */
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
    typeof value.token === 'string'
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
