import { expect } from 'chai';
import { Output, type Sink } from '../../../src/observability/output.ts';

/** Writes when it is told to, or fails. */
class HeldSink implements Sink {
  text = '';
  #waiting: { readonly bytes: Buffer; readonly done: (error: Error | undefined) => void } | undefined;

  write(bytes: Buffer, done: (error: Error | undefined) => void): void {
    if (this.#waiting !== undefined) throw new Error('one at a time');
    this.#waiting = { bytes, done };
  }

  writeSync(bytes: Buffer): void {
    this.text += bytes.toString();
  }

  get isWriting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Ends the write that is under way. */
  settle(error?: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (error === undefined) this.text += waiting?.bytes.toString() ?? '';
    waiting?.done(error);
  }
}

const FULL = new Error('no space left');

function outputTo(sink: Sink, limit = 1000): Output {
  return new Output(sink, limit, (lines) => `${lines} lost\n`);
}

describe('the way out of the log', () => {
  it('keeps the order, and writes together what has waited', () => {
    const sink = new HeldSink();
    const output = outputTo(sink);
    for (const line of ['a\n', 'b\n', 'c\n']) output.write(Buffer.from(line));
    sink.settle();
    expect(sink.text).to.equal('a\n');
    sink.settle();
    expect(sink.text).to.equal('a\nb\nc\n');
    expect(sink.isWriting).to.equal(false);
  });

  it('drops what is too much, and says how many lines that were once it can', () => {
    const sink = new HeldSink();
    const output = outputTo(sink, 10);
    output.write(Buffer.from('12345678\n'));
    output.write(Buffer.from('one\ntwo\n'));
    output.write(Buffer.from('three\n'));
    sink.settle();
    sink.settle();
    expect(sink.text).to.equal('12345678\n\n3 lost\n');
    output.write(Buffer.from('more\n'));
    sink.settle();
    expect(sink.text).to.equal('12345678\n\n3 lost\nmore\n');
  });

  it('goes on behind what could not be written', () => {
    const sink = new HeldSink();
    const output = outputTo(sink);
    output.write(Buffer.from('a\nb\n'));
    sink.settle(FULL);
    output.write(Buffer.from('c\n'));
    sink.settle(FULL);
    expect(sink.isWriting).to.equal(false);
    output.write(Buffer.from('d\n'));
    sink.settle();
    sink.settle();
    expect(sink.text).to.equal('d\n\n3 lost\n');
  });

  it('writes the rest at once on a crash', () => {
    const sink = new HeldSink();
    const output = outputTo(sink);
    output.write(Buffer.from('under way\n'));
    output.write(Buffer.from('waits\n'));
    output.flushSync(Buffer.from('last\n'));
    expect(sink.text).to.equal('waits\nlast\n');
    sink.settle();
    expect(sink.isWriting).to.equal(false);
  });

  it('is waited for until all is written, and no longer than somebody has patience', async () => {
    const sink = new HeldSink();
    const output = outputTo(sink);
    expect(await output.drained(0)).to.equal(true);
    output.write(Buffer.from('a\n'));
    output.write(Buffer.from('b\n'));
    const drained = output.drained(60_000);
    sink.settle();
    sink.settle();
    expect(await drained).to.equal(true);
    output.write(Buffer.from('c\n'));
    expect(await output.drained(0)).to.equal(false);
  });
});
