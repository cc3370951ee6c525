/** Says on stderr, where it does not mix with the report, what is going on. */
export function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}
