import { expect } from 'chai';
import { call, type Answered } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream, type UpstreamRequest } from '../../support/upstream.ts';

const ROUTES = `
routes:
  - name: any
    match: { path: "/*rest" }
    upstream: any
    request: { headers: { set: { x-client: "{{client.ip}}" } } }
`;

onEachEngine('what upstreams are told of the client', () => {
  let upstream: TestUpstream;
  let direct: TestGateway;
  let proxied: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    const rest = `upstreams: { any: { targets: ["${upstream.origin}"] } }${ROUTES}`;
    direct = await startTestGateway(rest);
    proxied = await startTestGateway(`server: { trustedProxies: [127.0.0.1, 10.0.0.0/8, "fd00::/8", "::1"] }\n${rest}`);
  });

  after(async () => {
    await direct.stop();
    await proxied.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  interface Seen {
    readonly request: UpstreamRequest;
    readonly answer: Answered;
  }

  async function through(gateway: TestGateway, headers: readonly string[]): Promise<Seen> {
    const answer = await call(`${gateway.url}/a`, { headers: ['host', 'shop.example.com', ...headers] });
    expect(answer.status).to.equal(200);
    return { answer, request: await upstream.requests.at(upstream.requests.items.length - 1) };
  }

  describe('when it comes directly', () => {
    it('is its address, the host and the scheme', async () => {
      const { request } = await through(direct, []);
      expect(request.headerValues('x-forwarded-for')).to.deep.equal(['127.0.0.1']);
      expect(request.headerValues('x-forwarded-host')).to.deep.equal(['shop.example.com']);
      expect(request.headerValues('x-forwarded-proto')).to.deep.equal(['http']);
      expect(request.headerValues('forwarded')).to.deep.equal(['for=127.0.0.1;host="shop.example.com";proto=http']);
      expect(request.headerValues('via')).to.deep.equal(['1.1 gatewayctl']);
      expect(request.headerValues('x-request-id')[0]).to.match(/^[\w-]{16,64}$/);
    });

    it('replaces what it claims', async () => {
      const { request } = await through(direct, [
        'X-Forwarded-For',
        '10.1.2.3',
        'x-forwarded-for',
        '10.1.2.4',
        'X-Forwarded-Host',
        'admin.example.com',
        'X-Forwarded-Proto',
        'https',
        'Forwarded',
        'for=10.1.2.3;proto=https',
        'X-Request-Id',
        'mine',
      ]);
      expect(request.headerValues('x-forwarded-for')).to.deep.equal(['127.0.0.1']);
      expect(request.headerValues('x-forwarded-host')).to.deep.equal(['shop.example.com']);
      expect(request.headerValues('x-forwarded-proto')).to.deep.equal(['http']);
      expect(request.headerValues('forwarded')).to.deep.equal(['for=127.0.0.1;host="shop.example.com";proto=http']);
      expect(request.headerValues('x-request-id')).to.not.include('mine');
      expect(request.header('x-client')).to.equal('127.0.0.1');
    });

    it('removes the spellings that many servers read as the same names', async () => {
      const { request } = await through(direct, [
        'X_Forwarded_For',
        '10.1.2.3',
        'x.forwarded.proto',
        'https',
        'X_Request_Id',
        'mine',
        'x_kept',
        'a',
      ]);
      expect(request.headerNames).to.include('x_kept');
      expect(request.headerNames).to.not.include.members(['x_forwarded_for']);
      expect(request.headerNames).to.not.include.members(['x.forwarded.proto']);
      expect(request.headerNames).to.not.include.members(['x_request_id']);
    });

    it('extends Via, which anybody may write', async () => {
      const { request } = await through(direct, ['Via', '1.0 fred', 'via', '1.1 p.example.net']);
      expect(request.headerValues('via')).to.deep.equal(['1.0 fred, 1.1 p.example.net, 1.1 gatewayctl']);
    });

    it('has the same request id in the answer and the access log', async () => {
      const { request, answer } = await through(direct, []);
      expect(answer.header('x-request-id')).to.equal(request.header('x-request-id'));
      const line = await direct.accessLine(request.header('x-request-id') ?? '');
      expect(line['client']).to.equal('127.0.0.1');
    });

    it('has an id of its own for each request', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map(async () => (await through(direct, [])).answer.header('x-request-id')),
      );
      expect(new Set(ids).size).to.equal(3);
    });
  });

  describe('when it comes through trusted proxies', () => {
    const chains: readonly (readonly [what: string, sent: readonly string[], client: string, forwarded: string])[] = [
      ['the address that the proxy saw', ['203.0.113.7'], '203.0.113.7', '203.0.113.7, 127.0.0.1'],
      [
        'the last address that is no proxy',
        ['1.1.1.1, 203.0.113.7, 10.0.0.1'],
        '203.0.113.7',
        '1.1.1.1, 203.0.113.7, 10.0.0.1, 127.0.0.1',
      ],
      ['the first one when all are proxies', ['10.0.0.2, 10.0.0.1'], '10.0.0.2', '10.0.0.2, 10.0.0.1, 127.0.0.1'],
      ['an IPv6 address', ['2001:db8::7, fd00::1'], '2001:db8::7', '2001:db8::7, fd00::1, 127.0.0.1'],
      ['an IPv6 address in its short form', ['2001:DB8:0:0:0:0:0:7'], '2001:db8::7', '2001:DB8:0:0:0:0:0:7, 127.0.0.1'],
      ['an IPv4 address for one within IPv6', ['::ffff:203.0.113.7'], '203.0.113.7', '::ffff:203.0.113.7, 127.0.0.1'],
      [
        'a proxy for one within IPv6',
        ['203.0.113.7, ::ffff:10.0.0.1'],
        '203.0.113.7',
        '203.0.113.7, ::ffff:10.0.0.1, 127.0.0.1',
      ],
      ['an address without its port', ['203.0.113.7:4711'], '203.0.113.7', '203.0.113.7:4711, 127.0.0.1'],
      ['an IPv6 address without its port', ['[2001:db8::7]:4711'], '2001:db8::7', '[2001:db8::7]:4711, 127.0.0.1'],
      [
        'the last proxy before garbage',
        ['203.0.113.7, garbage, 10.0.0.1'],
        '10.0.0.1',
        '203.0.113.7, garbage, 10.0.0.1, 127.0.0.1',
      ],
      ['the peer for garbage', ['garbage'], '127.0.0.1', 'garbage, 127.0.0.1'],
      ['the peer for an empty one', [''], '127.0.0.1', '127.0.0.1'],
      ['all of several headers', ['203.0.113.7', '10.0.0.1'], '203.0.113.7', '203.0.113.7, 10.0.0.1, 127.0.0.1'],
    ];
    for (const [what, sent, client, forwarded] of chains) {
      it(`is ${what}: ${sent.join(' + ')}`, async () => {
        const { request, answer } = await through(
          proxied,
          sent.flatMap((value) => ['x-forwarded-for', value]),
        );
        expect(request.header('x-client')).to.equal(client);
        expect(request.headerValues('x-forwarded-for')).to.deep.equal([forwarded]);
        const line = await proxied.accessLine(answer.header('x-request-id') ?? '');
        expect(line['client']).to.equal(client);
      });
    }

    it('keeps the host and the scheme that the proxy saw', async () => {
      const { request } = await through(proxied, ['x-forwarded-proto', 'https', 'x-forwarded-host', 'www.example.com']);
      expect(request.headerValues('x-forwarded-proto')).to.deep.equal(['https']);
      expect(request.headerValues('x-forwarded-host')).to.deep.equal(['www.example.com']);
    });

    it('keeps a request id', async () => {
      const { request, answer } = await through(proxied, ['x-request-id', 'abc-123']);
      expect([request.header('x-request-id'), answer.header('x-request-id')]).to.deep.equal(['abc-123', 'abc-123']);
    });

    for (const id of ['a b', 'a"b', 'a'.repeat(129), 'a\tb', 'caf\xe9', '']) {
      it(`makes an id in place of one that is none: ${JSON.stringify(id.slice(0, 20))}`, async () => {
        const { answer } = await through(proxied, ['x-request-id', id]);
        expect(answer.header('x-request-id')).to.match(/^[\w-]{16,64}$/);
      });
    }

    it('makes the peer’s address the client when no proxy says anything', async () => {
      const { request } = await through(proxied, []);
      expect(request.header('x-client')).to.equal('127.0.0.1');
      expect(request.headerValues('x-forwarded-for')).to.deep.equal(['127.0.0.1']);
      expect(request.headerValues('x-forwarded-proto')).to.deep.equal(['http']);
    });

    it('extends Forwarded', async () => {
      const { request } = await through(proxied, ['forwarded', 'for=203.0.113.7;proto=https, for=10.0.0.1']);
      expect(request.headerValues('forwarded')).to.deep.equal([
        'for=203.0.113.7;proto=https, for=10.0.0.1, for=127.0.0.1;host="shop.example.com";proto=http',
      ]);
    });

    it('is read from Forwarded when that is all there is', async () => {
      const { request } = await through(proxied, [
        'forwarded',
        'For="[2001:db8::7]:4711";Host="www.example.com";Proto=HTTPS, for=10.0.0.1;proto=http',
      ]);
      expect(request.header('x-client')).to.equal('2001:db8::7');
      expect(request.headerValues('x-forwarded-for')).to.deep.equal(['[2001:db8::7]:4711, 10.0.0.1, 127.0.0.1']);
      expect(request.headerValues('x-forwarded-proto')).to.deep.equal(['https']);
      expect(request.headerValues('x-forwarded-host')).to.deep.equal(['www.example.com']);
    });

    it('is written into Forwarded from X-Forwarded-For', async () => {
      const { request } = await through(proxied, ['x-forwarded-for', '2001:db8::7, 203.0.113.7:80, un"known']);
      expect(request.headerValues('forwarded')).to.deep.equal([
        'for="[2001:db8::7]", for="203.0.113.7:80", for="unknown", for=127.0.0.1;host="shop.example.com";proto=http',
      ]);
    });

    it('takes no scheme for one that is none', async () => {
      const { request } = await through(proxied, ['x-forwarded-proto', 'javascript']);
      expect(request.headerValues('x-forwarded-proto')).to.deep.equal(['http']);
    });
  });
});
