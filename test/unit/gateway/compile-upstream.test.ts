import { expect } from 'chai';
import type { UpstreamConfig } from '../../../src/config/config.ts';
import { compileUpstream, type CompiledUpstream } from '../../../src/gateway/compile-upstream.ts';
import type { Holding } from '../../../src/gateway/gateway.ts';
import { createResources, type Resources } from '../../../src/gateway/resources.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { configOf } from '../../support/load.ts';

const ALL = `slowStart: 30s, health: { tcp: true, interval: 1h }, outlier: {}, breaker: {}, retry: { attempts: 2 },
  hedge: { after: 1s }, bulkhead: { concurrent: 3, queue: 1 }`;
const [A, B] = ['http://127.0.0.1:1', 'http://127.0.0.1:2'];

interface Compiled extends CompiledUpstream {
  /** Another generation takes over, and nothing of this one is under way. */
  readonly retire: () => void;
  readonly holdings: readonly Holding[];
}

/** How many of everything are held. */
function held(resources: Resources): Record<string, number> {
  const { connections, states, breakers, outliers, probers, bulkheads, budgets, discoveries } = resources;
  const all = { connections, states, breakers, outliers, probers, bulkheads, budgets, discoveries };
  const sizes = Object.entries(all).map(([name, { size }]) => [name, size] as const);
  return Object.fromEntries(sizes.filter(([, size]) => size > 0));
}

async function configWith(more: string, name = 'up'): Promise<UpstreamConfig> {
  const { upstreams } = await configOf(`version: 1\nupstreams: { ${name}: { ${more} } }\n`);
  const [upstream] = upstreams;
  if (upstream === undefined) throw new Error('there is no upstream');
  return upstream;
}

describe('compiling an upstream', () => {
  let resources = createResources();
  const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
  const compile = (config: UpstreamConfig): Compiled => {
    const holdings: Holding[] = [];
    const compiled = compileUpstream(config, resources, metrics, holdings);
    const retire = (): void => {
      for (const holding of holdings) holding.release();
    };
    return { ...compiled, holdings, retire };
  };

  beforeEach(() => void (resources = createResources()));
  afterEach(() => expect(held(resources)).to.deep.equal({}));

  it('takes nothing that is not asked for', async () => {
    const { upstream, retire, discovered } = compile(await configWith(`targets: ['${A}']`));
    expect(held(resources)).to.deep.equal({ connections: 1, states: 1 });
    expect([upstream.retry, upstream.budget, upstream.hedge, upstream.bulkhead, discovered]).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([502, 503, 504, 500, 200, 429].map((status) => upstream.failsWith(status))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    retire();
  });

  it('takes all that is asked for, and gives it back', async () => {
    const { upstream, retire } = compile(await configWith(`targets: ['${A}', { url: '${B}', weight: 3 }], ${ALL}`));
    expect(held(resources)).to.deep.equal({
      connections: 2,
      states: 2,
      breakers: 2,
      outliers: 2,
      probers: 2,
      bulkheads: 1,
      budgets: 1,
    });
    const { endpoints, ...view } = upstream.view();
    expect(view).to.deep.equal({
      name: 'up',
      balance: 'round-robin',
      panic: false,
      source: { kind: 'targets', updatedAt: undefined, fault: undefined },
      bulkhead: { inside: 0, queued: 0 },
    });
    expect(
      endpoints.map(({ origin, weight, breaker, condition }) => [origin, weight, breaker, condition]),
    ).to.deep.equal([
      [A, 1, 'closed', 'available'],
      [B, 3, 'closed', 'available'],
    ]);
    retire();
  });

  it('shares with the next generation what depends on nothing that has changed', async () => {
    const first = compile(await configWith(`targets: ['${A}'], ${ALL}`));
    const [member] = first.upstream.choice.members;
    const second = compile(await configWith(`targets: ['${A}'], connectTimeout: 7s, ${ALL}`));
    // The connections depend on the timeout.
    const one = { connections: 2, states: 1, breakers: 1, outliers: 1, probers: 1, bulkheads: 1, budgets: 1 };
    expect(held(resources)).to.deep.equal(one);
    expect(second.upstream.choice.members[0]?.state).to.equal(member?.state);
    expect([second.upstream.bulkhead, second.upstream.budget]).to.deep.equal([
      first.upstream.bulkhead,
      first.upstream.budget,
    ]);
    first.retire();
    expect(held(resources)).to.deep.equal({ ...one, connections: 1 });
    second.retire();
  });

  it('leaves an endpoint that takes nothing out of those of which a share may be ejected', async () => {
    const { retire } = compile(await configWith(`targets: ['${A}', { url: '${B}', weight: 0 }], outlier: {}`));
    expect(held(resources)).to.deep.equal({ connections: 2, states: 2, outliers: 1 });
    retire();
  });

  it('shares nothing between two upstreams that name one address', async () => {
    const first = compile(await configWith(`targets: ['${A}'], ${ALL}`));
    const second = compile(await configWith(`targets: ['${A}'], ${ALL}`, 'other'));
    expect(new Set(Object.values(held(resources)))).to.deep.equal(new Set([2]));
    first.retire();
    second.retire();
  });

  it('holds what requests need, and nothing that judges endpoints for others, as long as one of before is under way', async () => {
    const { holding, holdings, upstream } = compile(await configWith(`targets: ['${A}'], ${ALL}`));
    for (const other of holdings) if (other !== holding) other.release();
    expect(held(resources)).to.deep.equal({
      connections: 1,
      states: 1,
      breakers: 1,
      bulkheads: 1,
      budgets: 1,
    });
    expect(upstream.choice.members).to.have.length(1);
    holding.release();
    expect(upstream.choice.members).to.have.length(0);
  });

  it('gives back what it took when one of the targets cannot be had', async () => {
    const config = await configWith(`targets: ['${A}', '${B}'], ${ALL}`);
    const holdings: Holding[] = [];
    const broken = { ...config, targets: [...config.targets, { origin: 'no origin', weight: 1 }] };
    expect(() => compileUpstream(broken, resources, metrics, holdings)).to.throw(Error);
    for (const holding of holdings) holding.release();
  });

  it('follows the endpoints that are found, until another generation takes over', async () => {
    const { upstream, holding, holdings, discovered } = compile(await configWith('discover: { registry: true }'));
    const origins = (): string[] => upstream.choice.members.map(({ id }) => id);
    expect([origins(), held(resources)]).to.deep.equal([[], { discoveries: 1 }]);
    await discovered?.first;
    const put = async (id: string, origin: string): Promise<unknown> =>
      resources.stores.registry.put('up', { id, origin, weight: 1, metadata: {} }, 60_000);
    await put('one', A);
    expect([origins(), held(resources)]).to.deep.equal([[A], { discoveries: 1, connections: 1, states: 1 }]);
    await put('two', B);
    expect(origins()).to.deep.equal([A, B]);
    await resources.stores.registry.remove('up', 'one');
    expect([origins(), held(resources)]).to.deep.equal([[B], { discoveries: 1, connections: 1, states: 1 }]);
    expect(upstream.view().source).to.include({ kind: 'registry', fault: undefined });

    for (const other of holdings) if (other !== holding) other.release();
    expect(held(resources)).to.deep.equal({ connections: 1, states: 1 });
    await resources.stores.registry.remove('up', 'two');
    // What is under way goes on at the endpoints of before.
    expect(origins()).to.deep.equal([B]);
    holding.release();
    await resources.stores.registry.close();
  });

  it('has a budget for hedges alone', async () => {
    const { upstream, retire } = compile(await configWith(`targets: ['${A}'], hedge: { after: 1s, max: 2 }`));
    expect(upstream.hedge).to.deep.equal({ after: 1000, max: 2 });
    expect(upstream.retry).to.equal(undefined);
    let hedges = 0;
    while (upstream.budget?.tryRetry() === true) hedges += 1;
    expect(hedges).to.equal(10);
    for (let request = 0; request < 5; request += 1) upstream.budget?.requested();
    expect([upstream.budget?.tryRetry(), upstream.budget?.tryRetry()]).to.deep.equal([true, false]);
    retire();
  });

  it('steps in for the statuses that are retried', async () => {
    const { upstream, retire } = compile(
      await configWith(`targets: ['${A}'], retry: { attempts: 2, when: [reset, 500] }`),
    );
    expect([500, 502, 503].map((status) => upstream.failsWith(status))).to.deep.equal([true, false, false]);
    retire();
  });
});
