import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import { ExitError } from './exit.ts';

/** Where people type and read. Questions go to standard error: standard output may be a file. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean | undefined };
  readonly output: Writable & { readonly isTTY?: boolean | undefined };
}

/** Much more than a password can have; what is not one need not be read to its end. In bytes. */
const MAX_INPUT = 4096;

/** The terminal that the program was started on, if it was. */
export function ownTerminal(): Terminal {
  return { input: process.stdin, output: process.stderr };
}

export function isTerminal({ input, output }: Terminal): boolean {
  return input.isTTY === true && output.isTTY === true;
}

/**
 * A new password, from standard input or from somebody who types it twice without seeing it. Never from an argument:
 * those are in the shell's history and in every list of processes.
 *
 * @throws ExitError 2 when there is nobody to ask and nothing to read, 1 when the two differ, 130 for Ctrl-C
 */
export async function newPassword(
  options: { readonly passwordStdin: boolean; readonly whose: string },
  terminal: Terminal,
): Promise<string> {
  if (options.passwordStdin) return passwordIn(terminal.input);
  if (!isTerminal(terminal)) {
    throw new ExitError(
      2,
      'there is no terminal to ask for the password on: pass it with --password-stdin, for example … --password-stdin < password.txt',
    );
  }
  const [first, second] = await ask(
    terminal,
    [`New password for ${options.whose} (not shown): `, 'The same password again: '],
    { hidden: true },
  );
  if (first !== second) throw new ExitError(1, 'the two passwords differ, and nothing was changed: type it again');
  return first ?? '';
}

/**
 * Asks for a word to be typed before something is done that cannot be undone.
 *
 * @returns whether it was that word
 * @throws ExitError 130 for Ctrl-C
 */
export async function confirmed(question: string, word: string, terminal: Terminal): Promise<boolean> {
  const [answer] = await ask(terminal, [question], { hidden: false });
  return answer?.trim() === word;
}

/** The one line of a stream. Only its end is taken off: spaces may be part of the password. */
async function passwordIn(input: Terminal['input']): Promise<string> {
  if (input.isTTY === true) {
    throw new ExitError(2, '--password-stdin reads a file or a pipe, not a terminal: leave it out to be asked');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > MAX_INPUT) throw new ExitError(2, 'standard input is too long for a password: expected one line');
  }
  const text = decoded(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  if (text === '') throw new ExitError(2, 'standard input is empty: expected the password in one line');
  if (/[\r\n]/.test(text)) throw new ExitError(2, 'standard input has several lines: expected the password in one');
  return text;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ExitError(2, 'standard input is not UTF-8: expected the password in one line of it');
  }
}

/**
 * Puts questions and takes a line for each. `readline` edits the line, suspends on Ctrl-Z, and gives the terminal back
 * as it was, whatever happens; the echo of a hidden answer goes nowhere.
 */
async function ask(
  { input, output }: Terminal,
  questions: readonly string[],
  { hidden }: { readonly hidden: boolean },
): Promise<readonly string[]> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // From here on the terminal itself echoes nothing: before the question, which somebody may answer at once.
  const lines = createInterface({ input, output: hidden ? nowhere : output, terminal: true, historySize: 0 });
  try {
    return await new Promise((resolve, reject) => {
      const answers: string[] = [];
      const askNext = (): void => {
        const question = questions[answers.length];
        if (question === undefined) resolve(answers);
        else if (hidden) output.write(question);
        else {
          lines.setPrompt(question);
          lines.prompt();
        }
      };
      const take = (answer: string): void => {
        if (hidden) output.write('\n');
        answers.push(answer);
        askNext();
      };
      const give = (error: ExitError) => (): void => {
        output.write('\n');
        reject(error);
      };
      lines.on('line', take);
      lines.once('SIGINT', give(new ExitError(130, 'interrupted: nothing was changed')));
      lines.once('close', give(new ExitError(1, 'there was no answer, and nothing was changed')));
      askNext();
    });
  } finally {
    lines.removeAllListeners('close');
    lines.close();
  }
}
