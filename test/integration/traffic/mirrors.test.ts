import { expect } from 'chai';
import { Agent } from 'node:http';
import { call, type Answered, type CallOptions } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { closedPort, RawUpstream, TestUpstream } from '../../support/upstream.ts';

const KIB = 1024;

onEachEngineAndHttp2('mirrors', () => {
  let upstream: TestUpstream;
  let copies: TestUpstream;
  /** Takes connections and bytes, and never says anything; those after the head only when a test reads them. */
  let silent: RawUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    copies = await TestUpstream.start();
    silent = await RawUpstream.start((socket) => void socket.pause());
    gateway = await startTestGateway(`
server: { timeouts: { request: 1m } }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  copies: { targets: ["${copies.origin}"] }
  silent: { targets: ["${silent.origin}"], connections: 200 }
  refusing: { targets: ["http://127.0.0.1:${await closedPort()}"], connectTimeout: 100ms }
  late: { targets: ["${silent.origin}"], responseTimeout: 50ms, connections: 200 }
routes:
  - name: copied
    match: { path: /copied/*rest }
    upstream: any
    rewrite: { stripPrefix: /copied }
    request: { headers: { set: { x-by: gateway }, remove: [x-secret] }, query: { set: { source: gateway } } }
    mirror: { upstream: copies }
  - { name: none, match: { path: /none }, upstream: any, mirror: { upstream: copies, ratio: 0 } }
  - { name: some, match: { path: /some }, upstream: any, mirror: { upstream: copies, ratio: 0.25 } }
  - { name: silent, match: { path: /silent }, upstream: any, mirror: { upstream: silent } }
  - { name: late, match: { path: /late }, upstream: any, mirror: { upstream: late } }
  - { name: refusing, match: { path: /refusing }, upstream: any, mirror: { upstream: refusing } }
  - { name: small, match: { path: /small }, upstream: any, mirror: { upstream: copies }, bodyBytes: 10B }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
    await copies.close();
    await silent.close();
  });

  beforeEach(() => {
    upstream.reset();
    copies.reset();
  });

  async function ask(path: string, options: CallOptions = {}): Promise<Answered> {
    return call(`${gateway.url}${path}`, options);
  }

  /** How many copies of a route were sent, or left out. */
  async function count(route: string, result: 'sent' | 'skipped'): Promise<number> {
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    const series = `gateway_mirrored_total\\{route="${route}",result="${result}"\\} (\\d+)`;
    return Number(new RegExp(`^${series}$`, 'm').exec(text)?.[1] ?? 0);
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let time = 0; !(await holds()); time += 1)
      if (time > 2000) throw new Error(`it did not come about that ${what}`);
  }

  it('get the request as the upstream gets it', async () => {
    await ask('/copied/a%20b?x=1', { method: 'DELETE', headers: ['X-One', '1', 'x-secret', '2', 'cookie', 'a=b'] });
    const original = await upstream.requests.at(0);
    const copy = await copies.requests.at(0);
    expect([copy.method, copy.target]).to.deep.equal(['DELETE', '/a%20b?x=1&source=gateway']);
    expect([original.method, original.target]).to.deep.equal([copy.method, copy.target]);
    const fields = ({ rawHeaders }: { rawHeaders: readonly string[] }): string[] =>
      rawHeaders.map((text, at) => (rawHeaders[at - 1] === 'host' ? 'HOST' : text));
    expect(fields(copy)).to.deep.equal(fields(original));
    expect(copy.header('host')).to.equal(`127.0.0.1:${copies.port}`);
    expect(copy.header('x-by')).to.equal('gateway');
    expect(copy.headerNames).not.to.include('x-secret');
  });

  const bytes = Buffer.from(Array.from({ length: 64 * KIB }, (_none, index) => (index * 7) % 256));
  for (const [what, size, headers] of [
    ['a byte', 1, []],
    ['64 KiB', 64 * KIB, []],
    ['a byte in chunks', 1, ['transfer-encoding', 'chunked']],
    ['64 KiB in chunks', 64 * KIB, ['transfer-encoding', 'chunked']],
  ] as const) {
    it(`get a body of ${what}, to the byte`, async () => {
      const body = bytes.subarray(0, size);
      expect((await ask('/copied/body', { method: 'POST', body, headers })).status).to.equal(200);
      const copy = await copies.requests.at(0);
      expect((await copy.body()).equals(body)).to.equal(true);
      expect(copy.header('content-length')).to.equal(String(size));
      expect(copy.header('transfer-encoding')).to.equal(undefined);
      const original = await upstream.requests.at(0);
      expect((await original.body()).equals(body)).to.equal(true);
    });
  }

  for (const [what, headers] of [
    ['with a length', []],
    ['in chunks', ['transfer-encoding', 'chunked']],
  ] as const) {
    it(`get no body of more than 64 KiB ${what}, and the upstream gets it`, async () => {
      const skipped = await count('copied', 'skipped');
      const body = Buffer.concat([bytes, Buffer.from('!')]);
      expect((await ask('/copied/large', { method: 'POST', body, headers })).status).to.equal(200);
      expect((await (await upstream.requests.at(0)).body()).equals(body)).to.equal(true);
      expect(await count('copied', 'skipped')).to.equal(skipped + 1);
      expect(copies.requests.items).to.have.length(0);
    });
  }

  it('get nothing of an upload that a client breaks off', async () => {
    const [skipped, sent] = [await count('copied', 'skipped'), await count('copied', 'sent')];
    const client = await RawClient.open(gateway.port);
    await client.send('POST /copied/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n', 'abc');
    const original = await upstream.requests.at(0);
    await original.has(3);
    await client.close();
    await original.over();
    await until('the copy is left out', async () => (await count('copied', 'skipped')) === skipped + 1);
    expect(await count('copied', 'sent')).to.equal(sent);
    expect(copies.requests.items).to.have.length(0);
  });

  it('get nothing of a body that is over the limit of its route', async () => {
    expect((await ask('/small', { method: 'POST', body: 'x'.repeat(11) })).status).to.equal(413);
    const headers = ['transfer-encoding', 'chunked'];
    expect((await ask('/small', { method: 'POST', body: 'x'.repeat(11), headers })).status).to.equal(413);
    expect(copies.requests.items).to.have.length(0);
  });

  it('get none, and some, by their ratio', async () => {
    for (let time = 0; time < 20; time += 1) await ask('/none');
    expect(copies.requests.items).to.have.length(0);
    const agent = new Agent({ keepAlive: true, maxSockets: 10 });
    await Promise.all(Array.from({ length: 800 }, async () => ask('/some', { agent })));
    agent.destroy();
    // 200 are expected, with a standard deviation of 12.2. Some may have found a hundred others under way.
    const seen = (await count('some', 'sent')) + (await count('some', 'skipped'));
    expect(seen).to.be.within(125, 275);
    expect(await count('none', 'sent')).to.equal(0);
  });

  it('do not hold the answer up, whenever they answer and whatever', async () => {
    copies.answer = async ({ response }) => {
      // They are held until the originals were answered.
      await answered;
      response.writeHead(500);
      response.end('a copy');
    };
    let release: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (release = resolve));
    const answers = await Promise.all(Array.from({ length: 20 }, async () => ask('/copied/held')));
    expect(answers.map(({ status, text }) => `${status} ${text}`)).to.deep.equal(Array(20).fill('200 ok'));
    await copies.requests.at(19);
    release();
    await Promise.all(copies.requests.items.map(async (copy) => copy.over()));
  });

  for (const path of ['/refusing', '/late', '/silent']) {
    it(`change nothing when they fail: ${path.slice(1)}`, async () => {
      for (const body of [undefined, bytes]) {
        const answers = await Promise.all(
          Array.from({ length: 10 }, async () =>
            ask(path, body === undefined ? {} : { method: 'POST', body, headers: ['expect', '100-continue'] }),
          ),
        );
        expect(answers.map(({ status, text }) => `${status} ${text}`)).to.deep.equal(Array(10).fill('200 ok'));
      }
    });
  }

  it('pile up to a hundred and no further when they hang', async () => {
    const before = await count('silent', 'sent');
    expect(before).to.equal(20);
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const answers = await Promise.all(Array.from({ length: 130 }, async () => ask('/silent', { agent })));
    agent.destroy();
    expect(answers.every(({ status }) => status === 200)).to.equal(true);
    expect([await count('silent', 'sent'), await count('silent', 'skipped')]).to.deep.equal([100, 50]);
  });

  it('are free again once they have failed', async () => {
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 50 }, async () => ask('/late')));
      await until('nothing is under way any more', async () => {
        const { text } = await call(`${gateway.adminUrl}/api/v1/upstreams`);
        const { upstreams }: { upstreams: { name: string; endpoints: { in_flight: number }[] }[] } = JSON.parse(text);
        return upstreams.find(({ name }) => name === 'late')?.endpoints[0]?.in_flight === 0;
      });
    }
    expect(await count('late', 'skipped')).to.equal(0);
  });
});
