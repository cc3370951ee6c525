import { execFile } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdtemp, open, readdir, rename, rm, symlink, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { builtInIssuer, signAccessToken, type AccessTokenOptions } from '../../../src/auth/access-tokens.ts';
import { createKey } from '../../../src/auth/key-folder.ts';
import { keyRing, KeyRingFault, type KeyRing, type KeyRingOptions } from '../../../src/auth/key-ring.ts';
import type { SigningKeys } from '../../../src/auth/signing-keys.ts';
import { verifier } from '../../../src/auth/verifier.ts';
import { csrfTokens } from '../../../src/users/csrf.ts';
import { ecPair } from '../../support/tokens.ts';

const NOW = Date.UTC(2026, 6, 22, 12);
const HOUR = 3_600_000;
const GRANT = { subject: 'u1', sessionId: 's1', role: 'viewer', roleVersion: 3 };
const SESSION = '6f2c1d0e-8a9b-4c3d-9e8f-0a1b2c3d4e5f';
/** Between looks; no other timer has it. In milliseconds. */
const PERIOD = 3;
const PATIENCE = 8000;

/** Waits until it is so, and fails with words when that takes too long. */
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE; !(await isSo()); await pause(1))
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
}

/** Lets timers be set as ever, and remembers for when. */
function watchTimers() {
  return mock.method(globalThis, 'setTimeout');
}

function tokensOf(keys: SigningKeys): AccessTokenOptions {
  return { issuer: 'https://gateway.example.com', audience: 'https://api.example.com', ttl: 900_000, keys };
}

function pemOf(key: KeyObject): string | Buffer {
  return key.export({ type: 'pkcs8', format: 'pem' });
}

function kidsOf({ jwks }: KeyRing): string[] {
  return jwks.keys.map(({ kid }) => kid);
}

describe('a ring of signing keys', () => {
  let parent: string;
  let folder: string;
  let rings: KeyRing[];
  let faults: string[];
  let timers: ReturnType<typeof watchTimers>;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'gatewayctl-ring-'));
    folder = join(parent, 'keys');
    rings = [];
    faults = [];
    timers = watchTimers();
  });

  afterEach(async () => {
    for (const ring of rings) ring.close();
    timers.mock.restore();
    await rm(parent, { recursive: true, force: true });
  });

  function begin(options: Partial<KeyRingOptions> = {}): KeyRing {
    const ring = keyRing({
      folder,
      algorithm: 'ES256',
      makesFirstKey: false,
      now: () => NOW,
      onFault: (message) => void faults.push(message),
      period: PERIOD,
      ...options,
    });
    rings.push(ring);
    return ring;
  }

  async function ready(options: Partial<KeyRingOptions> = {}): Promise<KeyRing> {
    const ring = begin(options);
    await ring.ready;
    return ring;
  }

  async function refusal(options: Partial<KeyRingOptions> = {}): Promise<string> {
    const failure: unknown = await begin(options).ready.catch((error: unknown) => error);
    if (!(failure instanceof KeyRingFault)) throw new Error('it was not refused', { cause: failure });
    return failure.message;
  }

  /** How often rings were about to look at their folders. */
  function looks(): number {
    return timers.mock.calls.filter((call) => call.arguments[1] === PERIOD).length;
  }

  /** Several looks of a ring that follows its folder. */
  async function someLooks(): Promise<void> {
    const before = looks();
    await until('the folder was looked at', () => looks() >= before + 5);
  }

  /** A key whose reading lasts until somebody has written it. */
  async function slowKey(): Promise<string> {
    const path = join(folder, '20260722T110000Z-slow.pem');
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    return path;
  }

  /** Opens a slow key, which is possible only while it is being read. */
  async function beingRead(path: string): Promise<FileHandle> {
    let file: FileHandle | undefined;
    await until('the key is being read', async () => {
      file = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
      return file !== undefined;
    });
    if (file === undefined) throw new Error('it is not read');
    return file;
  }

  async function finish(file: FileHandle): Promise<void> {
    await file.writeFile(pemOf(ecPair().privateKey));
    await file.close();
    await until('it is read no more', () => !process.getActiveResourcesInfo().some((name) => /FS|File/.test(name)));
  }

  describe('at the start', () => {
    it('makes the first key when it may', async () => {
      const ring = await ready({ makesFirstKey: true });
      const [name = '', ...others] = await readdir(folder);
      expect(others).to.deep.equal([]);
      expect(name).to.equal(`20260722T120000Z-${ring.signing(NOW).kid}.pem`);
      expect(kidsOf(ring)).to.deep.equal([ring.signing(NOW).kid]);
      expect(ring.privateKeys).to.deep.equal([ring.signing(NOW).privateKey]);
    });

    it('makes no key when there is one, and the first of an algorithm beside others', async () => {
      const there = await createKey(folder, 'ES256', NOW - HOUR);
      expect(kidsOf(await ready({ makesFirstKey: true }))).to.deep.equal([there.kid]);
      const ring = await ready({ makesFirstKey: true, algorithm: 'RS256' });
      expect(ring.signing(NOW).algorithm).to.equal('RS256');
      expect(kidsOf(ring)).to.have.length(2).and.to.include(there.kid);
      expect(ring.algorithms).to.have.members(['ES256', 'RS256']);
    });

    it('agrees with another process that makes one at the same moment', async () => {
      const [one, other] = await Promise.all([ready({ makesFirstKey: true }), ready({ makesFirstKey: true })]);
      const files = await readdir(folder);
      for (const ring of [one, other]) await until('it has all keys', () => kidsOf(ring).length === files.length);
      expect(one.jwks).to.deep.equal(other.jwks);
      expect(one.signing(NOW).kid).to.equal(other.signing(NOW).kid);
      expect([one.source.generation, other.source.generation]).to.deep.equal([0, 0]);
    });

    it('fails without a key, with what to type, and does not look again', async () => {
      expect(await refusal()).to.equal(`there is no folder ${folder}: type gatewayctl keys create`);
      await createKey(folder, 'RS256', NOW);
      expect(await refusal()).to.equal(`there is no key for ES256 in ${folder}: type gatewayctl keys create`);
      expect(looks()).to.equal(0);
      expect(faults).to.deep.equal([]);
    });

    it('fails with all that is wrong, and makes no key beside a bad one', async () => {
      const { path } = await createKey(folder, 'ES256', NOW);
      await chmod(path, 0o644);
      await writeFile(join(folder, 'a.pem'), '', { mode: 0o600 });
      const message = await refusal({ makesFirstKey: true });
      expect(message.split('; ')).to.deep.equal([
        `${path} can be read by others (mode 644): chmod 600 ${path}`,
        `${join(folder, 'a.pem')} is not named by time and key id, such as 20260722T101500Z-3f1c0a52b7de9a44.pem`,
      ]);
      expect(await readdir(folder)).to.have.length(2);
    });

    it('fails when no key can be written, with the reason', async () => {
      // A link that leads nowhere: there is no folder, and none can be made.
      await symlink(join(parent, 'none', 'keys'), folder);
      expect(await refusal({ makesFirstKey: true })).to.match(
        new RegExp(
          `^the folder ${folder} cannot be written: ENOENT.*; mend its rights, or change identity.tokens.keys$`,
        ),
      );
    });

    it('signs and publishes nothing before it is ready', async () => {
      await createKey(folder, 'ES256', NOW);
      const ring = begin();
      expect(() => ring.signing(NOW)).to.throw(KeyRingFault);
      expect(ring.jwks).to.deep.equal({ keys: [] });
      expect(ring.privateKeys).to.deep.equal([]);
      expect(ring.algorithms).to.deep.equal(['ES256']);
      expect(ring.source.find(undefined, 'ES256')).to.equal('unavailable');
      await ring.ready;
      expect(ring.source.find(undefined, 'ES256')).to.have.length(1);
    });
  });

  describe('that follows its folder', () => {
    it('takes a new key, and remembered tokens stay remembered', async () => {
      const old = await createKey(folder, 'ES256', NOW - HOUR);
      const ring = await ready();
      const judge = verifier({ issuers: [builtInIssuer(tokensOf(ring))], now: () => NOW });
      const { token } = signAccessToken(tokensOf(ring), GRANT, NOW);
      const verification = judge.verify(token);
      expect(verification).to.have.property('identity');
      const { source } = ring;
      const next = await createKey(folder, 'ES256', NOW + HOUR);
      await until('both keys are published', () => ring.jwks.keys.length === 2);
      expect(ring.source).to.equal(source);
      expect(source.generation).to.equal(0);
      expect(judge.verify(token)).to.equal(verification);
      expect(source.find(next.kid, 'ES256')).to.have.length(1);
      expect(ring.privateKeys).to.have.length(2);
      // The change from one to the other is a matter of the clock alone.
      expect(ring.signing(NOW).kid).to.equal(old.kid);
      expect(ring.signing(NOW + HOUR).kid).to.equal(next.kid);
    });

    it('takes keys of another algorithm, and their tokens with them', async () => {
      await createKey(folder, 'ES256', NOW - HOUR);
      const ring = await ready();
      const judge = verifier({ issuers: [builtInIssuer(tokensOf(ring))], now: () => NOW });
      const other = await ready({ makesFirstKey: true, algorithm: 'RS256' });
      await until('both keys are published', () => ring.jwks.keys.length === 2);
      expect(judge.verify(signAccessToken(tokensOf(other), GRANT, NOW).token)).to.have.property('identity');
    });

    it('refuses the tokens of a key that is removed, those that were remembered as well', async () => {
      const old = await createKey(folder, 'ES256', NOW - HOUR);
      await createKey(folder, 'ES256', NOW + HOUR);
      const ring = await ready();
      const judge = verifier({ issuers: [builtInIssuer(tokensOf(ring))], now: () => NOW });
      // Made once, as in a gateway: it follows as well.
      const csrf = csrfTokens({ current: () => ring.signing(NOW).privateKey, all: () => ring.privateKeys });
      const { token } = signAccessToken(tokensOf(ring), GRANT, NOW);
      const proof = csrf.tokenFor(SESSION);
      expect(judge.verify(token)).to.have.property('identity');
      expect(csrf.sessionOf(proof)).to.equal(SESSION);
      await rm(old.path);
      await until('it is published no more', () => ring.jwks.keys.length === 1);
      expect(judge.verify(token)).to.deep.equal({ fault: 'unknown-key' });
      expect(ring.source.generation).to.equal(1);
      expect(csrf.sessionOf(proof)).to.equal(undefined);
      expect(csrf.sessionOf(csrf.tokenFor(SESSION))).to.equal(SESSION);
    });

    it('refuses the tokens of a key that is replaced by one of the same id', async () => {
      const { path } = await createKey(folder, 'ES256', NOW);
      const ring = await ready();
      const judge = verifier({ issuers: [builtInIssuer(tokensOf(ring))], now: () => NOW });
      const { token } = signAccessToken(tokensOf(ring), GRANT, NOW);
      expect(judge.verify(token)).to.have.property('identity');
      await writeFile(join(parent, 'new'), pemOf(ecPair().privateKey), { mode: 0o600 });
      await rename(join(parent, 'new'), path);
      await until('the token is refused', () => 'fault' in judge.verify(token));
      expect(judge.verify(token)).to.deep.equal({ fault: 'signature' });
      expect(faults).to.deep.equal([]);
    });

    it('keeps tokens remembered when a key only signs at another time', async () => {
      const { path, kid } = await createKey(folder, 'ES256', NOW);
      const next = await createKey(folder, 'ES256', NOW + HOUR);
      const ring = await ready();
      await rename(next.path, join(folder, `20260722T110000Z-${next.kid}.pem`));
      await until('it is the first', () => kidsOf(ring)[0] === next.kid);
      expect(ring.signing(NOW).kid).to.equal(kid);
      expect(ring.source.generation).to.equal(0);
      await rm(path);
      await until('it is the only one', () => ring.source.generation === 1);
    });

    it('reads once more when keys are removed while it reads', async () => {
      const old = await createKey(folder, 'ES256', NOW - HOUR / 2);
      const next = await createKey(folder, 'ES256', NOW + HOUR);
      const ring = await ready();
      const path = await slowKey();
      const file = await beingRead(path);
      await rm(old.path);
      await rm(path);
      await finish(file);
      await until('the next key is the only one', () => ring.source.generation === 1);
      expect(kidsOf(ring)).to.deep.equal([next.kid]);
      expect(faults).to.deep.equal([]);
    });

    it('reads nothing while nothing changes', async () => {
      await createKey(folder, 'ES256', NOW);
      const ring = await ready();
      const { jwks } = ring;
      await writeFile(join(folder, 'README'), 'no key');
      await someLooks();
      // Another reading would have made another set.
      expect(ring.jwks).to.equal(jwks);
    });
  });

  describe('whose folder turns bad', () => {
    it('keeps its keys, tells once what is wrong, and takes new keys when it is mended', async () => {
      const { path, kid } = await createKey(folder, 'ES256', NOW);
      const ring = await ready();
      const bad = join(folder, '20260722T120000Z-bad.pem');
      await writeFile(bad, 'no key', { mode: 0o600 });
      const next = await createKey(folder, 'ES256', NOW + HOUR);
      await rm(path);
      await until('it was told', () => faults.length > 0);
      await someLooks();
      expect(faults).to.deep.equal([`${bad} holds no PEM private key`]);
      expect(kidsOf(ring)).to.deep.equal([kid]);
      expect(ring.source.find(kid, 'ES256')).to.have.length(1);
      expect(ring.signing(NOW).kid).to.equal(kid);
      await writeFile(join(folder, '1.pem'), '', { mode: 0o600 });
      await until('it was told of the next', () => faults.length > 1);
      await someLooks();
      expect(faults).to.have.length(2);
      expect(faults[1]).to.include('1.pem is not named by time and key id').and.to.include(bad);
      await rm(bad);
      await rm(join(folder, '1.pem'));
      await until('the next key is taken', () => kidsOf(ring)[0] === next.kid);
      expect(ring.source.generation).to.equal(1);
      expect(ring.source.find(kid, 'ES256')).to.have.length(0);
    });

    it('tells again what is wrong again', async () => {
      const { path } = await createKey(folder, 'ES256', NOW);
      const ring = await ready();
      const message = `${path} can be read by others (mode 604): chmod 600 ${path}`;
      for (const times of [1, 2]) {
        const { jwks } = ring;
        await chmod(path, 0o604);
        await until('it was told', () => faults.length === times);
        await chmod(path, 0o600);
        await until('it was read anew', () => ring.jwks !== jwks);
      }
      expect(faults).to.deep.equal([message, message]);
    });

    it('keeps its keys when the folder has gone', async () => {
      const { kid } = await createKey(folder, 'ES256', NOW);
      const ring = await ready({ makesFirstKey: true });
      await rename(folder, join(parent, 'gone'));
      await until('it was told', () => faults.length > 0);
      await someLooks();
      expect(faults).to.deep.equal([`there is no folder ${folder}`]);
      expect(ring.signing(NOW).kid).to.equal(kid);
      // A key that is made only at the start does not hide that the others are gone.
      expect(await readdir(parent)).to.deep.equal(['gone']);
      const next = await createKey(join(parent, 'gone'), 'ES256', NOW + HOUR);
      await rename(join(parent, 'gone'), folder);
      await until('it is followed again', () => kidsOf(ring).includes(next.kid));
      expect(ring.source.generation).to.equal(0);
    });

    it('keeps its keys when none of the algorithm is left', async () => {
      const { path, kid } = await createKey(folder, 'ES256', NOW);
      const ring = await ready();
      await createKey(folder, 'RS256', NOW);
      await rm(path);
      await until('it was told', () => faults.length > 0);
      await someLooks();
      expect(faults).to.deep.equal([`there is no key for ES256 in ${folder}`]);
      expect(ring.signing(NOW).kid).to.equal(kid);
    });
  });

  describe('that is closed', () => {
    it('takes nothing of a reading that is under way, and keeps what it has', async () => {
      const { kid } = await createKey(folder, 'ES256', NOW);
      const ring = await ready();
      const file = await beingRead(await slowKey());
      const before = looks();
      ring.close();
      await finish(file);
      expect(looks()).to.equal(before);
      expect(kidsOf(ring)).to.deep.equal([kid]);
      expect(ring.signing(NOW).kid).to.equal(kid);
    });

    it('is never ready when the first reading was under way', async () => {
      await createKey(folder, 'ES256', NOW);
      const path = await slowKey();
      const ring = begin();
      const file = await beingRead(path);
      ring.close();
      await finish(file);
      const failure: unknown = await ring.ready.catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(KeyRingFault);
      expect(ring.jwks).to.deep.equal({ keys: [] });
      expect(looks()).to.equal(0);
    });

    it('makes no key any more', async () => {
      const ring = begin({ makesFirstKey: true });
      ring.close();
      const failure: unknown = await ring.ready.catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(KeyRingFault);
      expect(await readdir(parent)).to.deep.equal([]);
    });

    it('leaves no timer behind', async () => {
      const running = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      await createKey(folder, 'ES256', NOW);
      const before = running();
      const ring = await ready({ period: HOUR });
      expect(running()).to.equal(before + 1);
      ring.close();
      expect(running()).to.equal(before);
    });

    it('looks no more', async () => {
      await createKey(folder, 'ES256', NOW);
      const [ring, other] = [await ready(), await ready()];
      ring.close();
      await createKey(folder, 'ES256', NOW + HOUR);
      await until('the other has followed', () => kidsOf(other).length === 2);
      await someLooks();
      expect(kidsOf(ring)).to.have.length(1);
    });
  });
});
