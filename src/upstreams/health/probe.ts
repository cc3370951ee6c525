import { request as requestHttp, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { kindOf } from '../discovery/fault.ts';
import { connectTo, type ProbeTarget } from './connecting.ts';
import { TextSearch } from './text-search.ts';
import { SYSTEM_TIMERS, type Timers } from './timers.ts';

/** What a probe asks, and what the answer must be like. */
export interface ProbeQuestion {
  /** Asked for with GET; undefined = a connection is enough, with https its TLS handshake included. */
  readonly path: string | undefined;
  /** Those that count as healthy. */
  readonly status: readonly number[];
  /** Text that the body must contain; undefined = the body is not waited for. */
  readonly body: string | undefined;
  /** For all of it, the body included; in milliseconds. */
  readonly timeout: number;
}

export interface ProbeOutcome {
  readonly isHealthy: boolean;
  /** For people and logs. Holds no query of the path, no text of the body, and nothing of the answer but its status. */
  readonly why: string;
}

/** What it waits for; `reading` is for the body. */
type Phase = 'connecting' | 'securing' | 'asking' | 'reading' | 'over';

/** How much of a body is read, in bytes. */
const MAX_BODY = 64 * 1024;

/**
 * One probe on a connection of its own. A shallow one with https ends with the handshake, since an endpoint whose
 * certificate has run out serves nobody. Whether the endpoint takes the gateway's own certificate only a deep one
 * finds: in TLS 1.3 the client's side of the handshake is done before the server has looked at it (RFC 8446 section 2).
 */
export class Probe {
  readonly #target: ProbeTarget;
  readonly #question: ProbeQuestion;
  readonly #onEnd: (outcome: ProbeOutcome) => void;
  /** What is asked, for people. A query may hold a token. */
  readonly #what: string;
  /** Calls off the end of its time. */
  readonly #stopTimer: () => void;
  #phase: Phase = 'connecting';
  #socket: Socket | undefined;
  /** Of the answer, while its body is read. */
  #status = 0;

  /** @param onEnd told once of the outcome, when the connection is given up; not told when the probe is cancelled */
  constructor(
    target: ProbeTarget,
    question: ProbeQuestion,
    onEnd: (outcome: ProbeOutcome) => void,
    timers: Timers = SYSTEM_TIMERS,
  ) {
    this.#target = target;
    this.#question = question;
    this.#onEnd = onEnd;
    this.#what = `GET ${(question.path ?? '').replace(/\?.*/s, '')}`;
    this.#stopTimer = timers.after(question.timeout, () => this.#overdue());
  }

  start(): void {
    try {
      this.#socket = connectTo(this.#target, {
        onSecuring: () => {
          if (this.#phase === 'connecting') this.#phase = 'securing';
        },
        onReady: () => this.#ready(),
      });
    } catch (error) {
      this.#end(false, `cannot connect: ${kindOf(error)}`);
      return;
    }
    this.#socket.on('error', (error) => this.#failed(error));
    // A connection may close without an error. Once the answer has begun, its own end tells more.
    this.#socket.on('close', () => {
      if (this.#phase !== 'reading') this.#failed(new Closed());
    });
  }

  /** Closes its connection; nobody is told. */
  cancel(): void {
    this.#phase = 'over';
    this.#stopTimer();
    this.#socket?.destroy();
  }

  #ready(): void {
    const { path } = this.#question;
    const socket = this.#socket;
    if (socket === undefined || this.#phase === 'over') return;
    if (path === undefined) {
      // Before it is destroyed it sends the rest of the handshake: the endpoint would log a failure for each probe.
      socket.destroySoon();
      this.#tell(true, 'connected');
      return;
    }
    this.#phase = 'asking';
    try {
      const request = requestHttp({
        createConnection: () => socket,
        // Node would send what is not ASCII as Latin-1. RFC 3986 section 2.5: UTF-8, percent-encoded.
        path: path.replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent),
        headers: {
          host: new URL(this.#target.origin).host,
          'user-agent': 'gatewayctl-health',
          accept: '*/*',
          connection: 'close',
        },
      });
      request.on('error', (error) => this.#failed(error));
      request.on('response', (response) => this.#answered(response));
      request.end();
    } catch (error) {
      this.#failed(error);
    }
  }

  #answered(response: IncomingMessage): void {
    const { status, body } = this.#question;
    response.on('error', (error) => this.#failed(error));
    if (this.#phase !== 'asking') return;
    this.#phase = 'reading';
    this.#status = response.statusCode ?? 0;
    if (!status.includes(this.#status)) this.#end(false, `${this.#what} answered ${this.#status}`);
    else if (body === undefined) this.#end(true, `${this.#what} answered ${this.#status}`);
    else this.#read(response, new TextSearch(body, MAX_BODY));
  }

  #read(response: IncomingMessage, search: TextSearch): void {
    const answered = `${this.#what} answered ${this.#status}`;
    response.on('data', (chunk: Buffer) => {
      search.push(chunk);
      if (search.isFound) this.#end(true, answered);
      else if (search.isOver) this.#end(false, `${answered} without the expected text in the first 64 KiB`);
    });
    response.on('end', () => {
      if (search.isFound) this.#end(true, answered);
      else this.#end(false, `${answered} without the expected text`);
    });
  }

  #overdue(): void {
    const within = `within ${this.#question.timeout / 1000} s`;
    if (this.#phase === 'connecting') this.#end(false, `no connection ${within}`);
    else if (this.#phase === 'securing') this.#end(false, `no TLS handshake ${within}`);
    else if (this.#phase === 'asking') this.#end(false, `${this.#what}: no answer ${within}`);
    else this.#end(false, `${this.#what} answered ${this.#status} without the expected text ${within}`);
  }

  #failed(error: unknown): void {
    const kind = kindOf(error);
    if (this.#phase === 'connecting') this.#end(false, `connect ${kind}`);
    else if (this.#phase === 'securing') this.#end(false, `TLS handshake failed: ${kind}`);
    else if (this.#phase === 'reading')
      this.#end(false, `${this.#what} answered ${this.#status} and broke off: ${kind}`);
    else if (kind.startsWith('HPE_')) this.#end(false, `${this.#what}: an answer that is not valid HTTP (${kind})`);
    else this.#end(false, `${this.#what}: no answer (${kind})`);
  }

  #end(isHealthy: boolean, why: string): void {
    this.#socket?.destroy();
    this.#tell(isHealthy, why);
  }

  #tell(isHealthy: boolean, why: string): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#stopTimer();
    this.#onEnd({ isHealthy, why });
  }
}

/** The peer ended the connection in good order, where it should have gone on. */
class Closed extends Error {
  override readonly name = 'closed';
}
