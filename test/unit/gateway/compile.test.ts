import { expect } from 'chai';
import type { GatewayConfig } from '../../../src/config/config.ts';
import { compileGateway } from '../../../src/gateway/compile.ts';
import type { Gateway, OpenExchange } from '../../../src/gateway/gateway.ts';
import { createResources, type Resources } from '../../../src/gateway/resources.ts';
import { UNLISTED } from '../../../src/roster.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { configOf } from '../../support/load.ts';

const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });

const TEXT = `version: 1
upstreams:
  a: { targets: [http://127.0.0.1:1, http://127.0.0.1:2] }
  b: { targets: [http://127.0.0.1:1] }
routes:
  - { name: a, match: { path: /a }, upstream: a, access: public, websocket: {} }
  - { name: a2, match: { path: /a2 }, upstream: a, access: public }
  - { name: b, match: { path: /b }, upstream: b, access: public, websocket: {} }
  - { name: here, match: { path: /here }, respond: { status: 200 }, access: public }
`;

const held = ({ connections, webSockets }: Resources): [number, number] => [connections.size, webSockets.size];

function routed(gateway: Gateway, path: string): OpenExchange & { cuts: number } {
  const match = gateway.table.match({ method: 'GET', path, host: 'a', header: () => undefined });
  const exchange = {
    place: UNLISTED,
    route: match.kind === 'found' ? match.target : undefined,
    identity: undefined,
    hasClient: true,
    upgrade: undefined,
    cuts: 0,
    cut: () => {
      exchange.cuts += 1;
    },
    farewell: () => false,
  };
  return exchange;
}

describe('compiling a gateway', () => {
  it('takes what it needs, and gives it back once retired', async () => {
    const resources = createResources();
    const gateway = await compileGateway(await configOf(TEXT), resources, metrics);
    expect(held(resources)).to.deep.equal([3, 2]);
    await gateway.retire();
    expect(held(resources)).to.deep.equal([0, 0]);
  });

  it('shares what two generations have in common', async () => {
    const resources = createResources();
    const config = await configOf(TEXT);
    const first = await compileGateway(config, resources, metrics);
    const second = await compileGateway(config, resources, metrics);
    expect(held(resources)).to.deep.equal([3, 2]);
    await first.retire();
    expect(held(resources)).to.deep.equal([3, 2]);
    await second.retire();
    expect(held(resources)).to.deep.equal([0, 0]);
  });

  it('gives everything back when it fails, wherever that is', async () => {
    const resources = createResources();
    const config = await configOf(TEXT);
    const before = await compileGateway(config, resources, metrics);
    const broken: GatewayConfig[] = config.routes.map((_, index) => ({
      ...config,
      routes: config.routes.map((route, place) =>
        place === index ? { ...route, action: { kind: 'upstream', upstream: 'nowhere' } } : route,
      ),
    }));
    broken.push({ ...config, upstreams: [...config.upstreams, { ...brokenUpstream(config) }] });
    for (const faulty of broken) {
      // Of a name that nobody else uses, so that nothing of it is held by the generation before.
      const renamed = { ...faulty, upstreams: faulty.upstreams.map((upstream) => ({ ...upstream, idleTimeout: 1 })) };
      let thrown: unknown;
      await compileGateway(renamed, resources, metrics).catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.an.instanceOf(Error);
      expect(held(resources)).to.deep.equal([3, 2]);
    }
    await before.retire();
    expect(held(resources)).to.deep.equal([0, 0]);
  });
});

function brokenUpstream(config: GatewayConfig): GatewayConfig['upstreams'][number] {
  const [first] = config.upstreams;
  if (first === undefined) throw new Error('no upstream');
  return {
    ...first,
    name: 'c',
    targets: [
      { origin: 'http://127.0.0.1:3', weight: 1 },
      { origin: 'no origin', weight: 1 },
    ],
  };
}

describe('a gateway that was replaced', () => {
  it('lets go at once of what no open exchange needs, and of the rest with the last one that does', async () => {
    const resources = createResources();
    const gateway = await compileGateway(await configOf(TEXT), resources, metrics);
    const [one, two] = [routed(gateway, '/a'), routed(gateway, '/a2')];
    const [here, nowhere] = [routed(gateway, '/here'), routed(gateway, '/nowhere')];
    for (const exchange of [one, two, here, nowhere]) gateway.enter(exchange);
    let over = false;
    const retired = gateway.retire().then(() => (over = true));
    expect(held(resources)).to.deep.equal([2, 1]);
    gateway.leave(here);
    gateway.leave(one);
    expect(held(resources)).to.deep.equal([2, 0]);
    gateway.leave(two);
    expect(held(resources)).to.deep.equal([0, 0]);
    expect([gateway.inFlight, over]).to.deep.equal([1, false]);
    gateway.leave(nowhere);
    await retired;
    expect([gateway.inFlight, over]).to.deep.equal([0, true]);
  });

  it('cuts off exchanges whose route is another in every newer gateway that it is told of', async () => {
    const resources = createResources();
    const config = await configOf(TEXT);
    const changed = await configOf(TEXT.replace('path: /a }', 'path: /other }').replace('name: b,', 'name: c,'));
    const [old, other, same] = await Promise.all([
      compileGateway(config, resources, metrics),
      compileGateway(changed, resources, metrics),
      compileGateway(config, resources, metrics),
    ]);
    const exchanges = ['/a', '/a2', '/b', '/here', '/nowhere'].map((path) => routed(old, path));
    for (const exchange of exchanges) old.enter(exchange);
    const cuts = (): number[] => exchanges.map((exchange) => exchange.cuts);
    old.cut({ changedIn: [other, same] });
    expect(cuts()).to.deep.equal([0, 0, 0, 0, 0]);
    old.cut({ changedIn: [other, other] });
    // The first was changed, the third renamed; what no route took is nobody's stream.
    expect(cuts()).to.deep.equal([1, 0, 1, 0, 0]);
    old.cut('all');
    expect(cuts()).to.deep.equal([2, 1, 2, 1, 1]);
    for (const exchange of exchanges) old.leave(exchange);
    await Promise.all([old.retire(), other.retire(), same.retire()]);
    expect(held(resources)).to.deep.equal([0, 0]);
  });
});
