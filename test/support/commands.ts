/** Commands as functions: what they print and how they end. */
import { mock } from 'node:test';
import { PassThrough } from 'node:stream';
import { ExitError } from '../../src/cli/exit.ts';
import type { Terminal } from '../../src/cli/prompt.ts';
import type { IdentityConfig, RoleConfig } from '../../src/config/people-config.ts';

export interface Outcome {
  readonly code: number;
  /** What the program would print behind its name. */
  readonly message: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with standard output and standard error caught. */
export async function outcomeOf(command: () => unknown): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const mocks = (['stdout', 'stderr'] as const).map((name) =>
    mock.method(process[name], 'write', (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    await command();
    return { code: 0, message: '', ...written };
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return { code: error.exitCode, message: error.message, ...written };
  } finally {
    for (const { mock: mocked } of mocks) mocked.restore();
  }
}

/** A terminal on which something is typed, or a pipe with something in it. */
export class FakeTerminal implements Terminal {
  readonly input: PassThrough & { isTTY?: boolean };
  readonly output: PassThrough & { isTTY?: boolean };
  /** What raw mode was set to, in order. */
  readonly rawModes: boolean[] = [];
  #shown = '';

  constructor(isTTY: boolean, typed: string | Buffer) {
    const setRawMode = (raw: boolean): void => void this.rawModes.push(raw);
    this.input = Object.assign(new PassThrough(), { isTTY, setRawMode });
    this.output = Object.assign(new PassThrough(), { isTTY });
    this.output.setEncoding('utf8').on('data', (text: string) => (this.#shown += text));
    if (isTTY) this.input.write(typed);
    else this.input.end(typed);
  }

  static pipe(text: string | Buffer): FakeTerminal {
    return new FakeTerminal(false, text);
  }

  /** What was shown so far. */
  get shown(): string {
    return this.#shown;
  }
}

export const ROLES: readonly RoleConfig[] = [
  { name: 'viewer', inherits: [], permissions: ['orders:read'] },
  { name: 'editor', inherits: ['viewer'], permissions: ['orders:write'] },
  { name: 'admin', inherits: ['editor'], permissions: ['*'] },
];

export function identityConfig(tokens: Partial<IdentityConfig['tokens']> = {}): IdentityConfig {
  return {
    path: '/auth',
    registration: 'closed',
    defaultRole: undefined,
    tokens: {
      issuer: 'https://gateway.example.com',
      audience: 'https://api.example.com',
      algorithm: 'ES256',
      keys: undefined,
      secret: undefined,
      accessTtl: 900_000,
      refreshTtl: 2_592_000_000,
      transport: 'header',
      ...tokens,
    },
    passwords: { minLength: 12, bcryptCost: 4, rejectCommon: true },
    lockout: { failures: 5, accountFailures: 50, window: 900_000, duration: 900_000 },
    rateLimit: { requests: 10, per: 60_000, burst: 10 },
    cors: undefined,
  };
}
