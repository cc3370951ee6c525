import { expect } from 'chai';
import { TestBrowser, type TestPage } from '../../support/browser.ts';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { CONTRASTS, routeRow, tabTo } from '../../support/status-page.ts';
import { TestUpstream } from '../../support/upstream.ts';

const MARKUP = '/<img/src=x/onerror=window.hit=1><b>bold</b>';

describe('the status page', () => {
  let browser: TestBrowser;
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let page: TestPage;

  /** A configuration whose second endpoint is a server that the test may end. */
  function config(second: string, more = ''): string {
    return `
upstreams:
  shop:
    targets: ["${upstream.origin}", "${second}"]
    health: { path: /, interval: 100ms, timeout: 2s, healthyAfter: 1, unhealthyAfter: 1 }
routes:
  - { name: shop, match: { path: "/shop/*rest" }, upstream: shop }
  - { name: kept, match: { path: /kept }, upstream: shop, cache: { ttl: 1h } }
  - { name: broken, match: { path: /broken }, respond: { status: 500, body: broken } }
  - { name: markup, match: { path: "${MARKUP}" }, respond: { status: 200, body: ok } }
${more}`;
  }

  before(async function () {
    // It is fetched where there is none.
    this.timeout(300_000);
    browser = await TestBrowser.start();
    upstream = await TestUpstream.start();
  });

  after(async () => {
    await browser.close();
    await upstream.close();
  });

  beforeEach(async () => {
    gateway = await startTestGateway(config(upstream.origin.replace('127.0.0.1', 'localhost')));
    page = await browser.open(gateway.adminUrl);
    await page.until(`document.querySelector('#state').textContent === 'ready'`);
  });

  afterEach(async () => {
    await page.close();
    await gateway.stop();
    // Neither a script that failed nor anything that the policy forbids.
    expect(page.problems).to.deep.equal([]);
  });

  /** Asks for paths again and again until something has been seen. */
  async function asking(seen: Promise<void>, ...paths: string[]): Promise<void> {
    let isOver = false;
    const end = seen.finally(() => (isOver = true));
    const ask = async (): Promise<void> => {
      while (!isOver) {
        for (const path of paths) await call(gateway.url + path);
        // Whoever asks as fast as it goes takes the processor from the page.
        await page.run('return new Promise((resolve) => requestAnimationFrame(() => resolve()))');
      }
    };
    await Promise.all([end, ask()]);
  }

  it('says at a glance how the gateway is', async () => {
    await page.until(`document.querySelector('#facts').innerText.includes('4 routes, 1 upstream')`);
    const facts = await page.run(`return document.querySelector('#facts').innerText.split('\\n').filter(Boolean)`);
    expect(facts).to.include.members(['Version', '0.1.0', 'Up for', 'Configuration', 'Last reload', 'started with it']);
    expect(await page.run('return document.title')).to.equal('ready – gatewayctl');
  });

  it('shows requests, errors and latency as they come', async () => {
    const cell = (name: string, index: number): string =>
      `Number.parseFloat(${routeRow(name)}?.cells[${index}].textContent)`;
    await asking(page.until(`${cell('shop', 2)} > 0 && ${cell('broken', 3)} > 0`), '/shop/1', '/broken');
    expect(await page.run(`return ${routeRow('broken')}.cells[3].textContent`)).to.match(/ \(100\s%\)$/);
    expect(await page.run(`return ${routeRow('shop')}.cells[5].textContent`)).to.match(/^[\d.]+\s(?:ms|µs)$/);
    const charts = await page.run(`
      return [...document.querySelectorAll('#charts figure')].map((figure) => ({
        title: figure.querySelector('h3').textContent,
        described: figure.querySelector('svg desc').textContent,
        lines: [...figure.querySelectorAll('svg[role=img] .line')].map((line) => line.getAttribute('d') !== ''),
      }));
    `);
    expect(charts).to.have.length(3);
    expect(charts)
      .to.have.nested.property('[0].described')
      .that.matches(/requests\/s: now [\d.]+, between /);
    expect(charts)
      .to.have.nested.property('[1].described')
      .that.matches(/5xx\/s: now [\d.]+, between /);
    expect(charts).to.have.nested.property('[2].lines').that.deep.equals([true, true, true]);
  });

  it('says the same as the charts in tables', async () => {
    await asking(page.until(`Number.parseFloat(document.querySelector('#charts dd').textContent) > 0`), '/shop/1');
    await page.run(`document.querySelector('#charts summary').click()`);
    await page.until(`document.querySelector('#charts table tbody tr') !== null`);
    const row = await page.run(`return document.querySelector('#charts table tbody tr').innerText`);
    expect(row).to.match(/^\d\d:\d\d:\d\d\t[\d.]+$/);
  });

  it('shows how much the cache answers', async () => {
    await asking(page.until(`document.querySelector('#cache-facts').innerText.includes('%')`), '/kept');
    expect(await page.run(`return document.querySelector('#cache-none').hidden`)).to.equal(true);
    expect(await page.run(`return document.querySelector('#cache-body th').textContent`)).to.equal('kept');
  });

  it('shows what is wrong with a file that was refused, with the lines around it', async () => {
    await gateway.write(config('http://127.0.0.1:1', '  - { name: late, match: { path: /late }, respons: <i>no</i> }'));
    await gateway.reload();
    await page.until(`document.querySelector('#reload pre') !== null`);
    const shown = await page.run(`return document.querySelector('#reload').innerText`);
    expect(shown)
      .to.include('refused')
      .and.include('unknown-key')
      .and.match(/\| +\^~{6}/);
    expect(shown).to.include('<i>no</i>');
    expect(await page.run(`return document.querySelector('#notices').innerText`)).to.include('does not serve');
    expect(await page.run(`return document.querySelector('#announcer').textContent`)).to.include('refused');
    await gateway.write(config('http://127.0.0.1:1'));
    await gateway.reload();
    await page.until(`document.querySelector('#reload pre') === null`);
    expect(await page.run(`return document.querySelector('#notices').innerText`)).to.equal('');
  });

  it('shows an endpoint that dies, in words and in colour, and says it aloud', async () => {
    const dying = await TestUpstream.start();
    const { origin } = dying;
    const pill = `[...document.querySelectorAll('#upstreams tbody tr')].find((row) => row.cells[1].textContent === '${origin}')?.cells[0].firstChild`;
    const colour = async (): Promise<unknown> => page.run(`return getComputedStyle(${pill}).color`);
    await gateway.write(config(origin));
    await gateway.reload();
    await page.until(`${pill}?.textContent === 'available'`);
    const before = await colour();
    await dying.close();
    await page.until(`${pill}?.textContent === 'unhealthy'`);
    expect(await colour()).to.not.equal(before);
    expect(await page.run(`return ${pill}.closest('tr').cells[2].textContent`)).to.match(/\w/);
    await page.until(`document.querySelector('#announcer').textContent === '${origin} of shop is unhealthy.'`);
    expect(await page.run('return document.title')).to.include('1 endpoint in trouble');
  });

  it('is of use without a mouse', async () => {
    await page.until(`${routeRow('shop')} !== undefined`);
    await page.press('Tab');
    expect(await page.run('return document.activeElement.textContent')).to.equal('Skip to the content');
    await page.press('Enter');
    expect(await page.run('return document.activeElement.id')).to.equal('main');
    await tabTo(page, `focus.tagName === 'SUMMARY'`);
    expect(await page.run(`return getComputedStyle(document.activeElement).outlineStyle`)).to.equal('solid');
    await page.press('Enter');
    await page.until(`document.querySelector('#charts details').open`);
    await tabTo(page, `focus.id === 'routes-filter'`);
    await page.type('broken');
    await page.until(`document.querySelectorAll('#routes-body tr').length === 1`);
    for (let count = 0; count < 'broken'.length; count += 1) await page.press('Backspace');
    await tabTo(page, `focus.textContent === 'Route'`);
    await page.press('Enter');
    const order = `[...document.querySelectorAll('#routes-body summary')].map((each) => each.textContent).join()`;
    await page.until(`${order} === 'broken,kept,markup,shop'`);
    await page.press('Space');
    await page.until(`${order} === 'shop,markup,kept,broken'`);
    const sorted = `document.querySelector('#routes-head [data-key=name]').getAttribute('aria-sort')`;
    expect(await page.run(`return ${sorted}`)).to.equal('descending');
    await tabTo(page, `focus.matches('#routes-body button')`);
    await page.press('Enter');
    await page.until(`document.querySelector('#configuration .mark') !== null`);
    expect(await page.run(`return document.activeElement.tagName`)).to.equal('PRE');
  });

  it('moves nothing away from under the focus while numbers change', async () => {
    await page.until(`${routeRow('broken')} !== undefined`);
    await page.run(`const summary = ${routeRow('broken')}.querySelector('summary'); summary.focus(); summary.click();`);
    await asking(page.until(`Number.parseFloat(${routeRow('broken')}.cells[3].textContent) > 0`), '/broken');
    const focused = `document.activeElement === ${routeRow('broken')}.querySelector('summary')`;
    expect(await page.run(`return ${focused}`)).to.equal(true);
    expect(await page.run(`return ${routeRow('broken')}.innerText`)).to.include('answered here with 500');
    const first = `document.querySelector('#routes-body summary').textContent`;
    expect(await page.run(`return ${first}`)).to.equal('shop');
    await page.run(`document.activeElement.blur()`);
    await asking(page.until(`${first} === 'broken'`), '/broken');
  });

  it('shows the configuration that serves, when somebody wants to see it', async () => {
    const text = `document.querySelector('#configuration').innerText`;
    expect(await page.run(`return ${text}`)).to.not.include('respond');
    await page.run(`document.querySelector('#configuration-toggle').click()`);
    await page.until(`${text}.includes('respond: { status: 500, body: broken }')`);
    await gateway.write(
      config(
        upstream.origin.replace('127.0.0.1', 'localhost'),
        '  - { name: later, match: { path: /later }, respond: { status: 204 } }',
      ),
    );
    await gateway.reload();
    await page.until(`${text}.includes('/later')`);
    await page.run(`document.querySelector('#configuration-toggle').click()`);
    expect(await page.run(`return ${text}`)).to.not.include('respond');
  });

  it('shows names that are markup as what they are', async () => {
    await page.run(`document.querySelector('#configuration-toggle').click()`);
    await page.until(`document.querySelector('#configuration').innerText.includes('<b>bold</b>')`);
    await page.until(`${routeRow('markup')}?.innerText.includes(${JSON.stringify(MARKUP)})`);
    expect(
      await page.run(`return [window.hit ?? 0, document.querySelectorAll('main img, main b').length]`),
    ).to.deep.equal([0, 0]);
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read when it is ${scheme}`, async () => {
      await page.view({ scheme });
      await gateway.write(config('http://127.0.0.1:1'));
      await gateway.reload();
      await page.until(`document.querySelector('#upstreams').innerText.includes('unhealthy')`);
      await gateway.write('nothing: at all');
      await gateway.reload();
      await asking(
        page.until(
          `document.querySelector('#reload pre') && Number.parseFloat(document.querySelector('#charts dd').textContent) > 0`,
        ),
        '/shop/1',
        '/kept',
        '/broken',
      );
      await page.run(`
        for (const details of document.querySelectorAll('details')) details.open = true;
        document.querySelector('#configuration-toggle').click();
      `);
      await page.until(
        `document.querySelector('#configuration pre') !== null && document.querySelector('#charts td') !== null`,
      );
      const { count, low } = Object(await page.run(CONTRASTS));
      expect(low).to.deep.equal([]);
      expect(count).to.be.above(100);
      const ground = await page.run(`return getComputedStyle(document.body).backgroundColor`);
      expect(ground).to.equal(scheme === 'light' ? 'rgb(244, 246, 248)' : 'rgb(13, 17, 23)');
    });
  }

  it('fits on a phone', async () => {
    await page.view({ width: 360 });
    const long = `a${'-very'.repeat(22)}-long-name`;
    const route = `{ name: ${long}, match: { host: ${'a'.repeat(60)}.test, path: "/${'x'.repeat(200)}" }, upstream: shop }`;
    await gateway.write(config('http://127.0.0.1:1', `  - ${route}`));
    await gateway.reload();
    await page.until(`document.querySelector('#upstreams').innerText.includes('unhealthy')`);
    await gateway.write('nothing: at all');
    await gateway.reload();
    await asking(
      page.until(
        `document.querySelector('#reload pre') && Number.parseFloat(document.querySelector('#charts dd').textContent) > 0`,
      ),
      '/shop/1',
      '/kept',
    );
    await page.run(`
      for (const details of document.querySelectorAll('details')) details.open = true;
      document.querySelector('#configuration-toggle').click();
    `);
    await page.until(`document.querySelector('#configuration pre') !== null`);
    const wide = await page.run(`
      return [...document.querySelectorAll('body *')]
        .filter((element) => element.checkVisibility() && !element.closest('pre, .scroll, .unseen, .skip, thead:not(:has(button))') && element.getBoundingClientRect().right > innerWidth)
        .map((element) => element.outerHTML.slice(0, 80));
    `);
    expect(wide).to.deep.equal([]);
    expect(await page.run('return document.documentElement.scrollWidth')).to.equal(360);
  });

  it('says since when nobody answers, and is there again when the gateway is', async () => {
    const { adminPort } = gateway;
    await gateway.stop();
    await page.until(`document.querySelector('#connection').textContent.startsWith('no connection since ')`);
    expect(await page.run(`return document.querySelector('#state').textContent`)).to.equal('no connection');
    expect(await page.run(`return document.querySelector('#announcer').textContent`)).to.include('lost');
    gateway = await startTestGateway(`{ admin: { listen: "127.0.0.1:${adminPort}" }, routes: [] }`);
    await page.until(`document.querySelector('#state').textContent === 'ready'`);
    await page.until(`document.querySelector('#facts').innerText.includes('0 routes')`);
    // The browser tells of each attempt that failed.
    const others = page.problems.filter((text) => !/net::ERR_/.test(text));
    expect(others).to.deep.equal([]);
    page.problems.length = 0;
  });
});
