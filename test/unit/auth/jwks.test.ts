import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { expect } from 'chai';
import type { Algorithm } from '../../../src/auth/algorithms.ts';
import { foreignIssuer } from '../../../src/auth/issuer.ts';
import { jwksUrl } from '../../../src/auth/jwks-fetch.ts';
import { fileJwks, remoteJwks, type JwksFault, type RemoteJwksOptions } from '../../../src/auth/jwks.ts';
import type { Candidates, KeySource } from '../../../src/auth/key-source.ts';
import { verifier } from '../../../src/auth/verifier.ts';
import { ecPair, forge, jwk, rs256, rsaPair } from '../../support/tokens.ts';

const rsa = rsaPair();
const next = rsaPair();
const ec = ecPair();
const ALLOWED: Algorithm[] = ['RS256', 'ES256'];

function setOf(...keys: object[]): string {
  return JSON.stringify({ keys });
}

const R1 = jwk(rsa.publicKey, { kid: 'r1', use: 'sig', alg: 'RS256' });
const R2 = jwk(next.publicKey, { kid: 'r2' });

/** An issuer that publishes keys, and its clock. */
interface Publisher {
  text: string;
  /** Answers in the place of the text. */
  answer: RequestListener | undefined;
  requests: number;
  now: number;
  readonly faults: JwksFault[];
  readonly url: URL;
  readonly server: Server;
}

function count(candidates: Candidates): number | 'unavailable' {
  return candidates === 'unavailable' ? candidates : candidates.length;
}

describe('the keys of an issuer', () => {
  let publisher: Publisher;

  beforeEach(async () => {
    const server = createServer((request, response) => {
      publisher.requests += 1;
      if (publisher.answer === undefined) response.end(publisher.text);
      else publisher.answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = new URL(`http://127.0.0.1:${port}/jwks.json`);
    publisher = { text: setOf(R1), answer: undefined, requests: 0, now: 1_000_000, faults: [], url, server };
  });

  afterEach(async () => {
    publisher.server.closeAllConnections();
    if (!publisher.server.listening) return;
    publisher.server.close();
    await once(publisher.server, 'close');
  });

  function source(options: Partial<RemoteJwksOptions> = {}): KeySource {
    const { url, faults } = publisher;
    return remoteJwks({
      url,
      algorithms: ALLOWED,
      now: () => publisher.now,
      onFault: (fault) => void faults.push(fault),
      ...options,
    });
  }

  it('are fetched when the first token needs them, and then are there at once', async () => {
    const keys = source();
    expect(publisher.requests).to.equal(0);
    expect(count(await keys.find('r1', 'RS256'))).to.equal(1);
    expect(keys.find('r1', 'RS256')).not.to.be.instanceOf(Promise);
    expect(publisher.requests).to.equal(1);
  });

  it('are fetched once for all who wait', async () => {
    const keys = source();
    const found = await Promise.all(Array.from({ length: 50 }, async () => count(await keys.find('r1', 'RS256'))));
    expect(new Set(found)).to.deep.equal(new Set([1]));
    expect(publisher.requests).to.equal(1);
  });

  it('cause at most one fetch a cooldown for 1,000 unknown kids', async () => {
    const keys = source({ cooldown: 30_000 });
    await keys.find('r1', 'RS256');
    for (let round = 1; round <= 3; round += 1) {
      publisher.now += 30_000;
      const finds = Array.from({ length: 1000 }, async (_, index) => count(await keys.find(`no-${index}`, 'RS256')));
      expect(new Set(await Promise.all(finds))).to.deep.equal(new Set([0]));
      // And one after the other.
      for (let index = 0; index < 1000; index += 1) await keys.find(`nor-${index}`, 'RS256');
      expect(publisher.requests).to.equal(1 + round);
    }
  });

  it('are found after a rotation, once the cooldown is over', async () => {
    const keys = source();
    await keys.find('r1', 'RS256');
    publisher.text = setOf(R1, R2);
    expect(count(await keys.find('r2', 'RS256'))).to.equal(0);
    publisher.now += 30_000;
    expect(count(await keys.find('r2', 'RS256'))).to.equal(1);
    expect(keys.generation).to.equal(0);
  });

  it('stay when a fetch fails, and are gone when the issuer withdraws them', async () => {
    const keys = source();
    await keys.find('r1', 'RS256');
    publisher.answer = (_request, response) => void response.writeHead(500).end('{"keys":[]}');
    publisher.now += 30_000;
    expect(count(await keys.find('r2', 'RS256'))).to.equal(0);
    expect(count(await keys.find('r1', 'RS256'))).to.equal(1);
    publisher.answer = undefined;
    publisher.text = setOf(R2);
    publisher.now += 30_000;
    expect(count(await keys.find('r2', 'RS256'))).to.equal(1);
    expect(count(await keys.find('r1', 'RS256'))).to.equal(0);
    expect(keys.generation).to.equal(1);
    expect(publisher.faults).to.deep.equal(['status']);
  });

  it('are refreshed behind the scenes when they are old', async () => {
    const keys = source({ maxAge: 60_000 });
    await keys.find('r1', 'RS256');
    publisher.text = setOf(R2);
    publisher.now += 60_000;
    expect(keys.find('r1', 'RS256')).to.have.length(1);
    // The fetch that has just begun is the one that is waited for.
    expect(count(await keys.find('r2', 'RS256'))).to.equal(1);
    expect(publisher.requests).to.equal(2);
  });

  it('are unavailable until the issuer answers, which is asked once a cooldown', async () => {
    publisher.answer = (_request, response) => void response.socket?.destroy();
    const keys = source();
    for (let index = 0; index < 10; index += 1) expect(await keys.find('r1', 'RS256')).to.equal('unavailable');
    expect(publisher.requests).to.equal(1);
    publisher.answer = undefined;
    publisher.now += 30_000;
    expect(count(await keys.find('r1', 'RS256'))).to.equal(1);
  });

  const FAULTS: [what: string, fault: JwksFault, answer: RequestListener][] = [
    ['an error', 'status', (_request, response) => void response.writeHead(404).end(setOf(R1))],
    ['no JSON', 'malformed', (_request, response) => void response.end('<html>')],
    ['no key set', 'malformed', (_request, response) => void response.end('{"keys":{}}')],
    ['no key that can be used', 'no-keys', (_request, response) => void response.end(setOf({ kty: 'oct', k: 'AAAA' }))],
    ['more than 1 MiB', 'too-large', (_request, response) => void response.end(' '.repeat(1024 * 1024) + setOf(R1))],
    ['a cut connection', 'unreachable', (_request, response) => void response.socket?.destroy()],
    ['nothing', 'timeout', () => undefined],
    ['half of it', 'timeout', (_request, response) => void response.write('{"keys":')],
    [
      'a redirect to another host',
      'redirect',
      (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.2:1/jwks.json' }).end(),
    ],
    ['a redirect to nowhere', 'redirect', (_request, response) => void response.writeHead(302).end()],
    ['a loop', 'redirect', (_request, response) => void response.writeHead(302, { location: '/jwks.json' }).end()],
  ];
  for (const [what, fault, answer] of FAULTS) {
    it(`cannot be had from an answer that is ${what}: ${fault}`, async () => {
      publisher.answer = answer;
      expect(await source({ timeout: 200 }).find('r1', 'RS256')).to.equal('unavailable');
      expect(publisher.faults).to.deep.equal([fault]);
    });
  }

  it('may be elsewhere at the same host', async () => {
    publisher.answer = ({ url }, response) => {
      if (url === '/elsewhere') response.end(publisher.text);
      else response.writeHead(307, { location: '/elsewhere' }).end();
    };
    expect(count(await source().find('r1', 'RS256'))).to.equal(1);
  });

  it('verify tokens', async () => {
    const issuer = {
      name: 'a',
      issuer: 'https://a',
      audience: 'b',
      algorithms: ALLOWED,
      keys: source(),
      allowRoles: [],
    };
    const by = verifier({ issuers: [foreignIssuer(issuer)], now: () => 0 });
    const claims = { iss: 'https://a', aud: 'b', sub: 'ann', exp: 60 };
    const good = forge({ alg: 'RS256', kid: 'r1' }, claims, rs256(rsa.privateKey));
    expect(await by.verify(good)).to.have.property('identity');
    expect(await by.verify(forge({ alg: 'RS256', kid: 'r1' }, claims, rs256(next.privateKey)))).to.deep.equal({
      fault: 'signature',
    });
  });

  describe('in a file', () => {
    const weak = rsaPair(1024);
    const IGNORED: [what: string, key: object][] = [
      ['for encryption', jwk(rsa.publicKey, { kid: 'k', use: 'enc' })],
      ['for signing only', jwk(rsa.publicKey, { kid: 'k', key_ops: ['sign'] })],
      ['for an algorithm that is not allowed', jwk(rsa.publicKey, { kid: 'k', alg: 'RS512' })],
      ['for an algorithm of another kind', jwk(rsa.publicKey, { kid: 'k', alg: 'ES256' })],
      ['of less than 2048 bits', jwk(weak.publicKey, { kid: 'k' })],
      ['of another curve', jwk(ecPair('P-384').publicKey, { kid: 'k' })],
      ['with a kid that is no text', jwk(rsa.publicKey, { kid: 7 })],
      ['without a modulus', { kty: 'RSA', e: 'AQAB', kid: 'k' }],
      ['not on the curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'k' }],
      ['symmetric', { kty: 'oct', kid: 'k', k: Buffer.alloc(32).toString('base64url'), alg: 'HS256' }],
    ];
    for (const [what, key] of IGNORED) {
      it(`are ignored when they are ${what}`, () => {
        const keys = fileJwks(setOf(key), [...ALLOWED, 'HS256']);
        for (const algorithm of [...ALLOWED, 'HS256'] as const) {
          expect(keys?.find('k', algorithm)).to.deep.equal([]);
          expect(keys?.find(undefined, algorithm)).to.deep.equal([]);
        }
      });
    }

    it('are used by kid and by algorithm', () => {
      const keys = fileJwks(setOf(R1, R2, jwk(ec.publicKey, { kid: 'e1', key_ops: ['verify'] })), ALLOWED);
      expect(keys?.find('r1', 'RS256')).to.have.length(1);
      expect(keys?.find(undefined, 'RS256')).to.have.length(2);
      expect(keys?.find('e1', 'ES256')).to.have.length(1);
      expect(keys?.find('e1', 'RS256')).to.have.length(0);
      expect(fileJwks('[]', ALLOWED)).to.equal(undefined);
    });

    it('never are private, though the file may be', () => {
      const keys = fileJwks(setOf(jwk(rsa.privateKey, { kid: 'r1' })), ALLOWED);
      expect(keys?.find('r1', 'RS256')).to.have.nested.property('[0].type', 'public');
    });
  });

  it('come from https, or from this machine', () => {
    for (const url of ['https://a.example/j', 'http://localhost:1/j', 'http://127.0.0.9/j', 'http://[::1]/j'])
      expect(jwksUrl(url)?.href, url).to.equal(url);
    for (const url of [
      'http://a.example/j',
      'http://127.0.0.1.evil.example/',
      'ftp://a/',
      'file:///etc',
      'https://a:b@c/',
      'x',
    ])
      expect(jwksUrl(url), url).to.equal(undefined);
  });
});
