import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmod, chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  createKey,
  outlived,
  readKeys,
  rotateKeys,
  type KeyFault,
  type KeyFile,
  type Rotation,
} from '../../../src/auth/key-folder.ts';
import { parseJwkSet } from '../../../src/auth/jwk-set.ts';
import { secretSigningKeys, storedSigningKeys } from '../../../src/auth/signing-keys.ts';

const NOW = Date.UTC(2026, 6, 22, 10, 15);
const HOUR = 3_600_000;
const SECRET = 'a secret of at least 32 bytes, for all';

describe('signing keys', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-keys-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function keysIn(): Promise<readonly KeyFile[]> {
    const keys = await readKeys(folder);
    if ('faults' in keys) throw new Error(keys.faults.map(({ message }) => message).join());
    return keys;
  }

  async function faultsIn(path = folder): Promise<KeyFault['code'][]> {
    const keys = await readKeys(path);
    return 'faults' in keys ? keys.faults.map(({ code }) => code) : [];
  }

  async function put(name: string, content: string, mode = 0o600): Promise<void> {
    await writeFile(join(folder, name), content, { mode });
    await chmod(join(folder, name), mode);
  }

  function pem(type: 'rsa' | 'ec', size: number | string): string {
    const { privateKey } =
      type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: Number(size) })
        : generateKeyPairSync('ec', { namedCurve: String(size) });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  it('are files of mode 0600 that are named by time and kid', async () => {
    const inner = join(folder, 'keys');
    const key = await createKey(inner, 'ES256', NOW);
    const [name = '', ...others] = await readdir(inner);
    expect(others).to.deep.equal([]);
    expect(name).to.match(/^20260722T101500Z-[0-9a-f]{16}\.pem$/);
    expect((await stat(join(inner, name))).mode & 0o777).to.equal(0o600);
    expect((await stat(inner)).mode & 0o777).to.equal(0o700);
    const [read] = await readKeys(inner).then((keys) => ('faults' in keys ? [] : keys));
    expect(read).to.include({ kid: key.kid, algorithm: 'ES256', signsFrom: NOW, path: key.path });
  });

  it('are RSA keys of 2048 bits for RS256', async () => {
    const { privateKey, algorithm } = await createKey(folder, 'RS256', NOW);
    expect(algorithm).to.equal('RS256');
    expect(privateKey.asymmetricKeyDetails?.modulusLength).to.equal(2048);
  });

  it('are refused when others can read them, with what to type', async () => {
    await put('20260722T101500Z-a.pem', pem('ec', 'P-256'), 0o644);
    const keys = await readKeys(folder);
    const [fault] = 'faults' in keys ? keys.faults : [];
    expect(fault?.code).to.equal('readable-by-others');
    const path = join(folder, '20260722T101500Z-a.pem');
    expect(fault?.message).to.equal(`${path} can be read by others (mode 644): chmod 600 ${path}`);
  });

  it('belong to whoever reads them or to root, who may let a group read them', async () => {
    const name = '20260722T101500Z-a.pem';
    await put(name, pem('ec', 'P-256'));
    const own = process.getuid?.() ?? 0;
    const codes = async (uid: number, mode: number): Promise<readonly string[]> => {
      // Only root can give files away: nobody else has any but its own.
      if (own === 0) await chown(join(folder, name), uid, 1234);
      await chmod(join(folder, name), mode);
      return faultsIn();
    };
    for (const mode of [0o400, 0o600]) expect(await codes(own, mode), mode.toString(8)).to.deep.equal([]);
    for (const mode of [0o644, 0o660, 0o650, 0o604, 0o641, 0o777])
      expect(await codes(own, mode), mode.toString(8)).to.deep.equal(['readable-by-others']);
    const ofGroup = own === 0 ? [] : ['readable-by-others'];
    for (const mode of [0o440, 0o640]) expect(await codes(own, mode), mode.toString(8)).to.deep.equal(ofGroup);
    const ofOthers = own === 0 ? ['foreign-owner'] : [];
    for (const mode of [0o400, 0o600]) expect(await codes(1234, mode), mode.toString(8)).to.deep.equal(ofOthers);
  });

  it('are not taken from a folder in which others can put some', async () => {
    await put('20260722T101500Z-a.pem', pem('ec', 'P-256'));
    await chmod(folder, 0o777);
    expect(await faultsIn()).to.deep.equal(['writable-by-others']);
    // As a secret is mounted: whoever may write there cannot replace what others have.
    await chmod(folder, 0o1777);
    expect(await faultsIn()).to.deep.equal([]);
  });

  it('are refused with all that is wrong', async () => {
    await put('1.pem', pem('ec', 'P-256'));
    await put('20261322T101500Z-a.pem', pem('ec', 'P-256'));
    await put('20260722T101500Z-b.pem', 'no key');
    await put('20260722T101500Z-c.pem', pem('rsa', 1024));
    await put('20260722T101500Z-d.pem', pem('ec', 'P-384'));
    await put('20260722T101500Z-e.pem', pem('ec', 'P-256'));
    await put('20260723T101500Z-e.pem', pem('ec', 'P-256'));
    await put('README', 'not a key');
    expect(await faultsIn()).to.deep.equal(['bad-name', 'not-a-key', 'weak-key', 'weak-key', 'same-kid', 'bad-name']);
  });

  it('are not there without a folder', async () => {
    expect(await faultsIn(join(folder, 'no'))).to.deep.equal(['missing']);
    expect(await keysIn()).to.deep.equal([]);
  });

  it('sign from their time on, and verify and are published before it', async () => {
    const old = await createKey(folder, 'ES256', NOW);
    const next = await createKey(folder, 'ES256', NOW + HOUR);
    const keys = storedSigningKeys(await keysIn(), 'ES256');
    expect(keys.jwks.keys.map(({ kid }) => kid)).to.deep.equal([old.kid, next.kid]);
    expect(keys.source.find(next.kid, 'ES256')).to.have.length(1);
    expect(keys.source.find(next.kid, 'RS256')).to.have.length(0);
    expect(keys.signing(NOW).kid).to.equal(old.kid);
    expect(keys.signing(NOW + HOUR - 1).kid).to.equal(old.kid);
    expect(keys.signing(NOW + HOUR).kid).to.equal(next.kid);
    // When the clock is behind the first of all, that one signs.
    expect(keys.signing(0).kid).to.equal(old.kid);
  });

  it('of another algorithm verify, but do not sign', async () => {
    const ec = await createKey(folder, 'ES256', NOW);
    const rsa = await createKey(folder, 'RS256', NOW + 1000);
    const keys = storedSigningKeys(await keysIn(), 'ES256');
    expect(keys.signing(NOW + HOUR).kid).to.equal(ec.kid);
    expect(keys.algorithms).to.have.members(['ES256', 'RS256']);
    expect(keys.source.find(rsa.kid, 'RS256')).to.have.length(1);
    expect(() => storedSigningKeys([ec], 'RS256')).to.throw(RangeError);
  });

  it('are published with their public half alone', async () => {
    const keys = [await createKey(folder, 'ES256', NOW), await createKey(folder, 'RS256', NOW)];
    const { jwks } = storedSigningKeys(keys, 'RS256');
    const members = { EC: ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y'], RSA: ['kty', 'kid', 'use', 'alg', 'n', 'e'] };
    expect(jwks.keys).to.have.length(2);
    for (const jwk of jwks.keys) expect(Object.keys(jwk)).to.have.members(members[jwk.kty]);
    const read = parseJwkSet(JSON.stringify(jwks), ['RS256', 'ES256']) ?? [];
    expect(read.map(({ kid }) => kid)).to.have.members(keys.map(({ kid }) => kid));
    for (const { kid, key } of read) {
      const pair = keys.find((each) => each.kid === kid);
      expect(pair !== undefined && key.equals(createPublicKey(pair.privateKey))).to.equal(true);
    }
  });

  describe('that are rotated', () => {
    const rotation: Rotation = { now: NOW, overlap: HOUR, tokenLife: 15 * 60_000 };

    it('begin to sign at once when they are the first', async () => {
      const { created, removed } = await rotateKeys(folder, [], 'ES256', rotation);
      expect(created.signsFrom).to.equal(NOW);
      expect(removed).to.deep.equal([]);
    });

    it('begin to sign after the overlap when there are others', async () => {
      const old = await createKey(folder, 'ES256', NOW - HOUR);
      const { created, removed } = await rotateKeys(folder, await keysIn(), 'ES256', rotation);
      expect(created.signsFrom).to.equal(NOW + HOUR);
      expect(removed).to.deep.equal([]);
      expect((await keysIn()).map(({ kid }) => kid)).to.deep.equal([old.kid, created.kid]);
    });

    it('are removed when no token that they signed can be valid any more', async () => {
      const oldest = await createKey(folder, 'ES256', NOW - 9 * HOUR);
      const old = await createKey(folder, 'ES256', NOW - HOUR);
      const other = await createKey(folder, 'RS256', NOW - 9 * HOUR);
      const { created, removed } = await rotateKeys(folder, await keysIn(), 'ES256', rotation);
      expect(removed.map(({ kid }) => kid)).to.deep.equal([oldest.kid]);
      expect((await keysIn()).map(({ kid }) => kid)).to.deep.equal([other.kid, old.kid, created.kid]);
    });

    it('stay as long as a token of theirs may be valid, by a clock that is late', async () => {
      await createKey(folder, 'ES256', NOW - HOUR);
      const next = await createKey(folder, 'ES256', NOW);
      const keys = await keysIn();
      expect(outlived(keys, next.signsFrom + 59_999)).to.deep.equal([]);
      expect(outlived(keys, next.signsFrom + 60_000)).to.have.length(1);
      expect(outlived([next], NOW + 1000 * HOUR)).to.deep.equal([]);
    });
  });

  it('can be one secret instead, which is not published', () => {
    const keys = secretSigningKeys(SECRET);
    expect(keys.jwks).to.deep.equal({ keys: [] });
    expect(keys.signing(NOW)).to.include({ algorithm: 'HS256', kid: undefined });
    expect(keys.source.find('any', 'HS256')).to.have.length(1);
    expect(keys.source.find(undefined, 'RS256')).to.have.length(0);
    expect(() => secretSigningKeys('x'.repeat(31))).to.throw(RangeError);
    expect(() => secretSigningKeys('é'.repeat(16))).not.to.throw();
  });
});
