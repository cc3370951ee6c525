import { expect } from 'chai';
import type { Algorithm } from '../../../src/auth/algorithms.ts';
import { compileClaim } from '../../../src/claims.ts';
import { foreignIssuer, type ForeignIssuer, type Issuer } from '../../../src/auth/issuer.ts';
import { secretKeys, staticKeys, type KeySource } from '../../../src/auth/key-source.ts';
import { verifier, type TokenFault, type Verification, type Verifier } from '../../../src/auth/verifier.ts';
import { ecPair, encode, es256, forge, hs256, jwk, rs256, rsaPair, unsigned } from '../../support/tokens.ts';

const NOW = Date.UTC(2026, 6, 22, 12);
const SECONDS = NOW / 1000;
const ISS = 'https://id.example.com';
const AUD = 'https://api.example.com';
const SECRET = 'a secret of at least 32 bytes, for all';

const rsa = rsaPair();
const ec = ecPair();
const stranger = rsaPair();
const RSA_PEM = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const keys = staticKeys([
  { kid: 'r1', algorithms: ['RS256'], key: rsa.publicKey },
  { kid: 'e1', algorithms: ['ES256'], key: ec.publicKey },
]);

function issuer(changes: Partial<ForeignIssuer> = {}): Issuer {
  const algorithms: Algorithm[] = ['RS256', 'ES256'];
  return foreignIssuer({ name: 'corporate', issuer: ISS, audience: AUD, algorithms, keys, allowRoles: [], ...changes });
}

const HEADER = { alg: 'RS256', kid: 'r1', typ: 'JWT' };
const CLAIMS = { iss: ISS, aud: AUD, sub: 'ann', exp: SECONDS + 900 };
const SIGN = rs256(rsa.privateKey);
const GOOD = forge(HEADER, CLAIMS, SIGN);

interface Clock {
  time: number;
}

function verifying(issuers: readonly Issuer[] = [issuer()], clock: Clock = { time: NOW }): Verifier {
  return verifier({ issuers, now: () => clock.time });
}

/** What comes at once: keys that are there need not be waited for. */
function verifyWith(by: Verifier, token: string): Verification {
  const result = by.verify(token);
  if (result instanceof Promise) throw new Error('it waits for keys');
  return result;
}

function faultOf(token: string, by: Verifier = verifying()): TokenFault | undefined {
  const result = verifyWith(by, token);
  return 'fault' in result ? result.fault : undefined;
}

describe('the verifier', () => {
  it('tells who a token speaks for', () => {
    const token = forge(HEADER, { ...CLAIMS, scope: 'profile email', scp: ['orders'] }, SIGN);
    expect(verifyWith(verifying(), token)).to.deep.equal({
      identity: {
        issuer: 'corporate',
        subject: 'ann',
        roles: [],
        roleVersion: 0,
        scopes: ['profile', 'email', 'orders'],
        claims: { ...CLAIMS, scope: 'profile email', scp: ['orders'] },
        expiresAt: (SECONDS + 900) * 1000,
        credential: 'token',
      },
    });
  });

  it('takes ES256 and tokens without a kid', () => {
    expect(faultOf(forge({ alg: 'ES256', kid: 'e1' }, CLAIMS, es256(ec.privateKey)))).to.equal(undefined);
    expect(faultOf(forge({ alg: 'ES256' }, CLAIMS, es256(ec.privateKey)))).to.equal(undefined);
    expect(faultOf(forge({ alg: 'RS256' }, { ...CLAIMS, aud: ['other', AUD] }, SIGN))).to.equal(undefined);
  });

  it('takes HS256 from an issuer with a secret', () => {
    const by = verifying([issuer({ algorithms: ['HS256'], keys: secretKeys(SECRET) })]);
    expect(faultOf(forge({ alg: 'HS256', typ: 'JWT' }, CLAIMS, hs256(SECRET)), by)).to.equal(undefined);
    expect(faultOf(forge({ alg: 'HS256', typ: 'JWT' }, CLAIMS, hs256(`${SECRET}.`)), by)).to.equal('signature');
  });

  it('does not start with two issuers of one iss', () => {
    expect(() => verifying([issuer(), issuer({ name: 'other' })])).to.throw(RangeError);
  });

  describe('refuses, of the attack list,', () => {
    const both = verifying([issuer(), issuer({ name: 'b', issuer: 'https://b.example.com', keys: staticKeys([]) })]);
    const ATTACKS: [attack: string, token: string, fault: TokenFault][] = [
      ['alg none', forge({ alg: 'none', typ: 'JWT' }, CLAIMS, unsigned), 'algorithm'],
      ['alg None, in another case', forge({ alg: 'None' }, CLAIMS, unsigned), 'algorithm'],
      ['alg none with a signature', forge({ ...HEADER, alg: 'none' }, CLAIMS, SIGN), 'algorithm'],
      ['alg missing', forge({ kid: 'r1', typ: 'JWT' }, CLAIMS, SIGN), 'algorithm'],
      ['alg that is a list', forge({ ...HEADER, alg: ['RS256'] }, CLAIMS, SIGN), 'algorithm'],
      [
        'alg swapped: HS256 with the RSA public key',
        forge({ ...HEADER, alg: 'HS256' }, CLAIMS, hs256(RSA_PEM)),
        'algorithm',
      ],
      ['alg that is not on the list', forge({ ...HEADER, alg: 'RS512' }, CLAIMS, SIGN), 'algorithm'],
      ['alg of another kind of key', forge({ ...HEADER, alg: 'ES256' }, CLAIMS, SIGN), 'unknown-key'],
      ['a wrong aud', forge(HEADER, { ...CLAIMS, aud: 'https://other.example.com' }, SIGN), 'audience'],
      ['no aud', forge(HEADER, { ...CLAIMS, aud: undefined }, SIGN), 'audience'],
      ['an aud that only begins right', forge(HEADER, { ...CLAIMS, aud: `${AUD}.evil.example` }, SIGN), 'audience'],
      ['a wrong iss', forge(HEADER, { ...CLAIMS, iss: 'https://evil.example.com' }, SIGN), 'unknown-issuer'],
      ['no iss', forge(HEADER, { ...CLAIMS, iss: undefined }, SIGN), 'unknown-issuer'],
      ['another issuer’s iss', forge(HEADER, { ...CLAIMS, iss: 'https://b.example.com' }, SIGN), 'unknown-key'],
      ['no exp', forge(HEADER, { ...CLAIMS, exp: undefined }, SIGN), 'claims'],
      ['an exp that is a text', forge(HEADER, { ...CLAIMS, exp: '99999999999' }, SIGN), 'claims'],
      ['an exp without end', forge(HEADER, JSON.stringify(CLAIMS).replace(/"exp":\d+/, '"exp":1e999'), SIGN), 'claims'],
      ['expired', forge(HEADER, { ...CLAIMS, exp: SECONDS - 31 }, SIGN), 'expired'],
      ['nbf in the future', forge(HEADER, { ...CLAIMS, nbf: SECONDS + 31 }, SIGN), 'not-yet-valid'],
      ['nbf that is a text', forge(HEADER, { ...CLAIMS, nbf: 'now' }, SIGN), 'claims'],
      ['no sub', forge(HEADER, { ...CLAIMS, sub: undefined }, SIGN), 'claims'],
      ['a kid that traverses folders', forge({ ...HEADER, kid: '../../../../dev/null' }, CLAIMS, SIGN), 'unknown-key'],
      ['SQL in kid', forge({ ...HEADER, kid: "r1' OR '1'='1" }, CLAIMS, SIGN), 'unknown-key'],
      ['a kid of the prototype', forge({ ...HEADER, kid: '__proto__' }, CLAIMS, SIGN), 'unknown-key'],
      ['a very long kid', forge({ ...HEADER, kid: 'r'.repeat(5000) }, CLAIMS, SIGN), 'unknown-key'],
      ['a kid that is no text', forge({ ...HEADER, kid: { r1: 1 } }, CLAIMS, SIGN), 'unknown-key'],
      ['jku', forge({ ...HEADER, jku: 'https://evil.example.com/jwks.json' }, CLAIMS, SIGN), 'header-member'],
      ['jwk', forge({ ...HEADER, jwk: jwk(stranger.publicKey) }, CLAIMS, rs256(stranger.privateKey)), 'header-member'],
      ['x5u', forge({ ...HEADER, x5u: 'https://evil.example.com/cert.pem' }, CLAIMS, SIGN), 'header-member'],
      ['x5c', forge({ ...HEADER, x5c: ['MIIB'] }, CLAIMS, SIGN), 'header-member'],
      ['crit', forge({ ...HEADER, crit: ['exp'] }, CLAIMS, SIGN), 'header-member'],
      ['crit with b64', forge({ ...HEADER, crit: ['b64'], b64: false }, CLAIMS, SIGN), 'header-member'],
      [
        'a duplicated claim',
        forge(HEADER, `{"sub":"admin",${JSON.stringify(CLAIMS).slice(1)}`, SIGN),
        'duplicate-member',
      ],
      [
        'a duplicated claim with an escape',
        forge(HEADER, `{"s\\u0075b":"admin",${JSON.stringify(CLAIMS).slice(1)}`, SIGN),
        'duplicate-member',
      ],
      [
        'a duplicated header member',
        forge('{"alg":"none","alg":"RS256","kid":"r1"}', CLAIMS, SIGN),
        'duplicate-member',
      ],
      ['a truncated signature', GOOD.slice(0, -42), 'signature'],
      ['no signature', `${GOOD.split('.').slice(0, 2).join('.')}.`, 'signature'],
      ['another one’s signature', forge(HEADER, CLAIMS, rs256(stranger.privateKey)), 'signature'],
      [
        'changed claims',
        [GOOD.split('.')[0], encode({ ...CLAIMS, sub: 'admin' }), GOOD.split('.')[2]].join('.'),
        'signature',
      ],
      ['a 1 MB token', `${GOOD}${'A'.repeat(1024 * 1024)}`, 'too-large'],
      ['a token over 16 KiB', forge(HEADER, { ...CLAIMS, filler: 'x'.repeat(16 * 1024) }, SIGN), 'too-large'],
      ['characters that are not base64url', GOOD.replace('.', '.+/'), 'malformed'],
      ['padding', `${GOOD}==`, 'malformed'],
      ['a line end', `${GOOD}\n`, 'malformed'],
      ['a blank', ` ${GOOD}`, 'malformed'],
      ['an extra dot', `${GOOD}.`, 'malformed'],
      ['five parts, as of a JWE', `${GOOD}.AAAA.AAAA`, 'malformed'],
      ['two parts', GOOD.split('.').slice(0, 2).join('.'), 'malformed'],
      ['no text', '', 'malformed'],
      [
        'stray bits at an end',
        forge({ alg: 'ES256', kid: 'e1' }, CLAIMS, es256(ec.privateKey)).replace(/.$/, 'B'),
        'malformed',
      ],
      [
        'an ES256 signature in DER',
        forge({ alg: 'ES256', kid: 'e1' }, CLAIMS, es256(ec.privateKey, 'der')),
        'signature',
      ],
      ['an ES256 signature of zeros', forge({ alg: 'ES256', kid: 'e1' }, CLAIMS, () => Buffer.alloc(64)), 'signature'],
      ['a header that is a list', forge('["RS256"]', CLAIMS, SIGN), 'malformed'],
      ['claims that are a text', forge(HEADER, '"sub"', SIGN), 'malformed'],
      ['claims that are not JSON', forge(HEADER, '{sub:1}', SIGN), 'malformed'],
      ['a byte order mark', forge(HEADER, `\uFEFF${JSON.stringify(CLAIMS)}`, SIGN), 'malformed'],
      ['a token for something else', forge({ ...HEADER, typ: 'logout+jwt' }, CLAIMS, SIGN), 'type'],
    ];
    for (const [attack, token, fault] of ATTACKS) {
      it(attack, () => {
        expect(faultOf(token, both)).to.equal(fault);
        // What was refused is not remembered as good.
        expect(faultOf(token, both)).to.equal(fault);
      });
    }

    it('HS256 signed with the RSA public key, when HS256 is on a list by mistake', () => {
      const by = verifying([issuer({ algorithms: ['HS256', 'RS256'] })]);
      expect(faultOf(forge({ ...HEADER, alg: 'HS256' }, CLAIMS, hs256(RSA_PEM)), by)).to.equal('unknown-key');
    });

    it('bytes that are no UTF-8', () => {
      const payload = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
      const input = `${encode(HEADER)}.${payload.toString('base64url')}`;
      expect(faultOf(`${input}.${SIGN(input).toString('base64url')}`)).to.equal('malformed');
    });
  });

  it('minds clocks that differ by up to 30 s', () => {
    expect(faultOf(forge(HEADER, { ...CLAIMS, exp: SECONDS - 29, nbf: SECONDS + 30 }, SIGN))).to.equal(undefined);
  });

  it('takes a token of one issuer for none of another', () => {
    const other = rsaPair();
    const b = issuer({
      name: 'b',
      issuer: 'https://b',
      keys: staticKeys([{ kid: 'r1', algorithms: ['RS256'], key: other.publicKey }]),
    });
    const by = verifying([issuer(), b]);
    const claims = { ...CLAIMS, iss: 'https://b' };
    expect(faultOf(forge(HEADER, claims, rs256(other.privateKey)), by)).to.equal(undefined);
    expect(faultOf(forge(HEADER, claims, SIGN), by)).to.equal('signature');
    expect(faultOf(forge(HEADER, CLAIMS, rs256(other.privateKey)), by)).to.equal('signature');
  });

  describe('with claims of the issuer’s own', () => {
    const mapped = issuer({
      subject: compileClaim('{{claims.email}}'),
      roles: compileClaim('{{claims.realm_access.roles}}'),
      allowRoles: ['viewer', 'editor'],
    });

    function rolesOf(claims: object): readonly string[] | undefined {
      const result = verifyWith(
        verifying([mapped]),
        forge(HEADER, { ...CLAIMS, email: 'ann@example.com', ...claims }, SIGN),
      );
      return 'identity' in result ? result.identity.roles : undefined;
    }

    it('grants the roles that the issuer may grant, and no others', () => {
      expect(rolesOf({ realm_access: { roles: ['admin', 'viewer', 'viewer', 7] } })).to.deep.equal(['viewer']);
      expect(rolesOf({ realm_access: { roles: 'editor' } })).to.deep.equal(['editor']);
    });

    it('grants no role without the claim, or when something else stands there', () => {
      expect(rolesOf({})).to.deep.equal([]);
      expect(rolesOf({ 'realm_access.roles': ['viewer'], roles: ['viewer'] })).to.deep.equal([]);
      expect(rolesOf({ realm_access: [{ roles: ['viewer'] }] })).to.deep.equal([]);
      expect(rolesOf({ realm_access: { roles: { 0: 'viewer' } } })).to.deep.equal([]);
    });

    it('refuses a token without the subject', () => {
      expect(faultOf(GOOD, verifying([mapped]))).to.equal('claims');
      expect(faultOf(forge(HEADER, { ...CLAIMS, email: '' }, SIGN), verifying([mapped]))).to.equal('claims');
    });
  });

  describe('remembers what it has verified', () => {
    function counting(): { readonly source: KeySource & { generation: number }; finds: number } {
      const counted = {
        finds: 0,
        source: {
          generation: 0,
          find: (kid: string | undefined, algorithm: Algorithm) => {
            counted.finds += 1;
            return keys.find(kid, algorithm);
          },
        },
      };
      return counted;
    }

    it('until the token expires', () => {
      const counted = counting();
      const clock = { time: NOW };
      const by = verifying([issuer({ keys: counted.source })], clock);
      for (let time = 0; time < 100; time += 1) expect(faultOf(GOOD, by)).to.equal(undefined);
      expect(counted.finds).to.equal(1);
      clock.time = (CLAIMS.exp + 30) * 1000 - 1;
      expect(faultOf(GOOD, by)).to.equal(undefined);
      clock.time += 1;
      expect(faultOf(GOOD, by)).to.equal('expired');
    });

    it('until a key is withdrawn', () => {
      const counted = counting();
      const by = verifying([issuer({ keys: counted.source })]);
      expect(faultOf(GOOD, by)).to.equal(undefined);
      counted.source.generation += 1;
      expect(faultOf(GOOD, by)).to.equal(undefined);
      expect(counted.finds).to.equal(2);
    });

    it('and not more than there is room for, the ones used last', () => {
      const counted = counting();
      const by = verifier({ issuers: [issuer({ keys: counted.source })], now: () => NOW, cacheSize: 2 });
      const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map((sub) => forge(HEADER, { ...CLAIMS, sub }, SIGN));
      for (const token of [a, b, a, c, a]) verifyWith(by, token);
      expect(counted.finds).to.equal(3);
      verifyWith(by, b);
      expect(counted.finds).to.equal(4);
    });
  });

  it('says when an issuer’s keys cannot be had', async () => {
    const unavailable = { generation: 0, find: () => Promise.resolve('unavailable' as const) };
    expect(await verifying([issuer({ keys: unavailable })]).verify(GOOD)).to.deep.equal({ fault: 'keys-unavailable' });
  });
});
