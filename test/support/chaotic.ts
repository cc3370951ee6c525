/** Upstreams that misbehave as a test says and count what reaches them, and a gateway in front of them. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isShownUpstream, type ShownUpstream } from '../../src/upstreams/shown.ts';
import { Arrivals } from './arrivals.ts';
import { call, type Answered, type CallOptions } from './client.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { RawClient } from './raw.ts';
import { UpstreamRequest } from './upstream.ts';

/** How long a test asks again for what has to come about; in milliseconds. */
const PATIENCE = 8000;

/** A request that reached a chaotic upstream. */
export class ChaoticRequest extends UpstreamRequest {
  /** When its head came, by the clock of `performance.now()`. */
  readonly at = performance.now();

  /** Resets its connection: what was not sent yet is lost. */
  reset(): void {
    this.incoming.socket.resetAndDestroy();
  }

  /** Sends bytes as they are, HTTP or not. */
  raw(text: string): void {
    this.incoming.socket.write(text, 'latin1');
  }
}

/** What an upstream does with a request. What it does not answer stays open until the gateway gives it up. */
export type Behaviour = (request: ChaoticRequest) => void | Promise<void>;

/** Reads the body, and never answers. */
export const hang: Behaviour = () => undefined;

/** Resets the connection before a byte of an answer, once the head is there. */
export const reset: Behaviour = (request) => request.reset();

/** Reads the whole request, and answers. */
export function answers(status: number, body: string | Buffer = '', headers: OutgoingHttpHeaders = {}): Behaviour {
  return async (request) => {
    await request.body();
    request.response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    request.response.end(request.method === 'HEAD' ? undefined : body);
  };
}

export const ok = answers(200, 'ok');

/** A server that a test scripts request by request. Its port can close, and open again at the same number. */
export class Chaotic {
  readonly requests = new Arrivals<ChaoticRequest>(({ method, target }) => `${method} ${target}`);
  /** The bodies that came whole, in the order in which they ended. */
  readonly bodies: Buffer[] = [];
  /** Whether it reads bodies by itself. */
  reads = true;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #script: readonly Behaviour[];
  #connections = 0;
  #port = 0;

  private constructor(script: readonly Behaviour[]) {
    this.#script = script;
    const numbers = new WeakMap<Socket, number>();
    this.#server = createServer({ keepAliveTimeout: 60_000 });
    this.#server.on('connection', (socket: Socket) => {
      numbers.set(socket, this.#connections);
      this.#connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('request', (incoming, response) => {
      incoming.on('error', () => undefined);
      const request = new ChaoticRequest(incoming, response, numbers.get(incoming.socket) ?? -1);
      if (this.reads) void this.#read(request);
      const [behaviour, ...later] = this.#script;
      // The last one is for all requests that follow.
      if (later.length > 0) this.#script = later;
      void this.#follow(behaviour ?? ok, request);
      this.requests.push(request);
    });
  }

  /** @param script what it does with each request; the last one goes for all that follow */
  static async start(...script: readonly Behaviour[]): Promise<Chaotic> {
    const upstream = new Chaotic(script);
    await upstream.open();
    return upstream;
  }

  /** What it does with the requests from now on; the last one goes for all that follow. */
  script(...script: readonly Behaviour[]): void {
    this.#script = script;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** For upgrades. */
  get server(): Server {
    return this.#server;
  }

  /** How many requests reached it. */
  get count(): number {
    return this.requests.items.length;
  }

  /** How many connections were opened. */
  get connections(): number {
    return this.#connections;
  }

  /** How many connections are open. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /** Listens, at the port that it had before if there was one. */
  async open(): Promise<void> {
    const listening = new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    await listening;
    this.#port = portOf(this.#server.address());
  }

  /** Refuses connections from now on, and cuts those that there are. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise((resolve) => {
      this.#server.close(resolve);
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async #read(request: ChaoticRequest): Promise<void> {
    try {
      this.bodies.push(await request.body());
    } catch {
      // It broke off, which is what many tests are about.
    }
  }

  async #follow(behaviour: Behaviour, request: ChaoticRequest): Promise<void> {
    try {
      await behaviour(request);
    } catch {
      // Its body broke off.
      request.response.destroy();
    }
  }
}

/** What the gateway has in front of a test's upstreams. */
export interface Setup {
  /** How many endpoints there are; default 1. */
  readonly endpoints?: number;
  /** The gateway finds them in a file, which {@link Part.find} writes: the first one to begin with. */
  readonly discover?: true;
  /** Keys of the upstream, as in `{ }`. */
  readonly upstream?: string;
  /** Keys of the route, as in `{ }`; `REPLICA` is the name of another upstream, which has one endpoint. */
  readonly route?: string;
  /** Keys of the other upstream. */
  readonly replica?: string;
}

/** What came of requests: at the client, in the access line, and in the metrics of the upstream. */
export interface Told {
  readonly status: number;
  readonly attempts: number;
  /** The first word of the access line's error. */
  readonly error: string | undefined;
  /** Attempts that are over by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly retries: Readonly<Record<string, number>>;
}

/** The upstream, the endpoints and the route of one test, which no other test sees. */
export class Part {
  readonly name: string;
  readonly setup: Setup;
  readonly endpoints: Chaotic[] = [];
  readonly #scene: Scene;
  readonly #clients: RawClient[] = [];
  #replica: Chaotic | undefined;

  constructor(scene: Scene, name: string, setup: Setup) {
    this.#scene = scene;
    this.name = name;
    this.setup = setup;
  }

  /** Opens its upstreams. @returns its lines of the configuration */
  async open(): Promise<{ readonly upstreams: string; readonly route: string }> {
    const { endpoints = 1, discover = false, upstream = '', route = '', replica = '' } = this.setup;
    for (let index = 0; index < endpoints; index += 1) this.endpoints.push(await Chaotic.start());
    this.#replica = await Chaotic.start();
    const origins = this.endpoints.map(({ origin }) => `"${origin}"`).join(', ');
    if (discover) await writeFile(this.file, JSON.stringify([this.a.origin]));
    const where = discover ? `discover: { file: "${this.file}" }` : `targets: [${origins}]`;
    const keys = route === '' ? '' : `, ${route.replaceAll('REPLICA', `${this.name}-replica`)}`;
    const more = (text: string): string => (text === '' ? '' : `, ${text}`);
    return {
      upstreams: `
  ${this.name}: { ${where}${more(upstream)} }
  ${this.name}-replica: { targets: ["${this.#replica.origin}"]${more(replica)} }`,
      route: `\n  - { name: ${this.name}, match: { path: "/${this.name}/*rest" }, upstream: ${this.name}${keys} }`,
    };
  }

  get a(): Chaotic {
    return this.#endpoint(0);
  }

  get b(): Chaotic {
    return this.#endpoint(1);
  }

  get c(): Chaotic {
    return this.#endpoint(2);
  }

  get replica(): Chaotic {
    return existing(this.#replica);
  }

  /** Where the gateway finds its endpoints, if it has to look for them. */
  get file(): string {
    return join(this.#scene.folder, `${this.name}.json`);
  }

  /** Writes which endpoints there are from now on, and waits until the gateway has seen it. */
  async find(endpoints: readonly Chaotic[]): Promise<void> {
    const origins = endpoints.map(({ origin }) => origin);
    await writeFile(`${this.file}.new`, JSON.stringify(origins));
    await rename(`${this.file}.new`, this.file);
    await until(
      async () => (await this.shown()).endpoints.map(({ url }) => url).join(' ') === origins.join(' '),
      `the endpoints ${origins.join(' ')}`,
    );
  }

  /** How many requests reached each endpoint. */
  get counts(): number[] {
    return this.endpoints.map(({ count }) => count);
  }

  get gateway(): TestGateway {
    return this.#scene.gateway;
  }

  /** Its path, to which anything can be appended. */
  get path(): string {
    return `/${this.name}/`;
  }

  async call(options: CallOptions = {}): Promise<Answered> {
    return call(this.gateway.url + this.path, options);
  }

  /** A client of its own connection, closed after the test. */
  async client(): Promise<RawClient> {
    const client = await RawClient.open(this.gateway.port);
    this.#clients.push(client);
    return client;
  }

  /** What came of a request: waits until as many attempts are over as are expected. */
  async told(answer: Pick<Answered, 'header'>, attempts: number): Promise<Told> {
    const line = await this.gateway.accessLine(answer.header('x-request-id') ?? '');
    const outcomes = await this.counted('gateway_upstream_attempts_total', 'outcome', attempts);
    const retries = await this.counted('gateway_retries_total', 'cause');
    const error = line['error'];
    return {
      status: Number(line['status']),
      attempts: Number(line['attempts']),
      error: typeof error === 'string' ? error.replace(/[: ].*$/, '') : undefined,
      outcomes,
      retries,
    };
  }

  /** A counter by one of its labels. @param least what it is waited for, over all values of the label */
  async counted(metric: string, label: string, least = 0): Promise<Readonly<Record<string, number>>> {
    const wanted = new RegExp(`^${metric}\\{upstream="${this.name}",${label}="(.*)"\\} (\\d+)$`);
    let counts: Record<string, number> = {};
    await until(async () => {
      counts = {};
      for (const text of (await this.#metrics()).split('\n')) {
        const [, value, count] = wanted.exec(text) ?? [];
        if (value !== undefined) counts[value] = Number(count);
      }
      return Object.values(counts).reduce((sum, count) => sum + count, 0) >= least;
    }, `${least} in ${metric}`);
    return counts;
  }

  /** The value of a series as the text format writes it, `NAME` for the name of this part; 0 when it is not there. */
  async metric(series: string): Promise<number> {
    const wanted = `${series.replaceAll('NAME', this.name)} `;
    const line = (await this.#metrics()).split('\n').find((text) => text.startsWith(wanted));
    return Number(line?.slice(wanted.length) ?? 0);
  }

  /** What the admin API shows of the upstream. */
  async shown(): Promise<ShownUpstream> {
    const answer = await call(`${this.gateway.adminUrl}/api/v1/upstreams/${this.name}`);
    const found: unknown = JSON.parse(answer.text);
    if (!isShownUpstream(found)) throw new Error(`this is no upstream: ${answer.text}`);
    return found;
  }

  async closeClients(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.close();
  }

  async close(): Promise<void> {
    for (const upstream of [...this.endpoints, this.#replica]) await upstream?.close();
  }

  #endpoint(index: number): Chaotic {
    return existing(this.endpoints[index]);
  }

  async #metrics(): Promise<string> {
    return (await call(`${this.gateway.adminUrl}/metrics`)).text;
  }
}

/** One gateway for all tests of a suite, each of which has a part of it to itself. */
export class Scene {
  readonly #parts: Part[] = [];
  #gateway: TestGateway | undefined;
  #folder: string | undefined;

  /** To be made inside a suite: it starts and stops with it. */
  constructor() {
    before(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
      const lines = await Promise.all(this.#parts.map(async (part) => part.open()));
      const upstreams = lines.map((line) => line.upstreams).join('');
      const routes = lines.map((line) => line.route).join('');
      this.#gateway = await startTestGateway(`upstreams:${upstreams}\nroutes:${routes}\n`);
    });
    after(async () => {
      await this.#gateway?.stop();
      for (const part of this.#parts) await part.close();
      await rm(this.folder, { recursive: true });
    });
  }

  get gateway(): TestGateway {
    return existing(this.#gateway);
  }

  get folder(): string {
    return existing(this.#folder);
  }

  /** A test with a part of its own. */
  it(title: string, setup: Setup, test: (part: Part) => Promise<void>): void {
    const part = new Part(this, `part-${this.#parts.length + 1}`, setup);
    this.#parts.push(part);
    it(title, async () => {
      try {
        await test(part);
      } finally {
        await part.closeClients();
      }
    });
  }
}

/** Asks again and again until something holds: for what nobody tells when it comes about. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + PATIENCE; !(await holds());) {
    if (performance.now() > end) throw new Error(`it did not come about: ${what}`);
    await pause(10);
  }
}

function existing<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('this test has not so many upstreams, or its gateway is not there');
  return value;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the upstream is closed');
  return address.port;
}
