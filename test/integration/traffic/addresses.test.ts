import { expect } from 'chai';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream } from '../../support/upstream.ts';

onEachEngineAndHttp2('addresses that a route lets in', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let text = '';

  before(async () => {
    upstream = await TestUpstream.start();
    text = `
server: { trustedProxies: [127.0.0.1, "::ffff:172.16.0.0/108"] }
upstreams: { any: { targets: ["${upstream.origin}"] } }
defaults: { route: { access: public, ip: { deny: [203.0.113.0/24] } } }
routes:
  - { name: office, match: { path: /office }, upstream: any, ip: { allow: [10.0.0.0/8, "2001:db8::/32"], deny: [10.6.6.6] } }
  - { name: mapped, match: { path: /mapped }, upstream: any, ip: { allow: ["::ffff:10.0.0.0/104"] } }
  - { name: local, match: { path: /local }, upstream: any, ip: { allow: [127.0.0.1] } }
  - { name: rest, match: { path: /rest }, upstream: any }
  - { name: limited, match: { path: /limited }, upstream: any, ip: { allow: [10.0.0.0/8] }, rateLimit: { requests: 1, per: 1h } }
`;
    gateway = await startTestGateway(text);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function ask(path: string, from?: string): Promise<Answered> {
    return call(`${gateway.url}${path}`, from === undefined ? {} : { headers: ['x-forwarded-for', from] });
  }

  for (const [path, address, status] of [
    ['/office', '10.1.2.3', 200],
    ['/office', '::ffff:10.1.2.3', 200],
    ['/office', '::FFFF:0a01:0203', 200],
    ['/office', '2001:db8:1::1', 200],
    ['/office', '[2001:db8:1::1]:4711', 200],
    ['/office', '10.1.2.3:4711', 200],
    ['/office', '10.6.6.6', 403],
    ['/office', '::ffff:10.6.6.6', 403],
    ['/office', '11.0.0.1', 403],
    ['/office', '2001:db9::1', 403],
    ['/office', '1.2.3.4, 10.1.2.3', 200],
    ['/office', '10.1.2.3, 1.2.3.4', 403],
    ['/office', '10.1.2.3, 1.2.3.4, 172.16.0.9', 403],
    ['/office', '1.2.3.4, 10.1.2.3, 172.16.0.9', 200],
    ['/office', '10.1.2.3, unknown', 403],
    ['/office', '012.1.2.3', 403],
    ['/local', '10.1.2.3, unknown', 200],
    ['/local', '012.1.2.3', 200],
    ['/mapped', '10.1.2.3', 200],
    ['/mapped', '11.1.2.3', 403],
    ['/rest', '203.0.113.7', 403],
    ['/rest', '203.0.114.7', 200],
  ] as const) {
    it(`${status === 200 ? 'let in' : 'keep out'} ${address} on ${path}`, async () => {
      const answer = await ask(path, address);
      if (status === 200) expect(answer.status).to.equal(200);
      else expectProblem(answer, 'address-refused');
      expect(upstream.requests.items).to.have.length(status === 200 ? 1 : 0);
    });
  }

  it('are those of the connection when nobody speaks for it', async () => {
    expect((await ask('/local')).status).to.equal(200);
    expectProblem(await ask('/office'), 'address-refused');
  });

  it('are looked at before a request is counted', async () => {
    const refused = await ask('/limited', '11.0.0.1');
    expectProblem(refused, 'address-refused');
    expect(refused.header('ratelimit')).to.equal(undefined);
    expect((await ask('/limited', '10.0.0.1')).status).to.equal(200);
  });

  it('say nothing to the client, and the address to the log', async () => {
    const requestId = expectProblem(await ask('/office', '11.0.0.1'), 'address-refused');
    expect((await gateway.accessLine(requestId))['error']).to.equal('address-refused: 11.0.0.1');
  });

  it('change with a reload', async () => {
    await gateway.write(text.replace('deny: [10.6.6.6]', 'deny: [10.1.2.3]'));
    await gateway.reload();
    expect((await ask('/office', '10.6.6.6')).status).to.equal(200);
    expect((await ask('/office', '10.1.2.3')).status).to.equal(403);
    await gateway.write(text);
    await gateway.reload();
    expect((await ask('/office', '10.6.6.6')).status).to.equal(403);
  });
});

describe('addresses that nobody speaks for', () => {
  it('are not those that an untrusted client names', async () => {
    const upstream = await TestUpstream.start();
    const gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes: [{ name: any, match: { path: / }, upstream: any, ip: { allow: [10.0.0.0/8] } }]
`);
    try {
      for (const headers of [
        ['x-forwarded-for', '10.1.2.3'],
        ['forwarded', 'for=10.1.2.3'],
      ])
        expectProblem(await call(`${gateway.url}/`, { headers }), 'address-refused');
    } finally {
      await gateway.stop();
      await upstream.close();
    }
  });
});
