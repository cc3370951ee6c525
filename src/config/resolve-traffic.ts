import type { IpRuleDocument, MirrorDocument, RateLimitDocument, SplitDocument } from './document.types.ts';
import { resolveHashKey } from './resolve-resilience.ts';
import type { IpConfig, MirrorConfig, RateLimitKeyConfig, RouteLimitConfig, SplitConfig } from './traffic-config.ts';
import { parseDuration } from './units.ts';

export function resolveIp({ allow = [], deny = [] }: IpRuleDocument): IpConfig {
  return { allow, deny };
}

/** @param route its name: a limit without a name belongs to it alone */
export function resolveLimits(
  limits: RateLimitDocument | readonly RateLimitDocument[],
  route: string,
): readonly RouteLimitConfig[] {
  return [limits].flat().map(({ requests, per, burst = requests, by = 'client', name }, index) => ({
    name: name ?? (index === 0 ? 'default' : `limit-${index + 1}`),
    // No route and no limit has a slash in its name.
    scope: name ?? `${route}/${index}`,
    requests,
    per: parseDuration(per),
    burst,
    by: resolveKey(by),
  }));
}

function resolveKey(by: string): RateLimitKeyConfig {
  const [kind = '', ...rest] = by.split(':');
  const name = rest.join(':');
  if (kind === 'header') return { kind, name: name.toLowerCase() };
  if (kind === 'claim') return { kind, name };
  return { kind: kind === 'user' || kind === 'route' ? kind : 'client' };
}

export function resolveSplit({ sticky = 'off', to }: SplitDocument): SplitConfig {
  return { sticky: sticky === 'off' ? undefined : resolveHashKey(sticky), to };
}

export function resolveMirror({ upstream, ratio = 1 }: MirrorDocument): MirrorConfig {
  return { upstream, ratio };
}
