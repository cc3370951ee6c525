import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EmbeddedFailure } from './failure.ts';
import { CLUSTER } from './messages.ts';
import { tell } from './tell.ts';

/** As PostgreSQL names it. */
const SOCKET = '.s.PGSQL.5432';
/** What fits into `sockaddr_un`, a final NUL included; 108 on Linux, 104 elsewhere. */
const MAX_SOCKET_PATH = 103;
const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

/** `database.dataDir`, and what is in it. */
export class DataFolder {
  readonly path: string;
  /** As it was configured, and as messages name it. */
  readonly where: string;
  /** PostgreSQL's own files. */
  readonly cluster: string;
  readonly socket: string;
  readonly lock: string;

  constructor(dataDir: string) {
    this.where = dataDir;
    this.path = resolve(dataDir);
    this.cluster = join(this.path, CLUSTER);
    this.socket = join(this.path, SOCKET);
    this.lock = join(this.path, 'lock');
  }

  get hasDatabase(): boolean {
    return existsSync(join(this.cluster, 'PG_VERSION'));
  }

  /**
   * Makes the folder, for nobody else to read, unless it is there. One that is there keeps its mode: others may use it
   * as well. When they can only read it, that does no harm: PostgreSQL's files are in a folder of their own that is
   * closed to them, and so are the socket and the lock. When they can write there they could put others in the place of
   * those, and nothing in it can be protected from that.
   *
   * @throws EmbeddedFailure
   */
  make(): void {
    if (Buffer.byteLength(this.socket) > MAX_SOCKET_PATH) {
      throw new EmbeddedFailure(
        'path-too-long',
        `database.dataDir is too long a path for a socket, ${this.path}: it may have ${MAX_SOCKET_PATH - SOCKET.length - 1} bytes`,
      );
    }
    const mode = this.attempt(() => {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      return statSync(this.path).mode & 0o7777;
    });
    if ((mode & OTHERS_MAY_WRITE) !== 0) throw this.#openToOthers(mode);
    this.attempt(() => {
      // PostgreSQL's files have the modes that the umask leaves, and may have come here with a copy.
      if (existsSync(this.cluster)) chmodSync(this.cluster, 0o700);
    });
  }

  /**
   * Does something with the folder.
   *
   * @throws EmbeddedFailure when the system does not let it
   */
  attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      const message = this.hasDatabase
        ? `the embedded database in ${this.where} cannot be opened: ${tell(cause)}; see that this user may write there, and that there is room on its disk`
        : `the embedded database cannot be kept in ${this.where}: ${tell(cause)}; choose another database.dataDir, or set database.url to a PostgreSQL server`;
      throw new EmbeddedFailure('not-writable', message, { cause });
    }
  }

  #openToOthers(mode: number): EmbeddedFailure {
    const own = `set database.dataDir to a folder of its own, such as ${join(this.where, 'gatewayctl')}, which is made then`;
    // A folder with the sticky bit is meant for everybody: /tmp.
    const close =
      (mode & STICKY) === 0 ? `; or, if nothing else is kept in ${this.where}, type: chmod go-w ${this.where}` : '';
    return new EmbeddedFailure(
      'open-to-others',
      `the embedded database cannot be kept safe in ${this.where}: other users can write there (mode ${mode.toString(8).padStart(4, '0')}); ${own}${close}`,
    );
  }
}
