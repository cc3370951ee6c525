import { expect } from 'chai';
import { batchLines, createLogger } from '../../../src/observability/log.ts';
import { createAccessLog } from '../../../src/observability/access-log.ts';

/** Keeps what it gets for as long as the test lasts, as a slow reader does. */
function kept(): { chunks: Buffer[]; text(): string; write(bytes: Buffer): void; flushSync(): void } {
  const chunks: Buffer[] = [];
  return {
    chunks,
    text: () => Buffer.concat(chunks).toString(),
    write: (bytes) => void chunks.push(bytes),
    flushSync: () => undefined,
  };
}

describe('the lines of a log', () => {
  it('come out as they went in, however many there are and whatever is in them', () => {
    const destination = kept();
    const lines = batchLines(destination);
    let expected = '';
    for (let index = 0; index < 5000; index += 1) {
      const line = `${index} ä€😀 ${'x'.repeat(index % 300)}\n`;
      expected += line;
      lines.write(line);
    }
    const long = `${'€'.repeat(100_000)}\n`;
    lines.write(long);
    lines.write('the last\n');
    lines.flush();
    expect(destination.text()).to.equal(`${expected}${long}the last\n`);
    expect(destination.chunks.every((chunk) => chunk.at(-1) === 0x0a)).to.equal(true);
  });

  it('hold hardly more memory than they are long while nobody reads them', () => {
    const destination = kept();
    const lines = batchLines(destination);
    for (let index = 0; index < 100; index += 1) {
      lines.write('a short one\n');
      lines.flush();
    }
    const held = new Set(destination.chunks.map((chunk) => chunk.buffer));
    expect([...held].reduce((sum, { byteLength }) => sum + byteLength, 0)).to.be.below(64 * 1024);
  });

  it('name the process that they are from, where there are several', () => {
    const destination = kept();
    const lines = batchLines(destination);
    createLogger({ format: () => 'json', worker: 2 }, lines).info('hello');
    createLogger({ format: () => 'pretty', worker: 3 }, lines).info('hello');
    const entry = {
      requestId: 'one',
      client: '127.0.0.1',
      method: 'GET',
      path: '/',
      route: 'home',
      status: 200,
      duration: 1,
      upstream: '',
      attempts: 0,
      cache: '',
      bytes: 2,
      traceId: undefined,
      about: '',
      problem: undefined,
      error: undefined,
    };
    createAccessLog(lines, 'json', () => 0, 4)(entry);
    createAccessLog(lines, 'pretty', () => 0, 5)(entry);
    lines.flush();
    const [own = '', people = '', access = '', shown = ''] = destination.text().split('\n');
    expect(JSON.parse(own)).to.include({ worker: 2, msg: 'hello' });
    expect(people).to.match(/hello worker=3$/);
    expect(JSON.parse(access)).to.include({ worker: 4, route: 'home' });
    expect(shown).to.include(' worker=5 ');
  });
});
