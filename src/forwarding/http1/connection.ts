import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { deadlineAfter, type Waiting } from '../../deadlines.ts';
import type { BodyFault } from '../../exchange.ts';
import type { Failure, FailureKind } from '../failure.ts';
import { ResponseParser, type ResponseSink } from './response-parser.ts';
import type { ResponseHead } from './response-head.ts';
import type { Attempt } from '../attempt.ts';
import { withoutFields } from '../identity.ts';
import { ReadBuffer } from './read-buffer.ts';
import { fieldLines } from '../../http1/field-lines.ts';
import { UNLISTED } from '../../roster.ts';

/** Where a connection goes, and how. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** Absent for plain HTTP. */
  readonly tls: SecureOptions | undefined;
  /** In milliseconds, 0 = unlimited, as all of these. */
  readonly connectTimeout: number;
  readonly responseTimeout: number;
  readonly idleTimeout: number;
}

export interface SecureOptions {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
  readonly verify: boolean;
}

/** Is told what becomes of a connection. */
export interface ConnectionOwner {
  /** It can take another attempt. */
  onIdle(connection: Connection): void;
  /** The body of a request is sent. */
  onUploaded(): void;
  /** It is gone. An attempt that may be tried again without harm comes back. */
  onClosed(connection: Connection, retry: Attempt | undefined): void;
}

/** Shorter than the keep-alive of common servers (5 s and up), so that a kept connection is rarely a dead one. */
const KEEP_ALIVE = 4000;
/** An upstream that announces a longer one is believed up to here, and a second less than it says. */
const MAX_KEEP_ALIVE = 60_000;

/** One socket to an upstream: attempts one after another, never two at once. */
export class Connection implements ResponseSink, Waiting {
  readonly #settings: ConnectionSettings;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #reads: ReadBuffer;
  readonly #parser = new ResponseParser(this);
  #phase: 'connecting' | 'idle' | 'busy' | 'closed' = 'connecting';
  #attempt: Attempt | undefined;
  /** How many answers it has carried: from the first on, the upstream may have closed it meanwhile. */
  #served = 0;
  #bytesBefore = 0;
  #requestSent = false;
  #answered = false;
  #keepAlive = KEEP_ALIVE;
  #reusable = false;
  #paused = false;
  /** Since when the client has not taken what there is of the answer; Infinity while it does. */
  #pausedAt = Infinity;
  /** When what is waited for is overdue. */
  deadline = Infinity;
  place = UNLISTED;

  /**
   * @param first what to send once connected
   * @param shared where the socket's small reads go, one after another: connections may share it
   */
  constructor(settings: ConnectionSettings, owner: ConnectionOwner, first: Attempt, shared: Buffer) {
    this.#settings = settings;
    this.#owner = owner;
    this.#attempt = first;
    this.#wait(settings.connectTimeout);
    this.#reads = new ReadBuffer(shared);
    this.#socket = open(settings, this.#reads, (chunk) => this.#received(chunk));
    this.#socket.setNoDelay(true);
    this.#socket.once(settings.tls === undefined ? 'connect' : 'secureConnect', () => this.#connected());
    this.#socket.on('drain', () => this.#attempt?.request.body?.resume());
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (error) => this.#failed(error));
    this.#socket.on('close', () => this.#close({ kind: 'reset', cause: 'the connection closed' }));
  }

  /** Whether what it does next depends on a client that sends a body. */
  get isUploading(): boolean {
    return this.#attempt?.isUploading === true;
  }

  /** Whether a client has not read the answer that it carries for so long, in milliseconds. */
  hasStoodStill(time: number): boolean {
    return performance.now() - this.#pausedAt >= time;
  }

  /** Sends a request on an idle connection. */
  start(attempt: Attempt): void {
    this.#phase = 'busy';
    this.#attempt = attempt;
    this.#answered = false;
    this.#reusable = false;
    this.#bytesBefore = this.#socket.bytesWritten;
    this.#parser.expect(attempt.request.method);
    const { body } = attempt.request;
    this.#requestSent = body === undefined;
    const head = attempt.carriedBy(this);
    if (body === undefined) {
      this.#socket.write(head, 'latin1');
      this.#wait(this.#settings.responseTimeout);
      return;
    }
    this.deadline = Infinity;
    // What has come of the body already goes out in one write with the head.
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    body.start(new BodyWriter(this, attempt, body.length === undefined), this.#settings.idleTimeout);
    this.#socket.uncork();
  }

  /** Closes it at once: what it carries is cut off, and nobody is told. */
  destroy(): void {
    this.#attempt = undefined;
    this.#close({ kind: 'client-aborted', cause: '' });
  }

  pause(): void {
    // Whoever is slow is the client: the upstream cannot be blamed for silence.
    this.deadline = Infinity;
    this.#paused = true;
    this.#pausedAt = performance.now();
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#pausedAt = Infinity;
    this.#wait(this.#settings.idleTimeout);
    this.#socket.resume();
  }

  overdue(): void {
    if (this.#phase === 'idle') this.destroy();
    else if (this.#phase === 'connecting') this.#close({ kind: 'connect-timeout', cause: 'connectTimeout ran out' });
    else if (this.#answered) this.#close({ kind: 'body-timeout', cause: 'idleTimeout ran out within the answer' });
    else this.#close({ kind: 'headers-timeout', cause: 'responseTimeout ran out' });
  }

  /** @returns false when the upstream reads slower than this */
  write(data: Buffer | string): boolean {
    return this.#phase === 'closed' || this.#socket.write(data, 'latin1');
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** The request's last byte is written. */
  requestSent(attempt: Attempt): void {
    if (attempt !== this.#attempt) return;
    this.#requestSent = true;
    if (!this.#answered) this.#wait(this.#settings.responseTimeout);
    attempt.requestSent();
    this.#owner.onUploaded();
  }

  onInformational(head: ResponseHead): void {
    this.#attempt?.informational(head.status, head.headers);
  }

  onHead(head: ResponseHead): void {
    this.#answered = true;
    this.#reusable = head.keepAlive && (head.chunked || head.contentLength !== undefined || isBodiless(head.status));
    if (head.keepAliveTimeout !== undefined) {
      this.#keepAlive = Math.min(Math.max(0, head.keepAliveTimeout * 1000 - 1000), MAX_KEEP_ALIVE);
    }
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    if (attempt.request.method === 'HEAD') this.#reusable = head.keepAlive;
    attempt.head(head.status, head.headers);
  }

  onData(chunk: Buffer): void {
    if (this.#attempt?.data(this.#reads.given(chunk)) === false) this.pause();
  }

  onEnd(trailers: string[] | undefined): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.complete(trailers);
  }

  #connected(): void {
    const attempt = this.#attempt;
    if (this.#phase !== 'connecting') return;
    if (attempt !== undefined && !attempt.over) {
      this.start(attempt);
      return;
    }
    // Nobody wants it any more, but the next one may want the connection.
    this.#attempt = undefined;
    this.#phase = 'idle';
    this.#wait(this.#keepAlive);
    this.#owner.onIdle(this);
  }

  #received(chunk: Buffer): void {
    const fault = this.#parse(chunk);
    if (this.#phase === 'closed') return;
    if (fault !== undefined) this.#close(fault);
    else if (this.#phase === 'busy' && this.#attempt === undefined) this.#finished();
    // Once for all that a read brought, and not at all for an answer that it brought whole.
    else if (this.#answered && !this.#paused) this.#wait(this.#settings.idleTimeout);
  }

  /** @returns why the connection cannot go on, or undefined */
  #parse(chunk: Buffer): Failure | undefined {
    try {
      const fault = this.#parser.push(chunk);
      return fault === undefined ? undefined : { kind: 'invalid-response', cause: fault };
    } catch (error) {
      // A bug in whoever takes the answer: it must cost this exchange and no other.
      return { kind: 'internal', cause: error instanceof Error ? String(error.stack) : String(error) };
    }
  }

  /** The answer is complete, and nothing came after it. */
  #finished(): void {
    // A request that is still being sent would run into the next one.
    if (!this.#reusable || !this.#requestSent || this.#keepAlive === 0) {
      this.destroy();
      return;
    }
    this.#phase = 'idle';
    this.#served += 1;
    this.#wait(this.#keepAlive);
    this.#paused = false;
    this.#pausedAt = Infinity;
    this.#socket.resume();
    this.#owner.onIdle(this);
  }

  #ended(): void {
    const fault = this.#phase === 'busy' ? this.#parser.end() : undefined;
    // Within a TLS handshake the end comes before the error that tells of it.
    if (this.#phase === 'connecting') this.#close({ kind: 'connect', cause: 'the upstream closed the connection' });
    else if (fault === undefined) this.destroy();
    else this.#close({ kind: 'reset', cause: fault });
  }

  #failed(error: NodeJS.ErrnoException): void {
    const kind = this.#phase === 'connecting' ? connectFailure(error) : 'reset';
    this.#close({ kind, cause: `${error.code === undefined ? '' : `${error.code}: `}${error.message}` });
  }

  #close(failure: Failure): void {
    if (this.#phase === 'closed') return;
    const wasConnecting = this.#phase === 'connecting';
    const attempt = this.#attempt;
    const sent = this.#socket.bytesWritten > this.#bytesBefore;
    this.#phase = 'closed';
    this.#attempt = undefined;
    this.deadline = Infinity;
    this.#socket.destroy();
    const free =
      attempt !== undefined &&
      !wasConnecting &&
      failure.kind === 'reset' &&
      this.#served > 0 &&
      !this.#parser.begun &&
      attempt.mayRetryFree(sent);
    this.#owner.onClosed(this, free ? attempt : undefined);
    if (!free) attempt?.failed(failure);
  }

  #wait(milliseconds: number): void {
    this.deadline = deadlineAfter(milliseconds);
  }
}

/** Sends a request's body as it comes, at the upstream's pace. */
class BodyWriter {
  readonly #connection: Connection;
  readonly #attempt: Attempt;
  readonly #chunked: boolean;

  constructor(connection: Connection, attempt: Attempt, chunked: boolean) {
    this.#connection = connection;
    this.#attempt = attempt;
    this.#chunked = chunked;
  }

  onData(chunk: Buffer): void {
    if (this.#attempt.over) return;
    const connection = this.#connection;
    let more: boolean;
    if (this.#chunked) {
      connection.cork();
      connection.write(`${chunk.length.toString(16)}\r\n`);
      connection.write(chunk);
      more = connection.write('\r\n');
      connection.uncork();
    } else more = connection.write(chunk);
    if (!more) this.#attempt.request.body?.pause();
  }

  onEnd(trailers: readonly string[] | undefined): void {
    if (this.#attempt.over) return;
    if (this.#chunked) {
      const { dropped } = this.#attempt.request;
      this.#connection.write(`0\r\n${fieldLines(withoutFields(trailers ?? [], dropped))}\r\n`);
    }
    this.#connection.requestSent(this.#attempt);
  }

  onFault(fault: BodyFault): void {
    this.#attempt.bodyFault(fault);
  }
}

/**
 * Without a buffer of ours, Node allocates 64 KiB for each read, most of which hold a kilobyte.
 *
 * @param onRead called with what was read
 */
function open({ host, port, tls }: ConnectionSettings, reads: ReadBuffer, onRead: (chunk: Buffer) => void): Socket {
  const onread = {
    buffer: (): Buffer => reads.next(),
    callback: (length: number): boolean => {
      onRead(reads.filled(length));
      return true;
    },
  };
  if (tls === undefined) return connectPlain({ host, port, onread });
  const socket = connectSecure({
    host,
    port,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: tls.verify,
    // RFC 6066 section 3: names only, never an address.
    servername: tls.serverName ?? (/^[\d.]+$|:/.test(host) ? '' : host),
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  });
  // A TLS socket has no such option: what it read is its reader's.
  socket.on('data', (chunk: Buffer) => onRead(reads.replaced(chunk)));
  return socket;
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

/** TLS faults are told apart from a port that does not answer: the former are mended in the configuration. */
export function connectFailure(error: NodeJS.ErrnoException): FailureKind {
  const code = error.code ?? '';
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME)/.test(code) ? 'tls' : 'connect';
}
