/** What an admin listener shows where a test has nothing to say about it. */
import type { AdminOptions } from '../../src/admin/admin.ts';
import { purgeOutcome } from '../../src/cache/purged.ts';
import { ConfigState } from '../../src/gateway/config-state.ts';
import { createLogger } from '../../src/observability/log.ts';
import { MemoryRegistry } from '../../src/upstreams/registry/memory-registry.ts';
import { configOf } from './load.ts';

/** @param options what the test is about */
export async function adminOptions(options: Partial<AdminOptions>): Promise<AdminOptions> {
  const config = await configOf('version: 1\nroutes: []\n');
  return {
    version: '0.0.0',
    startedAt: Date.now(),
    configuration: new ConfigState('gateway.yaml', config, {
      sources: new Map(),
      secrets: [],
      written: new Map(),
      shown: [],
    }),
    metrics: async () => [],
    logger: createLogger({ format: () => 'json' }, { write: () => undefined }),
    notReady: () => undefined,
    internalError: () => undefined,
    health: () => ({}),
    reload: async () => 'stopping',
    config: () => config.admin,
    administration: () => undefined,
    upstreams: () => [],
    sourceOf: () => undefined,
    registry: new MemoryRegistry(),
    purge: async () => purgeOutcome([]),
    ...options,
  };
}
