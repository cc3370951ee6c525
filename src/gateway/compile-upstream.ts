import type { TargetConfig, UpstreamConfig } from '../config/config.ts';
import { DEFAULT_RETRY_CAUSES } from '../config/resilience-config.ts';
import type { Metrics } from '../observability/metrics.ts';
import { compileRetry } from '../resilience/retry.ts';
import { createBalancer } from '../upstreams/balance/index.ts';
import { Choice } from '../upstreams/choice.ts';
import { compileHashKey } from '../upstreams/hash-key.ts';
import { Member } from '../upstreams/member.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import type { SourceView, UpstreamView } from '../upstreams/view.ts';
import type { Discovered } from './discovered.ts';
import type { Holding } from './gateway.ts';
import { Leases } from './leases.ts';
import { Members, type HeldMember } from './members.ts';
import type { Resources } from './resources.ts';

/** An upstream of one generation. */
export interface CompiledUpstream {
  readonly upstream: Upstream;
  /** What its requests need: as long as one is under way it is held, also when another generation has taken over. */
  readonly holding: Holding;
  /** Where its endpoints are found; undefined = they stand in the configuration. */
  readonly discovered: Discovered | undefined;
}

const TARGETS: SourceView = { kind: 'targets', updatedAt: undefined, fault: undefined };
/** What hedges are taken from when there are no retries: the default of retries. */
const HEDGE_BUDGET = 0.2;

/** @param holdings gets all that it takes, so that it can be given back also when compiling fails */
export function compileUpstream(
  config: UpstreamConfig,
  resources: Resources,
  metrics: Metrics,
  holdings: Holding[],
): CompiledUpstream {
  const { name, resilience, discover } = config;
  const { balance, retry, bulkhead, hedge } = resilience;
  const holding = new Leases();
  // What looks after the endpoints: no route needs it, so that it ends when another generation takes over.
  const care = new Leases();
  holdings.push(care, holding);
  const panic = holding.add(resources.panics.acquire({ upstream: name })).part;
  const onPanic = (is: boolean): void => {
    if (is === panic.is) return;
    panic.is = is;
    resources.events.panic(name, is);
  };
  const choice = new Choice(createBalancer(balance.kind), onPanic, panic.is);
  const members = new Members(choice, (target) => holdMember(config, target, resources));
  holding.add({ resource: members, release: () => members.release() });
  care.add({ resource: members, release: () => members.stop() });
  const discovered = discover && care.add(resources.discoveries.acquire({ upstream: name, discover }));
  members.replace(discovered?.endpoints ?? config.targets);
  if (discovered !== undefined) {
    const release = discovered.follow((endpoints) => members.replace(endpoints));
    care.add({ resource: discovered, release });
  }
  const failing = new Set<unknown>(retry?.when ?? DEFAULT_RETRY_CAUSES);
  const ratio = retry?.budget ?? (hedge === undefined ? undefined : HEDGE_BUDGET);
  const room = bulkhead && holding.add(resources.bulkheads.acquire({ upstream: name, rules: bulkhead })).part;
  return {
    holding,
    discovered,
    upstream: {
      name,
      preserveHost: config.host === 'preserve',
      metrics: metrics.upstream(name),
      choice,
      hashKey: compileHashKey(balance),
      retry: retry && compileRetry(retry),
      failsWith: (status) => failing.has(status),
      hedge,
      budget: ratio === undefined ? undefined : holding.add(resources.budgets.acquire({ upstream: name, ratio })).part,
      bulkhead: room,
      view: (): UpstreamView => ({
        name,
        balance: balance.kind,
        panic: choice.isPanicking,
        endpoints: choice.members.map((member) => member.view()),
        source: discovered?.view ?? TARGETS,
        bulkhead: room && { inside: room.inside, queued: room.queued },
      }),
    },
  };
}

function holdMember(config: UpstreamConfig, { origin, weight }: TargetConfig, resources: Resources): HeldMember {
  const { name: upstream, connectTimeout, responseTimeout, idleTimeout, connections, tls } = config;
  const { slowStart, breaker, outlier, health } = config.resilience;
  const key = { upstream, origin };
  const leases = new Leases();
  const care = new Leases();
  const timeouts = { connectTimeout, responseTimeout, idleTimeout };
  const member = new Member({
    endpoint: leases.add(resources.connections.acquire({ ...key, ...timeouts, connections, tls })),
    weight,
    state: leases.add(resources.states.acquire(key)).part,
    slowStart,
    breaker: breaker && leases.add(resources.breakers.acquire({ ...key, rules: breaker })).part,
    // Endpoints of which a share may be out are those that take something now, and not those of a stream's generation.
    outlier: outlier && weight > 0 ? care.add(resources.outliers.acquire({ ...key, rules: outlier })).part : undefined,
  });
  if (health !== undefined) care.add(resources.probers.acquire({ ...key, rules: health, tls }));
  return { member: { resource: member, release: () => leases.release() }, care };
}
