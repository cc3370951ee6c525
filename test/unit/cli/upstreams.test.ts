import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { upstreams, type UpstreamsFlags } from '../../../src/cli/upstreams.ts';
import { shownUpstream, type ShownUpstream } from '../../../src/upstreams/shown.ts';
import type { EndpointView, UpstreamView } from '../../../src/upstreams/view.ts';
import { outcomeOf, type Outcome } from '../../support/commands.ts';

const NOW = Date.UTC(2026, 6, 22);

function endpoint(port: number, view: Partial<EndpointView> = {}): EndpointView {
  return {
    origin: `http://127.0.0.1:${port}`,
    weight: 1,
    condition: 'available',
    why: '',
    isHealthy: true,
    isEjected: false,
    breaker: undefined,
    inFlight: 0,
    connections: 0,
    idle: 0,
    waiting: 0,
    latency: undefined,
    share: 1,
    ...view,
  };
}

function shown(name: string, view: Partial<UpstreamView> = {}): ShownUpstream {
  const source = { kind: 'targets', updatedAt: undefined, fault: undefined } as const;
  const bare = { name, balance: 'round-robin', panic: false, endpoints: [], source, bulkhead: undefined };
  return shownUpstream({ ...bare, ...view }, NOW);
}

const ORDERS = shown('orders', {
  endpoints: [
    endpoint(9001, { breaker: 'closed', latency: 0.0124, inFlight: 3 }),
    endpoint(9002, {
      weight: 5,
      condition: 'circuit-open',
      breaker: 'open',
      latency: 1.26,
      why: '60 of 100 requests failed',
    }),
    endpoint(9003, { weight: 10, share: 0.4, latency: 0.000_44 }),
  ],
});

describe('gatewayctl upstreams', () => {
  let server: Server;
  let url = '';
  let status = 200;
  let body = '';
  let asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  beforeEach(() => {
    status = 200;
    asked = [];
  });
  after(async () => new Promise<void>((done) => server.close(() => done())));

  const run = async (list: readonly ShownUpstream[], flags: Partial<UpstreamsFlags> = {}): Promise<Outcome> => {
    body = JSON.stringify({ upstreams: list });
    const all = { name: undefined, format: 'text', admin: url, config: 'gateway.yaml' } as const;
    return outcomeOf(() => upstreams({ ...all, ...flags }));
  };
  const notes = async (upstream: ShownUpstream): Promise<string> =>
    (await run([upstream])).stdout.split('\n\n')[1] ?? '';

  it('prints a line for each endpoint, in units that people read', async () => {
    const { stdout, code, stderr } = await run([ORDERS, shown('users', { endpoints: [endpoint(9101)] })]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(
      [
        'UPSTREAM  ENDPOINT               STATE         WEIGHT     IN-FLIGHT  LATENCY  BREAKER  WHY',
        'orders    http://127.0.0.1:9001  available     1          3          12 ms    closed',
        'orders    http://127.0.0.1:9002  circuit-open  5          0          1.3 s    open     60 of 100 requests failed',
        'orders    http://127.0.0.1:9003  available     10 (40 %)  0          0.4 ms   -',
        'users     http://127.0.0.1:9101  available     1          0          -        -',
        '',
      ].join('\n'),
    );
    expect(asked).to.deep.equal(['GET /api/v1/upstreams']);
  });

  it('prints one upstream when it is named', async () => {
    const { stdout } = await run([ORDERS, shown('users', { endpoints: [endpoint(9101)] })], { name: 'users' });
    expect(stdout.split('\n')).to.have.length(3);
    expect(stdout).to.include('http://127.0.0.1:9101').and.not.include('orders');
  });

  it('shows an upstream that has no endpoint', async () => {
    const { stdout } = await run([shown('orders')]);
    expect(stdout.split('\n')[1]).to.match(/^orders +- +no endpoint +- +- +- +-$/);
  });

  it('adds what is to be known of a whole upstream', async () => {
    expect(await notes(ORDERS)).to.equal('');
    expect(await notes({ ...ORDERS, panic: true })).to.equal(
      'orders: panic: no endpoint is well, so that all of them are asked\n',
    );
    expect(await notes({ ...ORDERS, bulkhead: { inside: 64, queued: 0 } })).to.equal('');
    expect(await notes({ ...ORDERS, bulkhead: { inside: 64, queued: 7 } })).to.equal(
      'orders: the queue holds 7, behind 64 in flight\n',
    );
  });

  for (const [milliseconds, age] of [
    [59_900, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [259_200_000, '3 d'],
  ] as const) {
    it(`says that the endpoints of a source at fault are ${age} old`, async () => {
      const source = { kind: 'dns', updatedAt: NOW - milliseconds, fault: 'ESERVFAIL' } as const;
      expect(await notes(shown('orders', { source }))).to.equal(
        `orders: dns cannot be asked: ESERVFAIL; the endpoints are those of ${age} ago\n`,
      );
    });
  }

  it('says that a source at fault has never answered', async () => {
    const source = { kind: 'etcd', updatedAt: undefined, fault: 'ECONNREFUSED' } as const;
    expect(await notes(shown('orders', { source }))).to.equal(
      'orders: etcd cannot be asked: ECONNREFUSED; there was no answer yet\n',
    );
  });

  it('lets nothing that it was told act upon the terminal', async () => {
    const source = { kind: 'dns', updatedAt: NOW, fault: '\u001b[2Jgone' } as const;
    const { stdout } = await run([shown('orders', { source, endpoints: [endpoint(1, { why: '\u001b[31m\nred' })] })]);
    expect(stdout).to.include('·[31m·red').and.include('·[2Jgone').and.not.include('\u001b');
  });

  it('prints the JSON of the API, unknown members included', async () => {
    const all = await run([ORDERS, Object.assign(shown('users'), { later: 1 })], { format: 'json' });
    expect(JSON.parse(all.stdout)).to.deep.equal(JSON.parse(body));
    expect(all.stdout).to.include('"later": 1');
    const one = await run([ORDERS, shown('users')], { format: 'json', name: 'orders' });
    expect(JSON.parse(one.stdout)).to.deep.equal(ORDERS);
    expect((await run([], { format: 'json' })).stdout).to.equal('{\n  "upstreams": []\n}\n');
  });

  it('says that there are none', async () => {
    expect(await run([])).to.include({ code: 0, stdout: '', stderr: 'gatewayctl: the gateway has no upstreams\n' });
  });

  it('knows which upstream was probably meant, and exits with 1', async () => {
    const list = [ORDERS, shown('users')];
    for (const [name, message] of [
      ['order', 'there is no upstream "order": did you mean "orders"? expected orders, users'],
      ['billing', 'there is no upstream "billing": expected orders, users'],
    ] as const) {
      expect(await run(list, { name })).to.include({ code: 1, stdout: '', message });
    }
    expect(await run([], { name: 'order' })).to.include({
      code: 1,
      message: 'there is no upstream "order": the gateway has none',
    });
  });

  it('asks below the path of --admin', async () => {
    for (const path of ['/ops', '/ops/']) expect((await run([], { admin: url + path })).code).to.equal(0);
    expect(asked).to.deep.equal(['GET /ops/api/v1/upstreams', 'GET /ops/api/v1/upstreams']);
  });

  it('takes nothing but a URL of HTTP for --admin, and exits with 2', async () => {
    for (const admin of ['127.0.0.1:9901', 'localhost:9901', 'ftp://127.0.0.1', `${url}/?a=b`, '']) {
      const { code, message } = await run([], { admin });
      expect(code, admin).to.equal(2);
      expect(message).to.equal(`--admin: found ${JSON.stringify(admin)}, expected a URL such as http://127.0.0.1:9901`);
    }
    expect(asked).to.deep.equal([]);
  });

  for (const [answered, expected] of [
    [404, 'knows no upstreams: expected the admin listener of a gateway of this version; is gatewayctl serve running'],
    [421, 'does not answer to that name: an admin listener on loopback has to be called 127.0.0.1'],
    [500, 'answered 500; is gatewayctl serve running'],
  ] as const) {
    it(`says what to look at when it is answered ${answered}, and exits with 1`, async () => {
      status = answered;
      const { code, message } = await run([]);
      expect(code).to.equal(1);
      expect(message).to.include(`${url} ${expected}`);
    });
  }

  it('takes nothing for upstreams that is none', async () => {
    for (const [text, expected] of [
      ['<html>', `${url} sent something that is not JSON; is gatewayctl serve running`],
      ['null', `${url} answered something that is no list of upstreams`],
      ['{"upstreams":{}}', `${url} answered something that is no list of upstreams`],
      ['{"upstreams":[{"name":"orders"}]}', `${url} answered something that is no list of upstreams`],
    ] as const) {
      const outcome = await outcomeOf(() => {
        body = text;
        return upstreams({ name: undefined, format: 'json', admin: url, config: '' });
      });
      expect(outcome).to.include({ code: 1, stdout: '' });
      expect(outcome.message).to.include(expected);
    }
  });
});
