/** Programs on a terminal of their own, which `script` of util-linux makes. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
/** How long anything that must happen may take, in milliseconds. */
const LIMIT = 20_000;
/** How much of the output a failure tells, in characters. */
const TOLD = 4000;

/** `gatewayctl` on a terminal, and a shell that tells how it ended and how it left the terminal. */
export class PseudoTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #isRunning = true;
  #waiting: (() => void)[] = [];
  /** All that was written to the terminal. */
  output = '';

  /** @param closeAfter takes what ends it */
  constructor(
    args: readonly string[],
    closeAfter: (close: () => unknown) => void,
    { columns, rows, env = {} }: { columns: number; rows: number; env?: Readonly<Record<string, string>> },
  ) {
    const words = [process.execPath, '--import', LOADER, MAIN, ...args].map((word) => `'${word}'`).join(' ');
    // The shell has to outlive the signals that the terminal sends to all of its programs.
    const line = `trap : INT HUP QUIT; stty rows ${rows} cols ${columns}; ${words}; echo "exit $?"; stty -a`;
    const { PATH, HOME } = process.env;
    this.#child = spawn('script', ['--quiet', '--flush', '--command', line, '/dev/null'], {
      env: { PATH, HOME, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.#look();
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', () => {
        this.#isRunning = false;
        this.#look();
        resolve();
      });
    });
    closeAfter(async () => {
      if (this.#isRunning) this.#child.kill('SIGKILL');
      await this.#ended;
    });
  }

  #look(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  /** Waits until something holds of what was written, or fails. */
  async until(what: string, holds: (output: string) => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(LIMIT);
    while (!holds(this.output)) {
      if (!this.#isRunning) throw new Error(`it ended without ${what}: ${JSON.stringify(this.output.slice(-TOLD))}`);
      await new Promise<void>((resolve, reject) => {
        const fail = (): void =>
          reject(new Error(`waited in vain for ${what}: ${JSON.stringify(this.output.slice(-TOLD))}`));
        deadline.addEventListener('abort', fail);
        this.#waiting.push(() => {
          deadline.removeEventListener('abort', fail);
          resolve();
        });
      });
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Changes the size, which the system tells the program. */
  resize(columns: number, rows: number): void {
    const terminal = readlinkSync(`/proc/${this.#programId()}/fd/0`);
    execFileSync('stty', ['-F', terminal, 'rows', String(rows), 'cols', String(columns)]);
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.#programId(), signal);
  }

  /** What stood on the screen before it was drawn for the last time, line by line, without colours. The system adds a CR to each LF. */
  get screen(): readonly string[] {
    const last = this.output.split('\u001b[H').at(-2) ?? '';
    return last.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '').split(/\r+\n/);
  }

  /** Waits for its end. @returns the exit code, and whether the terminal shows again what is typed, line by line */
  async end(): Promise<{ readonly code: number; readonly isRestored: boolean }> {
    await this.until('its end', (output) => /exit \d+[^]* -?icanon/.test(output));
    const [, code = '', settings = ''] = /exit (\d+)([^]*)$/.exec(this.output) ?? [];
    const isLeft = this.output.lastIndexOf('\u001b[?25h\u001b[?1049l') > this.output.lastIndexOf('\u001b[H');
    return { code: Number(code), isRestored: isLeft && / icanon/.test(settings) && / echo\b/.test(settings) };
  }

  #programId(): number {
    const find = (pid: number): number | undefined => {
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(MAIN)) return pid;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
      return children.map((child) => find(Number(child))).find((found) => found !== undefined);
    };
    const found = find(this.#child.pid ?? 0);
    if (found === undefined) throw new Error('the program does not run');
    return found;
  }
}
