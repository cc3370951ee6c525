import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { keysCreate, keysList, keysRevoke, keysRotate } from '../../../src/cli/keys.ts';
import type { IdentityConfig } from '../../../src/config/people-config.ts';
import { FakeTerminal, identityConfig, outcomeOf, type Outcome } from '../../support/commands.ts';

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

  it('are kept with cookies for as long as CSRF tokens live, and overlap no longer for it', async () => {
    const cookies = identityConfig({ keys: folder, transport: 'cookie', refreshTtl: 100 * HOUR });
    await outcomeOf(() => keysCreate(cookies, TEXT, NOW));
    const { stdout } = await outcomeOf(() => keysRotate(cookies, JSON_FORMAT, NOW));
    expect(JSON.parse(stdout)).to.have.nested.property('created.signsFrom', '2026-07-22T11:15:00Z');
    // A minute for clocks that differ.
    const end = NOW + 101 * HOUR + 60_000;
    expect((await listed(end - 1, cookies)).map(({ state }) => state)).to.deep.equal(['verifying', 'signing']);
    expect((await listed(end, cookies)).map(({ state }) => state)).to.deep.equal(['outlived', 'signing']);
    const early = await outcomeOf(() => keysRotate(cookies, JSON_FORMAT, end - 1));
    expect(JSON.parse(early.stdout)).to.deep.include({ removed: [] });
    // Where access tokens live longer, they count.
    const long = identityConfig({ keys: folder, transport: 'cookie', accessTtl: 200 * HOUR, refreshTtl: 100 * HOUR });
    expect((await listed(end, long)).map(({ state }) => state)).to.deep.equal(['verifying', 'signing', 'next']);
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

  describe('that have leaked', () => {
    const revoke = async (kid: string, flags: { format?: 'json'; of?: IdentityConfig } = {}): Promise<Outcome> => {
      const { format = 'text', of = identity } = flags;
      return outcomeOf(() => keysRevoke(of, kid, { format, yes: true }, FakeTerminal.pipe(''), NOW));
    };
    const create = async (): Promise<Shown> => {
      const { stdout } = await outcomeOf(() => keysCreate(identity, JSON_FORMAT, NOW - HOUR));
      const { created }: { created: Shown } = JSON.parse(stdout);
      return created;
    };

    it('are removed, and another one signs at once in place of the one that did', async () => {
      const lost = await create();
      const { code, stdout, stderr } = await revoke(lost.kid);
      expect(code).to.equal(0);
      const [left, ...others] = await listed(NOW);
      expect(others).to.deep.equal([]);
      expect(left).to.include({ state: 'signing', signsFrom: '2026-07-22T10:15:00Z' });
      expect(left?.kid).to.not.equal(lost.kid);
      expect(stdout).to.equal(`made ${left?.file} (ES256), which signs at once\nremoved ${lost.file}\n`);
      expect(stderr).to.include('within 10 s').and.include('have to refresh or log in again');
      expect(statSync(left?.file ?? '').mode & 0o777).to.equal(0o600);
    });

    it('do not wait for the next one, which takes over at its time', async () => {
      const lost = await create();
      await outcomeOf(() => keysRotate(identity, TEXT, NOW));
      const { stdout } = await revoke(lost.kid, { format: 'json' });
      const { revoked, created }: { revoked: Shown; created: Shown } = JSON.parse(stdout);
      expect(revoked).to.deep.equal(lost);
      expect(created).to.include({ state: 'signing', algorithm: 'ES256' });
      const keys = await listed(NOW);
      expect(keys.map(({ state }) => state)).to.deep.equal(['signing', 'next']);
      expect(keys[0]?.kid).to.equal(created.kid);
    });

    it('need no other one when they did not sign', async () => {
      const signing = await create();
      await outcomeOf(() => keysRotate(identity, TEXT, NOW));
      const [, next] = await listed(NOW);
      const { stdout } = await revoke(next?.kid ?? '', { format: 'json' });
      expect(JSON.parse(stdout)).to.deep.equal({ revoked: next, created: null });
      expect(await listed(NOW)).to.deep.equal([signing]);
      expect((await revoke(signing.kid)).code).to.equal(0);
      expect(readdirSync(folder)).to.have.length(1);
    });

    it('are never the last one, whatever their algorithm is', async () => {
      const { kid } = await create();
      const rsa = identityConfig({ keys: folder, algorithm: 'RS256' });
      expect((await revoke(kid, { of: rsa })).code).to.equal(0);
      expect((await listed(NOW, rsa)).map(({ algorithm, state }) => `${algorithm} ${state}`)).to.deep.equal([
        'RS256 signing',
      ]);
    });

    it('take the CSRF tokens of cookies with them', async () => {
      const { kid } = await create();
      const { stderr } = await revoke(kid, { of: identityConfig({ keys: folder, transport: 'cookie' }) });
      expect(stderr).to.include('the users who have them have to log in again').and.not.include('refresh');
    });

    it('are to be typed on a terminal, and need --yes elsewhere', async () => {
      const { kid, file } = await create();
      const ask = async (typed: FakeTerminal): Promise<Outcome> =>
        outcomeOf(() => keysRevoke(identity, kid, { ...TEXT, yes: false }, typed, NOW));
      const piped = await ask(FakeTerminal.pipe(`${kid}\n`));
      expect(piped.code).to.equal(2);
      expect(piped.message).to.include('there is no terminal').and.include('--yes');
      const wrong = await ask(new FakeTerminal(true, 'yes\r'));
      expect(wrong).to.include({ code: 1, message: `that is not ${kid}, and nothing was changed` });
      expect((await ask(new FakeTerminal(true, '\u0003'))).code).to.equal(130);
      expect(existsSync(file)).to.equal(true);
      const right = new FakeTerminal(true, `${kid}\r`);
      const { code, stderr } = await ask(right);
      expect(code).to.equal(0);
      expect(stderr).to.include(`${file} (signing) will be lost for good`);
      expect(right.shown).to.include('Type the kid to revoke the key: ');
      expect(existsSync(file)).to.equal(false);
    });

    it('are to be named by a kid that there is', async () => {
      await create();
      for (const kid of ['nope', '', '../keys']) {
        const { code, message, stdout } = await revoke(kid);
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
        expect(message).to.equal(
          `there is no key "${kid}" in ${folder}: expected the kid of one; look with gatewayctl keys list`,
        );
      }
      expect(readdirSync(folder)).to.have.length(1);
    });
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
