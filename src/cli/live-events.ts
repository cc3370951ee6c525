import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Fault, kindOf } from '../upstreams/discovery/fault.ts';
import { adminFailure, authorizationFor, unexpected, type AdminAddress } from './ask-admin.ts';
import { ExitError } from './exit.ts';

export interface LiveEvent {
  readonly event: string;
  /** Of JSON. */
  readonly data: unknown;
}

/** How long the gateway may say nothing, in milliseconds: something comes each second. */
const SILENCE = 5_000;
/** The largest event: one of 50,000 routes fits. In characters. */
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * What a running gateway tells live, until it ends that.
 *
 * @param signal ends it, without an exception
 * @throws ExitError 1 when it cannot be had, or breaks off, 2 when the token cannot be sent
 */
export async function* liveEvents(address: AdminAddress, signal: AbortSignal): AsyncGenerator<LiveEvent> {
  const { origin } = new URL(address.url);
  const fail = (cause: string, status?: number): ExitError =>
    new ExitError(1, adminFailure(new Fault(cause, status), address, 'live view'));
  const request = send(address, signal);
  let isSilent = false;
  request.setTimeout(SILENCE, () => {
    isSilent = true;
    request.destroy();
  });
  try {
    const response = await answered(request);
    const { statusCode = 0 } = response;
    if (statusCode === 503)
      throw fail(`${origin} has as many readers as it may have: close a status page, or another top`);
    if (statusCode !== 200) throw fail(`${origin} answered ${statusCode}`, statusCode);
    if (response.headers['content-type'] !== 'text/event-stream')
      throw new ExitError(1, unexpected(address, 'no stream of events'));
    yield* eventsOf(response, address);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof ExitError) throw error;
    throw fail(
      isSilent ? `${origin} said nothing for ${SILENCE / 1000} s` : `${origin} cannot be reached: ${kindOf(error)}`,
    );
  } finally {
    request.destroy();
  }
}

function send(address: AdminAddress, signal: AbortSignal): ClientRequest {
  const url = new URL(`${address.url}/api/v1/live`);
  const headers = { accept: 'text/event-stream', ...authorizationFor(address) };
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { headers, agent: false, signal });
  request.end();
  return request;
}

async function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    // It stays for errors that come after the head: reading the answer reports them.
    request.on('error', reject);
    request.on('close', () => reject(new Error('closed')));
  });
}

/** Takes a stream apart (WHATWG HTML, section 9.2.5), whose lines end as the gateway ends them. */
async function* eventsOf(response: IncomingMessage, address: AdminAddress): AsyncGenerator<LiveEvent> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const blocks = (rest + String(chunk)).split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > MAX_LENGTH) throw new ExitError(1, unexpected(address, 'an event without end'));
    for (const block of blocks) yield eventOf(block, address);
  }
}

function eventOf(block: string, address: AdminAddress): LiveEvent {
  let event = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice('event: '.length);
    else if (line.startsWith('data: ')) data += line.slice('data: '.length);
  }
  try {
    return { event, data: JSON.parse(data) };
  } catch {
    throw new ExitError(1, unexpected(address, 'no event with JSON'));
  }
}
