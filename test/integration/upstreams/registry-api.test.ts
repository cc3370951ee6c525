/** What instances of services do with the registry over HTTP, and what it refuses. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { ProblemCode } from '../../../src/errors.ts';
import { MAX_INSTANCES } from '../../../src/upstreams/registry/memory-registry.ts';
import type { Answered } from '../../support/client.ts';
import { expectProblem } from '../../support/client.ts';
import { Listener } from '../../support/discovery.ts';
import { json, RegistryAdmin } from '../../support/registry.ts';

const A = 'http://a.test:9001';
const ONE = '/upstreams/orders/instances/one';

/** A value within a value of JSON; undefined when there is none. */
function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

function membersOf(value: unknown): readonly (readonly [name: string, value: unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

describe('the registry over HTTP', () => {
  const admin = new RegistryAdmin();
  let document: Record<string, unknown>;

  const conforms = (answer: Answered, schema: string): Record<string, unknown> => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    const matches = ajv.validate({ $ref: `document#/components/schemas/${schema}` }, json(answer));
    expect(matches, `${answer.text} ${ajv.errorsText()}`).to.equal(true);
    return json(answer);
  };
  const refuses = (answer: Answered, code: ProblemCode): void => {
    expectProblem(answer, code);
    conforms(answer, 'Problem');
    expect(answer.header('cache-control')).to.equal('no-store');
  };

  beforeEach(async () => {
    admin.token = '';
    admin.registryToken = '';
    await admin.open();
    admin.log.length = 0;
    document = json(await admin.ask('GET /openapi.json'));
  });
  afterEach(async () => admin.close());

  it('registers with 201 and renews with 200', async () => {
    const body = { url: A, weight: 3, metadata: { zone: 'eu-1', 'a/b~c': '' }, ttl: '90s' };
    const created = await admin.put('one', body);
    expect([created.status, created.header('location')]).to.deep.equal([201, `/api/v1${ONE}`]);
    const { expires_at: expiresAt, ...shown } = conforms(created, 'Registration');
    expect(shown).to.deep.equal({ id: 'one', ...body });
    expect(expiresAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const renewed = await admin.put('one', body);
    expect([renewed.status, renewed.header('location')]).to.deep.equal([200, undefined]);
    expect(conforms(renewed, 'Registration')).to.include({ id: 'one', ttl: '90s' });
  });

  it('fills in what is left out', async () => {
    const before = Date.now();
    const { expires_at: expiresAt, ...shown } = conforms(
      await admin.put('one', { url: 'https://A.Test:443/' }),
      'Registration',
    );
    expect(shown).to.deep.equal({ id: 'one', url: 'https://a.test', weight: 1, metadata: {}, ttl: '30s' });
    expect(Date.parse(String(expiresAt))).to.be.within(before + 30_000, Date.now() + 30_000);
  });

  it('lists and shows instances', async () => {
    await admin.put('two', { url: A, weight: 2, metadata: { zone: 'b' } });
    await admin.put('one');
    await admin.ask('PUT /upstreams/users/instances/other', { body: JSON.stringify({ url: A }) });
    const list = conforms(await admin.ask('GET /upstreams/orders/instances'), 'Instances');
    const one = conforms(await admin.ask(`GET ${ONE}`), 'Instance');
    const two = conforms(await admin.ask('GET /upstreams/orders/instances/two'), 'Instance');
    expect(list).to.deep.equal({ instances: [one, two] });
    expect(one).to.deep.include({ id: 'one', url: A, weight: 1, metadata: {} });
    expect(two).to.deep.include({ id: 'two', weight: 2, metadata: { zone: 'b' } });
    refuses(await admin.ask('GET /upstreams/orders/instances/three'), 'instance-not-found');
    const head = await admin.ask('HEAD /upstreams/orders/instances');
    expect([head.status, head.text]).to.deep.equal([200, '']);
  });

  it('deregisters with 204, whether there was one or not', async () => {
    await admin.put('one');
    for (let time = 0; time < 2; time += 1) {
      const answer = await admin.ask(`DELETE ${ONE}`);
      expect([answer.status, answer.text]).to.deep.equal([204, '']);
    }
    refuses(await admin.ask(`GET ${ONE}`), 'instance-not-found');
    expect((await admin.put('one')).status).to.equal(201);
  });

  it('is what gives an upstream its endpoints, until they expire', async () => {
    const listener = new Listener();
    const discovery = admin.registry.follow('orders', listener);
    await admin.put('one', { url: A, ttl: '1s' });
    await admin.put('two', { url: 'http://b.test', weight: 2 });
    expect([await listener.next(), await listener.next(), await listener.next(), await listener.next()]).to.deep.equal([
      [],
      [A],
      [A, 'http://b.test*2'],
      ['http://b.test*2'],
    ]);
    discovery.close();
  });

  it('writes a line of what comes, changes and goes, and none of heartbeats', async () => {
    const renew = async (more = {}) => admin.put('one', { url: A, ...more });
    await renew();
    await renew();
    await renew({ metadata: { zone: 'a' }, ttl: '1m' });
    await renew({ weight: 7 });
    await renew({ url: 'http://b.test' });
    await admin.ask(`DELETE ${ONE}`);
    await admin.ask(`DELETE ${ONE}`);
    await admin.put('bad', { url: 'nonsense' });
    const line = { level: 'info', upstream: 'orders', instance: 'one' };
    expect(admin.log).to.deep.equal([
      { ...line, url: A, weight: 1, msg: 'instance registered' },
      { ...line, url: A, weight: 7, msg: 'instance changed' },
      { ...line, url: 'http://b.test', weight: 1, msg: 'instance changed' },
      { ...line, url: 'http://b.test', msg: 'instance removed' },
    ]);
  });

  it('knows no upstream but those of the configuration, and of those only what takes registrations', async () => {
    for (const target of ['GET', 'GET one', 'PUT one', 'DELETE one'].map((each) => each.split(' '))) {
      const [method = '', id] = target;
      const path = (name: string): string =>
        `${method} /upstreams/${name}/instances${id === undefined ? '' : `/${id}`}`;
      const body = JSON.stringify({ url: A });
      for (const name of ['nothing', 'Orders', 'orders;v=1', 'orders%2F', '__proto__', 'orders%20'])
        refuses(await admin.ask(path(name), { body }), 'upstream-not-found');
      for (const name of ['fixed', 'named']) {
        const answer = await admin.ask(path(name), { body });
        refuses(answer, 'registry-not-configured');
        expect(json(answer)['detail']).to.include(`discover: { registry: true }`).and.include(name);
      }
    }
    expect(admin.registry.done.items).to.deep.equal([]);
  });

  it('takes no id that is not one', async () => {
    for (const id of ['a%2Fb', '.a', '-a', 'a%20b', 'ä'.repeat(2), 'a'.repeat(129), 'a;b', '%00'])
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = JSON.stringify({ url: A });
        refuses(await admin.ask(`${method} /upstreams/orders/instances/${id}`, { body }), 'invalid-target');
      }
    refuses(await admin.ask('PUT /upstreams/orders/instances/%zz', { body: '{}' }), 'invalid-target');
    for (const id of ['a', 'A.b_c:d-e', '0', 'a'.repeat(128)]) {
      const answer = await admin.put(id);
      expect([answer.status, json(answer)['id']]).to.deep.equal([201, id]);
      const there = await admin.ask(`GET ${answer.header('location')?.slice('/api/v1'.length)}`);
      expect(json(there)['id']).to.equal(id);
    }
  });

  it('takes no query', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      refuses(await admin.ask(`${method} ${ONE}?ttl=1h`, { body: JSON.stringify({ url: A }) }), 'invalid-query');
  });

  it('answers 507 when the upstream is full, and goes on with those that are there', async () => {
    const instance = { origin: A, weight: 1, metadata: {} };
    for (let each = 0; each < MAX_INSTANCES; each += 1)
      await admin.registry.put('orders', { id: `i${each}`, ...instance }, 60_000);
    refuses(await admin.put('more'), 'registry-full');
    expect((await admin.put('i7')).status).to.equal(200);
    expect((await admin.ask('DELETE /upstreams/orders/instances/i7')).status).to.equal(204);
    expect((await admin.put('more')).status).to.equal(201);
  });

  it('answers 503 with Retry-After while the registry cannot be asked', async () => {
    await admin.registry.close();
    for (const answer of [await admin.put('one'), await admin.ask(`DELETE ${ONE}`)]) {
      refuses(answer, 'registry-unavailable');
      expect(answer.header('retry-after')).to.equal('1');
    }
  });

  it('answers 405 with what there is', async () => {
    for (const [path, allow] of [
      ['/upstreams/orders/instances', 'GET, HEAD'],
      [ONE, 'DELETE, GET, HEAD, PUT'],
    ] as const) {
      for (const method of ['POST', 'PATCH', 'OPTIONS']) {
        const answer = await admin.ask(`${method} ${path}`);
        refuses(answer, 'method-not-allowed');
        expect(answer.header('allow')).to.equal(allow);
      }
    }
  });

  it('is described by the OpenAPI document as it is', async () => {
    await admin.put('one');
    const found: string[] = [];
    for (const [path, methods] of membersOf(document['paths']).filter(([name]) => name.includes('/instances'))) {
      for (const [method, described] of membersOf(methods)) {
        const target = `${method.toUpperCase()} ${path.replace('{name}', 'orders').replace('{id}', 'one')}`;
        found.push(`${String(at(described, 'operationId'))} ${target}`);
        const takesBody = at(described, 'requestBody') !== undefined;
        const answer = await admin.ask(target, takesBody ? { body: JSON.stringify({ url: A }) } : {});
        expect(answer.status, target).to.be.oneOf([200, 204]);
        expect(at(described, 'responses'), target).to.have.property(String(answer.status));
        expect(at(described, 'security')).to.deep.equal([{ registryToken: [] }, { adminToken: [] }]);
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const parameters = membersOf(at(described, 'parameters'));
        expect(parameters.map(([, parameter]) => at(parameter, 'name'))).to.deep.equal(named);
      }
    }
    expect(found.toSorted()).to.deep.equal([
      `getInstance GET ${ONE}`,
      'listInstances GET /upstreams/orders/instances',
      `putInstance PUT ${ONE}`,
      `removeInstance DELETE ${ONE}`,
    ]);
  });

  it('takes the bodies that the OpenAPI document describes, and no others', async () => {
    const put = at(document['paths'], '/upstreams/{name}/instances/{id}', 'put');
    const statuses = membersOf(at(put, 'responses')).map(([status]) => status);
    const errors = ['400', '401', '404', '409', '413', '415', '421', '503', '507'];
    expect(statuses.toSorted()).to.deep.equal(['200', '201', ...errors]);
    const schema = Object.fromEntries(membersOf(at(put, 'requestBody', 'content', 'application/json', 'schema')));
    const takes = new Ajv2020({ strict: true, validateFormats: false }).compile(schema);
    for (const [body, isTaken] of [
      [{ url: A }, true],
      [{ url: `${A}/`, weight: 2, metadata: { a: '😀'.repeat(256) }, ttl: '1m' }, true],
      [{}, false],
      [{ url: 'a' }, false],
      [{ url: A, x: 1 }, false],
      [{ url: A, weight: 0 }, false],
      [{ url: A, metadata: { a: 1 } }, false],
      [{ url: A, metadata: { a: 'ä'.repeat(257) } }, false],
      [{ url: A, metadata: { '': 'a' } }, false],
      [{ url: A, ttl: 's' }, false],
    ] as const) {
      expect(takes(body), JSON.stringify(body)).to.equal(isTaken);
      expect((await admin.put('one', body)).status < 300, JSON.stringify(body)).to.equal(isTaken);
    }
  });
});
