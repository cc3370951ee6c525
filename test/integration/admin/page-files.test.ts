import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { ROOT } from '../../support/deployed.ts';
import { RawClient } from '../../support/raw.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

/** What is beside the page for those who write it. */
const NOT_SERVED = ['shapes.d.ts', 'tsconfig.json'];

describe('the files of the status page', () => {
  let gateway: TestGateway;

  before(async () => {
    gateway = await startTestGateway('{ admin: { token: a-token-for-tests }, routes: [] }');
  });

  after(async () => gateway.stop());

  const served = readdirSync(join(ROOT, 'status-page')).filter((name) => !NOT_SERVED.includes(name));
  const paths = served.map((name) => (name === 'index.html' ? '/' : `/status-page/${name}`));

  it('are served to everybody, each with its type', async () => {
    const types: Record<string, string> = { '/': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };
    expect(paths).to.include.members(['/', '/status-page/page.css', '/status-page/main.js']);
    for (const path of paths) {
      const answer = await call(gateway.adminUrl + path);
      expect(answer.status, path).to.equal(200);
      const type = types[/\.\w+$/.exec(path)?.[0] ?? path] ?? 'image/svg+xml';
      expect(answer.header('content-type')).to.equal(`${type}; charset=utf-8`);
    }
  });

  it('may do nothing but what they do, and are in no page of others', async () => {
    for (const path of paths) {
      const answer = await call(gateway.adminUrl + path);
      expect(answer.header('content-security-policy')).to.equal(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
          "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(answer.header('x-content-type-options')).to.equal('nosniff');
      expect(answer.header('referrer-policy')).to.equal('no-referrer');
      expect(answer.header('cross-origin-resource-policy')).to.equal('same-origin');
    }
  });

  it('are not sent again to whoever has them', async () => {
    for (const path of paths) {
      const first = await call(gateway.adminUrl + path);
      const etag = first.header('etag') ?? '';
      expect(etag).to.match(/^"[\w-]{27}"$/);
      expect(first.header('cache-control')).to.equal('no-cache');
      const again = await call(gateway.adminUrl + path, { headers: ['if-none-match', etag] });
      expect([again.status, again.text, again.header('etag')]).to.deep.equal([304, '', etag]);
      expect((await call(gateway.adminUrl + path, { headers: ['if-none-match', '"other"'] })).status).to.equal(200);
    }
  });

  it('have a head without a body, and no other method', async () => {
    const got = await call(`${gateway.adminUrl}/`);
    const head = await call(`${gateway.adminUrl}/`, { method: 'HEAD' });
    expect([head.status, head.text, head.header('etag')]).to.deep.equal([200, '', got.header('etag')]);
    expect(head.header('content-length')).to.equal(String(Buffer.byteLength(got.text)));
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await call(`${gateway.adminUrl}/`, { method });
      expectProblem(answer, 'method-not-allowed');
      expect(answer.header('allow')).to.equal('GET, HEAD');
    }
  });

  for (const path of [
    ...NOT_SERVED.map((name) => `/status-page/${name}`),
    '/index.html',
    '/status-page',
    '/status-page/',
    '/status-page/index.html',
    '/status-page/MAIN.js',
    '/status-page/main.js/',
    '/status-page/../package.json',
    '/status-page/%2e%2e/package.json',
    '/status-page/..%2fpackage.json',
    '/status-page//etc/passwd',
    '/../../etc/passwd',
    '//etc/passwd',
  ]) {
    it(`are no others: ${path}`, async () => {
      const raw = await RawClient.open(gateway.adminPort);
      // As it stands: a client that knows URLs would take the dots out.
      await raw.send(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
      const { status, text } = await raw.response();
      await raw.close();
      expect([status, JSON.parse(text)]).to.have.nested.property('[1].code', 'route-not-found');
    });
  }

  it('are not for a page that calls this machine by a name of its own, or that is somewhere else', async () => {
    for (const headers of [
      ['host', 'evil.example.com'],
      ['origin', 'https://evil.example.com'],
      ['origin', 'null'],
    ]) {
      const answer = await call(`${gateway.adminUrl}/`, { headers });
      expectProblem(answer, 'misdirected-request');
    }
  });

  it('say nothing of the gateway', async () => {
    const text = (await Promise.all(paths.map(async (path) => call(gateway.adminUrl + path)))).map((each) => each.text);
    expect(text.join()).to.not.include('a-token-for-tests');
    expectProblem(await call(`${gateway.adminUrl}/api/v1/live`), 'unauthorized');
  });
});
