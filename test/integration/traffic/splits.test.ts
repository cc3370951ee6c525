import { expect } from 'chai';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { first as certificate } from '../../support/certificates.ts';
import { call } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream, type Answer } from '../../support/upstream.ts';

const named =
  (name: string): Answer =>
  ({ response }) =>
    void response.end(name);

onEachEngineAndHttp2('splits', () => {
  let one: TestUpstream;
  let two: TestUpstream;
  let gateway: TestGateway;
  const sockets = [new WebSocketServer({ noServer: true }), new WebSocketServer({ noServer: true })];

  before(async () => {
    one = await TestUpstream.start(named('one'));
    two = await TestUpstream.start(named('two'));
    for (const [index, { server }] of [one, two].entries())
      server.on('upgrade', (incoming, socket, head) =>
        sockets[index]?.handleUpgrade(incoming, socket, head, (webSocket) => webSocket.send(String(index))),
      );
    const to = (first: number, second: number): string =>
      `to: [{ upstream: one, weight: ${first} }, { upstream: two, weight: ${second} }]`;
    gateway = await startTestGateway(`
server: { trustedProxies: [127.0.0.1] }
upstreams: { one: { targets: ["${one.origin}"] }, two: { targets: ["${two.origin}"] } }
routes:
  - { name: chance, match: { path: /chance }, split: { ${to(9, 1)} } }
  - { name: all, match: { path: /all }, split: { ${to(1, 0)} } }
  - { name: client, match: { path: /client }, split: { sticky: client, ${to(1, 1)} } }
  - { name: header, match: { path: /header }, split: { sticky: "header:X-Id", ${to(1, 1)} } }
  - { name: cookie, match: { path: /cookie }, split: { sticky: "cookie:sid", ${to(1, 1)} } }
  - { name: sockets, match: { path: /sockets }, split: { sticky: "header:x-id", ${to(1, 1)} }, websocket: {} }
`);
  });

  after(async () => {
    await gateway.stop();
    await one.close();
    await two.close();
  });

  /** Which upstream answers. */
  async function arm(path: string, ...headers: string[]): Promise<string> {
    return (await call(`${gateway.url}${path}`, { headers })).text;
  }

  it('keep to their weights', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const answers = await Promise.all(
      Array.from({ length: 2000 }, async () => (await call(`${gateway.url}/chance`, { agent })).text),
    );
    agent.destroy();
    const count = answers.filter((name) => name === 'two').length;
    // 200 are expected, with a standard deviation of 13.4: one run in a hundred million is further away than this.
    expect(count).to.be.within(120, 280);
    expect(answers.filter((name) => name === 'one')).to.have.length(2000 - count);
  });

  it('send nothing to an arm of weight 0', async () => {
    for (let time = 0; time < 50; time += 1) expect(await arm('/all')).to.equal('one');
  });

  for (const [what, path, headers] of [
    ['client', '/client', (id: number) => ['x-forwarded-for', `192.0.2.${id}`]],
    ['header', '/header', (id: number) => ['x-id', `id ${id}`]],
    ['cookie', '/cookie', (id: number) => ['cookie', `a=b; sid=${id}; c=d`]],
  ] as const) {
    it(`keep each ${what} on its arm, and use both`, async () => {
      const first = new Map<number, string>();
      for (let round = 0; round < 3; round += 1)
        for (let id = 0; id < 40; id += 1) {
          const found = await arm(path, ...headers(id));
          expect(found).to.equal(first.get(id) ?? found);
          first.set(id, found);
        }
      expect(new Set(first.values()).size).to.equal(2);
    });
  }

  it('keep a client on its arm that has no cookie and no header', async () => {
    for (const path of ['/cookie', '/header']) {
      const found = await arm(path, 'x-forwarded-for', '192.0.2.200');
      for (let time = 0; time < 10; time += 1)
        expect(await arm(path, 'x-forwarded-for', '192.0.2.200')).to.equal(found);
    }
  });

  it('carry WebSockets, each to the arm of its requests', async () => {
    const seen = new Set<string>();
    for (let id = 0; id < 12; id += 1) {
      const headers = { 'x-id': `id ${id}` };
      const options = { headers, ca: certificate.cert };
      const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/sockets`, options);
      const [data] = await once(socket, 'message');
      socket.terminate();
      seen.add(String(data));
      expect(await arm('/header', 'x-id', `id ${id}`)).to.equal(String(data) === '0' ? 'one' : 'two');
    }
    expect(seen.size).to.equal(2);
  });
});
