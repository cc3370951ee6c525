import { Deadlines } from '../deadlines.ts';
import type { DatabaseConfig, IdentityConfig } from '../config/people-config.ts';
import { identityService, type IdentityCounts, type IdentityService } from './identity-service.ts';
import { holdKeys, signingSettings, type HeldKeys, type SigningSettings } from './signing.ts';
import { UserStore } from './user-store.ts';
import { createVerifier, type HeldVerifier, type VerifierSettings } from './verifiers.ts';
import { createEndpoint, type Endpoint, type EndpointSettings } from '../upstreams/endpoint.ts';

/** A share in a resource. */
export interface Lease<Resource> {
  readonly resource: Resource;
  /** To be called once. */
  release(): void;
}

/**
 * Resources of one kind that must outlive a reload: sockets, and what was learnt about an endpoint. Each has a key made
 * of its identity and of the settings that it depends on: the same key is the same resource, a changed key a fresh
 * start. A resource is closed when its last holder lets go.
 */
export class Shared<Settings, Resource extends { close(): void }> {
  readonly #create: (settings: Settings) => Resource;
  readonly #entries = new Map<string, { readonly resource: Resource; holders: number }>();

  /** @param create makes the resource when nobody holds one with these settings */
  constructor(create: (settings: Settings) => Resource) {
    this.#create = create;
  }

  /** @param settings plain data: its text form is the key */
  acquire(settings: Settings): Lease<Resource> {
    const key = JSON.stringify(settings);
    const entry = this.#entries.get(key) ?? { resource: this.#create(settings), holders: 0 };
    this.#entries.set(key, entry);
    entry.holders += 1;
    return {
      resource: entry.resource,
      release: () => {
        entry.holders -= 1;
        if (entry.holders > 0) return;
        this.#entries.delete(key);
        entry.resource.close();
      },
    };
  }

  /** How many resources are open. */
  get size(): number {
    return this.#entries.size;
  }
}

/** An endpoint belongs to its upstream: two upstreams that name one address learn about it separately. */
export interface EndpointKey extends EndpointSettings {
  readonly upstream: string;
}

/** Everything that generations of the gateway share. */
export interface Resources {
  readonly deadlines: Deadlines;
  readonly endpoints: Shared<EndpointKey, Endpoint>;
  readonly users: UserStore;
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
}

const UNCOUNTED: IdentityCounts = { registration: () => undefined, login: () => undefined };

/** Makes what generations of the gateway share; nothing is opened before it is needed. */
export function createResources(reports: ResourceReports = {}, users = new UserStore()): Resources {
  const { failed, keysUnavailable, signingKeysFault = () => undefined, counts = UNCOUNTED } = reports;
  const deadlines = new Deadlines(failed);
  const signingKeys = new Shared((settings: SigningSettings) => holdKeys(settings, signingKeysFault));
  const hold = (settings: SigningSettings): Lease<HeldKeys> => signingKeys.acquire(settings);
  return {
    deadlines,
    endpoints: new Shared((settings) => createEndpoint(settings, deadlines)),
    users,
    signingKeys,
    verifiers: new Shared((settings) => createVerifier(settings, hold, keysUnavailable)),
    identities: new Shared(({ identity, database }) => {
      const keys = hold(signingSettings(identity.tokens, database));
      const service = identityService(identity, users.open(database), keys.resource, counts);
      return { ...service, close: () => keys.release() };
    }),
    webSockets: new Shared(() => ({ open: 0, close: () => undefined })),
  };
}
