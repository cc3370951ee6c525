import { expect } from 'chai';
import { Agent, request, type IncomingMessage } from 'node:http';
import { within } from '../../support/arrivals.ts';
import { call, expectProblem, open, type Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { forge, hs256 } from '../../support/tokens.ts';
import { TestUpstream, closedPort } from '../../support/upstream.ts';

const SECRET = 'a secret that is long enough for HS256';

function token(claims: object, issuer = 'machines'): string[] {
  const payload = { iss: issuer, aud: 'api', exp: Math.trunc(Date.now() / 1000) + 600, ...claims };
  return ['authorization', `Bearer ${forge({ alg: 'HS256' }, payload, hs256(SECRET))}`];
}

const ann = (more: object = {}): string[] => token({ sub: 'ann', ...more });

onEachEngineAndHttp2('rate limits', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let text = '';

  before(async () => {
    upstream = await TestUpstream.start();
    text = `
server: { trustedProxies: [127.0.0.1, 10.0.0.0/8] }
issuers:
  - { name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: "${SECRET}", claims: { roles: "{{claims.roles}}" }, allowRoles: [admin] }
  - { name: others, issuer: others, audience: api, algorithms: [HS256], secret: "${SECRET}" }
roles: { admin: ["*"] }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  nobody: { targets: ["http://127.0.0.1:${await closedPort()}"] }
routes:
  - { name: client, match: { path: /client }, upstream: any, rateLimit: { requests: 3, per: 1h } }
  - { name: burst, match: { path: /burst }, upstream: any, rateLimit: { requests: 1000, per: 24h, burst: 37 } }
  - { name: user, match: { path: /user }, upstream: any, access: authenticated, rateLimit: { requests: 2, per: 1h, by: user } }
  - { name: claim, match: { path: /claim }, upstream: any, access: authenticated, rateLimit: { requests: 2, per: 1h, by: "claim:tenant" } }
  - { name: maybe, match: { path: /maybe }, upstream: any, access: optional, rateLimit: { requests: 2, per: 1h, by: user } }
  - { name: header, match: { path: /header }, upstream: any, rateLimit: { requests: 2, per: 1h, by: "header:X-Tenant" } }
  - { name: whole, match: { path: /whole }, upstream: any, rateLimit: { requests: 2, per: 1h, by: route } }
  - { name: tenants, match: { path: /tenants }, upstream: any, access: authenticated, rateLimit: [{ requests: 2, per: 1h, by: route }, { requests: 2, per: 1h, by: "header:x-tenant" }] }
  - { name: one, match: { path: /one }, upstream: any, rateLimit: { requests: 3, per: 60m, name: shared } }
  - { name: two, match: { path: /two }, upstream: any, rateLimit: { requests: 3, per: 1h, name: shared } }
  - { name: one-whole, match: { path: /one/whole }, upstream: any, rateLimit: { requests: 3, per: 1h, by: route, name: whole } }
  - { name: two-whole, match: { path: /two/whole }, upstream: any, rateLimit: { requests: 3, per: 1h, by: route, name: whole } }
  - name: both
    match: { path: /both }
    upstream: any
    access: { roles: [admin] }
    rateLimit: [{ requests: 5, per: 1h, by: user, name: late }, { requests: 8, per: 1h, name: early }]
  - { name: down, match: { path: /down }, upstream: nobody, rateLimit: { requests: 2, per: 1h } }
  - { name: free, match: { path: /free }, upstream: any }
`;
    gateway = await startTestGateway(text);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  let clients = 0;
  /** A client that nobody has seen. */
  const someone = (): string => `192.0.2.${(clients += 1)}`;

  async function ask(path: string, from: string, headers: readonly string[] = []): Promise<Answered> {
    return call(`${gateway.url}${path}`, { headers: ['x-forwarded-for', from, ...headers] });
  }

  /** The statuses of so many requests, one after the other. */
  async function statuses(count: number, asking: () => Promise<Answered>): Promise<number[]> {
    const found: number[] = [];
    for (let time = 0; time < count; time += 1) found.push((await asking()).status);
    return found;
  }

  it('say what is left, and refuse what is too much with the time to wait', async () => {
    const from = someone();
    for (const remaining of [2, 1, 0]) {
      const answer = await ask('/client', from);
      expect(answer.status).to.equal(200);
      expect(answer.header('ratelimit-policy')).to.equal('"default";q=3;w=3600');
      expect(answer.header('ratelimit')).to.match(new RegExp(`^"default";r=${remaining};t=\\d+$`));
      expect(answer.header('retry-after')).to.equal(undefined);
    }
    const refused = await ask('/client', from);
    expectProblem(refused, 'too-many-requests');
    expect(refused.header('ratelimit-policy')).to.equal('"default";q=3;w=3600');
    expect(refused.header('ratelimit')).to.match(/^"default";r=0;t=3[56]\d\d$/);
    expect(Number(refused.header('retry-after'))).to.be.within(1100, 1200);
    expect(upstream.requests.items).to.have.length(3);
    expect((await gateway.accessLine(refused.header('x-request-id') ?? ''))['error']).to.equal('rate-limited: default');
  });

  it('let exactly the burst pass of two hundred at once', async () => {
    const from = someone();
    const answers = await Promise.all(Array.from({ length: 200 }, async () => ask('/burst', from)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(37);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(163);
    expect(upstream.requests.items).to.have.length(37);
  });

  it('let exactly the burst pass over kept connections, too', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const headers = ['x-forwarded-for', someone()];
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => call(`${gateway.url}/burst`, { agent, headers })),
    );
    agent.destroy();
    expect(answers.filter(({ status }) => status === 200)).to.have.length(37);
  });

  describe('by client', () => {
    it('take the word of trusted proxies, from right to left, and of nobody else', async () => {
      const from = someone();
      expect(await statuses(2, async () => ask('/client', from))).to.deep.equal([200, 200]);
      // The proxy in between is trusted; what stands before the client is the client's own invention.
      expect((await ask('/client', `${someone()}, ${from}, 10.0.0.1`)).status).to.equal(200);
      expect((await ask('/client', `${someone()}, ${from}, 10.9.9.9`)).status).to.equal(429);
      expect((await ask('/client', someone())).status).to.equal(200);
    });

    it('count IPv6 by its first 64 bits', async () => {
      const addresses = ['2001:db8:7:7::1', '2001:db8:7:7:ffff::2', '2001:DB8:7:7:1:2:3:4'];
      for (const address of addresses) expect((await ask('/client', address)).status).to.equal(200);
      expect((await ask('/client', '[2001:db8:7:7::9]:4711')).status).to.equal(429);
      expect((await ask('/client', '2001:db8:7:8::1')).status).to.equal(200);
    });

    it('count IPv4 in IPv6 as IPv4', async () => {
      const from = someone();
      expect(await statuses(3, async () => ask('/client', `::ffff:${from}`))).to.deep.equal([200, 200, 200]);
      expect((await ask('/client', from)).status).to.equal(429);
    });
  });

  it('by user count the pair of issuer and subject, wherever it comes from', async () => {
    const from = someone();
    for (const headers of [ann(), token({ sub: 'bob' }), token({ sub: 'ann' }, 'others')]) {
      expect(await statuses(3, async () => ask('/user', someone(), headers))).to.deep.equal([200, 200, 429]);
      expect((await ask('/user', from, headers)).status).to.equal(429);
    }
  });

  it('by user count who is not known as a client', async () => {
    const from = someone();
    expect(await statuses(3, async () => ask('/maybe', from))).to.deep.equal([200, 200, 429]);
    expect((await ask('/maybe', someone())).status).to.equal(200);
    expect((await ask('/maybe', from, ann())).status).to.equal(200);
  });

  it('by claim count its value, and who has none as a client', async () => {
    const shop = { tenant: 'shop' };
    expect((await ask('/claim', someone(), ann(shop))).status).to.equal(200);
    expect((await ask('/claim', someone(), token({ sub: 'bob', ...shop }))).status).to.equal(200);
    expect((await ask('/claim', someone(), ann(shop))).status).to.equal(429);
    expect((await ask('/claim', someone(), ann({ tenant: 'bank' }))).status).to.equal(200);
    const from = someone();
    expect(await statuses(3, async () => ask('/claim', from, ann({ tenant: [1] })))).to.deep.equal([200, 200, 429]);
  });

  it('by claim are apart for each issuer: none uses up what the tenants of another one have', async () => {
    const tenant = { sub: 'ann', tenant: 'acme' };
    const partner = token(tenant, 'others');
    expect(await statuses(3, async () => ask('/claim', someone(), partner))).to.deep.equal([200, 200, 429]);
    expect((await ask('/claim', someone(), token(tenant))).status).to.equal(200);
    // Nor by a value that looks like the counter of the other one.
    const forged = token({ ...tenant, tenant: 'x 8 machines string plain' }, 'others');
    expect(await statuses(3, async () => ask('/claim', someone(), forged))).to.include(429);
    expect((await ask('/claim', someone(), ann({ tenant: 'plain' }))).status).to.equal(200);
  });

  it('by claim tell a number from a text', async () => {
    expect(await statuses(3, async () => ask('/claim', someone(), ann({ tenant: 1 })))).to.deep.equal([200, 200, 429]);
    expect((await ask('/claim', someone(), ann({ tenant: '1' }))).status).to.equal(200);
  });

  it('by header count its value, and who sends none as a client', async () => {
    const shop = ['x-tenant', 'shop'];
    const found = await statuses(3, async () => ask('/header', someone(), shop));
    expect(found).to.deep.equal([200, 200, 429]);
    expect((await ask('/header', someone(), ['X-TENANT', 'bank'])).status).to.equal(200);
    const from = someone();
    expect(await statuses(3, async () => ask('/header', from))).to.deep.equal([200, 200, 429]);
    // Nobody uses up what belongs to a client by naming it.
    const other = someone();
    expect(await statuses(3, async () => ask('/header', someone(), ['x-tenant', `ip ${other}`]))).to.include(429);
    expect((await ask('/header', other)).status).to.equal(200);
  });

  it('by header tell long values apart', async () => {
    const long = 'a'.repeat(4000);
    expect(await statuses(3, async () => ask('/header', someone(), ['x-tenant', long]))).to.deep.equal([200, 200, 429]);
    expect((await ask('/header', someone(), ['x-tenant', `${long}b`])).status).to.equal(200);
  });

  it('by route count everybody together', async () => {
    expect(await statuses(3, async () => ask('/whole', someone()))).to.deep.equal([200, 200, 429]);
  });

  it('by route and by header count only who is let in: nobody else uses up what they have', async () => {
    const shop = ['x-tenant', 'shop'];
    expect(await statuses(5, async () => ask('/tenants', someone(), shop))).to.deep.equal([401, 401, 401, 401, 401]);
    const found = await statuses(3, async () => ask('/tenants', someone(), [...shop, ...ann()]));
    expect(found).to.deep.equal([200, 200, 429]);
  });

  it('of one name share a counter', async () => {
    const from = someone();
    expect((await ask('/one', from)).status).to.equal(200);
    expect((await ask('/two', from)).status).to.equal(200);
    expect((await ask('/one', from)).header('ratelimit')).to.match(/^"shared";r=0;/);
    expect((await ask('/two', from)).status).to.equal(429);
    expect((await ask('/client', from)).status).to.equal(200);
  });

  it('of one name share a counter by route, too', async () => {
    expect((await ask('/one/whole', someone())).status).to.equal(200);
    expect((await ask('/two/whole', someone())).status).to.equal(200);
    expect((await ask('/one/whole', someone())).status).to.equal(200);
    expect((await ask('/two/whole', someone())).status).to.equal(429);
  });

  it('by client are counted before it is asked who calls, those by user only when it is let in', async () => {
    const from = someone();
    const policy = '"early";q=8;w=3600';
    const unknown = await ask('/both', from);
    expectProblem(unknown, 'unauthorized');
    expect(unknown.header('ratelimit-policy')).to.equal(policy);
    expect(unknown.header('ratelimit')).to.match(/^"early";r=7;t=\d+$/);
    const carl = (roles: string[]): string[] => token({ sub: 'carl', roles });
    const forbidden = await ask('/both', from, carl([]));
    expect(forbidden.status).to.equal(403);
    expect(forbidden.header('ratelimit-policy')).to.equal(policy);
    expect(forbidden.header('ratelimit')).to.match(/^"early";r=6;t=\d+$/);
    const welcome = await ask('/both', from, carl(['admin']));
    expect(welcome.status).to.equal(200);
    expect(welcome.header('ratelimit-policy')).to.equal(`${policy}, "late";q=5;w=3600`);
    expect(welcome.header('ratelimit')).to.match(/^"early";r=5;t=\d+, "late";r=4;t=\d+$/);
    expect(await statuses(4, async () => ask('/both', from, carl(['admin'])))).to.deep.equal([200, 200, 200, 200]);
    const late = await ask('/both', from, carl(['admin']));
    expectProblem(late, 'too-many-requests');
    expect(late.header('ratelimit')).to.match(/^"early";r=0;t=\d+, "late";r=0;t=\d+$/);
    // Now the client has had its share, and nobody looks at its token any more.
    const early = await ask('/both', from, ['authorization', 'Bearer nonsense']);
    expectProblem(early, 'too-many-requests');
    expect(early.header('ratelimit')).to.match(/^"early";r=0;t=\d+$/);
  });

  it('stand in answers that the gateway gives for a dead upstream', async () => {
    const from = someone();
    const answer = await ask('/down', from);
    expectProblem(answer, 'upstream-unreachable');
    expect(answer.header('ratelimit')).to.match(/^"default";r=1;t=\d+$/);
    expect(await statuses(2, async () => ask('/down', from))).to.deep.equal([502, 429]);
  });

  it('are not in answers of routes without one, nor where there is no route', async () => {
    for (const path of ['/free', '/none']) {
      const answer = await ask(path, someone());
      expect(answer.header('ratelimit')).to.equal(undefined);
      expect(answer.header('ratelimit-policy')).to.equal(undefined);
    }
  });

  it('are counted by what they count', async () => {
    const from = someone();
    await statuses(4, async () => ask('/client', from));
    const { text: metrics } = await call(`${gateway.adminUrl}/metrics`);
    expect(metrics).to.match(/^gateway_rate_limited_total\{route="client",by="client"\} [1-9]/m);
    expect(metrics).to.match(/^gateway_rate_limited_total\{route="user",by="user"\} [1-9]/m);
    expect(metrics.match(/^gateway_rate_limit_local_total\{reason="\w+"\} 0$/gm)).to.have.length(3);
  });

  it('outlive a reload, and begin anew when their rate changes', async () => {
    const from = someone();
    expect(await statuses(3, async () => ask('/client', from))).to.deep.equal([200, 200, 200]);
    await gateway.write(text.replace('path: /free', 'path: /freely'));
    await gateway.reload();
    expect((await ask('/freely', from)).status).to.equal(200);
    expect((await ask('/client', from)).status).to.equal(429);
    await gateway.write(text.replace('{ requests: 3, per: 1h } }', '{ requests: 4, per: 1h } }'));
    await gateway.reload();
    const answer = await ask('/client', from);
    expect(answer.status).to.equal(200);
    expect(answer.header('ratelimit')).to.match(/^"default";r=3;/);
    await gateway.write(text);
    await gateway.reload();
  });

  it('refuse a request whose body nobody reads, and the connection goes on', async () => {
    const from = someone();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = async (): Promise<Answered> =>
      call(`${gateway.url}/client`, {
        method: 'POST',
        body: 'x'.repeat(2000),
        agent,
        headers: ['x-forwarded-for', from],
      });
    expect(await statuses(5, send)).to.deep.equal([200, 200, 200, 429, 429]);
    agent.destroy();
  });

  it('count a request whose client does not wait for its answer', async () => {
    const from = someone();
    upstream.answer = () => undefined;
    const asked = open(`${gateway.url}/client`, { headers: ['x-forwarded-for', from] });
    const { response } = await upstream.requests.at(0);
    upstream.reset();
    expect((await ask('/client', from)).header('ratelimit')).to.match(/^"default";r=1;/);
    response.end('late');
    (await asked).resume();
  });
});

describe('a client on ::1', () => {
  it('is counted as its network', async () => {
    const upstream = await TestUpstream.start();
    const gateway = await startTestGateway(`
server: { listen: "[::1]:0" }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes: [{ name: any, match: { path: / }, upstream: any, rateLimit: { requests: 1, per: 1h } }]
`);
    const ask = async (): Promise<number | undefined> => {
      const asked = request({ host: '::1', port: gateway.port, agent: false }).end();
      const answer = new Promise<IncomingMessage>((resolve, reject) =>
        asked.on('response', resolve).on('error', reject),
      );
      const { statusCode } = (await within(answer, 'an answer')).resume();
      return statusCode;
    };
    try {
      expect([await ask(), await ask()]).to.deep.equal([200, 429]);
    } finally {
      await gateway.stop();
      await upstream.close();
    }
  });
});
