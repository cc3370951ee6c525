/**
 * A Kubernetes API server for tests, as far as discovery needs one: EndpointSlices that are listed and watched over TLS
 * with a bearer token. Debian has no package of it, so that it is written from its published documents:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/ and
 * https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arrivals } from './arrivals.ts';
import { first } from './certificates.ts';

/** An EndpointSlice, in few words. */
export interface SliceDescription {
  readonly addresses: readonly string[];
  /** Those among them that are not ready. */
  readonly notReady?: readonly string[];
  /** Those of which it is not known, which counts as ready. */
  readonly unknown?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly [more: string]: unknown }[];
  readonly addressType?: 'IPv4' | 'IPv6' | 'FQDN';
}

/** A request that it got. */
export class ApiRequest {
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly response: ServerResponse;
  readonly closed: Promise<void>;

  constructor(incoming: IncomingMessage, response: ServerResponse) {
    this.url = new URL(incoming.url ?? '', 'https://kubernetes');
    this.authorization = incoming.headers.authorization;
    this.response = response;
    this.closed = new Promise((resolve) => response.on('close', resolve));
  }

  /** Undefined when it lists. */
  get watchesFrom(): string | undefined {
    return this.url.searchParams.get('watch') === '1'
      ? (this.url.searchParams.get('resourceVersion') ?? undefined)
      : undefined;
  }
}

export class TestKubernetes {
  readonly requests = new Arrivals<ApiRequest>(({ url }) => url.href);
  /** Answers instead of it, as long as a test says so. */
  answer: ((request: ApiRequest) => void) | undefined;
  /** The one token that it takes. */
  token = 'token-1';
  readonly #server: Server;
  readonly #folder: string;
  readonly #slices = new Map<string, object>();
  #history: { readonly version: number; readonly event: object }[] = [];
  #version = 100;
  /** Watches of versions before this one are too old. */
  #oldest = 0;
  readonly #watches = new Set<ServerResponse>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer({ key: first.key, cert: first.cert }, (incoming, response) => {
      const request = new ApiRequest(incoming, response);
      this.requests.push(request);
      if (this.answer === undefined) this.#answer(request);
      else this.answer(request);
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(): Promise<TestKubernetes> {
    const kubernetes = new TestKubernetes(await mkdtemp(join(tmpdir(), 'gatewayctl-account-')));
    await new Promise<void>((resolve) => kubernetes.#server.listen(0, '127.0.0.1', resolve));
    await kubernetes.writeAccount({ token: 'token-1', 'ca.crt': first.cert, namespace: 'shop\n' });
    return kubernetes;
  }

  get api(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the API server is closed');
    return `https://127.0.0.1:${address.port}`;
  }

  /** The folder of the service account. */
  get credentials(): string {
    return this.#folder;
  }

  /** Writes files of the service account. */
  async writeAccount(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(this.#folder, name), text);
  }

  get version(): string {
    return String(this.#version);
  }

  /** How many watches are open. */
  get watching(): number {
    return this.#watches.size;
  }

  /** Creates a slice or changes it. */
  set(name: string, description: SliceDescription): void {
    this.#version += 1;
    const type = this.#slices.has(name) ? 'MODIFIED' : 'ADDED';
    const object = sliceOf(name, description, this.version);
    this.#slices.set(name, object);
    this.#happen({ type, object });
  }

  delete(name: string): void {
    this.#version += 1;
    this.#slices.delete(name);
    this.#happen({ type: 'DELETED', object: sliceOf(name, { addresses: [] }, this.version) });
  }

  /** Tells those who watch how far they are, after changes of objects that they do not watch. */
  bookmark(): void {
    this.#version += 10;
    const object = { kind: 'EndpointSlice', metadata: { resourceVersion: this.version } };
    this.#tell({ type: 'BOOKMARK', object });
  }

  /** Forgets what happened: whoever watches from an older version has to list. */
  forget(): void {
    this.#version += 1;
    this.#oldest = this.#version;
    this.#history = [];
  }

  /** Tells those who watch that their version is too old, in the middle of the stream. */
  expire(): void {
    this.#tell({ type: 'ERROR', object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 } });
    this.endWatches();
  }

  /** Ends all watches in good order, as it does after `timeoutSeconds`. */
  endWatches(): void {
    for (const watch of this.#watches) watch.end();
    this.#watches.clear();
  }

  /** Breaks all watches. */
  breakWatches(): void {
    for (const watch of this.#watches) watch.destroy();
    this.#watches.clear();
  }

  #happen(event: object): void {
    this.#history.push({ version: this.#version, event });
    this.#tell(event);
  }

  #tell(event: object): void {
    for (const watch of this.#watches) watch.write(`${JSON.stringify(event)}\n`);
  }

  #answer(request: ApiRequest): void {
    const { url, response, authorization, watchesFrom } = request;
    if (authorization !== `Bearer ${this.token}`) return refuse(response, 401);
    const path = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices';
    const selector = url.searchParams.get('labelSelector');
    if (url.pathname !== path || selector !== 'kubernetes.io/service-name=orders') return refuse(response, 404);
    if (watchesFrom === undefined) {
      const metadata = { resourceVersion: this.version };
      response.end(JSON.stringify({ kind: 'EndpointSliceList', metadata, items: [...this.#slices.values()] }));
      return;
    }
    if (Number(watchesFrom) < this.#oldest) return refuse(response, 410);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
    for (const { version, event } of this.#history)
      if (version > Number(watchesFrom)) response.write(`${JSON.stringify(event)}\n`);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    await rm(this.#folder, { recursive: true });
  }
}

function refuse(response: ServerResponse, code: number): void {
  response.writeHead(code).end(JSON.stringify({ kind: 'Status', status: 'Failure', code }));
}

/** A slice as the API has it. */
export function sliceOf(name: string, description: SliceDescription, version: string): object {
  const {
    addresses,
    notReady = [],
    unknown = [],
    ports = [{ name: 'http', port: 8080 }],
    addressType = 'IPv4',
  } = description;
  return {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: { name, namespace: 'shop', resourceVersion: version },
    addressType,
    // What Go writes for a list that was never made.
    endpoints:
      addresses.length === 0
        ? null
        : addresses.map((address) => ({
            addresses: [address],
            conditions: unknown.includes(address) ? {} : { ready: !notReady.includes(address) },
          })),
    ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
  };
}
