import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import type { EndpointView, UpstreamView } from '../../../src/upstreams/view.ts';
import { adminOptions } from '../../support/admin.ts';
import { TestBrowser, type TestPage } from '../../support/browser.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { routeRow } from '../../support/status-page.ts';

/** Runs where it becomes markup, and closes what it may stand in. */
const MARKUP = `"'></script></style><script>window.hit = 1</script><img src=x onerror="window.hit = 1">`;
const ROUTES = 5000;

describe('the status page of a gateway with', () => {
  let browser: TestBrowser;

  before(async function () {
    // It is fetched where there is none.
    this.timeout(300_000);
    browser = await TestBrowser.start();
  });

  after(async () => browser.close());

  describe(`${ROUTES} routes`, () => {
    let gateway: TestGateway;
    let page: TestPage;

    before(async () => {
      const routes = Array.from(
        { length: ROUTES },
        (_, index) => `  - { name: shop-${index}, match: { path: /shop/${index} }, respond: { status: 204 } }\n`,
      );
      gateway = await startTestGateway(`routes:\n${routes.join('')}`);
      page = await browser.open(gateway.adminUrl);
    });

    after(async () => {
      await page.close();
      await gateway.stop();
      expect(page.problems).to.deep.equal([]);
    });

    const count = `document.querySelector('#routes-count').textContent`;

    it('shows the first 100, and says how many more there are', async () => {
      await page.until(`${count} === '5,000 in all: the first 100 are shown, and 4,900 more are not'`);
      expect(await page.run(`return document.querySelectorAll('#routes-body tr').length`)).to.equal(100);
    });

    it('finds one of those that are not shown', async () => {
      await page.run(`document.querySelector('#routes-filter').focus()`);
      await page.type('/shop/4321');
      await page.until(`${count} === '1 of 5,000 match the filter'`);
      expect(await page.run(`return ${routeRow('shop-4321')} !== undefined`)).to.equal(true);
    });

    it('shows the line of one that is far down in the file', async () => {
      await page.run(`${routeRow('shop-4321')}.querySelector('button').click()`);
      await page.until(`document.querySelector('#configuration .mark') !== null`);
      const seen = await page.run(`
        const box = document.querySelector('#configuration pre').getBoundingClientRect();
        const mark = document.querySelector('#configuration .mark').getBoundingClientRect();
        const line = Math.round((mark.top - document.querySelector('#configuration code').getBoundingClientRect().top) / mark.height);
        const text = document.querySelector('#configuration code').textContent.split('\\n')[line];
        return [mark.top >= box.top && mark.bottom <= box.bottom, text];
      `);
      expect(seen).to.have.nested.property('[0]', true);
      expect(seen).to.have.nested.property('[1]').that.includes('shop-4321');
    });
  });

  describe('texts that are markup', () => {
    const endpoint: EndpointView = {
      origin: `http://one.test/${MARKUP}`,
      weight: 1,
      condition: 'unhealthy',
      why: `why ${MARKUP}`,
      isHealthy: false,
      isEjected: false,
      breaker: undefined,
      inFlight: 0,
      connections: 0,
      idle: 0,
      waiting: 0,
      latency: undefined,
      share: 1,
    };
    const upstream: UpstreamView = {
      name: `upstream ${MARKUP}`,
      balance: `balance ${MARKUP}`,
      panic: false,
      endpoints: [endpoint],
      source: { kind: 'consul', updatedAt: undefined, fault: `fault ${MARKUP}` },
      bulkhead: undefined,
    };
    const series = `gateway_requests_total{route="route ${MARKUP.replaceAll('"', String.raw`\"`)}",method="GET",status="2xx"}`;
    let listener: AdminListener;
    let page: TestPage;

    before(async () => {
      let requests = 0;
      const options = await adminOptions({
        version: `version ${MARKUP}`,
        notReady: () => `reason ${MARKUP}`,
        health: () => ({ database: `database ${MARKUP}` }),
        upstreams: () => [upstream],
        metrics: async () => [
          { name: 'gateway_requests', type: 'counter', help: '', samples: [{ series, value: (requests += 10) }] },
        ],
      });
      listener = await AdminListener.open({ host: '127.0.0.1', port: 0 }, options);
      page = await browser.open(`http://127.0.0.1:${listener.address.port}/`);
    });

    after(async () => {
      await page.close();
      await listener.close();
    });

    it('shows them as they are, and runs nothing', async () => {
      for (const word of ['version', 'reason', 'database', 'upstream', 'balance', 'why', 'fault', 'route'])
        await page.until(`document.body.textContent.includes(${JSON.stringify(`${word} ${MARKUP}`)})`);
      expect(
        await page.run(`return [window.hit ?? 0, document.querySelectorAll('body img, body script').length]`),
      ).to.deep.equal([0, 0]);
      expect(page.problems).to.deep.equal([]);
    });

    it('could not run them, whatever the page did', async () => {
      const tried = await page.run(`
        try { document.querySelector('main').innerHTML = '<b>x</b>'; return 'done'; } catch (error) { return error.name; }
      `);
      expect(tried).to.equal('TypeError');
      await page.run(
        `document.body.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' }))`,
      );
      expect(page.problems.join('\n')).to.include('Content Security Policy');
    });
  });
});
