/** A gateway with a response cache, in front of an origin that counts and remembers what it is asked. */
import type { PurgeSelector } from '../../src/cache/purge.ts';
import { call, type Answered, type CallOptions } from './client.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { metricOf, until } from './reload.ts';
import { TestUpstream, type Answer, type UpstreamRequest } from './upstream.ts';

/** An answer of the origin. */
export interface Said {
  readonly status?: number;
  /** Names and values alternately. */
  readonly headers?: readonly string[];
  /** Default: `answer 1`, `answer 2` and so on, by how often the origin was asked in this test. */
  readonly body?: string | Buffer;
}

/** Instants of the origin's clock. @param seconds from now on; negative = ago */
export function httpDate(seconds = 0): string {
  return new Date(Date.now() + seconds * 1000).toUTCString();
}

/** A route that takes every path and has a cache. @param cache its settings */
export function cachingAll(cache = '{}', more = ''): (origin: string) => string {
  return (origin) => `
upstreams: { origin: { targets: ["${origin}"] } }
routes: [{ name: cached, match: { path: "/*rest" }, upstream: origin, cache: ${cache}${more} }]
`;
}

/** Sends what a test says, with its length where it has content. */
export function send({ response }: UpstreamRequest, { status = 200, headers = [], body = '' }: Said): void {
  const isFramed = headers.some(
    (text, index) => index % 2 === 0 && /^(?:content-length|transfer-encoding)$/i.test(text),
  );
  const hasContent = status !== 204 && status !== 304 && !isFramed;
  const length = hasContent ? ['Content-Length', String(Buffer.byteLength(body))] : [];
  response.writeHead(status, [...headers, ...length]);
  response.end(status === 204 || status === 304 ? undefined : body);
}

export class CachedGateway {
  readonly gateway: TestGateway;
  readonly origin: TestUpstream;
  #tests = 0;

  private constructor(gateway: TestGateway, origin: TestUpstream) {
    this.gateway = gateway;
    this.origin = origin;
  }

  /** @param yaml the configuration, given where the origin is */
  static async start(yaml = cachingAll()): Promise<CachedGateway> {
    const origin = await TestUpstream.start();
    try {
      return new CachedGateway(await startTestGateway(yaml(origin.origin)), origin);
    } catch (error) {
      await origin.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.origin.close();
  }

  /** To be called before each test: it has a path of its own then, of which nothing is stored. */
  reset(): void {
    this.#tests += 1;
    this.origin.reset();
    this.says({});
  }

  /** Of this test alone. */
  get path(): string {
    return `/t${this.#tests}`;
  }

  /** How often the origin was asked in this test. */
  get asked(): number {
    return this.origin.requests.items.length;
  }

  /** What the origin was asked last. */
  get last(): UpstreamRequest {
    const request = this.origin.requests.items.at(-1);
    if (request === undefined) throw new Error('the origin was not asked');
    return request;
  }

  /** The origin answers with these one after the other, and goes on with the last. */
  says(...answers: readonly Said[]): void {
    this.origin.answer = async (request) => {
      const number = this.asked;
      await request.body();
      send(request, { body: `answer ${number}`, ...answers[Math.min(number, answers.length) - 1] });
    };
  }

  answers(answer: Answer): void {
    this.origin.answer = answer;
  }

  /** Asks for the path of this test. @param headers names and values alternately */
  async ask(...headers: readonly string[]): Promise<Answered> {
    return this.call(this.path, { headers });
  }

  /** @param target path and query */
  async call(target: string, options: CallOptions = {}): Promise<Answered> {
    return call(`${this.gateway.url}${target}`, options);
  }

  async head(...headers: readonly string[]): Promise<Answered> {
    return this.call(this.path, { method: 'HEAD', headers });
  }

  /** Whether the second of two requests is answered from what the first one left. */
  async reuses(said: Said, ...headers: readonly string[]): Promise<boolean> {
    this.says(said);
    const first = await this.ask(...headers);
    const second = await this.ask(...headers);
    if (this.asked > 2) throw new Error(`the origin was asked ${this.asked} times`);
    if (this.asked === 1 && !first.body.equals(second.body)) throw new Error(`${first.text} became ${second.text}`);
    return this.asked === 1;
  }

  /** Waits until so many requests are under way in the gateway. */
  async waiting(count: number): Promise<void> {
    const { adminUrl } = this.gateway;
    const host = adminUrl.slice('http://'.length);
    await until(
      `${count} requests are under way`,
      async () => (await metricOf(host, 'gateway_requests_in_flight')) === count,
    );
  }

  /** Purges over the admin API. @returns how many answers went */
  async purge(selector: PurgeSelector): Promise<number> {
    const headers = ['content-type', 'application/json'];
    const body = JSON.stringify(selector);
    const { text } = await call(`${this.gateway.adminUrl}/api/v1/cache/purge`, { method: 'POST', headers, body });
    const { purged }: { purged: number } = JSON.parse(text);
    return purged;
  }

  /** The value of a gauge or a counter without labels, or of the series that is named. */
  async metric(series: string): Promise<number | undefined> {
    return metricOf(this.gateway.adminUrl.slice('http://'.length), series);
  }

  /**
   * The request of this number waits at the origin until it is released; all others are answered at once.
   *
   * @param number counted from 1
   * @param answer is told how often the origin was asked when this one came
   * @returns what releases it
   */
  holds(number: number, answer: (asked: number, request: UpstreamRequest) => Said): () => void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.answers(async (request) => {
      const { asked } = this;
      if (asked === number) await released;
      send(request, { body: `answer ${asked}`, ...answer(asked, request) });
    });
    return release;
  }

  /** What Cache-Status says of this gateway. */
  statusOf(answer: Answered): string {
    return answer.header('cache-status') ?? '';
  }
}
