/** What tests of sources of endpoints share: an observer whose events come one by one, and a client of its servers. */
import { once } from 'node:events';
import { request as requestHttp, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Arrivals, settled } from './arrivals.ts';
import type { Discovery, DiscoveryObserver, Found } from '../../src/upstreams/discovery/source.ts';

/** What an observer is told, in a form that compares well: endpoints as `origin` or `origin*weight`. */
export type Told = readonly string[] | { readonly failure: string } | 'recovery';

/** Keeps what it is told, in order. Nothing is lost, so that what is told once too often is found. */
export class Listener implements DiscoveryObserver {
  readonly told = new Arrivals<Told>((told) => JSON.stringify(told));
  #next = 0;

  onEndpoints(endpoints: readonly Found[]): void {
    this.told.push(endpoints.map(({ origin, weight }) => (weight === 1 ? origin : `${origin}*${weight}`)));
  }

  onFailure(cause: string): void {
    this.told.push({ failure: cause });
  }

  onRecovery(): void {
    this.told.push('recovery');
  }

  /** What it is told next, now or later: each once, in order. */
  async next(): Promise<Told> {
    return this.told.at(this.#next++);
  }

  /** The cause of a failure that has to come next. */
  async failure(): Promise<string> {
    const told = await this.next();
    if (typeof told === 'object' && 'failure' in told) return told.failure;
    throw new Error(`told of no failure but ${JSON.stringify(told)}`);
  }

  /** What was told and not asked for with {@link next}. */
  get rest(): readonly Told[] {
    return this.told.items.slice(this.#next);
  }
}

/** Closes all sources of a test, and checks that they say nothing after that. */
export class Sources {
  readonly #open: { readonly source: Discovery; readonly listener: Listener }[] = [];

  start<Options>(
    discover: (options: Options, observer: DiscoveryObserver) => Discovery,
    options: Options,
  ): { readonly source: Discovery; readonly listener: Listener } {
    const listener = new Listener();
    const started = { source: discover(options, listener), listener };
    this.#open.push(started);
    return started;
  }

  async close(): Promise<void> {
    for (const { source, listener } of this.#open.splice(0)) {
      source.close();
      const told = listener.told.items.length;
      if ((await settled(() => listener.told.items.length)) !== told) throw new Error('told something after its end');
    }
  }
}

/** Posts JSON and gives the answer; a connection of its own, which is closed. */
export async function postJson(url: string, body: unknown): Promise<unknown> {
  const request = requestHttp(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } });
  request.end(JSON.stringify(body));
  const text = await new Promise<string>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      let read = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (read += chunk));
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(read) : reject(new Error(`${response.statusCode} ${read}`)),
      );
    });
  });
  if (!request.destroyed) await once(request, 'close');
  return JSON.parse(text);
}

/** Answers that no source sends, for each that speaks HTTP: what, how, and what is said of it. */
export const HOSTILE: readonly (readonly [what: string, answer: (response: ServerResponse) => void, cause: RegExp])[] =
  [
    ['a failure', (response) => response.writeHead(500).end('[]'), / answered 500$/],
    ['a redirect', (response) => response.writeHead(301, { location: '/' }).end(), / answered 301$/],
    [
      'another protocol',
      (response) => response.writeHead(101, { upgrade: 'x', connection: 'upgrade' }).end(),
      /reached/,
    ],
    ['no answer but an end', (response) => response.destroy(), /cannot be reached: ECONNRESET$/],
    [
      'half an answer',
      (response) => response.writeHead(200, { 'content-length': 99 }).write('[', () => response.destroy()),
      /ECONNRESET$/,
    ],
    ['something that is not JSON', (response) => response.end('<html>'), /not JSON$/],
    ['nothing', (response) => response.end(), /not JSON$/],
    [
      'what is compressed',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('[]')),
      /not JSON$/,
    ],
    ['more than 16 MiB', (response) => flood(response), / sent more than 16 MiB$/],
  ];

/** Writes until nobody reads it any more. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(1024 * 1024, ' ');
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}
