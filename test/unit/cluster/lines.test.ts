import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect } from 'chai';
import { passLines, withWorker } from '../../../src/cluster/lines.ts';

async function passed(chunks: readonly Buffer[]): Promise<string[]> {
  const stream = new PassThrough();
  const written: string[] = [];
  passLines(stream, (text) => written.push(text));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  return written;
}

describe('the log of several processes', () => {
  it('is passed on in whole lines, wherever the text is cut', async () => {
    const bytes = Buffer.from('{"a":"ä"}\n{"b":"€"}\n{"c":1}\n');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const written = await passed([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(written.join('')).to.equal(bytes.toString());
      expect(written.every((text) => text.endsWith('\n'))).to.equal(true);
    }
  });

  it('has a line that comes in many pieces', async () => {
    expect(await passed(['{"a', '":', '1}\n{'].map((text) => Buffer.from(text)))).to.deep.equal(['{"a":1}\n', '{\n']);
  });

  it('names the worker in each line', () => {
    expect(withWorker('{"a":1}\n{"b":"{\\n{"}\n', 2)).to.equal('{"worker":2,"a":1}\n{"worker":2,"b":"{\\n{"}\n');
    expect(withWorker('12:00 info hello\n12:01 info bye a=1\n', 3)).to.equal(
      '12:00 info hello worker=3\n12:01 info bye a=1 worker=3\n',
    );
  });
});
