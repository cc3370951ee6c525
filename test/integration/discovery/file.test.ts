import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { discoverFile } from '../../../src/upstreams/discovery/file.ts';
import { Sources } from '../../support/discovery.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/orders.targets.yaml', import.meta.url));
const ONE = 'http://127.0.0.1:9001';
const TWO = 'http://127.0.0.1:9002';

describe('endpoints from a file', () => {
  const sources = new Sources();
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-targets-'));
    file = join(folder, 'targets.yaml');
  });

  afterEach(async () => {
    await sources.close();
    await rm(folder, { recursive: true });
  });

  function discover() {
    return sources.start(discoverFile, { file });
  }

  it('appear, change and vanish', async () => {
    await copyFile(EXAMPLE, file);
    const before = Date.now();
    const { source, listener } = discover();
    expect(source.updatedAt).to.equal(undefined);
    expect(await listener.next()).to.deep.equal([ONE, `${TWO}*3`]);
    expect(source.updatedAt).to.be.within(before, Date.now());
    await writeFile(file, `- ${TWO}\n- { url: HTTPS://Orders.Example.com:443 }\n- { url: ${ONE}, weight: 0 }\n`);
    expect(await listener.next()).to.deep.equal([TWO, 'https://orders.example.com'].toSorted());
    await writeFile(file, '[]');
    expect(await listener.next()).to.deep.equal([]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('may stand there as JSON', async () => {
    await writeFile(file, JSON.stringify([ONE, { url: TWO, weight: 3 }]));
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE, `${TWO}*3`]);
  });

  it('are not told again when the file says the same in other words', async () => {
    await writeFile(file, `- ${ONE}\n- ${TWO}\n`);
    const { source, listener } = discover();
    await listener.next();
    const { updatedAt = 0 } = source;
    await writeFile(file, JSON.stringify([TWO, ONE]));
    while (source.updatedAt === updatedAt) await new Promise((resolve) => setImmediate(resolve));
    await writeFile(file, `- ${ONE}`);
    expect(await listener.next()).to.deep.equal([ONE]);
  });

  it('change when another file takes the place of theirs', async () => {
    await writeFile(file, `- ${ONE}`);
    const { listener } = discover();
    await listener.next();
    await writeFile(`${file}.new`, `- ${TWO}`);
    await rename(`${file}.new`, file);
    expect(await listener.next()).to.deep.equal([TWO]);
  });

  it('change when a link to a parent folder does, as in a ConfigMap', async () => {
    for (const [version, url] of [
      ['1', ONE],
      ['2', TWO],
    ] as const) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'targets.yaml'), `- ${url}`);
    }
    await symlink('1', join(folder, 'data'));
    await symlink('data/targets.yaml', file);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    await symlink('2', join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, 'data'));
    expect(await listener.next()).to.deep.equal([TWO]);
  });

  it('are read when the file has been written, and not while it is', async () => {
    await writeFile(file, `- ${TWO}`);
    const { listener } = discover();
    await listener.next();
    const handle = await open(file, 'w');
    // Each list is a good one by itself. The pauses are shorter than what counts as settled, and together longer than
    // it takes until the file is looked at again.
    for (let number = 1; number <= 60; number += 1) {
      await handle.write(`- http://10.0.0.${number}\n`);
      await pause(30);
    }
    await handle.close();
    expect(await listener.next()).to.have.length(60);
    expect(listener.rest).to.deep.equal([]);
  });

  it('stay while the file is gone, which is told once, and come with it', async () => {
    await writeFile(file, `- ${ONE}`);
    const { source, listener } = discover();
    await listener.next();
    const { updatedAt } = source;
    await rename(file, `${file}.away`);
    expect(await listener.failure()).to.equal(`${file} cannot be read: ENOENT`);
    expect(source.updatedAt).to.equal(updatedAt);
    await rename(`${file}.away`, file);
    expect(await listener.next()).to.equal('recovery');
    await writeFile(file, `- ${TWO}`);
    expect(await listener.next()).to.deep.equal([TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('end while it waits to look again', async () => {
    await writeFile(file, `- ${ONE}`);
    const { source, listener } = discover();
    await listener.next();
    source.close();
    source.close();
    expect(listener.rest).to.deep.equal([]);
  });

  it('end before they are told', async () => {
    await writeFile(file, `- ${ONE}`);
    const { source, listener } = discover();
    source.close();
    await sources.close();
    expect(listener.rest).to.deep.equal([]);
  });

  it('may be ten thousand', async () => {
    const urls = Array.from({ length: 10_000 }, (_none, number) => `http://10.1.${number >> 8}.${number & 255}`);
    await writeFile(file, urls.map((url) => `- ${url}\n`).join(''));
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal(urls.toSorted());
  });

  const LIST = 'holds no list of origins; [] stands for no endpoints';
  const ENTRY = 'is neither an origin nor { url, weight }';
  for (const [what, text, cause] of [
    ['nothing', '', LIST],
    ['only a comment', '# none\n', LIST],
    ['a mapping', 'targets: []', LIST],
    ['no YAML', '[}', LIST],
    ['two documents', `- ${ONE}\n---\n- ${TWO}\n`, LIST],
    ['a key twice, for want of a dash', `- url: ${ONE}\n  url: ${TWO}\n`, LIST],
    ['more aliases than anybody needs', bomb(), LIST],
    ['a prototype', '{"__proto__": ["http://10.6.6.6"]}', LIST],
    ['an entry with a prototype', '- __proto__: { url: http://10.6.6.6 }', ENTRY],
    ['a misspelt key', `- { url: ${ONE}, wieght: 3 }`, ENTRY],
    ['a weight that is none', `- { url: ${ONE}, weight: 1.5 }`, ENTRY],
    ['an entry without a URL', '- { weight: 3 }', ENTRY],
    ['a path', `- ${ONE}/api`, ENTRY],
    ['a password', '- http://user:hunter2@10.0.0.1', ENTRY],
    ['a number', '- 9001', ENTRY],
    ['nesting that never ends', '['.repeat(100_000), 'nesting is deeper than 64 levels'],
    ['bytes that are no text', '\0\0\0\0', 'a NUL byte stands here'],
    ['more than 4 MiB', `# ${'x'.repeat(4 * 1024 * 1024)}`, 'the file is larger than 4 MiB'],
  ] as const) {
    it(`are not known when it holds ${what}`, async () => {
      await writeFile(file, text);
      const { listener } = discover();
      const told = await listener.failure();
      expect(told).to.include(cause).and.to.include(file);
      expect(told).not.to.include('hunter2');
      expect(Reflect.has({}, 'url')).to.equal(false);
    });
  }

  it('stay while the file cannot be read as a list, until it is mended', async () => {
    await writeFile(file, `- ${ONE}`);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    await writeFile(file, '');
    expect(await listener.failure()).to.include(LIST);
    await writeFile(file, `- ${ONE}`);
    expect(await listener.next()).to.equal('recovery');
    await writeFile(file, `- ${TWO}`);
    expect(await listener.next()).to.deep.equal([TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are not looked for in a folder, nor in a pipe', async () => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    for (const path of [folder, pipe]) {
      const { listener } = sources.start(discoverFile, { file: path });
      expect(await listener.failure()).to.equal(`${path} is not a file`);
    }
  });
});

/** Lists of lists of lists: few bytes that stand for a million entries. */
function bomb(): string {
  const levels = Array.from({ length: 7 }, (_none, level) => {
    const inner = level === 0 ? '"http://10.0.0.1"' : `*l${level - 1}`;
    return `- &l${level} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
  });
  return levels.join('\n');
}
