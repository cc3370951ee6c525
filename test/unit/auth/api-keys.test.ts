import { expect } from 'chai';
import * as fc from 'fast-check';
import { apiKeyIdentity, isSameHash, makeApiKey, parseApiKey } from '../../../src/auth/api-keys.ts';
import { makeRefreshToken, refreshTokenHash } from '../../../src/auth/refresh-tokens.ts';

describe('an API key', () => {
  const key = makeApiKey();

  it('is made of a prefix, an id, a secret and a checksum', () => {
    expect(key.text).to.match(/^gw_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}$/);
    expect(parseApiKey(key.text)).to.deep.equal({ id: key.id, hash: key.hash });
    expect(key.hash).not.to.contain(key.text.slice(3));
  });

  it('is another one each time', () => {
    const keys = Array.from({ length: 200 }, makeApiKey);
    expect(new Set(keys.map(({ id }) => id)).size).to.equal(200);
    expect(new Set(keys.map(({ hash }) => hash)).size).to.equal(200);
    for (const { id, text, hash } of keys) expect(parseApiKey(text)).to.deep.equal({ id, hash });
  });

  it('is none with any one character changed', () => {
    fc.assert(
      fc.property(
        fc.nat(key.text.length - 1),
        fc.string({ minLength: 1, maxLength: 1, unit: 'binary-ascii' }),
        (at, other) => {
          fc.pre(key.text[at] !== other);
          return parseApiKey(key.text.slice(0, at) + other + key.text.slice(at + 1)) === undefined;
        },
      ),
    );
  });

  it('is none with two neighbours swapped, or something around it', () => {
    for (let at = 0; at + 1 < key.text.length; at += 1) {
      const [one = '', two = ''] = [key.text[at], key.text[at + 1]];
      if (one === two) continue;
      expect(parseApiKey(key.text.slice(0, at) + two + one + key.text.slice(at + 2)), String(at)).to.equal(undefined);
    }
    for (const text of ['', ` ${key.text}`, `${key.text}\n`, key.text.toLowerCase(), `${key.text}0`])
      expect(parseApiKey(text)).to.equal(undefined);
  });

  it('is never another text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseApiKey(text) === undefined));
  });

  it('compares by its hash', () => {
    expect(isSameHash(key.hash, key.hash)).to.equal(true);
    expect(isSameHash(key.hash, makeApiKey().hash)).to.equal(false);
    expect(isSameHash(key.hash, '')).to.equal(false);
    expect(isSameHash(key.hash, key.hash.slice(1))).to.equal(false);
  });

  it('calls for itself, with its role', () => {
    const identity = apiKeyIdentity({ id: 'abc', role: 'viewer', expiresAt: Infinity });
    expect(identity).to.include({ subject: 'key:abc', credential: 'key', expiresAt: Infinity });
    expect(identity.roles).to.deep.equal(['viewer']);
  });
});

describe('a refresh token', () => {
  it('is opaque, of 256 bits, and stored as its hash', () => {
    const { token, hash } = makeRefreshToken();
    expect(token).to.match(/^gwr_[\w-]{43}$/);
    expect(refreshTokenHash(token)).to.equal(hash);
    expect(hash).not.to.contain(token.slice(4));
    expect(makeRefreshToken().token).not.to.equal(token);
  });

  it('is nothing of another shape', () => {
    const { token } = makeRefreshToken();
    for (const text of ['', token.slice(4), token.slice(0, -1), `${token}a`, `${token}\n`, `gwr_${"'".repeat(43)}`])
      expect(refreshTokenHash(text)).to.equal(undefined);
  });
});
