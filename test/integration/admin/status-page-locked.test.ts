import { expect } from 'chai';
import { TestBrowser, type TestPage } from '../../support/browser.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { CONTRASTS, tabTo } from '../../support/status-page.ts';

const TOKEN = 'a-token-for-tests';
const STATE = `document.querySelector('#state').textContent`;

function config(token: string): string {
  return `
admin: { token: ${token} }
routes:
  - { name: hidden-shop, match: { path: /shop }, respond: { status: 200, body: shop } }
`;
}

describe('the status page of a gateway with a token', () => {
  let browser: TestBrowser;
  let gateway: TestGateway;
  let page: TestPage;

  before(async function () {
    // It is fetched where there is none.
    this.timeout(300_000);
    browser = await TestBrowser.start();
  });

  after(async () => browser.close());

  beforeEach(async () => {
    gateway = await startTestGateway(config(TOKEN));
    page = await browser.open(gateway.adminUrl);
    await page.until(`${STATE} === 'locked'`);
  });

  afterEach(async () => {
    await page.close();
    await gateway.stop();
    // The browser tells of each answer with 401.
    expect(page.problems.filter((text) => !text.includes('401'))).to.deep.equal([]);
  });

  /** Types a token in where the page asks for it, and sends it. */
  async function enter(token: string): Promise<void> {
    await page.until(`document.activeElement.id === 'token'`);
    await page.type(token);
    await page.press('Enter');
  }

  it('shows nothing, and asks for the token', async () => {
    const shown = await page.run(`return document.querySelector('main').innerText`);
    expect(shown).to.include('The admin token').and.not.include('Routes');
    expect(await page.run(`return document.documentElement.textContent.includes('hidden-shop')`)).to.equal(false);
    expect(await page.run(`return document.querySelector('#forget').checkVisibility()`)).to.equal(false);
  });

  it('shows everything to whoever has it, and keeps it in this tab alone', async () => {
    await enter(TOKEN);
    await page.until(`${STATE} === 'ready' && document.querySelector('#routes').innerText.includes('hidden-shop')`);
    expect(await page.run(`return document.querySelector('#login').checkVisibility()`)).to.equal(false);
    expect(await page.run('return document.activeElement.id')).to.equal('main');
    const kept = await page.run(`
      return [Object.values(sessionStorage), localStorage.length, document.cookie, location.href, document.querySelector('#token').value];
    `);
    expect(kept).to.deep.equal([[TOKEN], 0, '', `${gateway.adminUrl}/`, '']);
    await page.reload();
    await page.until(`${STATE} === 'ready'`);
    const other = await browser.open(gateway.adminUrl);
    await other.until(`${STATE} === 'locked'`);
    await other.close();
  });

  it('tells of a token that is wrong, and keeps none', async () => {
    await enter('another');
    await page.until(`document.querySelector('#login-error').textContent === 'The gateway does not take this token.'`);
    expect(await page.run('return [sessionStorage.length, document.activeElement.id]')).to.deep.equal([0, 'token']);
    await enter('schlüssel');
    await page.until(`document.querySelector('#login-error').textContent.includes('ASCII')`);
    await page.press('Control+A');
    await enter(TOKEN);
    await page.until(`${STATE} === 'ready'`);
    expect(await page.run(`return document.querySelector('#login-error').textContent`)).to.equal('');
  });

  it('forgets it, and all that was shown, when it is told to', async () => {
    await enter(TOKEN);
    await page.until(`document.querySelector('#routes').innerText.includes('hidden-shop')`);
    await page.press('Shift+Tab');
    await tabTo(page, `focus.id === 'forget'`);
    await page.press('Enter');
    await page.until(`${STATE} === 'locked' && sessionStorage.length === 0`);
    expect(await page.run(`return document.documentElement.textContent.includes('hidden-shop')`)).to.equal(false);
  });

  it('asks again when a reload brings another token', async () => {
    await enter(TOKEN);
    await page.until(`${STATE} === 'ready'`);
    await gateway.write(config('a-new-token-for-tests'));
    await gateway.reload();
    await page.until(`${STATE} === 'locked'`);
    expect(await page.run(`return document.querySelector('#content').checkVisibility()`)).to.equal(false);
    await enter('a-new-token-for-tests');
    await page.until(`${STATE} === 'ready'`);
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read when it is ${scheme}, and fits on a phone`, async () => {
      await page.view({ width: 360, scheme });
      await enter('another');
      await page.until(`document.querySelector('#login-error').textContent !== ''`);
      const { count, low } = Object(await page.run(CONTRASTS));
      expect(low).to.deep.equal([]);
      expect(count).to.be.above(5);
      expect(await page.run('return document.documentElement.scrollWidth')).to.equal(360);
    });
  }
});
