import { expect } from 'chai';
import { builtInIssuer, signAccessToken, type AccessTokenOptions } from '../../../src/auth/access-tokens.ts';
import { BUILT_IN } from '../../../src/auth/identity.ts';
import {
  secretSigningKeys,
  storedSigningKeys,
  type SigningKeys,
  type StoredKey,
} from '../../../src/auth/signing-keys.ts';
import { verifier, type Verification } from '../../../src/auth/verifier.ts';
import { ecPair, forge, hs256, rs256, rsaPair } from '../../support/tokens.ts';

const NOW = Date.UTC(2026, 6, 22, 12);
const SECRET = 'a secret of at least 32 bytes, for all';
const GRANT = { subject: 'u1', sessionId: 's1', role: 'viewer', roleVersion: 3 };

const rsa = rsaPair();
const RSA_KEY: StoredKey = { kid: 'r1', algorithm: 'RS256', signsFrom: NOW, ...rsa };
const EC_KEY: StoredKey = { kid: 'e1', algorithm: 'ES256', signsFrom: NOW, ...ecPair() };

function options(keys: SigningKeys): AccessTokenOptions {
  return { issuer: 'https://gateway.example.com', audience: 'https://api.example.com', ttl: 900_000, keys };
}

const RSA_OPTIONS = options(storedSigningKeys([RSA_KEY, EC_KEY], 'RS256'));

async function verify(token: string, own = RSA_OPTIONS, now = NOW): Promise<Verification> {
  return verifier({ issuers: [builtInIssuer(own)], now: () => now }).verify(token);
}

function partsOf(token: string): unknown[] {
  return token.split('.', 2).map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
}

describe('an access token', () => {
  const ALL: [algorithm: string, keys: SigningKeys, header: object][] = [
    ['RS256', storedSigningKeys([RSA_KEY], 'RS256'), { alg: 'RS256', kid: 'r1', typ: 'at+jwt' }],
    ['ES256', storedSigningKeys([EC_KEY], 'ES256'), { alg: 'ES256', kid: 'e1', typ: 'at+jwt' }],
    ['HS256', secretSigningKeys(SECRET), { alg: 'HS256', typ: 'at+jwt' }],
  ];
  for (const [algorithm, keys, header] of ALL) {
    it(`says who, for whom and how long, signed with ${algorithm}`, async () => {
      const own = options(keys);
      const { token, expiresAt } = signAccessToken(own, GRANT, NOW + 1);
      const [signed, claims] = partsOf(token);
      expect(signed).to.deep.equal(header);
      expect(claims)
        .to.have.property('jti')
        .that.matches(/^[\da-f-]{36}$/);
      expect(claims).to.deep.include({
        iss: 'https://gateway.example.com',
        aud: 'https://api.example.com',
        sub: 'u1',
        iat: NOW / 1000,
        exp: NOW / 1000 + 900,
        sid: 's1',
        role: 'viewer',
        rv: 3,
      });
      expect(expiresAt).to.equal(NOW + 900_000);
      expect(await verify(token, own)).to.deep.equal({
        identity: {
          issuer: BUILT_IN,
          subject: 'u1',
          roles: ['viewer'],
          roleVersion: 3,
          scopes: [],
          sessionId: 's1',
          claims,
          expiresAt,
          credential: 'token',
        },
      });
      expect(await verify(token, own, expiresAt + 30_000)).to.deep.equal({ fault: 'expired' });
    });
  }

  it('is never the same twice', () => {
    const tokens = [1, 2].map(() => partsOf(signAccessToken(RSA_OPTIONS, GRANT, NOW).token)[1]);
    expect(tokens[0]).not.to.deep.equal(tokens[1]);
  });

  it('stays valid when another key signs', async () => {
    const { token } = signAccessToken(options(storedSigningKeys([RSA_KEY], 'RS256')), GRANT, NOW);
    expect(await verify(token, options(storedSigningKeys([RSA_KEY, EC_KEY], 'ES256')))).to.have.property('identity');
    expect(await verify(token, options(storedSigningKeys([EC_KEY], 'ES256')))).to.deep.equal({ fault: 'algorithm' });
  });

  const [, claims] = partsOf(signAccessToken(RSA_OPTIONS, GRANT, NOW).token);
  const SIGN = rs256(rsa.privateKey);

  it('is refused when it is another kind of token', async () => {
    for (const header of [
      { alg: 'RS256', kid: 'r1' },
      { alg: 'RS256', kid: 'r1', typ: 'JWT' },
    ])
      expect(await verify(forge(header, { ...Object(claims) }, SIGN))).to.deep.equal({ fault: 'type' });
    const full = { alg: 'RS256', kid: 'r1', typ: 'application/AT+JWT' };
    expect(await verify(forge(full, { ...Object(claims) }, SIGN))).to.have.property('identity');
  });

  it('is refused without what the gateway puts into it', async () => {
    const header = { alg: 'RS256', kid: 'r1', typ: 'at+jwt' };
    for (const changes of [{ sid: undefined }, { role: ['admin'] }, { rv: '3' }, { rv: 1.5 }, { sub: '' }])
      expect(
        await verify(forge(header, { ...Object(claims), ...changes }, SIGN)),
        JSON.stringify(changes),
      ).to.deep.equal({
        fault: 'claims',
      });
  });

  it('is refused when it is signed with HS256 and the published key', async () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const der = rsa.publicKey.export({ type: 'spki', format: 'der' });
    for (const secret of [pem, der]) {
      const token = forge({ alg: 'HS256', kid: 'r1', typ: 'at+jwt' }, { ...Object(claims) }, hs256(secret));
      expect(await verify(token)).to.deep.equal({ fault: 'algorithm' });
    }
  });
});
