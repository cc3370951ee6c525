/**
 * Makes docs/status-page.png: the status page of a real gateway that has traffic, in a real browser.
 *
 *     npx tsx docs/screenshot.ts
 */
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { TestBrowser } from '../test/support/browser.ts';
import { call } from '../test/support/client.ts';
import { startTestGateway } from '../test/support/gateway.ts';
import { TestUpstream } from '../test/support/upstream.ts';

const FILE = fileURLToPath(new URL('status-page.png', import.meta.url));
/** How much of the charts is filled, in milliseconds. */
const WATCHED = 150_000;
/** How many there are in a second, and how much that swings. */
const CALLS = { mean: 60, swing: 25, period: 45_000 };

/** Which paths are asked for, the frequent ones more often. */
const PATHS = ['/catalog/7', '/catalog/7', '/catalog/8', '/catalog/9', '/orders/1', '/orders/2', '/cart', '/users/me'];

const upstreams = [await TestUpstream.start(), await TestUpstream.start(), await TestUpstream.start()];
for (const upstream of upstreams) {
  upstream.answer = async ({ target, response }) => {
    await pause(target.startsWith('/orders') ? 15 + 40 * Math.random() : 2 + 6 * Math.random());
    response.statusCode = target.startsWith('/orders') && Math.random() < 0.03 ? 503 : 200;
    response.end('{}');
  };
}
const [one, two, gone] = upstreams.map(({ origin }) => origin);
const gateway = await startTestGateway(`
upstreams:
  shop:
    targets: ["${one}", "${two}", "${gone}"]
    health: { path: /health, interval: 1s, timeout: 500ms }
    breaker: {}
  accounts: { targets: ["${one}"], balance: least-connections }
routes:
  - name: catalog
    match: { path: /catalog/:id, methods: [GET] }
    upstream: shop
    cache: { ttl: 2s }
  - name: orders
    match: { path: /orders/*rest, methods: [GET, POST] }
    upstream: shop
    rateLimit: { requests: 1000, per: 1s }
  - name: cart
    match: { path: /cart }
    upstream: shop
    cors: { origins: ["https://www.example.com"] }
  - name: users
    match: { path: /users/:id }
    upstream: accounts
  - name: teapot
    match: { path: /teapot }
    respond: { status: 418, body: short and stout }
`);
const browser = await TestBrowser.start();
const page = await browser.open(gateway.adminUrl, { height: 1480 });
const end = Date.now() + WATCHED;
let isGone = false;
while (Date.now() < end) {
  const wave = Math.sin((2 * Math.PI * Date.now()) / CALLS.period);
  const path = PATHS[Math.floor(Math.random() * PATHS.length)] ?? '/cart';
  void call(gateway.url + path).catch(() => undefined);
  if (!isGone && Date.now() > end - 20_000) {
    isGone = true;
    await upstreams[2]?.close();
  }
  await pause(1000 / (CALLS.mean + CALLS.swing * wave));
}
await page.picture(FILE);
await browser.close();
await gateway.stop();
await Promise.all(upstreams.slice(0, 2).map(async (upstream) => upstream.close()));
