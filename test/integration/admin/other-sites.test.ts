/** What pages of other sites in a browser on this machine can do to an admin listener without a token. */
import { expect } from 'chai';
import { TestBrowser } from '../../support/browser.ts';
import { call, expectProblem } from '../../support/client.ts';
import { EventSourceClient } from '../../support/event-source.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const PATHS = ['/', '/healthz', '/readyz', '/metrics', '/status-page/main.js', '/api/v1/status', '/api/v1/live', '/no'];

describe('a page of another site and the admin listener', () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await startTestGateway(
      '{ routes: [{ name: page, match: { path: / }, respond: { status: 200, body: page } }] }',
    );
  });
  afterEach(async () => gateway.stop());

  const fetched = (site: string, mode: string, dest: string): string[] =>
    Object.entries({ site, mode, dest }).flatMap(([name, value]) => [`sec-fetch-${name}`, value]);

  for (const site of ['cross-site', 'same-site']) {
    it(`reaches nothing when the browser says that it is ${site}`, async () => {
      for (const path of PATHS)
        for (const headers of [
          ['sec-fetch-site', site],
          fetched(site, 'no-cors', 'empty'),
          fetched(site, 'no-cors', 'image'),
          fetched(site, 'navigate', 'iframe'),
        ])
          expectProblem(await call(gateway.adminUrl + path, { headers }), 'misdirected-request');
    });

    it(`may link to the status page, and to nothing else, when it is ${site}`, async () => {
      const headers = fetched(site, 'navigate', 'document');
      for (const method of ['GET', 'HEAD'])
        expect((await call(`${gateway.adminUrl}/`, { method, headers })).status).to.equal(200);
      expectProblem(await call(`${gateway.adminUrl}/`, { method: 'POST', headers }), 'misdirected-request');
      for (const path of PATHS.slice(1))
        expectProblem(await call(gateway.adminUrl + path, { headers }), 'misdirected-request');
    });
  }

  it('is none when the browser says that the user or the status page asks', async () => {
    for (const headers of [fetched('none', 'navigate', 'document'), fetched('same-origin', 'cors', 'empty')])
      for (const path of ['/', '/metrics', '/api/v1/status'])
        expect((await call(gateway.adminUrl + path, { headers })).status).to.equal(200);
  });

  it('cannot read an answer as something else, and share none, whatever it is', async () => {
    for (const path of PATHS) {
      const answer = await call(gateway.adminUrl + path, { method: 'HEAD' });
      expect(answer.header('x-content-type-options'), path).to.equal('nosniff');
      expect(answer.header('cross-origin-resource-policy'), path).to.equal('same-origin');
    }
  });

  it('takes no stream and gets to the status page by a link alone, in a browser', async function () {
    // It is fetched where there is none.
    this.timeout(300_000);
    const browser = await TestBrowser.start({ hosts: { 'evil.test': gateway.port } });
    const live = `${gateway.adminUrl}/api/v1/live`;
    try {
      for (const origin of [gateway.url, 'http://evil.test']) {
        const page = await browser.open(origin);
        const got = await page.run(`
          const ask = () => fetch('${live}', { mode: 'no-cors' }).then(({ type }) => type, () => 'blocked');
          return Promise.all([ask(), ask()]);
        `);
        expect(got).to.deep.equal(['blocked', 'blocked']);
        const all = await Promise.all(Array.from({ length: 16 }, async () => EventSourceClient.open(live)));
        for (const source of all) source.close();
        await Promise.all(all.map(async (source) => source.over));
        await page.run(`setTimeout(() => location.assign('${gateway.adminUrl}/'))`);
        await page.until(`document.querySelector('#state').textContent === 'ready'`);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
