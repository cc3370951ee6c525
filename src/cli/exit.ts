/** Ends a command with an exit code, and with a message unless everything has been said. */
export class ExitError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Ends the process at once: what has not been printed yet has no reader, and would keep it for ever. */
export class UnreadOutput extends ExitError {}
