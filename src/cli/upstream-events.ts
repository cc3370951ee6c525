import type { UpstreamEvents } from '../gateway/resources.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { SourceView } from '../upstreams/view.ts';

/** One log line for each change of what upstreams can do, and its count. */
export function upstreamEvents(logger: Logger, metrics: Metrics): UpstreamEvents {
  return {
    breaker: ({ upstream, origin }, to) => {
      metrics.breakerChanged(upstream, to);
      const about = { upstream, endpoint: origin, breaker: to };
      if (to === 'open') logger.warn(about, 'the breaker of an endpoint opened: requests to it failed');
      else logger.info(about, to === 'closed' ? 'the breaker of an endpoint closed' : 'an endpoint is tried again');
    },
    ejected: ({ upstream, origin }, is) => {
      const about = { upstream, endpoint: origin };
      if (!is) {
        logger.info(about, 'an endpoint that was left out is back');
        return;
      }
      metrics.ejected(upstream);
      logger.warn(about, 'an endpoint is left out for a while: requests to it failed');
    },
    probed: ({ upstream, origin }, isHealthy, why) => {
      const about = { upstream, endpoint: origin, why };
      if (isHealthy) logger.info(about, 'an endpoint is healthy again');
      else logger.warn(about, 'an endpoint is unhealthy');
    },
    panic: (upstream, is) => {
      if (is) logger.error({ upstream }, 'no endpoint is well: all of them are asked');
      else logger.info({ upstream }, 'some endpoints are well again: only those are asked');
    },
    found: (upstream, { kind }, endpoints) => {
      // A registry begins empty.
      if (endpoints === 0 && kind !== 'registry')
        logger.warn({ upstream, source: kind }, 'the source of an upstream has no endpoints');
      else logger.info({ upstream, source: kind, endpoints }, 'the endpoints of an upstream were found');
    },
    lost: (upstream, source) => {
      const about = { upstream, source: source.kind, why: source.fault, age: ageOf(source) };
      logger.warn(about, 'the endpoints of an upstream cannot be asked for: the last known ones stay');
    },
    recovered: (upstream, { kind }) => {
      logger.info({ upstream, source: kind }, 'the endpoints of an upstream can be asked for again');
    },
  };
}

/** How old the last good answer is, in whole seconds; undefined when there was none. */
function ageOf({ updatedAt }: SourceView): number | undefined {
  return updatedAt === undefined ? undefined : Math.round((Date.now() - updatedAt) / 1000);
}
