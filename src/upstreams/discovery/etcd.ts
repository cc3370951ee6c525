import { keepAsking } from './asking.ts';
import { targetOf } from './endpoints.ts';
import { Fault, quoted } from './fault.ts';
import { askJson, follow } from './http.ts';
import { listOf, member, textOf } from './shape.ts';
import type { Discovery, DiscoveryObserver, Found } from './source.ts';

export interface EtcdOptions {
  /** URL of a member; a path is what its API stands below. */
  readonly etcd: string;
  /** Of the keys, each of which holds one endpoint: a URL, or JSON as `{"url": "http://10.0.0.1:80", "weight": 2}`. */
  readonly prefix: string;
}

/** For the keys, and for a watch to begin. In milliseconds. */
const TIMEOUT = 10_000;
/**
 * After this everything is read anew. A member that was cut off from the others, or a proxy that has forgotten the
 * watch, says nothing: without it that would go unnoticed for ever. In milliseconds.
 */
const WATCH_FOR = 300_000;

/**
 * The endpoints below a prefix in etcd, through the JSON gateway of its v3 API, which etcd 3.4 and later have at `/v3`
 * (https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/): the keys are read, then watched from the revision after. No
 * keys means no endpoints. One value that cannot be read is a failure: whoever wrote it counts on it.
 */
export function discoverEtcd({ etcd, prefix }: EtcdOptions, observer: DiscoveryObserver): Discovery {
  const range = rangeOf(prefix);
  return keepAsking(async (tell, signal) => {
    const answer = await askJson({ url: apiUrl(etcd, '/v3/kv/range'), body: range }, TIMEOUT, signal);
    if (answer instanceof Fault) return answer;
    const revision = revisionOf(answer.json);
    const pairs = listOf(member(answer.json, 'kvs'));
    if (revision === undefined || pairs === undefined) return new Fault('etcd sent no revision and keys');
    const known = new Map<string, Found>();
    for (const pair of pairs) {
      const fault = put(known, pair);
      if (fault !== undefined) return fault;
    }
    tell(known.values());

    const create = { ...range, start_revision: String(revision + 1n) };
    const question = { url: apiUrl(etcd, '/v3/watch'), body: { create_request: create } };
    const end = await follow(question, { open: TIMEOUT, most: WATCH_FOR }, signal, (messages) => {
      for (const message of messages) {
        const stop = apply(known, message);
        if (stop !== undefined) return stop;
      }
      tell(known.values());
      return undefined;
    });
    return end instanceof Fault ? end : 0;
  }, observer);
}

function apiUrl(etcd: string, path: string): URL {
  const url = new URL(etcd);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  return url;
}

/** All keys that begin with the prefix: up to the first one that is greater ("key+1" in etcd's documents). */
function rangeOf(prefix: string): { readonly key: string; readonly range_end: string } {
  const key = Buffer.from(prefix, 'utf8');
  const end = Buffer.from(key);
  // UTF-8 has no byte 0xff: there is none that would have to carry. Without a prefix it is all keys.
  const last = end.length - 1;
  if (last >= 0) end[last] = (end[last] ?? 0) + 1;
  const zero = Buffer.from([0]);
  return { key: (last < 0 ? zero : key).toString('base64'), range_end: (last < 0 ? zero : end).toString('base64') };
}

function revisionOf(json: unknown): bigint | undefined {
  // An int64, which JSON of Protocol Buffers writes as a string.
  const text = member(json, 'header', 'revision');
  return typeof text === 'string' && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}

/** Takes in what a watch says. @returns what ends the watch, if it does: the keys have to be read anew then */
function apply(known: Map<string, Found>, message: unknown): Fault | 'compacted' | undefined {
  const result = member(message, 'result');
  const events = listOf(member(result, 'events'));
  if (result === undefined || events === undefined) return new Fault('etcd ended the watch with an error');
  if (member(result, 'canceled') === true) {
    // What happened since then is forgotten, because history was cut off there.
    if (member(result, 'compact_revision') !== undefined) return 'compacted';
    return new Fault('etcd cancelled the watch');
  }
  for (const event of events) {
    const pair = member(event, 'kv');
    const key = member(pair, 'key');
    // PUT is the first of the enumeration, and so is left out.
    const type = member(event, 'type') ?? 'PUT';
    if (type === 'DELETE' && typeof key === 'string') known.delete(key);
    else if (type === 'PUT') {
      const fault = put(known, pair);
      if (fault !== undefined) return fault;
    } else return new Fault('etcd sent an event that is neither a put nor a deletion');
  }
  return undefined;
}

function put(known: Map<string, Found>, pair: unknown): Fault | undefined {
  const key = textOf(member(pair, 'key'));
  if (key === undefined) return new Fault('etcd sent a value without a key');
  const found = readValue(member(pair, 'value'));
  if (found === undefined)
    return new Fault(`the key ${quoted(fromBase64(key))} holds neither a URL nor {"url", "weight"}`);
  known.set(key, found);
  return undefined;
}

function readValue(value: unknown): Found | undefined {
  if (typeof value !== 'string') return undefined;
  const text = fromBase64(value).trim();
  if (!text.startsWith('{')) return targetOf(text);
  try {
    return targetOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
