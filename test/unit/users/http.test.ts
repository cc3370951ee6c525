/** What the identity API makes of requests before it asks anybody, and what its OpenAPI document says of it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { storedSigningKeys } from '../../../src/auth/signing-keys.ts';
import { PROBLEMS } from '../../../src/errors.ts';
import type { Accounts } from '../../../src/users/accounts.ts';
import { REFRESH_COOKIE } from '../../../src/users/cookies.ts';
import { jwksAnswer } from '../../../src/users/answers.ts';
import { csrfTokens } from '../../../src/users/csrf.ts';
import { identityApi, type IdentityApiParts, type IdentityRequest } from '../../../src/users/http.ts';
import { MAX_BODY_BYTES } from '../../../src/users/json-fields.ts';
import { openApiDocument } from '../../../src/users/openapi.ts';
import { operations, problemsOf, type Transport } from '../../../src/users/operations.ts';
import type { IdentityAnswer } from '../../../src/users/problems.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SESSION = '6f2c1d0e-8a9b-4c3d-9e8f-0a1b2c3d4e5f';

/** Accounts that know nobody. */
const NOBODY: Accounts = {
  register: async () => ({ fault: 'email-taken' }),
  login: async () => ({ fault: 'invalid-credentials' }),
  refresh: async () => ({ fault: 'invalid-token' }),
  logout: async () => ({ fault: 'unauthorized' }),
  logoutByRefresh: async () => ({ fault: 'unauthorized' }),
  changePassword: async () => ({ fault: 'unauthorized' }),
  me: async () => undefined,
  sessions: async () => undefined,
  endSession: async () => ({ fault: 'unauthorized' }),
};

const CSRF = csrfTokens({ current: () => privateKey, all: () => [privateKey] });

interface Sent {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  target: string,
  { body, headers = {} }: Sent = {},
  accounts = NOBODY,
  { transport = 'header', ...parts }: Partial<IdentityApiParts> & { readonly transport?: Transport } = {},
): Promise<IdentityAnswer> {
  const [method = '', path = ''] = target.split(' ');
  const fields: Readonly<Record<string, string>> = { 'content-type': 'application/json', ...headers };
  const request: IdentityRequest = {
    method,
    path,
    header: (name) => fields[name],
    client: { address: '192.0.2.1', scheme: 'https' },
    authority: 'gateway.test',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    identity: undefined,
    requestId: 'r1',
  };
  const options = { path: '/auth', transport, registration: 'open' } as const;
  return identityApi(options, { accounts, csrf: CSRF, ...parts }).handle(request);
}

/** A value within a value of JSON; undefined when there is none. */
function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (!isObject(found)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function objectAt(value: unknown, ...names: readonly string[]): object {
  const found = at(value, ...names);
  if (!isObject(found)) throw new Error(`no object at ${names.join(' ')}`);
  return found;
}

function entriesAt(value: unknown, ...names: readonly string[]): [string, unknown][] {
  return Object.entries(objectAt(value, ...names));
}

function member(answer: IdentityAnswer, name: string): unknown {
  return at(JSON.parse(answer.body), name);
}

function header(answer: IdentityAnswer, wanted: string): string | undefined {
  return answer.headers.find(([name]) => name === wanted)?.[1];
}

describe('the identity API', () => {
  it('answers 404 for what is no path of it', async () => {
    for (const path of [
      '/',
      '',
      '/nothing',
      '/login/',
      '/LOGIN',
      '/login/x',
      '/sessions/',
      '/sessions/a/b',
      '/openapiXjson',
    ]) {
      const answer = await ask(`GET ${path}`);
      expect([answer.status, member(answer, 'code')], path).to.deep.equal([404, 'route-not-found']);
    }
  });

  it('answers 405 with Allow for another method, and HEAD as GET', async () => {
    for (const [target, allow] of [
      ['GET /login', 'POST'],
      ['PUT /register', 'POST'],
      ['POST /me', 'GET, HEAD'],
      ['GET /sessions/x', 'DELETE'],
      ['OPTIONS /sessions', 'GET, HEAD'],
    ] as const) {
      const answer = await ask(target);
      expect([answer.status, header(answer, 'allow')], target).to.deep.equal([405, allow]);
    }
    expect((await ask('HEAD /openapi.json')).status).to.equal(200);
  });

  it('takes JSON alone: what a form can send is 415', async () => {
    const body = '{"email":"a@b.example","password":"x"}';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
      '',
    ]) {
      const answer = await ask('POST /login', { body, headers: { 'content-type': type } });
      expect([answer.status, member(answer, 'code')], type).to.deep.equal([415, 'unsupported-media-type']);
    }
    for (const type of ['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"']) {
      expect((await ask('POST /login', { body, headers: { 'content-type': type } })).status, type).to.equal(401);
    }
  });

  it('answers 413 for a body that is too large', async () => {
    const filler = (size: number): Buffer => Buffer.alloc(size, ' ');
    expect((await ask('POST /login', { body: filler(MAX_BODY_BYTES + 1) })).status).to.equal(413);
    expect((await ask('POST /login', { body: filler(MAX_BODY_BYTES) })).status).to.equal(400);
  });

  for (const [what, body, errors] of [
    ['no body', undefined, ['/email required', '/password required']],
    ['no JSON', '{', [' invalid-json']],
    ['JSON that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), [' invalid-json']],
    ['a BOM', '\ufeff{}', [' invalid-json']],
    ['a list', '[]', [' wrong-type']],
    ['null', 'null', [' wrong-type']],
    ['wrong types', '{"email":1,"password":null}', ['/email wrong-type', '/password wrong-type']],
    ['a member twice', '{"email":"a@b.example","email":"c@d.example","password":"x"}', [' duplicate-member']],
    ['unknown members', '{"email":"a@b.example","password":"x","a/b~":1}', ['/a~1b~0 unknown-member']],
    ['__proto__', '{"email":"a@b.example","password":"x","__proto__":{}}', ['/__proto__ unknown-member']],
  ] as const) {
    it(`answers 400 with every fault for ${what}`, async () => {
      const answer = await ask('POST /login', body === undefined ? {} : { body });
      expect([answer.status, member(answer, 'code')]).to.deep.equal([400, 'invalid-body']);
      const found = member(answer, 'errors');
      const told: unknown[] = Array.isArray(found) ? found : [];
      const texts = told.map((error) => `${String(at(error, 'pointer'))} ${String(at(error, 'code'))}`);
      expect(texts).to.deep.equal(errors);
    });
  }

  it('asks for a token with WWW-Authenticate, before it reads a body', async () => {
    for (const target of ['GET /me', 'GET /sessions', 'POST /logout', 'POST /password', 'DELETE /sessions/x']) {
      const answer = await ask(target, { body: '{' });
      expect([answer.status, header(answer, 'www-authenticate')], target).to.deep.equal([
        401,
        'Bearer realm="gatewayctl"',
      ]);
    }
  });

  describe('counts for the limit', () => {
    let count: number;
    const limit = (): { retryAfter: number } => {
      count += 1;
      return { retryAfter: 0 };
    };
    beforeEach(() => (count = 0));

    it('what no other site can send without being asked for', async () => {
      for (const target of ['POST /login', 'POST /register', 'POST /refresh', 'POST /password']) {
        await ask(target, { body: '{}' }, NOBODY, { limit });
        await ask(target, {}, NOBODY, { limit });
      }
      expect(count).to.equal(8);
      const headers = { 'x-csrf-token': CSRF.tokenFor(SESSION), cookie: `${REFRESH_COOKIE}=gwr_x` };
      await ask('POST /refresh', { headers }, NOBODY, { limit, transport: 'cookie' });
      expect(count).to.equal(9);
    });

    it('nothing else: a page that somebody looks at must not use up the limit', async () => {
      const types = ['text/plain', 'text/plain;application/json', 'application/x-www-form-urlencoded', ''];
      for (const type of [...types, 'multipart/form-data; boundary=x']) {
        const headers = { 'content-type': type };
        for (const target of ['POST /login', 'POST /register', 'POST /refresh']) {
          const answer = await ask(target, { body: '{"email":"a@b.example","password":"x"}', headers }, NOBODY, {
            limit,
          });
          expect(answer.status, `${target} ${type}`).to.equal(415);
          expect((await ask(target, { headers }, NOBODY, { limit })).status).to.equal(400);
          const huge = { body: Buffer.alloc(MAX_BODY_BYTES + 1, ' '), headers };
          expect((await ask(target, huge, NOBODY, { limit })).status).to.equal(413);
        }
        expect((await ask('POST /password', { body: '{}', headers }, NOBODY, { limit })).status).to.equal(401);
      }
      const cookie = `${REFRESH_COOKIE}=gwr_x`;
      for (const headers of [
        {},
        { cookie },
        { cookie, 'x-csrf-token': 'x' },
        { origin: 'https://evil.example.com' },
        { origin: 'https://evil.example.com', cookie, 'x-csrf-token': CSRF.tokenFor(SESSION) },
      ]) {
        const answer = await ask('POST /refresh', { headers }, NOBODY, { limit, transport: 'cookie' });
        expect(answer.status).to.be.oneOf([401, 403]);
        expect(header(answer, 'set-cookie')).to.equal(undefined);
      }
      expect(count).to.equal(0);
    });
  });

  it('refreshes with cookies for pages of its own origin and of those that may act, and for what is no page', async () => {
    const proof = { 'x-csrf-token': CSRF.tokenFor(SESSION), cookie: `${REFRESH_COOKIE}=gwr_x` };
    const status = async (target: string, origin: string, parts: Partial<IdentityApiParts> = {}): Promise<number> =>
      (await ask(target, { headers: { ...proof, origin } }, NOBODY, { ...parts, transport: 'cookie' })).status;
    const mayAct = (origin: string): boolean => origin === 'https://shop.example.com';
    // Both let in by the refresh cookie.
    for (const target of ['POST /refresh', 'POST /logout']) {
      expect((await ask(target, { headers: proof }, NOBODY, { transport: 'cookie' })).status).to.equal(401);
      expect(await status(target, 'https://gateway.test')).to.equal(401);
      expect(await status(target, 'https://Gateway.TEST', { mayAct })).to.equal(401);
      expect(await status(target, 'https://shop.example.com', { mayAct })).to.equal(401);
      for (const origin of [
        'http://gateway.test',
        'https://gateway.test:8443',
        'https://gateway.test.evil.example.com',
        'https://evil.example.com',
        'https://gateway.test, https://gateway.test',
        'null',
        '',
      ]) {
        expect(await status(target, origin), origin).to.equal(403);
        expect(await status(target, origin, { mayAct }), origin).to.equal(403);
      }
      expect(await status(target, 'https://shop.example.com')).to.equal(403);
    }
  });

  it('passes a bug on', async () => {
    const broken = {
      ...NOBODY,
      login: async () => {
        throw new TypeError('a bug');
      },
    };
    const body = '{"email":"a@b.example","password":"x"}';
    const failure: unknown = await ask('POST /login', { body }, broken).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TypeError);
  });

  it('publishes public keys, and nothing of private ones', () => {
    const keys = storedSigningKeys([{ kid: 'k', algorithm: 'ES256', privateKey, publicKey, signsFrom: 0 }], 'ES256');
    const answer = jwksAnswer(keys.jwks);
    expect(answer).to.deep.include({ status: 200 });
    expect(JSON.parse(answer.body)).to.have.nested.property('keys[0].kid', 'k');
    expect(answer.body).not.to.include('"d"');
    expect(header(answer, 'cache-control')).to.equal('public, max-age=300');
  });
});

describe('CSRF tokens', () => {
  it('are of one session and one key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const token = CSRF.tokenFor(SESSION);
    expect(CSRF.sessionOf(token)).to.equal(SESSION);
    expect(csrfTokens({ current: () => other, all: () => [other] }).sessionOf(token)).to.equal(undefined);
    // A key that no longer signs still counts.
    expect(csrfTokens({ current: () => other, all: () => [other, privateKey] }).sessionOf(token)).to.equal(SESSION);
    expect(CSRF.sessionOf(token.replace('6', '7'))).to.equal(undefined);
    for (const nonsense of ['', '.', SESSION, `${SESSION}.`, `${token}x`, `${token}, ${token}`]) {
      expect(CSRF.sessionOf(nonsense), nonsense).to.equal(undefined);
    }
  });
});

for (const transport of ['header', 'cookie'] satisfies Transport[]) {
  describe(`the OpenAPI document with tokens in ${transport === 'header' ? 'JSON' : 'cookies'}`, () => {
    const document = openApiDocument({ path: '/auth', transport, registration: 'open' });

    it('is one of OpenAPI 3.1: what must be there is', () => {
      expect(document).to.have.property('openapi', '3.1.0');
      expect(document).to.have.nested.property('info.title');
      expect(document).to.have.nested.property('info.version');
      expect(document).to.have.nested.property('servers[0].url', '/auth');
      const ids = new Set<string>();
      for (const [name, operation] of Object.entries(operations(transport))) {
        const { method, path, success } = operation;
        const described = at(document, 'paths', path, method.toLowerCase());
        expect(described, name).to.have.property('operationId', name);
        ids.add(name);
        expect(described).to.have.property('summary').that.is.a('string');
        expect(described).to.have.property('responses').with.property(String(success.status));
        for (const code of problemsOf(operation)) {
          expect(described, `${name} ${code}`)
            .to.have.property('responses')
            .with.property(String(PROBLEMS[code].status));
        }
        const isTemplated = path.includes('{id}');
        expect(JSON.stringify(described).includes('"in":"path"'), name).to.equal(isTemplated);
        expect(JSON.stringify(described).includes('x-csrf-token'), name).to.equal(
          transport === 'cookie' && method !== 'GET' && operation.credentials !== 'none',
        );
      }
      expect(ids.size).to.equal(9);
    });

    it('has schemas that are valid, and no reference that leads nowhere', () => {
      const text = JSON.stringify(document);
      const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? ''));
      expect([...references]).to.include('#/components/schemas/Problem');
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
      const schemas = entriesAt(document, 'components', 'schemas');
      for (const [name, schema] of schemas) ajv.addSchema(objectAt(schema), `#/components/schemas/${name}`);
      for (const reference of references) {
        expect(ajv.getSchema(reference), reference).to.be.a('function');
      }
      // Each is used.
      expect(schemas.map(([name]) => `#/components/schemas/${name}`).toSorted()).to.deep.equal(
        [...references].toSorted(),
      );
    });

    it('has no path that no handler answers, and says of bodies what handlers take', async () => {
      const ajv = new Ajv2020({ strict: true, validateFormats: false });
      for (const [path, methods] of entriesAt(document, 'paths')) {
        for (const [method, described] of entriesAt(methods)) {
          const target = `${method.toUpperCase()} ${path.replace('{id}', SESSION)}`;
          const { status } = await ask(target);
          expect(status, target).not.to.be.oneOf([404, 405]);
          const body = at(described, 'requestBody');
          if (body === undefined) continue;
          const validate = ajv.compile(objectAt(body, 'content', 'application/json', 'schema'));
          expect(validate({ unknown: 1 })).to.equal(false);
          expect(validate({}), target).to.equal(at(body, 'required') !== true);
        }
      }
    });
  });
}

describe('the logout in the OpenAPI document', () => {
  it('takes one of two cookies, or a token', () => {
    const securityOf = (transport: Transport): unknown =>
      at(openApiDocument({ path: '/auth', transport, registration: 'open' }), 'paths', '/logout', 'post', 'security');
    expect(securityOf('cookie')).to.deep.equal([{ access: [] }, { refresh: [] }]);
    expect(securityOf('header')).to.deep.equal([{ access: [] }]);
  });
});

describe('the OpenAPI document where registration is closed', () => {
  it('has no register', () => {
    const document = openApiDocument({ path: '/auth', transport: 'header', registration: 'closed' });
    expect(document['paths']).not.to.have.property('/register');
    expect(document['paths']).to.have.property('/login');
  });
});
