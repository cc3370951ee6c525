import { expect } from 'chai';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { request as requestOverTls } from 'node:https';
import { PROBLEMS, type ProblemCode } from '../../src/errors.ts';
import { combined } from '../../src/fields.ts';
import { within } from './arrivals.ts';
import { first as certificate } from './certificates.ts';
import { isOverHttp2 } from './engines.ts';
import { callOverHttp2 } from './h2-call.ts';

/** An answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** All values of a header, joined. */
  header(name: string): string | undefined;
}

export interface CallOptions {
  readonly method?: string;
  /** Names and values alternately. */
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  /** Default: a connection for this request only. */
  readonly agent?: Agent;
}

/** Sends a request, and gives its answer as soon as the head is there. */
export async function open(url: string, options: CallOptions = {}): Promise<IncomingMessage> {
  const { method = 'GET', headers = [], body, agent } = options;
  const { protocol, host, hostname, port, pathname, search } = new URL(url);
  const named = combined(headers, 'host') === undefined ? ['host', host, ...headers] : [...headers];
  if (body !== undefined && combined(headers, 'transfer-encoding') === undefined) {
    named.push('content-length', String(Buffer.byteLength(body)));
  }
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    const to = {
      hostname,
      port,
      path: pathname + search,
      method,
      headers: named,
      agent: agent ?? false,
      setHost: false,
    };
    // Whatever Host the request names: the certificate is for the address.
    const sent =
      protocol === 'https:'
        ? requestOverTls({ ...to, ca: certificate.cert, servername: 'localhost' }, resolve)
        : request(to, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
  return within(answer, `the answer to ${method} ${url}`);
}

/** Sends a request, and reads its answer to the end. Over HTTP/2 on one connection: see `onEachEngineAndHttp2`. */
export async function call(url: string, options: CallOptions = {}): Promise<Answered> {
  if (isOverHttp2() && url.startsWith('https:')) return callOverHttp2(url, options);
  const response = await open(url, options);
  const chunks: Buffer[] = [];
  const whole = new Promise<void>((resolve, reject) => {
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', resolve);
    response.on('error', reject);
  });
  await within(whole, `the end of the answer to ${url}`);
  const body = Buffer.concat(chunks);
  const { rawHeaders, rawTrailers } = response;
  return {
    status: response.statusCode ?? 0,
    rawHeaders,
    rawTrailers,
    body,
    text: body.toString('utf8'),
    header: (name) => combined(rawHeaders, name),
  };
}

/** What an error answer must not tell: where the code is, where the upstream is, what went wrong in there. */
const INTERNAL = /node_modules|\/src\/|\.[tj]s\b|\bat \S+ \(|127\.0\.0\.1|localhost|ECONN|UND_ERR|HPE_|undefined/i;

/** Checks that an answer is a problem document with this code, and says nothing about the inside. @returns its id */
export function expectProblem(
  answer: Pick<Answered, 'status' | 'text' | 'header' | 'rawHeaders'>,
  code: ProblemCode,
): string {
  const problem: Record<string, unknown> = answer.text.startsWith('{') ? JSON.parse(answer.text) : {};
  expect({ status: answer.status, code: problem['code'] }).to.deep.equal({ status: PROBLEMS[code].status, code });
  expect(answer.header('content-type')).to.equal('application/problem+json');
  const requestId = answer.header('x-request-id') ?? '';
  expect(requestId).to.match(/^[\w.:/+=@-]{1,128}$/);
  const { detail, ...rest } = problem;
  if (detail !== undefined) expect(detail).to.be.a('string');
  const { status, title } = PROBLEMS[code];
  expect(rest).to.deep.equal({ type: `urn:gatewayctl:problem:${code}`, title, status, code, requestId });
  expect(answer.text + answer.rawHeaders.join('\n')).to.not.match(INTERNAL);
  return requestId;
}
