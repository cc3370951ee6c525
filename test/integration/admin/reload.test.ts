/** A reload over HTTP: what it answers, for which state it is, and who may want it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROBLEMS, type ProblemCode } from '../../../src/errors.ts';
import { AdminClient, type AdminAsk } from '../../support/admin-client.ts';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { freeAddress, occupyPort, Opened } from '../../support/reload.ts';

const TOKEN = 'a-token-for-tests';

/** Addresses and files are told to administrators, unlike to clients. */
function expectCode({ status, text }: Answered, code: ProblemCode): void {
  expect(JSON.parse(text)).to.include({ code, status: PROBLEMS[code].status });
  expect(status).to.equal(PROBLEMS[code].status);
}

describe('a reload over the admin API', () => {
  const opened = new Opened();
  let gateway: TestGateway;
  let admin: AdminClient;

  const text = (body: string, listen = '127.0.0.1:0'): string => `version: 1
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "${listen}", token: ${TOKEN} }
routes:
  - { name: home, match: { path: / }, access: public, respond: { status: 200, body: "${body}" } }
`;
  const write = async (yaml: string): Promise<void> => writeFile(join(gateway.folder, 'gateway.yaml'), yaml);
  const reload = async (options: AdminAsk = {}): Promise<Answered> => admin.ask('POST /reload', options);
  const hash = async (): Promise<string> => String((await admin.json('GET /config', 'Config'))['hash']);
  const home = async (): Promise<string> => (await call(gateway.url)).text;

  beforeEach(async () => {
    gateway = await startTestGateway(text('first'));
    admin = new AdminClient(gateway.adminUrl, TOKEN);
  });
  afterEach(async () => gateway.stop());

  it('answers when what is in the file serves, and says what does', async () => {
    await write(text('second'));
    const answer = await reload();
    expect(await home()).to.equal('second');
    expect(answer.status).to.equal(200);
    expect(answer.header('cache-control')).to.equal('no-store');
    await admin.expectSchema(answer.text, 'Reloaded');
    // The watcher may have been quicker.
    expect(JSON.parse(answer.text).outcome).to.be.oneOf(['reloaded', 'unchanged']);
    expect(JSON.parse(answer.text)).to.deep.include({ hash: await hash(), diagnostics: [] });
    expect(JSON.parse((await reload()).text)).to.include({ outcome: 'unchanged' });
    const line = await gateway.logs.until(
      ({ msg }) => msg === 'configuration reloaded by an administrator',
      'who it was',
    );
    expect(line).to.include({ level: 'info', client: '127.0.0.1' });
  });

  it('refuses a faulty file with its findings, and the former configuration goes on', async () => {
    const before = await hash();
    await write(text('second').replace('match:', 'mach:'));
    const answer = await reload();
    expectCode(answer, 'reload-refused');
    await admin.expectSchema(answer.text, 'Problem');
    const { detail, diagnostics } = JSON.parse(answer.text);
    expect(detail).to.equal('the files have 2 errors: the former configuration goes on');
    expect(diagnostics.map(({ code }: { code: string }) => code)).to.include('unknown-key');
    expect(diagnostics[0].frame).to.include('> 5 |').and.include('^');
    expect([await hash(), await home()]).to.deep.equal([before, 'first']);
    await write(text('third'));
    expect((await reload()).status).to.equal(200);
    expect(await home()).to.equal('third');
  });

  it('tells that a sound configuration could not take over, and why', async () => {
    const taken = await occupyPort(opened);
    await write(text('second').replace('listen: "127.0.0.1:0"', `listen: "${taken}"`));
    const answer = await reload();
    expectCode(answer, 'reload-failed');
    expect(answer.header('retry-after')).to.equal('5');
    expect(JSON.parse(answer.text).detail).to.include('EADDRINUSE').and.include(taken);
    expect(await home()).to.equal('first');
    const { last_reload: last } = await admin.json('GET /status', 'Status');
    expect(last).to.include({ outcome: 'failed', message: JSON.parse(answer.text).detail });
  });

  it('is for the configuration that If-Match names, and for no other', async () => {
    const before = await hash();
    const etag = (await admin.ask('GET /config')).header('etag') ?? '';
    for (const tag of [`"${before}"`, etag, `"x", ${etag}`, '*'])
      expect((await reload({ headers: ['if-match', tag] })).status, tag).to.equal(200);
    await write(text('second'));
    for (const tag of ['"x"', `W/"${before}"`, `"${before}x"`]) {
      const answer = await reload({ headers: ['if-match', tag] });
      expectProblem(answer, 'precondition-failed');
    }
    for (const tag of [before, '', '"x'])
      expectProblem(await reload({ headers: ['if-match', tag] }), 'invalid-request');
    expectProblem(await reload({ headers: ['if-none-match', '*'] }), 'precondition-failed');
    expect((await reload()).status).to.equal(200);
    expectProblem(await reload({ headers: ['if-match', `"${before}"`] }), 'precondition-failed');
    expectProblem(await reload({ headers: ['if-match', etag] }), 'precondition-failed');
  });

  it('lets one of several who saw the same configuration replace it', async () => {
    const before = await hash();
    await write(text('second'));
    const options = { headers: ['if-match', `"${before}"`] };
    // The second one comes while the first one is under way, at the latest when it is over.
    const [one, two] = await Promise.all([reload(options), reload(options)]);
    for (const { status, text: why } of [one, two]) expect(status, why).to.be.oneOf([200, 412]);
    expectProblem(await reload(options), 'precondition-failed');
  });

  it('gives everybody who calls at once what came of the newest file', async () => {
    const answers: Promise<Answered>[] = [];
    for (const body of ['second', 'third', 'fourth']) {
      await write(text(body));
      answers.push(reload(), reload());
    }
    await write(text('last').replace('match:', 'mach:'));
    const refused = await reload();
    expectCode(refused, 'reload-refused');
    for (const answer of await Promise.all(answers)) expect(answer.status).to.be.oneOf([200, 422]);
    await write(text('mended'));
    expect((await reload()).status).to.equal(200);
    expect(await home()).to.equal('mended');
  });

  it('answers at the address that it moves away from', async () => {
    const next = await freeAddress();
    await write(text('second', next));
    const answer = await reload();
    expect(answer.status, answer.text).to.equal(200);
    admin = new AdminClient(`http://${next}`, TOKEN);
    expect(JSON.parse(answer.text)).to.include({ hash: await hash() });
    const there = await admin.ask('GET /status').then(() => true);
    expect(there).to.equal(true);
  });

  it('takes no body, no query and no other method', async () => {
    const before = await hash();
    await write(text('second').replace('version: 1', 'version: 2'));
    expectProblem(await reload({ body: '{}', headers: ['content-type', 'application/json'] }), 'invalid-body');
    expectProblem(await reload({ body: 'x'.repeat(100_000) }), 'invalid-body');
    expectProblem(await admin.ask('POST /reload?force=true'), 'invalid-query');
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
      expectProblem(await admin.ask(`${method} /reload`), 'method-not-allowed');
    expect(await hash()).to.equal(before);
  });

  it('is nothing that another page, another name or a wrong token can bring about', async () => {
    const attempts = gateway.logs.items.length;
    for (const origin of [
      'http://evil.example',
      'null',
      'https://127.0.0.1',
      `http://127.0.0.1:${gateway.adminPort + 1}`,
    ])
      expectProblem(await reload({ headers: ['origin', origin] }), 'misdirected-request');
    for (const host of ['evil.example', `evil.example:${gateway.adminPort}`, '127.0.0.1.evil.example', 'localhost.'])
      expectProblem(await reload({ headers: ['host', host] }), 'misdirected-request');
    for (const token of ['', 'wrong', `${TOKEN}x`]) expectProblem(await reload({ token }), 'unauthorized');
    const told = gateway.logs.items.slice(attempts).filter(({ msg }) => String(msg).includes('configuration'));
    expect(told).to.deep.equal([]);
    const own = await reload({ headers: ['origin', gateway.adminUrl] });
    expect(own.status).to.equal(200);
  });
});

describe('the API of a gateway whose admin token is for the registry alone', () => {
  it('shows nothing to it', async () => {
    const gateway = await startTestGateway(`admin: { token: ${TOKEN}, registryToken: a-token-for-instances }`);
    try {
      const admin = new AdminClient(gateway.adminUrl, 'a-token-for-instances');
      for (const target of ['GET /status', 'GET /config', 'GET /routes', 'GET /routes/x', 'GET /cache', 'POST /reload'])
        expectProblem(await admin.ask(target), 'unauthorized');
    } finally {
      await gateway.stop();
    }
  });
});
