/** Secrets of a configuration, wherever they stand in its files: no answer of the admin API has any of them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { AdminClient } from '../../support/admin-client.ts';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const TOKEN = 'admin-token-s3cret';
/** By where it stands. */
const SECRETS = {
  token: TOKEN,
  registryToken: 'registry-token-s3cret',
  issuer: 'issuer-secret-s3cret-issuer-secret-s3cret',
  variable: 'variable-s3cret',
  url: 'url-passw0rd',
  query: 'query-k3y',
  header: 'header-s3cret',
  matchedHeader: 'matched-s3cret',
  prose: 'hunter2hunter2',
  commentedOut: 'older-t0ken',
  includedFile: 'included-s3cret',
  namedFile: 'content-of-a-named-file',
  nameOfAuth: 'auth-s3cret',
  accessKey: 'access-s3cret',
  scheme: 'dXNlcjpwYXNzd29yZA==',
  default: 'default-s3cret',
  matchedByAnyName: 'any-name-s3cret',
  commentedField: 'commented-s3cret',
  commentedPass: 'hunter3hunter3',
  json: 'json-s3cret',
  setCookie: 'cookie-s3cret',
};
const VARIABLE = 'TEST_HOOK_SECRET';
/** Too short to be looked for: it would blur what is none. */
const SHORT = { variable: 'TEST_SHORT_TOKEN', value: 'Q7x' };

const MAIN = `version: 1
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
defaults: { route: { access: public } }
# The old password was ${SECRETS.prose}, do not use it.
admin: { listen: "127.0.0.1:0", token: ${TOKEN}, registryToken: "${SECRETS.registryToken}" } # registryToken: ${SECRETS.commentedOut}
# tokens in use elsewhere: ${SECRETS.token}
# seen in a log: ${SECRETS.namedFile.repeat(2)}
include: [team*.yaml]
# cookie: sid=${SECRETS.commentedField}
# admin-pass ${SECRETS.commentedPass}
tracing: { otlp: "http://127.0.0.1:4318/v1?api_key=${SECRETS.query}" }
issuers:
  - { name: partner, issuer: "https://partner.example", audience: a, algorithms: [HS256], secret: ${SECRETS.issuer} }
  - { name: other, issuer: "https://other.example", audience: a, algorithms: [HS256], secret: "\${file:named}" }
upstreams:
  orders: { targets: ["http://127.0.0.1:1"] }
routes:
  - { name: orders, match: { path: /orders }, upstream: orders }
  - name: fields
    match: { path: /fields, headers: { x-partner: ${SECRETS.matchedByAnyName} } }
    request:
      headers:
        set:
          x-auth: ${SECRETS.nameOfAuth}
          x-access-key: ${SECRETS.accessKey}
          x-upstream: Basic ${SECRETS.scheme}
          x-vault: \${TEST_UNSET_TOKEN:-${SECRETS.default}}
    upstream: orders
  - name: json
    match: { path: /json }
    respond: { status: 200, headers: { set-cookie: "sid=${SECRETS.setCookie}" }, body: '{"access_token":"${SECRETS.json}"}' }
  - { name: short, match: { path: "/short/\${${SHORT.variable}}/x", host: "\${${SHORT.variable}}.example" }, upstream: orders }
  - name: hook
    match: { path: "/hook/\${${VARIABLE}}", headers: { x-shared-secret: ${SECRETS.matchedHeader} } }
    request: { headers: { set: { Authorization: "Bearer ${SECRETS.header}", x-plain: shown } } }
    upstream: orders
`;
const INCLUDED = `# was http://team:${SECRETS.url}@127.0.0.1:2 before
upstreams: { team: { targets: ["http://127.0.0.1:2"] } }
routes:
  - name: team
    match: { path: /team }
    upstream: team
    request: { headers: { set: { x-api-key: ${SECRETS.includedFile} } } }
`;
const READ = ['status', 'config', 'routes', 'routes/hook', 'routes/orders', 'upstreams', 'cache', 'openapi.json'];

describe('secrets and the admin API', () => {
  let gateway: TestGateway;
  let admin: AdminClient;

  before(async () => {
    process.env[VARIABLE] = SECRETS.variable;
    process.env[SHORT.variable] = SHORT.value;
    gateway = await startTestGateway(`admin: { token: ${TOKEN} }`);
    admin = new AdminClient(gateway.adminUrl, TOKEN);
    await writeFile(join(gateway.folder, 'named'), SECRETS.namedFile.repeat(2));
  });
  after(async () => {
    delete process.env[VARIABLE];
    delete process.env[SHORT.variable];
    await gateway.stop();
  });

  /** What all of it answers, a reload included. */
  const everything = async (): Promise<string> => {
    const texts = [(await admin.ask('POST /reload')).text];
    for (const path of READ) texts.push((await admin.ask(`GET /${path}`)).text);
    for (const path of ['/readyz', '/healthz', '/metrics']) texts.push((await call(gateway.adminUrl + path)).text);
    return texts.join('\n');
  };
  /** As it is, comments included. */
  const write = async (text: string): Promise<void> => writeFile(join(gateway.folder, 'gateway.yaml'), text);
  const expectNoSecret = (text: string): void => {
    for (const [where, secret] of Object.entries(SECRETS)) expect(text, where).to.not.include(secret);
  };

  it('are in none of its answers while the configuration serves, and what is none is', async () => {
    await writeFile(join(gateway.folder, 'team.yaml'), INCLUDED);
    await write(MAIN);
    expect((await admin.ask('POST /reload')).text).to.include('"outcome":"reloaded"');
    expectNoSecret(await everything());
    const { hash, files } = await admin.json('GET /config', 'Config');
    expect(hash).to.be.a('string');
    expect(JSON.stringify(files)).to.include('x-plain: shown').and.include(`/hook/\${${VARIABLE}}`);
    expect(JSON.stringify(files)).to.include('secret: \\"${file:named}\\"').and.include('token: ••••');
    expect((await admin.json('GET /routes/hook', 'Route'))['match']).to.deep.include({
      path: `/hook/\${${VARIABLE}}`,
      headers: ['x-shared-secret'],
    });
    expect((await admin.json('GET /routes/short', 'Route'))['match']).to.deep.include({
      path: `/short/\${${SHORT.variable}}/x`,
      hosts: [`\${${SHORT.variable}}.example`],
    });
  });

  const REFUSED: readonly [what: string, text: string][] = [
    ['are misspelt keys', MAIN.replace('token:', 'tokn:')],
    ['stand in a target', MAIN.replace('http://127.0.0.1:1', `http://orders:${SECRETS.url}@127.0.0.1:1/path`)],
    ['stand in a text that is no YAML', `${MAIN}\nroutes: [ "a\n  token: ${SECRETS.token}\n`],
    ['stand beside what is no YAML', MAIN.replace('x-plain: shown } }', 'x-plain: shown }')],
    ['come out of a variable', MAIN.replace('match: { path: "/hook', 'match: { path: "hook')],
    [
      'stand twice',
      MAIN.replace('/orders }', `"/hook/\${${VARIABLE}}" }`).replace(/, headers: \{ x-shared[^}]*\}/, ''),
    ],
    ['are too short', MAIN.replace(`secret: ${SECRETS.issuer}`, 'secret: sh0rt-one')],
    ['stand beside a fault', MAIN.replace('upstream: orders\n', 'upstream: order\n')],
    ['stand in another file', MAIN.replace('orders: { targets', 'team: { targets')],
  ];
  for (const [what, text] of REFUSED) {
    it(`are in none of its answers when they ${what} in a configuration that is refused`, async () => {
      await write(text);
      const reload = await admin.ask('POST /reload');
      expect(reload.status, reload.text).to.equal(422);
      expectNoSecret(await everything());
      expect(reload.text).to.not.include('sh0rt-one');
    });
  }
});
