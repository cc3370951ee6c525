import type { OutgoingHttpHeaders } from 'node:http2';
import { combined } from '../../src/fields.ts';
import type { Answered, CallOptions } from './client.ts';
import { Http2Client } from './h2.ts';

/** One connection for each gateway, by its port. */
const connections = new Map<string, Promise<Http2Client>>();

/** Sends a request over HTTP/2 on the connection that there is, and reads its answer to the end. */
export async function callOverHttp2(url: string, options: CallOptions): Promise<Answered> {
  const { method = 'GET', headers = [], body } = options;
  const { host, port, pathname, search } = new URL(url);
  const client = await connection(port);
  const fields = fieldsOf(headers);
  // Where HTTP/1.1 would have chunks there is no length.
  if (body !== undefined && combined(headers, 'transfer-encoding') === undefined) {
    fields['content-length'] = String(Buffer.byteLength(body));
  }
  const target = { ':method': method, ':authority': combined(headers, 'host') ?? host };
  const answer = await client.call(pathname + search, { ...target, ...fields }, body);
  if (answer.reset !== 0) throw new Error(`the answer to ${method} ${url} was cut off with code ${answer.reset}`);
  const { status, rawTrailers, text } = answer;
  const rawHeaders = answer.rawHeaders.filter((_text, index) => answer.rawHeaders[index - (index % 2)] !== ':status');
  return { status, rawHeaders, rawTrailers, body: answer.body, text, header: (name) => combined(rawHeaders, name) };
}

/** Closes what {@link callOverHttp2} has opened. */
export async function closeHttp2(): Promise<void> {
  for (const [port, opened] of connections) {
    connections.delete(port);
    await (await opened).close();
  }
}

async function connection(port: string): Promise<Http2Client> {
  const opened = connections.get(port);
  if (opened !== undefined) {
    const { session } = await opened;
    if (!session.closed && !session.destroyed) return opened;
  }
  const opening = Http2Client.open(Number(port));
  connections.set(port, opening);
  return opening;
}

/** Fields as HTTP/2 has them: in lower case, without those of a connection. */
function fieldsOf(headers: readonly string[]): OutgoingHttpHeaders {
  const fields: Record<string, string | string[]> = {};
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    const value = headers[index + 1] ?? '';
    if (name === 'host' || name === 'transfer-encoding') continue;
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
