/** Framing of PostgreSQL's protocol 3.0 ("Message Formats" in its manual): no more than what has to be told apart. */

/** A client that sends more than this at once is none of ours; in bytes. */
const MAX_MESSAGE = 64 * 1024 * 1024;

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

const QUERY = 'Q'.charCodeAt(0);
const SYNC = 'S'.charCodeAt(0);
const TERMINATE = 'X'.charCodeAt(0);

/**
 * What a client wants next: `batch` = messages that are answered as a whole, up to the server's ReadyForQuery;
 * `refuse-encryption` = an answer of one byte; `end` = nothing any more.
 */
export type Demand =
  | { readonly kind: 'batch'; readonly bytes: Uint8Array }
  | { readonly kind: 'refuse-encryption' }
  | { readonly kind: 'end' };

/** Cuts what a client sends into demands. */
export class DemandReader {
  #buffer: Buffer = Buffer.alloc(0);
  #started = false;
  /** How much of the buffer is whole messages of a batch that is not complete yet. */
  #scanned = 0;

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
  }

  /** The next demand that is complete. */
  next(): Demand | undefined {
    return this.#started ? this.#batch() : this.#opening();
  }

  #opening(): Demand | undefined {
    if (this.#buffer.length < 8) return undefined;
    const length = this.#buffer.readInt32BE(0);
    const code = this.#buffer.readInt32BE(4);
    if (length < 8 || length > MAX_MESSAGE || code === CANCEL_REQUEST) return { kind: 'end' };
    if (this.#buffer.length < length) return undefined;
    const bytes = this.#take(length);
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'refuse-encryption' };
    this.#started = true;
    return { kind: 'batch', bytes };
  }

  #batch(): Demand | undefined {
    while (this.#buffer.length >= this.#scanned + 5) {
      const type = this.#buffer[this.#scanned];
      const length = 1 + this.#buffer.readInt32BE(this.#scanned + 1);
      if (length < 5 || this.#scanned + length > MAX_MESSAGE || type === TERMINATE) return { kind: 'end' };
      if (this.#buffer.length < this.#scanned + length) return undefined;
      this.#scanned += length;
      if (type === QUERY || type === SYNC) return { kind: 'batch', bytes: this.#take(this.#scanned) };
    }
    return undefined;
  }

  #take(length: number): Uint8Array {
    const bytes = Uint8Array.prototype.slice.call(this.#buffer, 0, length);
    this.#buffer = this.#buffer.subarray(length);
    this.#scanned = 0;
    return bytes;
  }
}

/** A simple Query message. */
export function queryMessage(text: string): Uint8Array {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head[0] = QUERY;
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** An ErrorResponse that ends the session. */
export function fatalMessage(sqlstate: string, text: string): Uint8Array {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${sqlstate}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}
