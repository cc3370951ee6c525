/** Requests follow the instances that register with a gateway that runs. */
import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream } from '../../support/upstream.ts';

const CONFIG = (rest = ''): string => `
admin: { token: the-admin-token, registryToken: the-registry-token }
upstreams:
  orders: { discover: { registry: true } }
routes:
  - { name: orders, match: { path: /orders }, upstream: orders }
${rest}`;

describe('a gateway whose instances register themselves', () => {
  let gateway: TestGateway;
  let one: TestUpstream;
  let two: TestUpstream;

  const register = async (method: string, id: string, url?: string): Promise<number> => {
    const headers = ['authorization', 'Bearer the-registry-token', 'content-type', 'application/json'];
    const at = `${gateway.adminUrl}/api/v1/upstreams/orders/instances/${id}`;
    return (await call(at, { method, headers, ...(url === undefined ? {} : { body: JSON.stringify({ url }) }) }))
      .status;
  };
  /** Who answers the next requests, each once. */
  const answering = async (): Promise<readonly string[]> => {
    const names = new Set<string>();
    for (let each = 0; each < 6; each += 1) names.add((await call(`${gateway.url}/orders`)).text);
    return [...names].toSorted();
  };

  beforeEach(async () => {
    one = await TestUpstream.start(({ response }) => void response.end('one'));
    two = await TestUpstream.start(({ response }) => void response.end('two'));
    gateway = await startTestGateway(CONFIG());
  });
  afterEach(async () => {
    await gateway.stop();
    await one.close();
    await two.close();
  });

  it('sends requests to those that are registered, and to nobody else', async () => {
    expectProblem(await call(`${gateway.url}/orders`), 'no-endpoint');
    expect(await register('PUT', 'one', one.origin)).to.equal(201);
    expect(await answering()).to.deep.equal(['one']);
    expect(await register('PUT', 'two', two.origin)).to.equal(201);
    expect(await answering()).to.deep.equal(['one', 'two']);
    expect(await register('DELETE', 'one')).to.equal(204);
    expect(await answering()).to.deep.equal(['two']);
    expect(await register('DELETE', 'two')).to.equal(204);
    expectProblem(await call(`${gateway.url}/orders`), 'no-endpoint');
  });

  it('keeps them over a reload', async () => {
    await register('PUT', 'one', one.origin);
    await gateway.write(CONFIG('  - { name: own, match: { path: /own }, respond: { status: 200, body: own } }'));
    await gateway.reload();
    expect((await call(`${gateway.url}/own`)).text).to.equal('own');
    expect(await answering()).to.deep.equal(['one']);
    expect(await register('PUT', 'one', one.origin)).to.equal(200);
  });
});
