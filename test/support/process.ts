/** `gatewayctl` as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PROGRAM } from './program.ts';

/** How long anything that must happen may take; it fails loudly after that. In milliseconds. */
const LIMIT = 15_000;

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A module that is loaded before the program. */
  readonly preload?: string;
  /** How long anything that must happen may take, when more than usual has to; in milliseconds. */
  readonly limit?: number;
}

/** How a process ended. */
export interface Ending {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process, with what it has written so far. */
export class TestProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  readonly #limit: number;
  stdout = '';
  stderr = '';
  #ending: Ending | undefined;
  #waiting: (() => void)[] = [];

  /**
   * Starts a program of Node, which is killed after the test if it has not ended by then.
   *
   * @param closeAfter takes what ends the process
   */
  constructor(args: readonly string[], closeAfter: (close: () => unknown) => void, options: ProcessOptions = {}) {
    const { cwd = process.cwd(), env = {}, limit = LIMIT } = options;
    this.#limit = limit;
    this.child = spawn(process.execPath, [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take(() => (this.stdout += text)));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#take(() => (this.stderr += text)));
    // `close` comes when both streams have been read to their ends, `exit` may come before.
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        const ending = { code, signal };
        this.#take(() => (this.#ending = ending));
        resolve(ending);
      });
    });
    closeAfter(async () => {
      if (this.#ending === undefined) this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Starts `gatewayctl`. */
  static gatewayctl(
    args: readonly string[],
    closeAfter: (close: () => unknown) => void,
    options: ProcessOptions = {},
  ): TestProcess {
    const preload = options.preload === undefined ? [] : ['--import', options.preload];
    return new TestProcess([...preload, ...PROGRAM, ...args], closeAfter, options);
  }

  #take(change: () => void): void {
    change();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  get isRunning(): boolean {
    return this.#ending === undefined;
  }

  /** The lines of its log so far. */
  get log(): readonly Record<string, unknown>[] {
    const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line): Record<string, unknown> => JSON.parse(line));
  }

  /** Waits until something holds; fails when the process ends before, or nothing comes of it. */
  async until<Found>(what: string, find: () => Found | undefined): Promise<Found> {
    const deadline = AbortSignal.timeout(this.#limit);
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const told = `${what}; stdout: ${this.stdout}; stderr: ${this.stderr}`;
      if (!this.isRunning) throw new Error(`the process ended without ${told}`);
      await new Promise<void>((resolve, reject) => {
        const fail = (): void => reject(new Error(`waited in vain for ${told}`));
        deadline.addEventListener('abort', fail);
        this.#waiting.push(() => {
          deadline.removeEventListener('abort', fail);
          resolve();
        });
      });
    }
  }

  /** Waits for a line of its log. */
  async logged(message: string): Promise<Record<string, unknown>> {
    return this.until(`a line "${message}"`, () => this.log.find(({ msg }) => msg === message));
  }

  /** Waits until it serves. */
  async serving(): Promise<{ readonly address: string; readonly admin: string }> {
    const { listen, admin } = await this.logged('serving');
    return { address: String(listen), admin: String(admin) };
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for its end. */
  async end(): Promise<Ending> {
    const deadline = AbortSignal.timeout(this.#limit);
    await Promise.race([
      this.ended,
      once(deadline, 'abort').then(() => {
        throw new Error(`the process does not end; stdout: ${this.stdout}; stderr: ${this.stderr}`);
      }),
    ]);
    return this.ended;
  }
}
