import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

/** What became of a batch. `failed`: it may be sent again. */
export type Delivery =
  | { readonly kind: 'taken'; readonly rejected: number }
  | { readonly kind: 'refused' | 'failed'; readonly why: string; readonly retryAfter?: number };

/** How long a collector may take for a batch; in milliseconds. */
const TIMEOUT = 10_000;
const NO_TIME: Delivery = { kind: 'failed', why: 'there is no time left' };
/** So much of an answer is read; in bytes. */
const MOST_READ = 64 * 1024;
/** OTLP 1.x, "Retryable Response Codes". */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Takes batches of spans by OTLP over HTTP, in JSON, over one connection that is kept. */
export class Collector {
  readonly #url: URL;
  readonly #agent: HttpAgent;
  #request: ClientRequest | undefined;
  #giveUp = (): void => undefined;
  #isClosed = false;

  /** @param url that is posted to; a user and a password in it are sent as Basic credentials */
  constructor(url: string) {
    this.#url = new URL(url);
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** One at a time. Never rejects, and has an end: a timeout, or that of the collector. */
  async post(body: Buffer): Promise<Delivery> {
    if (this.#isClosed) return NO_TIME;
    const send = this.#url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve) => {
      this.#giveUp = () => resolve(NO_TIME);
      const failed = (error: Error): void => resolve({ kind: 'failed', why: error.message });
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const request = send(this.#url, { method: 'POST', agent: this.#agent, headers });
      this.#request = request;
      const late = (): void => void request.destroy(new Error(`no answer in ${TIMEOUT} ms`));
      const timer = setTimeout(late, TIMEOUT).unref();
      const closed = (): void => failed(new Error('the connection was closed'));
      request.once('close', () => clearTimeout(timer));
      request.once('close', closed);
      request.once('error', failed);
      // Nobody asked for another protocol, and without this its end would be no error to Node.
      request.once('upgrade', (_response, socket) => {
        socket.destroy();
        resolve({ kind: 'refused', why: 'status 101' });
      });
      request.once('response', (response) => {
        // From here on it is the answer that ends or breaks off.
        request.off('close', closed);
        response.once('error', failed);
        textOf(response).then((text) => resolve(judged(response, text)), failed);
      });
      request.end(body);
    });
  }

  /** Ends what is under way. */
  close(): void {
    this.#isClosed = true;
    this.#giveUp();
    this.#request?.destroy();
    this.#agent.destroy();
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > MOST_READ) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function judged({ statusCode = 0, headers }: IncomingMessage, text: string): Delivery {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'taken', rejected: rejectedIn(text) };
  const why = `status ${statusCode}`;
  if (!RETRYABLE.has(statusCode)) return { kind: 'refused', why };
  const seconds = Number(headers['retry-after']);
  return { kind: 'failed', why, ...(seconds > 0 ? { retryAfter: seconds * 1000 } : {}) };
}

/** How many spans of a batch that was taken were not: OTLP calls it a partial success. */
function rejectedIn(text: string): number {
  try {
    const answer: unknown = JSON.parse(text);
    const success = member(answer, 'partialSuccess');
    const rejected = Number(member(success, 'rejectedSpans') ?? 0);
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    // Many answer with nothing, and it is the status that counts.
    return 0;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
