import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Exchange, HeaderList } from '../../../src/exchange.ts';
import { combined } from '../../../src/fields.ts';
import { compileCors, type Cors, type CorsOptions } from '../../../src/stages/cors.ts';

const SHOP = 'https://shop.example.com';
const NONE: CorsOptions = {
  origins: [SHOP],
  methods: [],
  headers: [],
  expose: [],
  credentials: false,
  maxAge: undefined,
};
const PREFLIGHT_VARY = 'origin, access-control-request-method, access-control-request-headers';

function rule(changes: Partial<CorsOptions>): Cors {
  return compileCors({ ...NONE, ...changes });
}

/** Fields by their names; fails when one comes twice, but for Vary, which is a list. */
function byName(fields: HeaderList): Record<string, string> {
  const found: Record<string, string> = {};
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const value = fields[index + 1] ?? '';
    const before = found[name];
    if (name !== 'vary') expect(before, name).to.equal(undefined);
    found[name] = before === undefined ? value : `${value}, ${before}`;
  }
  return found;
}

/** The fields for a request with these headers. */
function fieldsFor(cors: Cors, ...headers: string[]): Record<string, string> {
  return byName(cors.headersFor({ header: (name) => combined(headers, name) }));
}

/** The fields for a request from an origin. */
function fieldsFrom(cors: Cors, origin: string): Record<string, string> {
  return fieldsFor(cors, 'Origin', origin);
}

interface Answer {
  readonly status: number;
  readonly fields: Record<string, string>;
}

/** The answer to a request as a preflight; undefined when it is none. Fails when an answer has no end, or two. */
function answerTo(cors: Cors, method: string, headers: HeaderList): Answer | undefined {
  const answers: Answer[] = [];
  let ends = 0;
  const unexpected = (): never => expect.fail('nothing else is to be called');
  const exchange: Exchange = {
    id: '1',
    method,
    httpVersion: '1.1',
    path: '/',
    query: '',
    authority: 'api.example.com',
    host: 'api.example.com',
    client: { address: '::1', scheme: 'https', forwardedFor: '', forwardedHost: '', forwarded: '' },
    headers,
    params: {},
    body: undefined,
    upgrade: undefined,
    response: {
      informational: unexpected,
      head: (status, fields) =>
        void answers.push({ status, fields: byName([...fields, ...cors.headersFor(exchange)]) }),
      write: unexpected,
      end: () => void (ends += 1),
      abort: unexpected,
    },
    identity: undefined,
    upstream: '',
    attempts: 0,
    failure: undefined,
    problem: undefined,
    cacheResult: '',
    trace: undefined,
    header: (name) => combined(headers, name),
    fail: unexpected,
    addToAnswer: unexpected,
    hold: () => true,
    dismiss: unexpected,
    watch: unexpected,
    fork: unexpected,
  };
  const isAnswered = cors.preflight(exchange);
  expect(answers).to.have.length(isAnswered ? 1 : 0);
  expect(ends).to.equal(isAnswered ? 1 : 0);
  return answers[0];
}

function preflight(cors: Cors, origin: string, ...headers: string[]): Record<string, string> {
  const answer = answerTo(cors, 'OPTIONS', ['Origin', origin, 'Access-Control-Request-Method', 'PUT', ...headers]);
  expect(answer?.status).to.equal(204);
  expect(answer?.fields).not.to.have.property('content-length');
  return answer?.fields ?? {};
}

/** What is allowed of the headers that a preflight asks for. */
function allowedOf(cors: Cors, requested: string): string | undefined {
  return preflight(cors, SHOP, 'Access-Control-Request-Headers', requested)['access-control-allow-headers'];
}

/** Whether an origin is let in; what is answered must then be that origin, and else nothing that lets anybody in. */
function isLetIn(cors: Cors, origin: string): boolean {
  const fields = fieldsFrom(cors, origin);
  const allowed = fields['access-control-allow-origin'];
  expect(preflight(cors, origin)['access-control-allow-origin']).to.equal(allowed);
  expect(fields['vary']).to.equal('origin');
  if (allowed === undefined) expect(Object.keys(fields)).to.deep.equal(['vary']);
  else expect(allowed).to.equal(origin);
  return allowed !== undefined;
}

describe('the CORS fields of an answer', () => {
  it('let in an origin that is named, and say what scripts may read', () => {
    const cors = rule({ origins: ['https://other.example.com', SHOP], expose: ['etag', 'x-total'], credentials: true });
    expect(fieldsFrom(cors, SHOP)).to.deep.equal({
      'access-control-allow-origin': SHOP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'etag, x-total',
      vary: 'origin',
    });
  });

  it('allow no credentials and no fields that are not configured', () => {
    expect(fieldsFrom(rule({}), SHOP)).to.deep.equal({ 'access-control-allow-origin': SHOP, vary: 'origin' });
    expect(preflight(rule({}), SHOP)).not.to.have.property('access-control-allow-credentials');
  });

  it('are Vary alone for another origin, and for none: a cache must not mix them up', () => {
    const cors = rule({ expose: ['etag'], credentials: true });
    expect(fieldsFrom(cors, 'https://evil.example')).to.deep.equal({ vary: 'origin' });
    expect(fieldsFor(cors)).to.deep.equal({ vary: 'origin' });
  });

  it('are the same for everybody under *, and so need no Vary', () => {
    const cors = rule({ origins: ['*'], expose: ['etag'] });
    const open = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'etag' };
    for (const origin of [SHOP, 'null', 'nonsense']) expect(fieldsFrom(cors, origin)).to.deep.equal(open);
    expect(fieldsFor(cors)).to.deep.equal(open);
  });

  it('never allow credentials under *, nor repeat the origin there', () => {
    for (const origins of [['*'], [SHOP, '*'], ['*', 'https://*.example.com']]) {
      const cors = rule({ origins, credentials: true });
      expect(fieldsFrom(cors, SHOP)).to.deep.equal({ 'access-control-allow-origin': '*' });
      expect(preflight(cors, SHOP)).to.include({ 'access-control-allow-origin': '*' });
      expect(preflight(cors, SHOP)).not.to.have.property('access-control-allow-credentials');
    }
  });
});

describe('the origins of a CORS rule', () => {
  const NAMED = rule({ origins: [SHOP, 'http://localhost:3000', 'https://[::1]:8443'], credentials: true });
  for (const origin of [SHOP, 'http://localhost:3000', 'https://[::1]:8443']) {
    it(`let in ${origin}, which is named`, () => expect(isLetIn(NAMED, origin)).to.equal(true));
  }
  for (const origin of [
    '',
    'null',
    '*',
    'http://shop.example.com',
    'https://shop.example.com:8443',
    'https://shop.example.com:443',
    'https://shop.example.com/',
    'https://shop.example.com.',
    'https://shop.example.com.evil.example',
    'https://shop.example.comevil.example',
    'https://evilshop.example.com',
    'https://a.shop.example.com',
    'https://shop.example.com@evil.example',
    'https://SHOP.example.com',
    'HTTPS://shop.example.com',
    'shop.example.com',
    '//shop.example.com',
    'http://localhost',
    'http://localhost:30000',
    `${SHOP} https://evil.example`,
    `https://evil.example ${SHOP}`,
    `${SHOP}, https://evil.example`,
    `https://evil.example,${SHOP}`,
    `${SHOP}\r\nset-cookie: a=b`,
    `${SHOP}\0`,
  ]) {
    it(`keep out ${JSON.stringify(origin)}, which is not quite one of those`, () =>
      expect(isLetIn(NAMED, origin)).to.equal(false));
  }

  const BELOW = rule({ origins: ['https://*.example.org', 'http://*.local.test:8080'], credentials: true });
  for (const origin of [
    'https://a.example.org',
    'https://a.b.c.example.org',
    'https://xn--bcher-kva.example.org',
    'https://a_b.example.org',
    'https://example.org.example.org',
    'http://a.local.test:8080',
  ]) {
    it(`let in ${origin}, a subdomain`, () => expect(isLetIn(BELOW, origin)).to.equal(true));
  }
  for (const origin of [
    'https://example.org',
    'https://.example.org',
    'https://..example.org',
    'https://a..example.org',
    'https://evilexample.org',
    'https://a.example.org.evil.example',
    'https://a.example.orgevil.example',
    'https://a.exampleXorg',
    'http://a.example.org',
    'HTTPS://a.example.org',
    'evil:///a.example.org',
    'https://a.example.org:8443',
    'https://a.example.org:443',
    'https://A.example.org',
    'https://a.Example.org',
    'https://evil.example/.example.org',
    'https://evil.example?.example.org',
    'https://evil.example#.example.org',
    'https://evil.example\\.example.org',
    'https://evil.example:80.example.org',
    'https://evil@a.example.org',
    'https://evil.example https://a.example.org',
    'https://evil.example, https://a.example.org',
    'https://evil.example\r\nx: https://a.example.org',
    'https://*.example.org',
    'https://%61.example.org',
    'https://https://a.example.org',
    'http://a.local.test',
    'https://a.local.test:8080',
    'null',
    'https://',
    '.example.org',
  ]) {
    it(`keep out ${JSON.stringify(origin)}, which is no subdomain`, () =>
      expect(isLetIn(BELOW, origin)).to.equal(false));
  }

  it('keep out two Origin fields, although each would be let in', () => {
    expect(fieldsFor(BELOW, 'Origin', 'https://a.example.org', 'origin', 'https://b.example.org')).to.deep.equal({
      vary: 'origin',
    });
  });

  it('may be written in upper case and with the port of the scheme, which browsers leave out', () => {
    const origins = ['HTTPS://Shop.Example.com:443', 'http://a.test:80', 'http://b.test:443', 'https://*.C.test:443'];
    const cors = rule({ origins });
    for (const origin of [SHOP, 'http://a.test', 'http://b.test:443', 'https://x.c.test'])
      expect(isLetIn(cors, origin)).to.equal(true);
    expect(isLetIn(cors, 'http://b.test')).to.equal(false);
  });

  it('may have a scheme that is not of the web', () => {
    expect(isLetIn(rule({ origins: ['capacitor://localhost'] }), 'capacitor://localhost')).to.equal(true);
  });

  it('never let in null, not even by its name', () => {
    expect(isLetIn(rule({ origins: ['null', SHOP] }), 'null')).to.equal(false);
  });

  it('take little time for an origin that is made to take long', () => {
    const start = performance.now();
    expect(isLetIn(BELOW, `https://${'a.'.repeat(50_000)}@.example.org`)).to.equal(false);
    expect(isLetIn(BELOW, `https://${'a'.repeat(100_000)}@.example.org`)).to.equal(false);
    expect(performance.now() - start).to.be.below(1000);
  });
});

describe('a CORS preflight', () => {
  it('is answered with all that is allowed', () => {
    const cors = rule({
      methods: ['GET', 'PUT'],
      headers: ['content-type', 'x-tenant'],
      expose: ['etag'],
      credentials: true,
      maxAge: 3_600_999,
    });
    expect(preflight(cors, SHOP, 'Access-Control-Request-Headers', 'x-other')).to.deep.equal({
      'access-control-allow-origin': SHOP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'content-type, x-tenant',
      'access-control-expose-headers': 'etag',
      'access-control-max-age': '3600',
      vary: PREFLIGHT_VARY,
    });
  });

  it('is answered with nothing but Vary when the origin is not let in', () => {
    const cors = rule({ headers: ['content-type'], credentials: true, maxAge: 1000 });
    expect(preflight(cors, 'https://evil.example')).to.deep.equal({ vary: PREFLIGHT_VARY });
    expect(preflight(cors, 'null')).to.deep.equal({ vary: PREFLIGHT_VARY });
  });

  it('is answered under * for every origin', () => {
    expect(preflight(rule({ origins: ['*'] }), 'null')).to.deep.equal({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      vary: 'access-control-request-method, access-control-request-headers',
    });
  });

  it('may be kept for no time at all', () => {
    expect(preflight(rule({ maxAge: 0 }), SHOP)).to.include({ 'access-control-max-age': '0' });
    expect(preflight(rule({}), SHOP)).not.to.have.property('access-control-max-age');
  });

  it('is only what has OPTIONS, Origin and Access-Control-Request-Method', () => {
    const origin = ['Origin', SHOP];
    const method = ['Access-Control-Request-Method', 'PUT'];
    for (const cors of [rule({}), rule({ origins: ['*'] })]) {
      expect(answerTo(cors, 'OPTIONS', [...origin, ...method])?.status).to.equal(204);
      expect(answerTo(cors, 'OPTIONS', origin)).to.equal(undefined);
      expect(answerTo(cors, 'OPTIONS', method)).to.equal(undefined);
      expect(answerTo(cors, 'OPTIONS', [])).to.equal(undefined);
      expect(answerTo(cors, 'GET', [...origin, ...method])).to.equal(undefined);
      expect(answerTo(cors, 'options', [...origin, ...method])).to.equal(undefined);
    }
  });

  it('is allowed the headers that it asks for when none are configured', () => {
    const cors = rule({});
    for (const requested of ['content-type', 'authorization,x-tenant', 'A, b ,\tc', "!#$%&'*+-.^_`|~09aZ"])
      expect(allowedOf(cors, requested)).to.equal(requested);
  });

  it('is allowed no headers when what it asks for is no list of names', () => {
    const cors = rule({});
    for (const requested of [
      '',
      ' ',
      ',',
      'a,,b',
      'a,',
      ',a',
      'a b',
      'a: b',
      'a;b',
      '"a"',
      'a\r\nset-cookie: b=c',
      'a\n',
      '\r\na',
      'a\0',
      'a,\u00e9',
      'a\u0085',
      'a\u2028',
      '<script>',
    ])
      expect(allowedOf(cors, requested)).to.equal(undefined);
  });

  it('never repeats its method', () => {
    const cors = rule({ methods: ['GET'] });
    const headers = ['Origin', SHOP, 'Access-Control-Request-Method', 'EVIL\r\nset-cookie: a=b'];
    expect(answerTo(cors, 'OPTIONS', headers)?.fields['access-control-allow-methods']).to.equal('GET');
  });

  it('cannot have a line break or anything but ASCII answered, whatever it consists of', () => {
    const text = fc.string({ unit: fc.constantFrom('\r', '\n', '\0', 'a', ',', ' ', '\u00e9', ':', '.', '/') });
    const origin = fc.oneof(
      text.map((rest) => SHOP + rest),
      text.map((middle) => `https://a${middle}.example.org`),
    );
    fc.assert(
      fc.property(origin, text, text, (from, method, requested) => {
        const cors = rule({ origins: [SHOP, 'https://*.example.org'] });
        const headers = [
          'origin',
          from,
          'access-control-request-method',
          method,
          'access-control-request-headers',
          requested,
        ];
        const fields = { ...answerTo(cors, 'OPTIONS', headers)?.fields, ...fieldsFrom(cors, from) };
        for (const value of Object.values(fields)) expect(value).to.match(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes little time for a list that is made to take long', () => {
    const start = performance.now();
    expect(allowedOf(rule({}), `a${' ,a'.repeat(20_000)}@`)).to.equal(undefined);
    expect(allowedOf(rule({}), `a${' '.repeat(50_000)}@`)).to.equal(undefined);
    expect(performance.now() - start).to.be.below(1000);
  });
});
