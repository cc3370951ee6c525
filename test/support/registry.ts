/** An admin listener with a registry in memory, and nothing else behind it. */
import { AdminListener } from '../../src/admin/admin.ts';
import { createLogger } from '../../src/observability/log.ts';
import { MemoryRegistry } from '../../src/upstreams/registry/memory-registry.ts';
import type { Instance, Registration } from '../../src/upstreams/registry/registry.ts';
import type { SourceView, UpstreamView } from '../../src/upstreams/view.ts';
import { adminOptions } from './admin.ts';
import { Arrivals } from './arrivals.ts';
import { call, type Answered, type CallOptions } from './client.ts';

const LISTEN = { host: '127.0.0.1', port: 0 };

/** What was done with a registry, in order: `created one`, `renewed one`, `removed one`, `absent one`, … */
class WatchedRegistry extends MemoryRegistry {
  readonly done = new Arrivals<string>((text) => text);

  override async put(upstream: string, instance: Instance, ttl: number): Promise<Registration> {
    const outcome = await super.put(upstream, instance, ttl);
    this.done.push(`${outcome} ${instance.id}`);
    return outcome;
  }

  override async remove(upstream: string, id: string): Promise<boolean | 'unavailable'> {
    const outcome = await super.remove(upstream, id);
    this.done.push(`${outcome === true ? 'removed' : outcome === false ? 'absent' : outcome} ${id}`);
    return outcome;
  }
}

/** Its upstreams: `orders` and `users` take registrations, `fixed` and `named` do not. */
const UPSTREAMS: readonly UpstreamView[] = [
  view('orders', 'registry'),
  view('users', 'registry'),
  view('fixed', 'targets'),
  view('named', 'dns'),
];

export class RegistryAdmin {
  registry = new WatchedRegistry();
  token = '';
  registryToken = '';
  /** What was logged, without the time and who asked. */
  readonly log: Readonly<Record<string, unknown>>[] = [];
  #listener: AdminListener | undefined;

  /** @param port 0 = a free one */
  async open(port = 0): Promise<void> {
    this.registry = new WatchedRegistry();
    const lines = {
      write: (line: string) => {
        const {
          time: _time,
          requestId: _requestId,
          client: _client,
          ...told
        }: Record<string, unknown> = JSON.parse(line);
        this.log.push(told);
      },
    };
    const options = await adminOptions({
      logger: createLogger({ format: () => 'json' }, lines),
      config: () => ({ listen: LISTEN, token: this.token, registryToken: this.registryToken }),
      upstreams: () => UPSTREAMS,
      sourceOf: (upstream) => UPSTREAMS.find(({ name }) => name === upstream)?.source.kind,
      registry: this.registry,
    });
    this.#listener = await AdminListener.open({ ...LISTEN, port }, options);
  }

  async close(): Promise<void> {
    await this.#listener?.close();
    await this.registry.close();
  }

  get port(): number {
    return this.#listener?.address.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @param target `PUT /upstreams/orders/instances/one`, below /api/v1 */
  async ask(target: string, options: CallOptions & { readonly token?: string } = {}): Promise<Answered> {
    const [method = '', path = ''] = target.split(' ');
    const { token = '', headers = [], ...more } = options;
    return call(`${this.url}/api/v1${path}`, {
      ...more,
      method,
      headers: [
        ...(token === '' ? [] : ['authorization', `Bearer ${token}`]),
        ...(more.body === undefined || headers.includes('content-type') ? [] : ['content-type', 'application/json']),
        ...headers,
      ],
    });
  }

  /** Registers an instance of `orders`. */
  async put(id: string, body: unknown = { url: 'http://a.test:9001' }, token = ''): Promise<Answered> {
    return this.ask(`PUT /upstreams/orders/instances/${id}`, { body: JSON.stringify(body), token });
  }
}

/** The object that an answer holds. */
export function json(answer: Answered): Readonly<Record<string, unknown>> {
  const value: Record<string, unknown> = JSON.parse(answer.text);
  return value;
}

function view(name: string, kind: SourceView['kind']): UpstreamView {
  const source = { kind, updatedAt: undefined, fault: undefined };
  return { name, balance: 'round-robin', panic: false, endpoints: [], source, bulkhead: undefined };
}
