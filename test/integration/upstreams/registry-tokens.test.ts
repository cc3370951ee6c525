/** Who may register instances, and how one tries to get further with a token for that. */
import { expect } from 'chai';
import { isForInstances } from '../../../src/admin/instances.ts';
import { PROBLEMS } from '../../../src/errors.ts';
import { expectProblem } from '../../support/client.ts';
import { RawClient } from '../../support/raw.ts';
import { RegistryAdmin } from '../../support/registry.ts';

const ADMIN = 'the-admin-token';
const REGISTRY = 'the-registry-token';
const BODY = JSON.stringify({ url: 'http://a.test:9001' });

/** Everything that there is for instances. */
const INSTANCES: readonly (readonly [target: string, status: number])[] = [
  ['PUT /upstreams/orders/instances/one', 201],
  ['PUT /upstreams/orders/instances/one', 200],
  ['GET /upstreams/orders/instances', 200],
  ['GET /upstreams/orders/instances/one', 200],
  ['PUT /upstreams/nothing/instances/one', 404],
  ['POST /upstreams/orders/instances/one', 405],
  ['DELETE /upstreams/orders/instances/one', 204],
];
/** Some of what else there is. */
const OTHERS = [
  '/openapi.json',
  '/users',
  '/users/instances',
  '/users/orders/sessions/instances',
  '/upstreams',
  '/upstreams/orders',
  '/upstreams/instances',
  '/nothing',
  '',
];

describe('the tokens of the registry', () => {
  const admin = new RegistryAdmin();

  before(async () => admin.open());
  after(async () => admin.close());

  /** Sends a target as it stands. @returns the status and the code of the problem, if it is one */
  async function raw(method: string, target: string, token: string): Promise<string> {
    const client = await RawClient.open(admin.port);
    try {
      const length = method === 'PUT' ? `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n` : '';
      const authorization = token === '' ? '' : `authorization: Bearer ${token}\r\n`;
      const head = `${method} ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${authorization}${length}\r\n`;
      await client.send(head + (length === '' ? '' : BODY));
      const { status, text } = await client.response();
      const code = Object.entries(PROBLEMS).find(([name]) => text.includes(`"code":"${name}"`))?.[0];
      return code === undefined ? String(status) : `${status} ${code}`;
    } finally {
      await client.close();
    }
  }

  /** What a token, empty = none, is answered for instances, and whether it opens anything else. */
  async function reach(token: string): Promise<{ readonly instances: boolean; readonly others: boolean }> {
    const answers = new Set<boolean>();
    for (const [target, status] of INSTANCES) {
      const answer = await admin.ask(target, { token, ...(target.startsWith('PUT') ? { body: BODY } : {}) });
      if (answer.status === 401) expectProblem(answer, 'unauthorized');
      else expect(answer.status, target).to.equal(status);
      answers.add(answer.status !== 401);
    }
    const others = new Set<boolean>();
    for (const path of OTHERS) others.add((await admin.ask(`GET ${path}`, { token })).status !== 401);
    expect([answers.size, others.size]).to.deep.equal([1, 1]);
    return { instances: answers.has(true), others: others.has(true) };
  }

  for (const [what, token, registryToken, expected] of [
    ['both are set', ADMIN, REGISTRY, { none: '', wrong: '', registry: 'instances', admin: 'all' }],
    ['there is an admin token only', ADMIN, '', { none: '', wrong: '', registry: '', admin: 'all' }],
    [
      'there is a registry token only',
      '',
      REGISTRY,
      { none: 'others', wrong: 'others', registry: 'all', admin: 'others' },
    ],
    ['there is none', '', '', { none: 'all', wrong: 'all', registry: 'all', admin: 'all' }],
    ['both are the same', ADMIN, ADMIN, { none: '', wrong: '', registry: '', admin: 'all' }],
  ] as const) {
    it(`open what they are for when ${what}`, async () => {
      admin.token = token;
      admin.registryToken = registryToken;
      const given = { none: '', wrong: `${REGISTRY}x`, registry: REGISTRY, admin: ADMIN };
      for (const [name, text] of Object.entries(given)) {
        const { instances, others } = await reach(text);
        const opens = instances && others ? 'all' : instances ? 'instances' : others ? 'others' : '';
        expect([name, opens]).to.deep.equal([name, Reflect.get(expected, name)]);
      }
    });
  }

  describe('of which one is stolen', () => {
    before(() => {
      admin.token = ADMIN;
      admin.registryToken = REGISTRY;
    });

    for (const target of [
      // Dots that somebody might take out, on the way to another route or on the way back.
      '/api/v1/upstreams/orders/instances/../../../users',
      '/api/v1/upstreams/orders/instances/%2e%2e/%2e%2e/%2e%2e/users',
      '/api/v1/upstreams/orders/instances/..%2f..%2f..%2fusers/../x',
      '/api/v1/users/../upstreams/orders/instances',
      '/api/v1/users/%2e%2e/upstreams/orders/instances',
      '/api/v1/./upstreams/orders/instances',
      '/api/v1/upstreams/orders/../../users/instances/one',
      // Slashes too many, at the end, encoded, or the other way round.
      '/api/v1//upstreams/orders/instances',
      '/api/v1/upstreams//instances',
      '/api/v1/upstreams/orders/instances/',
      '/api/v1/upstreams/orders/instances/one/',
      '/api/v1/upstreams/orders/instances//one',
      '/api/v1/upstreams/orders/instances/one/two',
      '/api/v1/upstreams%2Forders/instances',
      '/api/v1/upstreams/orders%2Finstances',
      '/api/v1/upstreams/orders/instances%2Fone',
      '/api/v1%2Fupstreams/orders/instances',
      '/api/v1\\upstreams\\orders\\instances',
      // Other letters.
      '/api/v1/Upstreams/orders/instances',
      '/api/v1/upstreams/orders/INSTANCES',
      '/api/v1/upstreams/orders/%69nstances',
      '/api/v1/%75pstreams/orders/instances',
      '/api/V1/upstreams/orders/instances',
      '/api/v1/upstreams/orders/instances;v=1',
      '/api/v1/upstreams;v=1/orders/instances',
      '/api/v1/upstreams/orders/instances.json',
      '/api/v1/upstreams/orders/instances%00',
      // What says elsewhere where it goes.
      '/api/v1/users?/upstreams/orders/instances',
      '/api/v1/users;/upstreams/orders/instances',
      '/api/v1/users/upstreams/orders/instances',
      '/api/v2/upstreams/orders/instances',
      '/api',
    ]) {
      it(`opens nothing at ${target}`, async () => {
        for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'POST', 'OPTIONS'])
          expect(await raw(method, target, REGISTRY), method).to.equal('401 unauthorized');
        expect(admin.registry.instances('orders')).to.deep.equal([]);
      });
    }

    it('finds no route outside of the API that the guard overlooks', async () => {
      for (const target of [
        '//api/v1/users',
        '/API/v1/users',
        '/%61pi/v1/users',
        '/./api/v1/users',
        '/x/../api/v1/users',
        '/api%2Fv1/users',
      ])
        for (const token of ['', REGISTRY, ADMIN])
          expect(await raw('GET', target, token)).to.equal('404 route-not-found');
      expect(await raw('GET', 'http://localhost/api/v1/users', REGISTRY)).to.equal('400 invalid-target');
    });

    it('opens no route that a later one shares its path with', () => {
      const instances = { path: '/api/v1/upstreams/:name/instances' };
      expect(isForInstances([instances])).to.equal(true);
      for (const layers of [[], [instances, { path: '/api/v1/upstreams/:name/:part' }], [{ path: /^/ }]])
        expect(isForInstances(layers)).to.equal(false);
    });

    it('keeps names and ids what they are, whatever is encoded in them', async () => {
      for (const [target, expected] of [
        ['/api/v1/upstreams/%2e%2e/instances/one', '404 upstream-not-found'],
        ['/api/v1/upstreams/../instances/one', '404 upstream-not-found'],
        ['/api/v1/upstreams/orders%2F..%2Fusers/instances/one', '404 upstream-not-found'],
        ['/api/v1/upstreams/orders;x=y/instances/one', '404 upstream-not-found'],
        ['/api/v1/upstreams/%6Frders/instances/..', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/%2e%2e', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/..%2f..%2fusers', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/one%2Ftwo', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/one;x=y', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/%zz', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/%ff', '400 invalid-target'],
        ['/api/v1/upstreams/orders/instances/one?x=y', '400 invalid-query'],
      ] as const)
        for (const method of ['PUT', 'GET', 'DELETE'])
          expect(await raw(method, target, REGISTRY), target).to.equal(expected);
      expect(admin.registry.done.items.filter((line) => !line.endsWith(' one'))).to.deep.equal([]);
      expect(admin.registry.instances('orders')).to.deep.equal([]);
    });

    it('is no admin token by being sent in another way', async () => {
      for (const headers of [
        ['authorization', `Basic ${REGISTRY}`],
        ['authorization', `Bearer ${REGISTRY}, Bearer ${ADMIN}`],
        ['authorization', `Bearer ${REGISTRY}${ADMIN}`],
        ['authorization', `Bearer ${REGISTRY}`, 'x-original-url', '/api/v1/upstreams/orders/instances'],
        ['authorization', `Bearer ${REGISTRY}`, 'x-http-method-override', 'GET'],
        ['authorization', `Bearer ${REGISTRY}`, 'x-forwarded-prefix', '/api/v1/upstreams/orders/instances'],
      ])
        expectProblem(await admin.ask('GET /users', { headers }), 'unauthorized');
    });

    it('is of no use to a page of another site, nor through a name that points here', async () => {
      for (const headers of [
        ['host', 'evil.example.com'],
        ['origin', 'https://evil.example.com'],
      ])
        for (const [target] of INSTANCES)
          expectProblem(await admin.ask(target, { token: REGISTRY, headers }), 'misdirected-request');
    });
  });
});
