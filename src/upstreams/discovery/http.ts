import { request as requestHttp, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Fault, kindOf } from './fault.ts';

/** A request to a source. */
export interface Question {
  /** May hold a user and a password, which are sent as RFC 7617 has it and named nowhere. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent with POST, as JSON. */
  readonly body?: unknown;
  /** When not the one that goes with the body. */
  readonly method?: 'POST' | undefined;
  /** Beside 200, those whose JSON is an answer, too. */
  readonly statuses?: readonly number[] | undefined;
  /** PEM of the authorities that the source is checked against, instead of the well-known ones. */
  readonly ca?: string | undefined;
}

/** The largest answer, and the longest line of a stream: 10,000 instances in Consul's words fit. In bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** A peer that is gone without a word is noticed by the system after this and a few probes. In milliseconds. */
const PROBE_AFTER = 15_000;

/**
 * Asks for JSON. Redirects are not followed: they would carry a token to where it does not belong.
 *
 * @param timeout for all of it, in milliseconds
 * @param signal gives it up
 */
export async function askJson(
  question: Question,
  timeout: number,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly json: unknown } | Fault> {
  const { origin } = question.url;
  const request = send(question, signal);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    request.destroy();
  }, timeout);
  try {
    const response = await answered(request);
    const { statusCode: status = 0, headers } = response;
    if (status !== 200 && question.statuses?.includes(status) !== true) return wrongStatus(origin, response);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > MAX_BYTES) return tooLarge(origin);
      chunks.push(bytes);
    }
    const json = parseJson(Buffer.concat(chunks));
    return json instanceof Fault ? new Fault(`${origin} sent ${json.cause}`) : { status, headers, json };
  } catch (error) {
    return isLate ? tooLate(origin, timeout) : unreachable(origin, error);
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

/** How long a stream may take, in milliseconds. */
export interface StreamLimits {
  /** Until its head is there. */
  readonly open: number;
  /** In all; it is ended then. */
  readonly most: number;
}

/**
 * Follows a stream of lines that each hold one JSON text. One that breaks off after it began is over like any other:
 * whether the source can still be asked is for the next question to tell.
 *
 * @param take gets what came together; what it returns ends the stream
 * @returns what `take` returned, `over` when the stream has ended or its time has
 */
export async function follow<Stop>(
  question: Question,
  limits: StreamLimits,
  signal: AbortSignal,
  take: (messages: readonly unknown[]) => Stop | undefined,
): Promise<Stop | 'over' | Fault> {
  const { origin } = question.url;
  const request = send(question, signal);
  let isOpen = false;
  let isTime = false;
  const end = (): void => {
    isTime = true;
    request.destroy();
  };
  let timer = setTimeout(end, limits.open);
  try {
    const response = await answered(request);
    clearTimeout(timer);
    if (response.statusCode !== 200) return wrongStatus(origin, response);
    isOpen = true;
    timer = setTimeout(end, limits.most);
    const lines = new Lines();
    for await (const chunk of response) {
      const messages: unknown[] = [];
      for (const line of lines.take(Buffer.from(chunk))) {
        const json = parseJson(line);
        if (json instanceof Fault) return new Fault(`${origin} sent ${json.cause}`);
        messages.push(json);
      }
      if (lines.rest > MAX_BYTES) return tooLarge(origin);
      const stop = messages.length > 0 ? take(messages) : undefined;
      if (stop !== undefined) return stop;
    }
    return 'over';
  } catch (error) {
    if (isOpen) return 'over';
    return isTime ? tooLate(origin, limits.open) : unreachable(origin, error);
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

/** Each request has a connection of its own: they are minutes apart, and one that idles so long may be dead. */
function send({ url, headers = {}, body, method, ca }: Question, signal: AbortSignal): ClientRequest {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const options = {
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    headers: {
      accept: 'application/json',
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    agent: false,
    signal,
  };
  const request =
    url.protocol === 'https:'
      ? requestHttps(url, ca === undefined ? options : { ...options, ca })
      : requestHttp(url, options);
  request.setSocketKeepAlive(true, PROBE_AFTER);
  request.end(text);
  return request;
}

async function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    // It stays for errors that come after the head: reading the body reports them, and nobody else has to.
    request.on('error', reject);
    // The end of one that asks to change the protocol is no error.
    request.on('close', () => reject(new Error('closed')));
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return new Fault('something that is not JSON');
  }
}

function wrongStatus(origin: string, { statusCode }: IncomingMessage): Fault {
  return new Fault(`${origin} answered ${statusCode}`, statusCode);
}

function tooLarge(origin: string): Fault {
  return new Fault(`${origin} sent more than ${MAX_BYTES / 1024 / 1024} MiB`);
}

function tooLate(origin: string, timeout: number): Fault {
  return new Fault(`${origin} did not answer within ${timeout / 1000} s`);
}

function unreachable(origin: string, error: unknown): Fault {
  return new Fault(`${origin} cannot be reached: ${kindOf(error)}`);
}

const LINE_END = 0x0a;

/** Makes lines of chunks. */
class Lines {
  /** How many bytes wait for the end of their line. */
  rest = 0;
  #chunks: Buffer[] = [];

  /** @returns the lines that are whole now, without empty ones */
  take(chunk: Buffer): readonly Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, start)) {
      const line = Buffer.concat([...this.#chunks, chunk.subarray(start, end)]);
      if (line.length > 0) lines.push(line);
      this.#chunks = [];
      this.rest = 0;
      start = end + 1;
    }
    const left = chunk.subarray(start);
    this.#chunks.push(left);
    this.rest += left.length;
    return lines;
  }
}
