#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ExitError, UnreadOutput } from './exit.ts';
import { createProgram } from './program.ts';

/** Whoever has read so far is gone: a pipe, a terminal, a socket. */
const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ECONNRESET']);

/** Runs a command line and gives the exit code: 2 for wrong usage, whatever the command. */
async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...argv]);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof ExitError)) throw error;
    if (error.message !== '') process.stderr.write(`gatewayctl: ${error.message}\n`);
    if (error instanceof UnreadOutput) process.exit(error.exitCode);
    return error.exitCode;
  }
}

// `gatewayctl validate big.yaml | head`: whoever reads has seen enough, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!GONE.has(error.code)) throw error;
});
process.exitCode = await run(process.argv);
