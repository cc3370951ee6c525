import { expect } from 'chai';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { Http2Client } from '../../support/h2.ts';
import { TestUpstream } from '../../support/upstream.ts';

describe('an HTTP/2 connection', () => {
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
  });

  after(async () => upstream.close());

  beforeEach(() => upstream.reset());

  async function start(timeouts: string): Promise<TestGateway> {
    return startTestGateway(`
server:
  tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }] }
  timeouts: { ${timeouts} }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes: [{ name: any, match: { path: "/*rest" }, upstream: any }]
`);
  }

  it('is told that the gateway stops, and gets the answers that are due', async () => {
    upstream.answer = () => undefined;
    const gateway = await start('drain: 20s');
    const client = await Http2Client.open(gateway.tlsPort);
    const request = client.begin('/a');
    const received = await upstream.requests.at(0);
    const told = new Promise((resolve) => client.session.once('goaway', resolve));
    const stopped = gateway.stop();
    await told;
    received.response.end('at last');
    expect(await request.answer()).to.include({ status: 200, text: 'at last', reset: 0 });
    await stopped;
    await client.ended();
    expect(client.goaways).to.not.include.members([1, 2, 11]);
  });

  it('that is idle does not hold a stop up', async () => {
    const gateway = await start('drain: 20s');
    const client = await Http2Client.open(gateway.tlsPort);
    expect((await client.call('/a')).status).to.equal(200);
    await gateway.stop();
    await client.ended();
  });

  it('is cut off when it does not end in time', async () => {
    upstream.answer = () => undefined;
    const gateway = await start('drain: 100ms');
    const client = await Http2Client.open(gateway.tlsPort);
    const request = client.begin('/a');
    await upstream.requests.at(0);
    await gateway.stop();
    expect((await request.answer()).status).to.equal(0);
    await client.ended();
  });

  it('is closed when nothing was asked for keepAlive', async () => {
    const gateway = await start('keepAlive: 300ms');
    const client = await Http2Client.open(gateway.tlsPort);
    expect((await client.call('/a')).status).to.equal(200);
    await client.ended();
    expect(client.goaways).to.deep.equal([0]);
    await gateway.stop();
  });

  it('stays as long as something is open on it', async () => {
    upstream.answer = () => undefined;
    const gateway = await start('keepAlive: 200ms');
    const client = await Http2Client.open(gateway.tlsPort);
    const waiting = client.begin('/a');
    const received = await upstream.requests.at(0);
    const idle = await Http2Client.open(gateway.tlsPort);
    upstream.answer = ({ response }) => void response.end('ok');
    await idle.call('/b');
    await idle.ended();
    received.response.end('at last');
    expect(await waiting.answer()).to.include({ status: 200, text: 'at last' });
    await client.ended();
    await gateway.stop();
  });
});
