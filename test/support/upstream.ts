import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { combined } from '../../src/fields.ts';
import { Arrivals, within } from './arrivals.ts';

/** A request as an upstream got it. */
export class UpstreamRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  /** Which of the upstream's connections it came on, counted from 0. */
  readonly connection: number;
  /** The exchange itself, to read and answer it step by step. */
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Its end: the whole body, or that the gateway gave up. */
  readonly closed: Promise<void>;
  /** How many bytes of the body were read. */
  received = 0;
  #body: Promise<Buffer> | undefined;

  constructor(incoming: IncomingMessage, response: ServerResponse, connection: number) {
    this.method = incoming.method ?? '';
    this.target = incoming.url ?? '';
    this.httpVersion = incoming.httpVersion;
    this.rawHeaders = incoming.rawHeaders;
    this.connection = connection;
    this.incoming = incoming;
    this.response = response;
    this.closed = new Promise((resolve) => response.on('close', resolve));
  }

  /** All values of a header, joined. */
  header(name: string): string | undefined {
    return combined(this.rawHeaders, name);
  }

  /** Each value of a header, in order. */
  headerValues(name: string): string[] {
    return this.rawHeaders.filter(
      (_text, index) => index % 2 === 1 && this.rawHeaders[index - 1]?.toLowerCase() === name,
    );
  }

  get headerNames(): string[] {
    return this.rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
  }

  get trailers(): readonly string[] {
    return this.incoming.rawTrailers;
  }

  /** Reads the whole body. */
  async body(): Promise<Buffer> {
    this.#body ??= new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      this.incoming.on('data', (chunk: Buffer) => {
        this.received += chunk.length;
        chunks.push(chunk);
      });
      this.incoming.on('end', () => resolve(Buffer.concat(chunks)));
      this.incoming.on('error', reject);
    });
    return within(this.#body, `the body of ${this.method} ${this.target}`);
  }

  /** Waits until as many bytes of the body have been read as given. Somebody has to read them. */
  async has(bytes: number): Promise<void> {
    while (this.received < bytes) await within(once(this.incoming, 'data'), `${bytes} bytes of the body`);
  }

  /** Waits for the gateway to give the request up, or to have taken the whole answer. */
  async over(): Promise<void> {
    await within(this.closed, `the end of ${this.method} ${this.target}`);
  }
}

/** Answers a request. What it does not answer stays open. */
export type Answer = (request: UpstreamRequest) => void | Promise<void>;

/** Reads the body and answers `ok`. */
const OK: Answer = async (request) => {
  await request.body();
  request.response.end('ok');
};

/** A server behind the gateway: it keeps what it got, and answers as a test says. */
export class TestUpstream {
  readonly requests = new Arrivals<UpstreamRequest>(({ method, target }) => `${method} ${target}`);
  /** How it answers from now on. */
  answer: Answer;
  readonly #server: Server;
  #connections = 0;
  readonly #failures: unknown[] = [];

  private constructor(answer: Answer) {
    this.answer = answer;
    const numbers = new WeakMap<Socket, number>();
    this.#server = createServer({ keepAliveTimeout: 60_000, highWaterMark: 16 * 1024 });
    this.#server.on('connection', (socket: Socket) => numbers.set(socket, this.#connections++));
    const take = (incoming: IncomingMessage, response: ServerResponse): void => {
      const request = new UpstreamRequest(incoming, response, numbers.get(incoming.socket) ?? -1);
      incoming.on('error', () => undefined);
      this.requests.push(request);
      void this.#answer(request);
    };
    this.#server.on('request', take);
    this.#server.on('checkContinue', take);
  }

  static async start(answer: Answer = OK): Promise<TestUpstream> {
    const upstream = new TestUpstream(answer);
    await listening(upstream.#server);
    return upstream;
  }

  async #answer(request: UpstreamRequest): Promise<void> {
    try {
      await this.answer(request);
    } catch (error) {
      // A body that broke off is what many tests are about.
      if (!request.incoming.destroyed) this.#failures.push(error);
      request.response.destroy();
    }
  }

  get port(): number {
    return portOf(this.#server);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How many connections were opened. */
  get connections(): number {
    return this.#connections;
  }

  /** Forgets the requests of earlier tests, and answers `ok` again. */
  reset(answer: Answer = OK): void {
    this.requests.items.length = 0;
    this.answer = answer;
  }

  /** The server itself, for upgrades. */
  get server(): Server {
    return this.#server;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, 'an upstream’s handler failed');
  }
}

/** An upstream that says what a test says, HTTP or not. */
export class RawUpstream {
  readonly #server = createTcpServer();
  readonly #sockets = new Set<Socket>();
  /** What happens on each connection. */
  connected: (socket: Socket) => void;

  private constructor(connected: (socket: Socket) => void) {
    this.connected = connected;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      this.connected(socket);
    });
  }

  static async start(connected: (socket: Socket) => void): Promise<RawUpstream> {
    const upstream = new RawUpstream(connected);
    await listening(upstream.#server);
    return upstream;
  }

  get port(): number {
    return portOf(this.#server);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

/** Does something once the head of a request has come: with its bytes, and whatever came with them. */
export function onceHead(socket: Socket, then: (head: string) => void): void {
  let text = '';
  const read = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
    if (!text.includes('\r\n\r\n')) return;
    socket.off('data', read);
    then(text);
  };
  socket.on('data', read);
}

/** A port of this machine at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await listening(server);
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server: { listen(port: number, host: string, then: () => void): unknown }): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** The port that a server listens on. */
export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the upstream is closed');
  return address.port;
}
