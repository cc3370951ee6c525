/**
 * Programs of Debian for tests: from the PATH, or fetched with apt and unpacked into a folder that the next run finds
 * again. They are not installed, so that no service starts and the system stays as it is.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program and what it needs in its environment. */
export interface Program {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a program or fetches it.
 *
 * @param name as `etcd`
 * @param from the package that has it, as `etcd-server`
 * @throws with what to install when it cannot be had
 */
export async function debianProgram(name: string, from: string): Promise<Program> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const installed = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (installed !== undefined) return { file: installed, env: {} };
  const root = await debianPackage(from);
  // What a package has in a folder of its own comes first: a script in usr/bin would look for it where it is not.
  const within = [`usr/lib/${name}`, 'usr/bin', 'usr/sbin', 'bin', 'sbin'];
  const file = within.map((folder) => join(root, folder, name)).find(isExecutable);
  if (file === undefined) throw new Error(`the package ${from} has no ${name}`);
  return { file, env: { LD_LIBRARY_PATH: librariesIn(root).join(delimiter) } };
}

/**
 * Finds a package that was unpacked before, or fetches it.
 *
 * @param name as `python3-prometheus-client`
 * @returns the folder that has its files, and those of what it depends on and the system does not have
 * @throws with what to install when it cannot be had
 */
export async function debianPackage(name: string): Promise<string> {
  const root = join(tmpdir(), `gatewayctl-test-${name}`);
  if (!existsSync(root)) {
    await fetchPackage(name, root).catch((error: unknown) => {
      const install = `no ${name} for the tests; this will do:\n  apt-get install -y --no-install-recommends ${name}`;
      throw new Error(install, { cause: error });
    });
  }
  return root;
}

/** Unpacks a package, and what it depends on and the system does not have. */
async function fetchPackage(name: string, root: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-apt-'));
  try {
    const archives = join(folder, 'archives');
    await mkdir(join(archives, 'partial'), { recursive: true });
    await mkdir(join(folder, 'lists/partial'), { recursive: true });
    const cache = ['-o', `Dir::Cache=${folder}`, '-o', 'Debug::NoLocking=1'];
    const download = ['install', '-y', '--no-install-recommends', '--download-only', name];
    try {
      await run('apt-get', [...cache, ...download]);
    } catch {
      // A fresh image has no lists, and those of the system are not for tests to change.
      const lists = [...cache, '-o', `Dir::State::lists=${join(folder, 'lists')}`];
      await run('apt-get', [...lists, 'update']);
      await run('apt-get', [...lists, ...download]);
    }
    const unpacked = join(folder, 'root');
    for (const file of await readdir(archives))
      if (file.endsWith('.deb')) await run('dpkg-deb', ['--extract', join(archives, file), unpacked]);
    // At once, so that nobody finds half of it; two runs may do it at the same time.
    await rename(unpacked, root).catch((error: unknown) => {
      if (!existsSync(root)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folders of each architecture, as `usr/lib/x86_64-linux-gnu`, and those in them that libraries have for themselves. */
function librariesIn(root: string): string[] {
  const inside = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  return ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap(inside)
    .flatMap((folder) => [folder, ...inside(folder)]);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A program that runs until it is ended, in a folder of its own that is gone with the tests. */
export class Daemon {
  readonly folder: string;
  readonly #program: Program;
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.folder = mkdtempSync(join(tmpdir(), 'gatewayctl-daemon-'));
    this.#log = join(this.folder, 'log');
    process.once('exit', () => {
      this.#child?.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  start(args: readonly string[]): void {
    // A file and no pipe: a pipe would be something that stays open.
    const log = openSync(this.#log, 'w');
    const child = spawn(this.#program.file, args, {
      cwd: this.folder,
      env: { ...this.#program.env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    child.on('error', () => (this.#child = undefined));
    child.on('exit', () => (this.#child = undefined));
    // It must not keep the tests from ending, nor look like something that one of them left open.
    child.unref();
  }

  /** What it has written since it was started. */
  get log(): string {
    return readFileSync(this.#log, 'utf8');
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.ref();
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
