import { Deadlines } from '../deadlines.ts';
import type { DatabaseConfig, IdentityConfig } from '../config/people-config.ts';
import { identityService, type IdentityCounts, type IdentityService } from './identity-service.ts';
import { holdKeys, signingSettings, type HeldKeys, type SigningSettings } from './signing.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Alone } from '../limits/shared-limiter.ts';
import type { Cache, CacheEvents } from '../cache/cache.ts';
import type { CacheConfig } from '../config/cache-config.ts';
import { createCache } from './caches.ts';
import { createLimiter, type LimiterSettings } from './limiters.ts';
import { openStores, type Stores } from './stores.ts';
import { createVerifier, type HeldVerifier, type VerifierSettings } from './verifiers.ts';
import { Discovered, type DiscoveryEvents, type DiscoverySettings } from './discovered.ts';
import { upstreamResources, type EndpointEvents, type UpstreamResources } from './endpoints.ts';
import { holdValidator, type HeldValidator, type ValidatorSettings } from './compile-validation.ts';
import { Shared, type Lease } from './shared.ts';

/** What is told of upstreams when something changes. */
export interface UpstreamEvents extends EndpointEvents, DiscoveryEvents {
  /** Requests find that no endpoint is well, or that some are again. */
  panic(upstream: string, is: boolean): void;
}

/** Everything that generations of the gateway share. */
export interface Resources extends UpstreamResources {
  readonly deadlines: Deadlines;
  readonly stores: Stores;
  readonly events: UpstreamEvents;
  readonly discoveries: Shared<DiscoverySettings, Discovered>;
  /** By scope and rate: what was counted outlives a reload. */
  readonly limiters: Shared<LimiterSettings, { readonly part: Limiter; close(): void }>;
  /** By its settings: what is stored outlives a reload. */
  readonly caches: Shared<CacheConfig, Cache>;
  /** By the schema's text: compiling one takes milliseconds. */
  readonly validators: Shared<ValidatorSettings, HeldValidator>;
  readonly signingKeys: Shared<SigningSettings, HeldKeys>;
  /** By the issuers that they know: keys that were fetched and tokens that were verified outlive a reload. */
  readonly verifiers: Shared<VerifierSettings, HeldVerifier>;
  readonly identities: Shared<IdentitySettings, IdentityService & { close(): void }>;
  /** Open WebSockets by route name: the limit holds across reloads. */
  readonly webSockets: Shared<{ readonly route: string }, WebSocketCount>;
}

export interface IdentitySettings {
  readonly identity: IdentityConfig;
  readonly database: DatabaseConfig;
}

interface WebSocketCount {
  open: number;
  close(): void;
}

/** What resources report of themselves. */
export interface ResourceReports {
  /** A bug showed when something was overdue. */
  readonly failed?: (error: unknown) => void;
  /** The keys of an issuer could not be fetched. */
  readonly keysUnavailable?: (issuer: string, fault: string) => void;
  /** The folder of signing keys can no longer be used; the last good keys stay. */
  readonly signingKeysFault?: (message: string) => void;
  readonly counts?: IdentityCounts;
  readonly events?: UpstreamEvents;
  /** A limit that gateways share was counted by this one alone. */
  readonly countedAlone?: (why: Alone) => void;
  readonly cache?: CacheEvents;
}

const nobody = (): void => undefined;
const UNTOLD: UpstreamEvents = {
  breaker: nobody,
  ejected: nobody,
  probed: nobody,
  found: nobody,
  lost: nobody,
  recovered: nobody,
  panic: nobody,
};
const UNCOUNTED: IdentityCounts = { registration: () => undefined, login: () => undefined };

/** Makes what generations of the gateway share; nothing is opened before it is needed. */
export function createResources(reports: ResourceReports = {}, stores: Stores = openStores()): Resources {
  const {
    failed,
    keysUnavailable,
    signingKeysFault = () => undefined,
    counts = UNCOUNTED,
    events = UNTOLD,
    countedAlone = nobody,
    cache = { evicted: nobody, skipped: nobody },
  } = reports;
  const deadlines = new Deadlines(failed);
  const signingKeys = new Shared((settings: SigningSettings) => holdKeys(settings, signingKeysFault));
  const hold = (settings: SigningSettings): Lease<HeldKeys> => signingKeys.acquire(settings);
  return {
    deadlines,
    ...upstreamResources(deadlines, events),
    events,
    stores,
    discoveries: new Shared((settings) => new Discovered(settings, stores.registry, events)),
    limiters: new Shared((settings) => ({
      part: createLimiter(settings, stores.redis, countedAlone),
      close: nobody,
    })),
    caches: new Shared((settings) => createCache(settings, stores.redis, cache)),
    validators: new Shared(holdValidator),
    signingKeys,
    verifiers: new Shared((settings) => createVerifier(settings, hold, keysUnavailable)),
    identities: new Shared(({ identity, database }) => {
      const keys = hold(signingSettings(identity.tokens, database));
      const service = identityService(identity, stores.users.open(database), keys.resource, counts);
      return { ...service, close: () => keys.release() };
    }),
    webSockets: new Shared(() => ({ open: 0, close: () => undefined })),
  };
}
