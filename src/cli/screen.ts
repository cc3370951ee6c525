import type { ReadStream, WriteStream } from 'node:tty';

/** The whole of a terminal, while something is drawn again and again. What was there before comes back afterwards. */
export class Screen {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #restore = (): void => this.close();
  #isOpen = false;

  constructor(input: ReadStream, output: WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  /** @returns 80 × 24 for a terminal that does not know how large it is */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#output;
    return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
  }

  /** Takes the keys, which the terminal neither shows nor acts upon from now on. */
  listen(onKeys: (keys: string) => void, onResize: () => void): void {
    this.#input.setRawMode(true).setEncoding('utf8').on('data', onKeys).resume();
    this.#output.on('resize', onResize);
    // Also when a fault ends the program.
    process.on('exit', this.#restore);
  }

  /** @param lines as many as there are rows, and none wider than there is room for */
  draw(lines: readonly string[]): void {
    // A second screen of the terminal, without a cursor (xterm, private modes 1049 and 25).
    const begin = this.#isOpen ? '' : '\u001b[?1049h\u001b[?25l';
    this.#isOpen = true;
    // Line by line over what is there: a screen that were cleared first would flicker. A line is erased before it is written,
    // since behind one that fills it the cursor stands on its last character.
    const text = lines.map((line) => `\u001b[K${line}`).join('\r\n');
    this.#output.write(`${begin}\u001b[H${text}`);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    process.off('exit', this.#restore);
    if (this.#isOpen) this.#output.write('\u001b[?25h\u001b[?1049l');
    this.#isOpen = false;
    this.#output.removeAllListeners('resize');
    this.#input.removeAllListeners('data').setRawMode(false).pause();
  }
}
