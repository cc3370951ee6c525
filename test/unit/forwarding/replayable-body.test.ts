import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  KEPT_FROM,
  type BodyFault,
  type BodyReader,
  type HeaderList,
  type RequestBody,
} from '../../../src/exchange.ts';
import { ReplayableBody } from '../../../src/forwarding/replayable-body.ts';

/** A body that a test lets flow piece by piece. */
class Source implements RequestBody {
  readonly length: number | undefined;
  readonly isBuffered = false;
  readonly calls: string[] = [];
  reader: BodyReader | undefined;

  constructor(length?: number) {
    this.length = length;
  }

  start(reader: BodyReader, idleTimeout: number): void {
    this.reader = reader;
    this.calls.push(`start ${idleTimeout}`);
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  flow(...texts: readonly string[]): void {
    for (const text of texts) this.reader?.onData(Buffer.from(text));
  }
}

class Sink implements BodyReader {
  text = '';
  readonly ends: (HeaderList | undefined | BodyFault)[] = [];

  onData(chunk: Buffer): void {
    this.text += chunk.toString();
  }

  onEnd(trailers: HeaderList | undefined): void {
    this.ends.push(trailers);
  }

  onFault(fault: BodyFault): void {
    this.ends.push(fault);
  }
}

describe('a body that can be sent again', () => {
  it('passes on what comes as it comes, and reads its source once', () => {
    const source = new Source();
    const body = new ReplayableBody(source, 100, () => true);
    const sink = new Sink();
    expect(source.calls).to.deep.equal([]);
    body.start(sink, 7000);
    source.flow('a', 'b');
    expect([sink.text, body.isBuffered, body.isReplayable]).to.deep.equal(['ab', false, true]);
    body.pause();
    body.resume();
    source.reader?.onEnd(['x-a', '1']);
    expect([sink.ends, body.isBuffered, body.isReplayable]).to.deep.equal([[['x-a', '1']], true, true]);
    expect(source.calls).to.deep.equal(['start 7000', 'pause', 'resume']);
  });

  it('gives all of it to the next that asks, its trailers included', () => {
    const source = new Source(3);
    const body = new ReplayableBody(source, 100, () => true);
    expect(body.length).to.equal(3);
    body.start(new Sink(), 1);
    source.flow('ab', 'c');
    source.reader?.onEnd(['x-a', '1']);
    for (let time = 0; time < 2; time += 1) {
      body.release();
      const sink = new Sink();
      body.start(sink, 1);
      expect([sink.text, sink.ends]).to.deep.equal(['abc', [['x-a', '1']]]);
    }
    expect(source.calls).to.deep.equal(['start 1']);
  });

  it('goes on in the middle of a body with what has come, and then with the rest', () => {
    const source = new Source();
    const body = new ReplayableBody(source, 100, () => true);
    const [first, second] = [new Sink(), new Sink()];
    body.start(first, 1);
    source.flow('a', 'b');
    body.release();
    // Between two attempts it is kept.
    expect(source.calls).to.deep.equal(['start 1', 'resume']);
    source.flow('c');
    body.start(second, 1);
    expect(source.calls).to.deep.equal(['start 1', 'resume', 'resume']);
    source.flow('d');
    source.reader?.onEnd(undefined);
    expect([first.text, second.text]).to.deep.equal(['ab', 'abcd']);
    expect([first.ends, second.ends]).to.deep.equal([[], [undefined]]);
  });

  it('is not asked for anything once it has ended', () => {
    const source = new Source();
    const body = new ReplayableBody(source, 100, () => true);
    body.start(new Sink(), 1);
    source.reader?.onEnd(undefined);
    body.pause();
    body.resume();
    body.release();
    expect(source.calls).to.deep.equal(['start 1']);
  });

  it('cannot be sent again once it is longer than what is kept, and is passed on all the same', () => {
    const source = new Source();
    const body = new ReplayableBody(source, 3, () => true);
    const sink = new Sink();
    body.start(sink, 1);
    source.flow('abc');
    expect(body.isReplayable).to.equal(true);
    source.flow('d', 'e');
    source.reader?.onEnd(undefined);
    expect([sink.text, sink.ends, body.isReplayable]).to.deep.equal(['abcde', [undefined], false]);
    expect(new ReplayableBody(new Source(4), 3, () => true).isReplayable).to.equal(false);
    expect(new ReplayableBody(new Source(3), 3, () => true).isReplayable).to.equal(true);
  });

  it('cannot be sent again once it has failed', () => {
    for (const fault of ['too-large', 'timeout', 'stalled', 'aborted'] as const) {
      const source = new Source();
      const body = new ReplayableBody(source, 100, () => true);
      const sink = new Sink();
      body.start(sink, 1);
      source.flow('a');
      source.reader?.onFault(fault);
      expect([sink.ends, body.isReplayable, body.isBuffered]).to.deep.equal([[fault], false, false]);
    }
  });

  it('tells the next one of a failure between two attempts', () => {
    const source = new Source();
    const body = new ReplayableBody(source, 100, () => true);
    body.start(new Sink(), 1);
    source.flow('a');
    body.release();
    source.reader?.onFault('aborted');
    const sink = new Sink();
    body.start(sink, 1);
    expect(sink.ends).to.deep.equal(['aborted']);
  });

  it('keeps what it was given although the memory of small chunks is used again', () => {
    for (const size of [10, KEPT_FROM - 1]) {
      const source = new Source();
      const body = new ReplayableBody(source, KEPT_FROM * 2, () => true);
      body.start(new Sink(), 1);
      const chunk = Buffer.alloc(size, 'a');
      source.reader?.onData(chunk);
      chunk.fill('b');
      source.reader?.onEnd(undefined);
      const sink = new Sink();
      body.start(sink, 1);
      expect(sink.text === 'a'.repeat(size)).to.equal(true);
    }
  });

  it('stays paused when whoever gets it again pauses while it is given what has come', () => {
    const source = new Source();
    const body = new ReplayableBody(source, 100, () => true);
    body.start(new Sink(), 1);
    source.flow('a');
    body.release();
    const slow = new Sink();
    slow.onData = () => body.pause();
    body.start(slow, 1);
    expect(source.calls.at(-1)).to.equal('pause');
  });

  it('is the same to everybody, however it comes and whenever somebody begins anew', () => {
    const piece = fc.string({ maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.nat({ max: 10 }), (pieces, at) => {
        const source = new Source();
        const body = new ReplayableBody(source, 10_000, () => true);
        const [first, second] = [new Sink(), new Sink()];
        body.start(first, 1);
        for (const [index, text] of pieces.entries()) {
          if (index === at) {
            body.release();
            body.start(second, 1);
          }
          source.flow(text);
        }
        source.reader?.onEnd(undefined);
        const whole = pieces.join('');
        if (at < pieces.length)
          expect([second.text, second.ends.length, first.ends.length]).to.deep.equal([whole, 1, 0]);
        else expect([first.text, first.ends.length]).to.deep.equal([whole, 1]);
      }),
      { numRuns: 200 },
    );
  });
});
