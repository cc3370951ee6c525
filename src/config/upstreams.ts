import type { HealthDocument, RouteDocument, UpstreamDocument } from './document.types.ts';
import {
  inside,
  lineOf,
  unlessOff,
  withDefaults,
  type Located,
  type Place,
  type Reporter,
  type WrittenConfig,
} from './located.ts';
import { parseTimer } from './units.ts';

/** Finds what is wrong with upstreams, and no schema can say: keys of which one makes the other mean nothing. */
export function checkUpstreams(written: WrittenConfig, reporter: Reporter): void {
  const firsts = new Map<string, Located<unknown>>();
  for (const upstream of written.upstreams) {
    const first = firsts.get(upstream.name);
    if (first !== undefined) {
      const message = `the upstream "${upstream.name}" is defined twice: first in ${lineOf(first)}`;
      reporter.error('duplicate-name', { ...upstream, at: 'key' }, message, 'rename one of them');
    }
    firsts.set(upstream.name, first ?? upstream);
    checkTargets(upstream, reporter);
    checkSource(upstream, reporter);
    checkRules(upstream.value, upstream, reporter);
  }
  const { main } = written;
  const defaults = main.value.defaults?.upstream;
  if (defaults !== undefined) checkRules(defaults, inside(main, 'defaults', 'upstream'), reporter);
}

function checkSource(upstream: Located<UpstreamDocument> & { readonly name: string }, reporter: Reporter): void {
  const { targets, discover } = upstream.value;
  if (targets === undefined && discover === undefined) {
    const message = `the upstream "${upstream.name}" has no endpoints: expected targets or discover`;
    reporter.error('missing-key', { ...upstream, at: 'key' }, message, 'add targets: [http://127.0.0.1:9001]');
  } else if (targets !== undefined && discover !== undefined) {
    const message = `the upstream "${upstream.name}" has targets and discover, and only one of them can be followed`;
    reporter.error('invalid-value', { ...inside(upstream, 'discover'), at: 'key' }, message, 'remove one of them');
  }
  if (discover !== undefined && 'dns' in discover && discover.srv === true && discover.port !== undefined) {
    const place = { ...inside(upstream, 'discover', 'port'), at: 'key' as const };
    reporter.error('invalid-value', place, 'SRV records hold the port, so that this one means nothing', 'remove it');
  }
}

/** What has the form of an origin can still have a host that is none: 999.1.1.1. */
function checkTargets(upstream: Located<UpstreamDocument>, reporter: Reporter): void {
  for (const [index, target] of (upstream.value.targets ?? []).entries()) {
    const text = typeof target === 'string' ? target : target.url;
    if (URL.canParse(text)) continue;
    const place = inside(upstream, 'targets', index, ...(typeof target === 'string' ? [] : ['url']));
    reporter.error('invalid-value', place, `found "${text}", and its host is no name and no address`);
  }
}

function checkRules(value: Pick<UpstreamDocument, 'health' | 'retry'>, place: Place, reporter: Reporter): void {
  const health = unlessOff(value.health);
  if (health !== undefined) checkHealth(health, inside(place, 'health'), reporter);
  const { base, max } = unlessOff(value.retry)?.backoff ?? {};
  if (parseTimer(base ?? '25ms') > parseTimer(max ?? '1s')) {
    const message = `the first pause, ${base ?? '25ms'}, is longer than the longest, ${max ?? '1s'}`;
    reporter.error('invalid-value', inside(place, 'retry', 'backoff'), message, 'raise max, or lower base');
  }
}

function checkHealth({ path, tcp, expect }: HealthDocument, place: Place, reporter: Reporter): void {
  const hint = 'path: /healthz asks for an answer, tcp: true for a connection';
  if (path === undefined && tcp === undefined)
    reporter.error('missing-key', { ...place, at: 'key' }, 'it is not said how to probe: expected path or tcp', hint);
  if (path !== undefined && tcp !== undefined)
    reporter.error(
      'invalid-value',
      { ...inside(place, 'tcp'), at: 'key' },
      'it has path and tcp',
      'remove one of them',
    );
  if (path === undefined && expect !== undefined) {
    const message = 'a probe without a path gets no answer that could be as expected';
    reporter.error(
      'invalid-value',
      { ...inside(place, 'expect'), at: 'key' },
      message,
      'add path: /healthz, or remove it',
    );
  }
}

/** Checks the fallback of a route, whose default it may be. */
export function checkFallback(route: Located<RouteDocument>, { main }: WrittenConfig, reporter: Reporter): void {
  const fallback = unlessOff(withDefaults(route.value, main.value.defaults?.route).fallback);
  const place =
    route.value.fallback === undefined ? inside(main, 'defaults', 'route', 'fallback') : inside(route, 'fallback');
  if (fallback?.upstream !== undefined && fallback.status !== undefined)
    reporter.error(
      'invalid-value',
      { ...inside(place, 'status'), at: 'key' },
      'it has status and upstream',
      'remove one of them',
    );
  if (fallback?.upstream !== undefined && fallback.upstream === route.value.upstream) {
    const message = `the fallback asks "${fallback.upstream}" once more, which has just failed`;
    reporter.error(
      'invalid-value',
      inside(place, 'upstream'),
      message,
      'name another upstream, or add retry to this one',
    );
  }
  if ((fallback?.status === 204 || fallback?.status === 304) && (fallback.body ?? '') !== '')
    reporter.error(
      'invalid-value',
      inside(place, 'body'),
      `an answer with ${fallback.status} has no body`,
      'remove it',
    );
}
