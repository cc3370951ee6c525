import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { keysCreate, keysList, keysRotate } from '../../../src/cli/keys.ts';
import type { IdentityConfig } from '../../../src/config/people-config.ts';
import { identityConfig, outcomeOf } from '../../support/commands.ts';

const NOW = Date.UTC(2026, 6, 22, 10, 15);
const HOUR = 3_600_000;
const TEXT = { format: 'text' } as const;
const JSON_FORMAT = { format: 'json' } as const;

interface Shown {
  readonly kid: string;
  readonly algorithm: string;
  readonly state: string;
  readonly signsFrom: string;
  readonly file: string;
}

describe('gatewayctl keys', () => {
  let root: string;
  let folder: string;
  let identity: IdentityConfig;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatewayctl-keys-'));
    folder = join(root, 'keys');
    identity = identityConfig({ keys: folder });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function listed(now: number, of = identity): Promise<readonly Shown[]> {
    const { stdout } = await outcomeOf(() => keysList(of, JSON_FORMAT, now));
    const { keys }: { keys: readonly Shown[] } = JSON.parse(stdout);
    return keys;
  }

  it('go through their life: created, rotated with overlap, outlived, removed', async () => {
    const created = await outcomeOf(() => keysCreate(identity, TEXT, NOW));
    expect(created.code).to.equal(0);
    expect(created.stdout).to.match(/^made \S+\.pem \(ES256\), which signs from 2026-07-22T10:15:00Z\n$/);
    expect(created.stderr).to.equal('');
    const [file = ''] = readdirSync(folder);
    expect(statSync(join(folder, file)).mode & 0o777).to.equal(0o600);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);

    const rotated = await outcomeOf(() => keysRotate(identity, TEXT, NOW + HOUR));
    expect(rotated.stdout).to.include('which signs from 2026-07-22T12:15:00Z');
    expect(rotated.stderr).to.include('published for 1h before it signs');
    expect((await listed(NOW + HOUR)).map(({ state }) => state)).to.deep.equal(['signing', 'next']);
    expect((await listed(NOW + 2 * HOUR)).map(({ state }) => state)).to.deep.equal(['verifying', 'signing']);
    expect((await listed(NOW + 3 * HOUR)).map(({ state }) => state)).to.deep.equal(['outlived', 'signing']);

    const again = await outcomeOf(() => keysRotate(identity, JSON_FORMAT, NOW + 3 * HOUR));
    const result: { created: Shown; removed: Shown[] } = JSON.parse(again.stdout);
    expect(result.created).to.include({ state: 'next', algorithm: 'ES256', signsFrom: '2026-07-22T14:15:00Z' });
    expect(result.removed.map((key) => key.file)).to.deep.equal([join(folder, file)]);
    expect(existsSync(join(folder, file))).to.equal(false);
    expect(readdirSync(folder)).to.have.length(2);
  });

  it('overlap no shorter than tokens live', async () => {
    const long = identityConfig({ keys: folder, accessTtl: 5 * HOUR });
    await outcomeOf(() => keysCreate(long, TEXT, NOW));
    const { stdout } = await outcomeOf(() => keysRotate(long, JSON_FORMAT, NOW));
    expect(JSON.parse(stdout)).to.have.nested.property('created.signsFrom', '2026-07-22T15:15:00Z');
  });

  it('print a table', async () => {
    await outcomeOf(() => keysCreate(identity, TEXT, NOW));
    const { stdout } = await outcomeOf(() => keysList(identity, TEXT, NOW));
    expect(stdout).to.match(
      /^KID {15}ALGORITHM {2}STATE {4}SIGNS FROM {12}FILE\n[0-9a-f]{16} {2}ES256 {6}signing {2}2026-07-22T10:15:00Z {2}\S+\.pem\n$/,
    );
  });

  it('are not created twice, and not rotated while one waits', async () => {
    await outcomeOf(() => keysCreate(identity, TEXT, NOW));
    const twice = await outcomeOf(() => keysCreate(identity, TEXT, NOW));
    expect(twice.code).to.equal(1);
    expect(twice.message).to.include('is a key for ES256').and.include('gatewayctl keys rotate');
    await outcomeOf(() => keysRotate(identity, TEXT, NOW));
    const waiting = await outcomeOf(() => keysRotate(identity, TEXT, NOW));
    expect(waiting.code).to.equal(1);
    expect(waiting.message).to.include('signs from 2026-07-22T11:15:00Z: rotate again after that');
    expect(readdirSync(folder)).to.have.length(2);
  });

  it('of another algorithm are published before they sign', async () => {
    await outcomeOf(() => keysCreate(identity, TEXT, NOW));
    const rsa = identityConfig({ keys: folder, algorithm: 'RS256' });
    expect((await outcomeOf(() => keysList(rsa, TEXT, NOW))).message).to.include('no key for RS256');
    const { stdout } = await outcomeOf(() => keysCreate(rsa, JSON_FORMAT, NOW));
    expect(JSON.parse(stdout)).to.have.nested.property('created.signsFrom', '2026-07-22T11:15:00Z');
    // Nothing else can sign until then.
    expect((await listed(NOW, rsa)).map(({ algorithm, state }) => `${algorithm} ${state}`)).to.deep.equal([
      'ES256 verifying',
      'RS256 signing',
    ]);
  });

  it('that are not there are named with what to type', async () => {
    for (const make of [false, true]) {
      if (make) await outcomeOf(() => keysRotate(identity, TEXT, NOW));
      for (const name of readdirSync(root)) rmSync(join(root, name, readdirSync(join(root, name))[0] ?? ''));
      const { code, message, stdout } = await outcomeOf(() => keysList(identity, TEXT, NOW));
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(message).to.equal(`there is no key for ES256 in ${folder}: type gatewayctl keys create`);
    }
  });

  it('sign at once when they are rotated from nothing', async () => {
    const { stdout } = await outcomeOf(() => keysRotate(identity, JSON_FORMAT, NOW));
    expect(JSON.parse(stdout)).to.deep.nested.include({ 'created.state': 'signing', removed: [] });
  });

  it('that cannot be used stop every command, and change nothing', async () => {
    await outcomeOf(() => keysCreate(identity, TEXT, NOW));
    const [file = ''] = readdirSync(folder);
    chmodSync(join(folder, file), 0o644);
    writeFileSync(join(folder, 'mine.pem'), '', { mode: 0o600 });
    for (const command of [keysCreate, keysRotate, keysList]) {
      const { code, message } = await outcomeOf(() => command(identity, TEXT, NOW));
      expect(code).to.equal(1);
      expect(message).to.include('chmod 600').and.include('is not named by time and key id');
    }
    expect(readdirSync(folder)).to.have.length(2);
  });

  it('that cannot be written are a sentence', async () => {
    writeFileSync(join(root, 'file'), '');
    const inFile = identityConfig({ keys: join(root, 'file', 'keys') });
    const { code, message } = await outcomeOf(() => keysCreate(inFile, TEXT, NOW));
    expect(code).to.equal(1);
    expect(message).to.include(join(root, 'file', 'keys'));
  });

  it('do not exist for a shared secret, and not without identity', async () => {
    const secret = identityConfig({ algorithm: 'HS256', secret: 'x'.repeat(32) });
    for (const of of [secret, undefined]) {
      const { code, message } = await outcomeOf(() => keysCreate(of, TEXT, NOW));
      expect(code).to.equal(2);
      expect(message)
        .to.include(of === undefined ? 'add identity' : 'keys: keys/')
        .and.not.include('xxx');
    }
  });
});
