/**
 * A Consul for tests, as far as discovery needs one: `/v1/health/service/:service` with blocking queries. Debian has no
 * package of it, so that it is written from its published documents:
 * https://developer.hashicorp.com/consul/api-docs/health#list-service-instances-for-service and
 * https://developer.hashicorp.com/consul/api-docs/features/blocking
 */
import { TestUpstream, type Answer, type UpstreamRequest } from './upstream.ts';

/** An instance in its catalogue. */
export interface ConsulInstance {
  readonly port: number;
  /** Default: none, and the address of the node counts. */
  readonly address?: string;
  readonly node?: string;
  readonly weight?: number;
  readonly tags?: readonly string[];
  /** Default `passing`. */
  readonly status?: 'passing' | 'critical';
}

export class TestConsul {
  readonly upstream: TestUpstream;
  #service: string;
  #instances: readonly ConsulInstance[] = [];
  #index = 10;
  /** Those who wait for a change. */
  #held: UpstreamRequest[] = [];

  private constructor(upstream: TestUpstream, service: string) {
    this.upstream = upstream;
    this.#service = service;
  }

  static async start(service = 'orders'): Promise<TestConsul> {
    const consul = new TestConsul(await TestUpstream.start(), service);
    consul.behave();
    return consul;
  }

  /** Answers as Consul does again, after a test had it answer otherwise. */
  behave(): void {
    this.upstream.answer = this.#take;
  }

  /** Whether somebody waits for a change. */
  get held(): number {
    return this.#held.length;
  }

  /** Changes the catalogue, which answers those who wait. */
  set(instances: readonly ConsulInstance[], index = this.#index + 1): void {
    this.#instances = instances;
    this.#index = index;
    this.release();
  }

  /** Answers those who wait, as it does when they have waited for long enough. */
  release(): void {
    for (const request of this.#held.splice(0)) this.#answer(request);
  }

  /** What it would answer, as text. */
  body(tag: string | null = null): string {
    const some = this.#instances.filter(
      ({ tags = [], status = 'passing' }) => status === 'passing' && (tag === null || tags.includes(tag)),
    );
    return JSON.stringify(
      some.map(({ port, address = '', node = '10.9.9.9', weight = 1, tags = [] }, number) => ({
        Node: { ID: '', Node: `node-${number}`, Address: node, Datacenter: 'dc1' },
        Service: {
          ID: `orders-${number}`,
          Service: this.#service,
          Tags: tags,
          Address: address,
          Port: port,
          Weights: { Passing: weight, Warning: 1 },
        },
        Checks: [{ CheckID: 'serfHealth', Status: 'passing' }],
      })),
    );
  }

  readonly #take: Answer = (request) => {
    const { searchParams } = urlOf(request);
    const index = Number(searchParams.get('index') ?? 0);
    if (index > 0 && index >= this.#index) {
      this.#held.push(request);
      request.response.on('close', () => (this.#held = this.#held.filter((each) => each !== request)));
    } else this.#answer(request);
  };

  #answer(request: UpstreamRequest): void {
    const { pathname, searchParams } = urlOf(request);
    const isKnown = pathname === `/v1/health/service/${this.#service}` && searchParams.get('passing') === '1';
    request.response.setHeader('x-consul-index', this.#index);
    request.response.setHeader('content-type', 'application/json');
    request.response.end(isKnown ? this.body(searchParams.get('tag')) : '[]');
  }

  async close(): Promise<void> {
    await this.upstream.close();
  }
}

/** The URL that was asked for. */
export function urlOf({ target }: { readonly target: string }): URL {
  return new URL(target, 'http://consul');
}
