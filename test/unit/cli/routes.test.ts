import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { routes, type RoutesFlags } from '../../../src/cli/routes.ts';
import type { ShownRoute } from '../../../src/gateway/shown-route.ts';
import { outcomeOf, type Outcome } from '../../support/commands.ts';

const ORDERS: ShownRoute = {
  name: 'orders',
  source: { file: 'teams/orders.yaml', line: 12 },
  match: { hosts: ['shop.example'], path: '/orders/:id', methods: ['GET', 'HEAD'], headers: ['x-tenant'] },
  access: 'role admin',
  rules: ['client-limit', 'cache'],
  upstreams: ['orders', 'orders-next'],
  respond: null,
};
const HOME: ShownRoute = {
  name: 'home',
  source: { file: 'gateway.yaml', line: 3 },
  match: { hosts: [], path: '/', methods: [], headers: [] },
  access: 'public',
  rules: [],
  upstreams: [],
  respond: { status: 204 },
};

describe('gatewayctl routes', () => {
  let server: Server;
  let url = '';
  let body = '';

  before(async () => {
    server = createServer((_request, response) => void response.end(body));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  after(async () => new Promise<void>((done) => server.close(() => done())));

  const run = async (list: readonly unknown[], flags: Partial<RoutesFlags> = {}): Promise<Outcome> => {
    body = JSON.stringify({ routes: list });
    const all = { name: undefined, format: 'text', admin: url, config: 'gateway.yaml' } as const;
    return outcomeOf(() => routes({ ...all, ...flags }));
  };

  it('prints a line for each', async () => {
    const { stdout, code, stderr } = await run([ORDERS, HOME]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(
      [
        'NAME    MATCH                                        ACCESS      RULES                TO                   SOURCE',
        'orders  GET,HEAD shop.example/orders/:id x-tenant=…  role admin  client-limit, cache  orders, orders-next  teams/orders.yaml:12',
        'home    /                                            public      -                    answers 204          gateway.yaml:3',
        '',
      ].join('\n'),
    );
  });

  it('prints all of one that is named', async () => {
    expect((await run([ORDERS, HOME], { name: 'orders' })).stdout).to.equal(
      [
        'name     orders',
        'path     /orders/:id',
        'host     shop.example',
        'methods  GET, HEAD',
        'headers  x-tenant (their values are in the file)',
        'access   role admin',
        'rules    client-limit, cache',
        'to       orders, orders-next',
        'source   teams/orders.yaml:12',
        '',
      ].join('\n'),
    );
    const { stdout } = await run([ORDERS, HOME], { name: 'home' });
    expect(stdout).to.include('methods  any').and.include('to       answers 204').and.not.include('host');
  });

  it('prints the JSON of the API', async () => {
    const all = await run([ORDERS, { ...HOME, later: 1 }], { format: 'json' });
    expect(JSON.parse(all.stdout)).to.deep.equal({ routes: [ORDERS, { ...HOME, later: 1 }] });
    expect(JSON.parse((await run([ORDERS, HOME], { format: 'json', name: 'home' })).stdout)).to.deep.equal(HOME);
  });

  it('says that there are none, and knows which one was probably meant', async () => {
    expect(await run([])).to.include({ code: 0, stdout: '', stderr: 'gatewayctl: the gateway has no routes\n' });
    for (const [list, message] of [
      [[ORDERS, HOME], 'there is no route "order": did you mean "orders"? expected orders, home'],
      [[HOME], 'there is no route "order": expected home'],
      [[], 'there is no route "order": the gateway has none'],
    ] as const)
      expect(await run(list, { name: 'order' })).to.include({ code: 1, stdout: '', message });
    const many = Array.from({ length: 30 }, (_, index) => ({ ...HOME, name: `r${index}` }));
    expect((await run(many, { name: 'billing' })).message)
      .to.include('r19, …')
      .and.not.include('r20');
  });

  it('lets nothing that it was told act upon the terminal', async () => {
    const { stdout } = await run([{ ...HOME, access: '\u001b[2Jgone', name: 'a\nb' }]);
    expect(stdout).to.include('·[2Jgone').and.include('a·b').and.not.include('\u001b');
  });

  it('exits with 1 when what it is told are no routes', async () => {
    for (const list of [[{}], [{ ...HOME, match: {} }], [{ ...HOME, respond: 204 }]])
      expect((await run(list)).message).to.include('answered something that is no list of routes');
  });
});
