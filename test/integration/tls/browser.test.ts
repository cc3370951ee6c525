import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { WebSocketServer } from 'ws';
import { TestBrowser, type TestPage } from '../../support/browser.ts';
import { runCli } from '../../support/cli.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream, type UpstreamRequest } from '../../support/upstream.ts';

const PAGE = '<!doctype html><title>A shop</title>';

describe('a browser', () => {
  let folder: string;
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let leaving: TestGateway;
  let browser: TestBrowser;
  let page: TestPage;
  const sockets = new WebSocketServer({ noServer: true });

  before(async function () {
    // It is fetched where there is none.
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
    const made = await runCli(['cert', 'dev', '--host', '*.shop.test', 'evil.test'], { cwd: folder });
    expect(made).to.include({ code: 0, stderr: '' });
    upstream = await TestUpstream.start();
    upstream.server.on('upgrade', (incoming, socket, head) =>
      sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
        webSocket.send(`via ${incoming.headers['via']}`);
        webSocket.on('message', (data) => webSocket.send(data, { binary: false }));
      }),
    );
    const text = `
server: { tls: { listen: "127.0.0.1:0", certificates: [{ cert: "${folder}/tls/dev.crt", key: "${folder}/tls/dev.key" }] } }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: home, match: { path: / }, respond: { status: 200, body: "${PAGE}", headers: { content-type: text/html } } }
  - name: shared
    match: { path: /shared/*rest }
    upstream: any
    cors: { origins: ["https://www.shop.test"], methods: [GET, PUT], headers: [content-type, x-id], expose: [etag], credentials: true }
  - name: limited
    match: { path: /limited }
    upstream: any
    rateLimit: { requests: 1, per: 1h }
    cors: { origins: ["https://www.shop.test"], expose: [ratelimit, ratelimit-policy, retry-after] }
  - { name: socket, match: { path: /socket }, upstream: any, websocket: {} }
`;
    gateway = await startTestGateway(text);
    leaving = await startTestGateway(text);
    const hosts = { 'leaving.shop.test': leaving.tlsPort, '*.test': gateway.tlsPort };
    browser = await TestBrowser.start({ authority: join(folder, 'tls/ca.crt'), hosts });
  });

  after(async () => {
    await browser.close();
    await gateway.stop();
    await upstream.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    upstream.reset();
    page = await browser.open('https://www.shop.test/');
  });

  /** The requests for a path: what else a browser asks for, such as an icon, is its own affair. */
  function asked(path: string): UpstreamRequest[] {
    return upstream.requests.items.filter(({ target }) => target === path);
  }

  it('trusts the authority of cert dev, and speaks HTTP/2', async () => {
    upstream.answer = async (request) => {
      const body = (await request.body()).toString();
      request.response.writeHead(201, { 'content-type': 'application/json' }).end(`{"heard":${body}}`);
    };
    const seen = await page.run(`
      const body = JSON.stringify({ item: 'ä', count: 2 });
      const answer = await fetch('/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const found = await answer.json();
      const protocols = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ name }) => !name.endsWith('.ico')).map(({ name, nextHopProtocol }) => [name, nextHopProtocol]);
      return { title: document.title, isSecureContext, status: answer.status, found, protocols };
    `);
    expect(seen).to.deep.equal({
      title: 'A shop',
      isSecureContext: true,
      status: 201,
      found: { heard: { item: 'ä', count: 2 } },
      protocols: [
        ['https://www.shop.test/', 'h2'],
        ['https://www.shop.test/orders', 'h2'],
      ],
    });
    const [request] = asked('/orders');
    expect(request?.method).to.equal('POST');
    expect(request?.header('content-length')).to.equal('23');
    expect(request?.header('via')).to.equal('2 gatewayctl');
    expect(request?.header('x-forwarded-host')).to.equal('www.shop.test');
  });

  it('reads an answer in parts, as they come', async () => {
    upstream.answer = ({ target, response }) => void (target === '/parts' ? response.write('one') : response.end());
    const first = await page.run(`
      const { body } = await fetch('/parts');
      window.reader = body.pipeThrough(new TextDecoderStream()).getReader();
      return window.reader.read();
    `);
    expect(first).to.deep.equal({ done: false, value: 'one' });
    asked('/parts')[0]?.response.end('two');
    expect(await page.run('return [await window.reader.read(), await window.reader.read()]')).to.deep.equal([
      { done: false, value: 'two' },
      { done: true, value: undefined },
    ]);
  });

  it('gives a stream up that it does not want any more', async () => {
    upstream.answer = ({ target, response }) => void (target === '/given-up' ? response.write('one') : response.end());
    await page.run(`
      window.controller = new AbortController();
      const { body } = await fetch('/given-up', { signal: window.controller.signal });
      await body.getReader().read();
    `);
    await page.run('window.controller.abort()');
    await asked('/given-up')[0]?.over();
  });

  describe('that asks across origins', () => {
    const change = `
      const headers = { 'content-type': 'application/json', 'x-id': '7' };
      const options = { method: 'PUT', credentials: 'include', headers, body: '{}' };
      try {
        const answer = await fetch('https://api.shop.test/shared/cart', options);
        return { status: answer.status, text: await answer.text(), etag: answer.headers.get('etag'), other: answer.headers.get('x-other') };
      } catch (error) {
        return { error: error.name };
      }
    `;

    beforeEach(() => {
      upstream.answer = async (request) => {
        await request.body();
        const fields = { etag: '"1"', 'x-other': '1', 'set-cookie': 'cart=1; Secure; HttpOnly; SameSite=Lax' };
        request.response.writeHead(200, fields).end('changed');
      };
    });

    it('reads answers from an origin that is let in, and sends its cookies there', async () => {
      const answer = { status: 200, text: 'changed', etag: '"1"', other: null };
      expect(await page.run(change)).to.deep.equal(answer);
      expect(await page.run(change)).to.deep.equal(answer);
      const requests = asked('/shared/cart');
      // The preflights are none of the upstream's business.
      expect(requests.map(({ method }) => method)).to.deep.equal(['PUT', 'PUT']);
      expect(requests.map((request) => request.header('cookie'))).to.deep.equal([undefined, 'cart=1']);
      expect(requests.map((request) => request.header('origin'))).to.deep.equal(Array(2).fill('https://www.shop.test'));
    });

    it('gets nothing from any other, and sends nothing that needs a preflight', async () => {
      const evil = await browser.open('https://evil.test/');
      expect(await evil.run(change)).to.deep.equal({ error: 'TypeError' });
      expect(asked('/shared/cart')).to.deep.equal([]);
      await gateway.logs.until(
        ({ path, method, status }) => path === '/shared/cart' && method === 'OPTIONS' && status === 204,
        'the preflight',
      );
    });

    it('reads how much is left, and when to come again', async () => {
      const ask = `
        const answer = await fetch('https://api.shop.test/limited');
        const of = (name) => answer.headers.get(name);
        const problem = answer.ok ? '' : (await answer.json()).code;
        return { status: answer.status, left: of('ratelimit'), policy: of('ratelimit-policy'), wait: Number(of('retry-after')), problem };
      `;
      expect(await page.run(ask)).to.deep.include({ status: 200, policy: '"default";q=1;w=3600', wait: 0 });
      const refused = await page.run(ask);
      expect(refused).to.include({ status: 429, policy: '"default";q=1;w=3600', problem: 'too-many-requests' });
      expect(refused)
        .to.have.property('left')
        .that.matches(/^"default";r=0;t=3[56]\d\d$/);
      expect(refused).to.have.property('wait').that.is.within(3500, 3600);
    });
  });

  it('has a WebSocket over TLS and HTTP/1.1, which ends with 1001 when the gateway goes', async () => {
    const heard = await page.run(`
      const socket = new WebSocket('wss://leaving.shop.test/socket');
      const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
      window.closing = closed.then(({ code, wasClean }) => ({ code, wasClean }));
      const messages = [];
      return new Promise((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error('the WebSocket failed')));
        socket.addEventListener('open', () => socket.send('hello'));
        socket.addEventListener('message', ({ data }) => messages.push(data) === 2 && resolve(messages));
      });
    `);
    expect(heard).to.deep.equal(['via 1.1 gatewayctl', 'hello']);
    await leaving.stop();
    expect(await page.run('return window.closing')).to.deep.equal({ code: 1001, wasClean: true });
  });
});
