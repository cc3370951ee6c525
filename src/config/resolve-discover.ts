import type { DiscoverConfig } from './discover-config.ts';
import type { DiscoverDocument, UpstreamDocument } from './document.types.ts';
import { pathOf, type Located } from './located.ts';

/** @returns undefined for an upstream that names its endpoints itself */
export function resolveDiscover(upstream: Located<UpstreamDocument>): DiscoverConfig | undefined {
  const { discover } = upstream.value;
  return discover === undefined ? undefined : sourceOf(discover, (file) => pathOf(upstream, file));
}

function sourceOf(discover: DiscoverDocument, absolute: (file: string) => string): DiscoverConfig {
  if ('dns' in discover) {
    const { dns, port, scheme, srv = false } = discover;
    return { kind: 'dns', dns, port, scheme, srv };
  }
  if ('registry' in discover) return { kind: 'registry' };
  if ('consul' in discover) {
    const { consul, service, tag } = discover;
    return { kind: 'consul', consul, service, tag };
  }
  if ('etcd' in discover) return { kind: 'etcd', ...discover };
  if ('kubernetes' in discover) {
    const { namespace, service, port } = discover.kubernetes;
    return { kind: 'kubernetes', namespace, service, port };
  }
  return { kind: 'file', file: absolute(discover.file) };
}
