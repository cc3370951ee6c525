/**
 * What tests of reloading share: a gateway in this process, upstreams that tell what they see, clients without a pool of
 * their own, and a log that can be waited for.
 */
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { ConfigFaults, RunningGateway } from '../../src/cli/running-gateway.ts';
import type { LogDestination } from '../../src/observability/logs.ts';
import type { TestCertificate } from './certificates.ts';
import { engineInUse } from './engines.ts';

/** How long anything that must happen may take; it fails loudly after that. In milliseconds. */
const LIMIT = 10_000;

/** Closes what a test opened, the last first, after each test: also when it failed. */
export class Opened {
  readonly #closers: (() => unknown)[] = [];

  constructor() {
    afterEach(async () => this.close());
  }

  /** Closes everything now. */
  async close(): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) await close();
  }

  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** A folder that is removed after the test. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'gatewayctl-test-'));
    this.add(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Starts a gateway on a file, or on a text that is put into a file first. */
  async gateway(file: string, text?: string): Promise<TestGateway> {
    if (text !== undefined) writeFileSync(file, text);
    const log = new TestLog();
    const running = await RunningGateway.start(file, log).catch((error: unknown) => {
      if (!(error instanceof ConfigFaults)) throw error;
      throw new Error(JSON.stringify(error.result.diagnostics, undefined, 1), { cause: error });
    });
    this.add(async () => {
      const stopped = running.stop({ announce: false });
      running.hurry();
      await stopped;
    });
    return new TestGateway(file, running, log);
  }

  async upstream(name: string, certificate?: TestCertificate): Promise<Upstream> {
    const upstream = await Upstream.start(name, certificate);
    this.add(async () => upstream.close());
    return upstream;
  }

  agent(): Agent {
    const agent = new Agent({ keepAlive: true });
    this.add(() => agent.destroy());
    return agent;
  }

  /** Opens a WebSocket, and waits until it is open. */
  async webSocket(address: string, path: string): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${address}${path}`);
    this.add(() => socket.terminate());
    socket.on('error', () => undefined);
    await once(socket, 'open', { signal: AbortSignal.timeout(LIMIT) });
    return socket;
  }
}

/** One parsed line of a log. */
export interface LogLine {
  readonly level?: string;
  readonly msg?: string;
  readonly [key: string]: unknown;
}

/** Keeps log lines, and tells of new ones. */
export class TestLog implements LogDestination {
  readonly isTerminal = false;
  readonly lines: LogLine[] = [];
  #waiting: (() => void)[] = [];

  write(bytes: Buffer): void {
    for (const line of bytes.toString().split('\n')) if (line.startsWith('{')) this.lines.push(JSON.parse(line));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  flushSync(bytes: Buffer): void {
    this.write(bytes);
  }

  /** How many lines have this message. */
  count(message: string): number {
    return this.lines.filter(({ msg }) => msg === message).length;
  }

  /** The next line with this message that is written after now, or after as many lines as given. */
  async next(message: string, after = this.lines.length): Promise<LogLine> {
    const deadline = AbortSignal.timeout(LIMIT);
    for (;;) {
      const found = this.lines.slice(after).find(({ msg }) => msg === message);
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const fail = (): void => reject(new Error(`no line "${message}" in: ${JSON.stringify(this.lines, null, 1)}`));
        deadline.addEventListener('abort', fail);
        this.#waiting.push(() => {
          deadline.removeEventListener('abort', fail);
          resolve();
        });
      });
    }
  }
}

/** A gateway in this process, with the file that it serves. */
export class TestGateway {
  readonly file: string;
  readonly running: RunningGateway;
  readonly log: TestLog;

  constructor(file: string, running: RunningGateway, log: TestLog) {
    this.file = file;
    this.running = running;
    this.log = log;
  }

  get address(): string {
    return this.running.address;
  }

  async get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return send(this.address, path, options);
  }

  /** The value of a metric, written as the text format has it: `name` or `name{label="value"}`. */
  async metric(series: string): Promise<number | undefined> {
    return metricOf(this.running.adminAddress, series);
  }

  /** Does what changes the configuration, and waits until the watcher has made the gateway reload it. */
  async watched(message: string, change: () => void): Promise<LogLine> {
    const line = this.log.next(message);
    change();
    return line;
  }

  /** Replaces the file, and reloads it without waiting for the watcher. */
  async reloadWith(text: string): Promise<void> {
    replaceFile(this.file, text);
    await this.running.reload();
    // What it has logged is written in batches.
    this.running.flushLogs();
  }
}

/** The lines that the gateway writes after each attempt to reload. */
export const RELOADED = 'configuration reloaded';
export const UNCHANGED = 'configuration unchanged';
export const REFUSED = 'configuration refused: the former one goes on';
export const FAILED = 'reload failed: the former configuration goes on';

/** Writes a file as careful editors do: whole, beside it, and then in its place. */
export function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

export interface Settings {
  /** Addresses: a free port by default. */
  readonly listen?: string;
  readonly admin?: string;
  readonly drain?: string;
  /** More keys of `server`. */
  readonly server?: string;
  /** Keys of `logs`. */
  readonly logs?: string;
}

/** A configuration on free ports that drains fast. */
export function yaml(rest: string, settings: Settings = {}): string {
  const {
    listen = '127.0.0.1:0',
    admin = '127.0.0.1:0',
    drain = '300ms',
    server = '',
    logs = 'access: false',
  } = settings;
  return `version: 1
server: { listen: '${listen}', fastLane: ${engineInUse() === 'fast lane'}, timeouts: { drainDelay: 0s, drain: ${drain} }${server === '' ? '' : `, ${server}`} }
admin: { listen: '${admin}' }
logs: { ${logs} }
${rest}`;
}

/** A route that the gateway answers by itself. */
export function answering(body: string, path = '/'): string {
  return `  - { name: '${nameOf(path)}', match: { path: '${path}' }, access: public, respond: { status: 200, body: '${body}' } }\n`;
}

/** A route to an upstream. */
export function forwarding(upstream: string, path: string, more = ''): string {
  return `  - { name: '${nameOf(path)}', match: { path: '${path}' }, access: public, upstream: ${upstream}${more} }\n`;
}

function nameOf(path: string): string {
  return ['at', ...(path.match(/[a-z0-9]+/g) ?? [])].join('-');
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** None: a connection of its own. */
  readonly agent?: Agent;
  /** How long it may take altogether, when it is held for long; in milliseconds. */
  readonly limit?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a request, and reads the whole answer. */
export async function send(address: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await open(address, path, options);
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Sends a request, and gives the answer as soon as its head is there. */
export async function open(address: string, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, agent, limit = LIMIT * 2 } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `http://${address}${path}`,
      { method, agent: agent ?? false, headers, signal: AbortSignal.timeout(limit) },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export async function metricOf(adminAddress: string, series: string): Promise<number | undefined> {
  const { body } = await send(adminAddress, '/metrics');
  const line = body.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** Asks again and again until a condition holds; fails when that takes too long. @param limit in milliseconds */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = LIMIT): Promise<void> {
  const end = performance.now() + limit;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it did not come about that ${what}`);
    await pause(10);
  }
}

/** Answers with what it is asked; `/hold` waits, `…/events` never ends, and WebSockets echo. */
export class Upstream {
  readonly name: string;
  readonly #server: Server;
  readonly #isSecure: boolean;
  readonly #sockets = new Set<Socket>();
  readonly #webSockets = new WebSocketServer({ noServer: true });
  #accepted = 0;
  #held: (() => void)[] = [];
  /** How many requests have arrived. */
  requests = 0;

  private constructor(name: string, certificate: TestCertificate | undefined) {
    this.name = name;
    const listener: RequestListener = (incoming, response) => {
      this.requests += 1;
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (body += chunk));
      incoming.on('end', () => {
        const answer = `${name} ${incoming.method} ${incoming.url} ${body}`.trimEnd();
        if (incoming.url === '/hold') this.#held.push(() => response.end(answer));
        else if (incoming.url?.endsWith('/events') === true)
          response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
        else response.end(answer);
      });
    };
    const options = { keepAliveTimeout: 60_000 };
    this.#isSecure = certificate !== undefined;
    this.#server =
      certificate === undefined
        ? createServer(options, listener)
        : createSecureServer({ ...options, ...certificate }, listener);
    this.#server.on('connection', (socket: Socket) => {
      this.#accepted += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (incoming, socket, head) => {
      this.#webSockets.handleUpgrade(incoming, socket, head, (webSocket) => {
        webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }));
        webSocket.on('error', () => undefined);
      });
    });
  }

  static async start(name: string, certificate?: TestCertificate): Promise<Upstream> {
    const upstream = new Upstream(name, certificate);
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  get origin(): string {
    return `${this.#isSecure ? 'https' : 'http'}://127.0.0.1:${portOf(this.#server.address())}`;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** How many connections there have been. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many requests are waiting for {@link release}. */
  get held(): number {
    return this.#held.length;
  }

  /** Answers the requests to `/hold`. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const answer of held) answer();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Takes a free port and keeps it, so that nobody else can listen there. */
export async function occupyPort(opened: Opened): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.add(async () => new Promise((resolve) => server.close(resolve)));
  return `127.0.0.1:${portOf(server.address())}`;
}

/** An address that was free a moment ago. */
export async function freeAddress(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

/** Whether somebody takes connections at an address. */
export async function accepts(address: string): Promise<boolean> {
  return send(address, '/').then(
    () => true,
    () => false,
  );
}

/** Whether a WebSocket carries messages to its upstream and back. */
export async function echoes(socket: WebSocket, text: string): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return false;
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (data) => resolve(Buffer.isBuffer(data) ? data.toString() : ''));
  });
  socket.send(text);
  return (await Promise.race([answer, once(socket, 'close').then(() => '')])) === text;
}
