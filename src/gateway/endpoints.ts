import type { Deadlines } from '../deadlines.ts';
import { Breaker, type BreakerOptions, type BreakerState } from '../resilience/breaker.ts';
import { Bulkhead, type BulkheadOptions } from '../resilience/bulkhead.ts';
import { Outliers, type OutlierOptions, type TrackedEndpoint } from '../resilience/outlier.ts';
import { RetryBudget } from '../resilience/retry.ts';
import { createEndpoint, type Endpoint, type EndpointSettings, type EndpointTls } from '../upstreams/endpoint.ts';
import { EndpointState } from '../upstreams/endpoint-state.ts';
import { Prober, type ProbeObserver, type ProbeRules } from '../upstreams/health/prober.ts';
import { Shared } from './shared.ts';

/** An endpoint belongs to its upstream: two upstreams that name one address learn about it separately. */
export interface EndpointKey {
  readonly upstream: string;
  readonly origin: string;
}

/** What is told of endpoints when something changes. */
export interface EndpointEvents {
  breaker(endpoint: EndpointKey, to: BreakerState): void;
  ejected(endpoint: EndpointKey, is: boolean): void;
  probed(endpoint: EndpointKey, isHealthy: boolean, why: string): void;
}

/** What is shared but has nothing to close. */
interface Holder<Part> {
  readonly part: Part;
  close(): void;
}

type Settings<Rules> = EndpointKey & { readonly rules: Rules };

/** What the requests of one upstream share, over all generations. */
export interface UpstreamResources {
  readonly connections: Shared<EndpointKey & EndpointSettings, Endpoint>;
  /** By upstream and origin alone: what is known of an endpoint survives all other changes. */
  readonly states: Shared<EndpointKey, Holder<EndpointState>>;
  readonly breakers: Shared<Settings<BreakerOptions>, Holder<Breaker>>;
  readonly outliers: Shared<Settings<OutlierOptions>, Holder<TrackedEndpoint>>;
  readonly probers: Shared<Settings<ProbeRules> & { readonly tls: EndpointTls }, Holder<Prober>>;
  readonly bulkheads: Shared<{ readonly upstream: string; readonly rules: BulkheadOptions }, Holder<Bulkhead>>;
  /** Whether the upstream was in panic when a request looked last. */
  readonly panics: Shared<{ readonly upstream: string }, Holder<{ is: boolean }>>;
  readonly budgets: Shared<{ readonly upstream: string; readonly ratio: number }, Holder<RetryBudget>>;
}

/** How long it is remembered what was known of an endpoint that went: it may only have flapped. In milliseconds. */
const REMEMBERED = 300_000;

const clock = (): number => performance.now();

export function upstreamResources(deadlines: Deadlines, events: EndpointEvents): UpstreamResources {
  const states = new Shared<EndpointKey, Holder<EndpointState>>(() => holder(new EndpointState(clock)), REMEMBERED);
  const watches = new Shared(({ upstream, rules }: { readonly upstream: string; readonly rules: OutlierOptions }) => {
    const told = new Map<string, (ejected: boolean) => void>();
    const outliers = new Outliers(rules, clock, (origin, ejected) => {
      told.get(origin)?.(ejected);
      events.ejected({ upstream, origin }, ejected);
    });
    return { outliers, told, close: () => undefined };
  });
  return {
    connections: new Shared((settings) => createEndpoint(settings, deadlines)),
    states,
    breakers: new Shared(({ upstream, origin, rules }) => {
      const endpoint = { upstream, origin };
      // It is remembered for longer than anybody holds it, and must not hold the state itself.
      const breaker = new Breaker(rules, clock, (to) => {
        states.find(endpoint)?.part.changed();
        events.breaker(endpoint, to);
      });
      return holder(breaker);
    }, REMEMBERED),
    outliers: new Shared(({ upstream, origin, rules }) => {
      const watch = watches.acquire({ upstream, rules });
      const { outliers, told } = watch.resource;
      const state = states.acquire({ upstream, origin });
      const tracked = outliers.track(origin);
      // One that is back has to grow to its share again.
      told.set(origin, (ejected) => (ejected ? state.resource.part.changed() : state.resource.part.healed()));
      return holder(tracked, () => {
        tracked.remove();
        told.delete(origin);
        state.release();
        watch.release();
      });
    }),
    probers: new Shared(({ upstream, origin, rules, tls }) => {
      const endpoint = { upstream, origin };
      const state = states.acquire(endpoint);
      // Other rules for probes are no reason to hold an endpoint for healthy that was not.
      const before = state.resource.part.objection;
      const observer: ProbeObserver = {
        onChange: (isHealthy, why) => {
          if (isHealthy) state.resource.part.withdraw(prober);
          else state.resource.part.object(prober, why);
          events.probed(endpoint, isHealthy, why);
        },
      };
      const prober = new Prober({ origin, tls }, rules, observer, { isHealthy: before === undefined });
      if (before !== undefined) state.resource.part.object(prober, before);
      return holder(prober, () => {
        prober.close();
        state.resource.part.withdraw(prober);
        state.release();
      });
    }),
    bulkheads: new Shared(({ rules }) => holder(new Bulkhead(rules, deadlines))),
    panics: new Shared(() => holder({ is: false })),
    budgets: new Shared(({ ratio }) => holder(new RetryBudget({ ratio }))),
  };
}

function holder<Part>(part: Part, close: () => void = () => undefined): Holder<Part> {
  return { part, close };
}
