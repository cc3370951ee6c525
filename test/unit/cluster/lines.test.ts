import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect } from 'chai';
import { passLines } from '../../../src/cluster/lines.ts';

async function passed(chunks: readonly Buffer[]): Promise<string[]> {
  const stream = new PassThrough();
  const written: string[] = [];
  passLines(stream, (bytes) => written.push(bytes.toString()));
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
});
