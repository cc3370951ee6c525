import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FolderLock, isAlive } from '../../../src/database/embedded/folder-lock.ts';

describe('the lock of a folder', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatewayctl-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held by one at a time', () => {
    const lock = FolderLock.take(file);
    expect(FolderLock.take(file)).to.equal(undefined);
    expect(FolderLock.holder(file)).to.include({ pid: process.pid });
    lock?.release();
    expect(readdirSync(folder)).to.deep.equal([]);
    expect(FolderLock.holder(file)).to.equal(undefined);
    expect(FolderLock.take(file)?.held).to.equal(true);
  });

  it('knows the living from the dead, and from those that have their ids', () => {
    FolderLock.take(file);
    const holder = FolderLock.holder(file) ?? expect.fail();
    expect(isAlive(holder)).to.equal(true);
    expect(isAlive({ ...holder, started: '1' })).to.equal(holder.started === '');
    expect(isAlive({ pid: 2 ** 22 + 1, started: '', token: '' })).to.equal(false);
  });

  it('is nobody living when the file is unreadable', () => {
    for (const text of ['', '{', '{"pid":"1"}', '[]']) {
      writeFileSync(file, text);
      expect(isAlive(FolderLock.holder(file) ?? expect.fail())).to.equal(false);
    }
  });

  it('is cleared away when its holder is dead', () => {
    writeFileSync(file, '');
    FolderLock.clear(file, FolderLock.holder(file) ?? expect.fail());
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is given back when somebody else has taken it in the meantime', () => {
    const dead = { pid: 1, started: '1', token: 'dead' };
    const lock = FolderLock.take(file);
    FolderLock.clear(file, dead);
    expect(lock?.held).to.equal(true);
    expect(readdirSync(folder)).to.deep.equal(['lock']);
  });

  it('releases nothing that is not its own any more', () => {
    const lock = FolderLock.take(file);
    rmSync(file);
    const other = FolderLock.take(file);
    lock?.release();
    expect([lock?.held, other?.held]).to.deep.equal([false, true]);
  });
});
