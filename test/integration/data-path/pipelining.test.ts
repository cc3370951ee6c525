import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { isOverTls, onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: example.com\r\n\r\n`;

onEachEngineAndTls('a client that sends many requests at once', (engine) => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await TestUpstream.start(() => undefined);
    gateway = await startTestGateway(`
version: 1
server: { timeouts: { keepAlive: 500ms } }
upstreams:
  origin: { targets: ["${upstream.origin}"] }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin }
  - { name: short, match: { path: /short }, respond: { status: 200, body: "${'x'.repeat(15_000)}" } }
  - { name: large, match: { path: /large }, respond: { status: 200, body: "${'x'.repeat(50_000)}" } }
`);
  });

  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  async function inFlight(): Promise<string> {
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    return /^gateway_requests_in_flight (\d+)$/m.exec(text)?.[1] ?? 'none';
  }

  async function untilNothingIsInFlight(): Promise<void> {
    while ((await inFlight()) !== '0') await new Promise((resolve) => setImmediate(resolve));
  }

  it('has one of them in flight', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(request('/a').repeat(20));
    await upstream.requests.at(0);
    expect(await inFlight()).to.equal('1');
    expect(upstream.requests.items).to.have.lengthOf(1);
    await client.close();
    await untilNothingIsInFlight();
  });

  it('leaves nothing behind when it goes, and ends what it asked for', async () => {
    const client = await RawClient.open(gateway.port);
    await client.send(request('/a').repeat(20));
    const asked = await upstream.requests.at(0);
    await client.close();
    await asked.closed;
    await untilNothingIsInFlight();
    expect(upstream.requests.items).to.have.lengthOf(1);
  });

  it(
    engine === 'node:http' ? 'loses its connection when it sends very many' : 'is not read faster than answered',
    async () => {
      const client = await RawClient.open(gateway.port);
      await client.send(request('/a').repeat(1000));
      if (engine === 'node:http') await client.ended();
      else {
        (await upstream.requests.at(0)).response.end('0');
        for (let number = 1; number < 1000; number += 1) {
          expect((await client.response()).text).to.equal(String(number - 1));
          const next = await upstream.requests.at(number);
          expect(upstream.requests.items).to.have.lengthOf(number + 1);
          next.response.end(String(number));
        }
      }
      await client.close();
      await untilNothingIsInFlight();
    },
  );

  it('loses its connection when it does not read the answers', async () => {
    const client = await RawClient.open(gateway.port);
    client.socket.pause();
    await client.send(request('/large').repeat(200));
    while ((await inFlight()) === '0') await new Promise((resolve) => setImmediate(resolve));
    await untilNothingIsInFlight();
    await client.close();
  });

  it('is waited for no longer once it has read them: its next request may take its time', async () => {
    const client = await RawClient.open(gateway.port);
    client.socket.pause();
    // Short answers, so that what is left of one is little; more of them than the kernel holds.
    const count = engine === 'node:http' ? 200 : 1000;
    await client.send(request('/short').repeat(count));
    if (engine === 'fast lane')
      while ((await inFlight()) === '0') await new Promise((resolve) => setImmediate(resolve));
    client.socket.resume();
    for (let number = 0; number < count; number += 1) expect((await client.response()).status).to.equal(200);
    await client.send(request('/slow'));
    const asked = await upstream.requests.at(0);
    // A connection that is asked nothing more tells when keepAlive has run out.
    const idle = await RawClient.open(gateway.port);
    await idle.send(request('/large'));
    await idle.response();
    await idle.ended();
    asked.response.end('at last');
    expect((await client.response()).text).to.equal('at last');
    await idle.close();
    await client.close();
  });

  it('is asked for nothing more once it has reset the connection', async () => {
    const client = await RawClient.open(gateway.port);
    client.socket.pause();
    // The orders are read already, and wait for answers that the client does not take.
    await client.send(request('/short').repeat(engine === 'node:http' ? 200 : 600) + request('/order').repeat(5));
    while (engine === 'fast lane' && (await inFlight()) === '0') await new Promise((resolve) => setImmediate(resolve));
    if (isOverTls()) client.socket.destroy();
    else client.socket.resetAndDestroy();
    await untilNothingIsInFlight();
    if (engine === 'fast lane') expect(upstream.requests.items).to.deep.equal([]);
    await client.close();
  });
});
