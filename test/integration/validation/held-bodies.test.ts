import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const MIB = 1024 * 1024;
const JSON_POST = 'POST /judged HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

describe('bodies that are held', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  const clients: RawClient[] = [];

  beforeEach(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${upstream.origin}"] }
routes:
  - { name: judged, match: { path: /judged }, upstream: origin, validate: { body: {} } }
  - { name: plain, match: { path: /plain }, upstream: origin }
`);
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(async (client) => client.close()));
    await gateway.stop();
    await upstream.close();
  });

  async function held(): Promise<number> {
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    return Number(/^gateway_held_body_bytes (\d+)/m.exec(text)?.[1]);
  }

  async function open(): Promise<RawClient> {
    const client = await RawClient.open(gateway.port);
    clients.push(client);
    return client;
  }

  it('are refused when all together are too much, and only then', async () => {
    const body = Buffer.alloc(9 * MIB, ' ');
    let refused: RawClient | undefined;
    for (let count = 0; refused === undefined; count += 1) {
      expect(count, 'clients that were let in').to.be.below(20);
      const client = await open();
      const before = await held();
      await client.send(`${JSON_POST}Content-Length: ${10 * MIB}\r\n\r\n`);
      client.socket.write(body);
      for (;;) {
        const line = gateway.logs.items.find((each) => each['status'] === 503);
        if (line !== undefined) refused = client;
        if (line !== undefined || (await held()) >= before + body.length) break;
      }
    }
    expectProblem(await refused.response(), 'busy');
    expect(await held()).to.be.within(100 * MIB, 128 * MIB);
    // What holds nothing goes on.
    expect((await call(`${gateway.url}/plain`)).status).to.equal(200);
    expect((await call(`${gateway.url}/plain`, { method: 'POST', body: Buffer.alloc(MIB) })).status).to.equal(200);
    await Promise.all(clients.splice(0).map(async (client) => client.close()));
    while ((await held()) > 0);
    const json = { method: 'POST', headers: ['content-type', 'application/json'], body: '{}' };
    expect((await call(`${gateway.url}/judged`, json)).status).to.equal(200);
    expect(await held()).to.equal(0);
  });

  it('cost what their bytes cost, when they come in chunks of one', async () => {
    const client = await open();
    await client.send(`${JSON_POST}Transfer-Encoding: chunked\r\n\r\n`);
    const chunks = Buffer.from('1\r\n \r\n'.repeat(100_000));
    client.socket.write(chunks);
    while ((await held()) < 100_000);
    expect(await held()).to.be.at.most(200_000);
    await client.send('2\r\n{}\r\n0\r\n\r\n');
    expect((await client.response()).status).to.equal(200);
    expect((await upstream.requests.at(0)).header('content-length')).to.equal('100002');
  });
});
