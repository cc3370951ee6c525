import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';

/** More than may wait, in one turn in which nothing can be written, and as many lines more. */
const PROGRAM = `
import { standardOutput } from './src/cli/standard-output.ts';
const output = standardOutput();
const bytes = Buffer.alloc(1024 * 1024, 'x');
bytes[9] = bytes[99] = 0x0a;
for (let count = 0; count < 70; count += 1) output.write(bytes);
process.stderr.write(String(output.droppedLines()));
`;

describe('standard output', () => {
  it('counts the lines that it gives up, since nobody reads them', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PROGRAM], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [told] = await once(child.stderr, 'data');
    // It would wait for a reader.
    child.kill('SIGKILL');
    child.stdout.destroy();
    await once(child, 'exit');
    // 64 MiB may wait. What the pipe had taken by then is more that may.
    expect(Number(String(told)), String(told)).to.be.within(2, 12);
  });
});
