import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { WatchList } from '../../../src/config/load.ts';
import { ConfigWatcher } from '../../../src/gateway/watch.ts';
import { until } from '../../support/reload.ts';

describe('the watcher', () => {
  let folder = '';
  let changes = 0;
  let watcher: ConfigWatcher;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatewayctl-test-'));
    changes = 0;
    watcher = new ConfigWatcher(() => (changes += 1));
  });

  afterEach(() => {
    watcher.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const path = (name: string): string => join(folder, name);
  const list = (...names: readonly string[]): WatchList => ({ files: names.map(path), globs: [], folder });
  /** Once the clock by which files are dated has moved on from what was written before. */
  const later = async (...names: readonly string[]): Promise<number> => {
    await until('the files are of the past', () =>
      names.every((name) => Date.now() > statSync(path(name)).ctimeMs + 50),
    );
    return Date.now();
  };
  const changed = async (count: number): Promise<void> => until(`${count} changes are told`, () => changes >= count);

  it('tells of a file that was changed between its being read and being watched for the first time', async () => {
    writeFileSync(path('a'), '1');
    writeFileSync(path('b'), '1');
    const since = await later('a', 'b');
    appendFileSync(path('b'), '2');
    await watcher.watch(list('a', 'b'), since);
    await changed(1);
    await watcher.watch(list('a', 'b'), Date.now());
    appendFileSync(path('a'), '2');
    await changed(2);
    expect(changes).to.equal(2);
  });

  it('measures a file that it knew already against how it was found then', async () => {
    writeFileSync(path('a'), '1');
    await watcher.watch(list('a'), await later('a'));
    appendFileSync(path('a'), '2');
    // As if the file had been read just before: the change may have come after that.
    await watcher.watch(list('a'), 0);
    await changed(1);
    expect(changes).to.equal(1);
  });

  it('tells of many changes in quick succession once, when they are over', async () => {
    writeFileSync(path('a'), '');
    await watcher.watch(list('a'), await later('a'));
    let writes = 0;
    await new Promise<void>((resolve) => {
      const writing = setInterval(() => {
        appendFileSync(path('a'), 'x');
        writes += 1;
        expect(changes).to.equal(0);
        if (writes < 30) return;
        clearInterval(writing);
        resolve();
      }, 20);
    });
    await changed(1);
    appendFileSync(path('a'), 'end');
    await changed(2);
    expect(changes).to.equal(2);
  });

  it('tells of files that a glob comes to match, also in folders that come to be', async () => {
    const globs = { files: [], globs: ['conf/**/*.yaml'], folder };
    await watcher.watch(globs, Date.now());
    mkdirSync(path('conf/deep'), { recursive: true });
    writeFileSync(path('conf/deep/a.yaml'), '');
    await changed(1);
    writeFileSync(path('conf/deep/b.yaml'), '');
    await changed(2);
    rmSync(path('conf'), { recursive: true });
    await changed(3);
  });

  it('leaves nothing open when it is closed, whatever it is doing', async () => {
    const counts = (): number =>
      process.getActiveResourcesInfo().filter((name) => /^(?:Timeout|FSEvent)/.test(name)).length;
    // The test's own timer is set once the test waits for the first time.
    await new Promise((resolve) => setImmediate(resolve));
    const before = counts();
    for (let turns = 0; turns < 12; turns += 1) {
      const other = new ConfigWatcher(() => (changes += 1));
      writeFileSync(path('a'), String(turns));
      const watching = other.watch(list('a'), 0);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      other.close();
      await watching;
    }
    await until('nothing is left open', () => counts() <= before);
    expect(changes).to.equal(0);
  });
});
