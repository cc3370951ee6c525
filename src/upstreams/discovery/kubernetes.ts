import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keepAsking } from './asking.ts';
import type { Scheme } from './endpoints.ts';
import { mergeSlices, readSlice, type Slice, type SlicePort } from './endpoint-slices.ts';
import { Fault, kindOf } from './fault.ts';
import { askJson, follow, type Question } from './http.ts';
import { listOf, member, textOf } from './shape.ts';
import type { Discovery, DiscoveryObserver } from './source.ts';

export interface KubernetesOptions {
  /** Default: the gateway's own. */
  readonly namespace?: string | undefined;
  readonly service: string;
  /** Name or number of the port that pods listen on; default the only one. */
  readonly port?: string | number | undefined;
  /** For ports whose `appProtocol` is not `https`; default `http`. */
  readonly scheme?: Scheme | undefined;
  /** URL of the API server; default the name that it has in every cluster. */
  readonly api?: string | undefined;
  /** With `token`, `ca.crt` and `namespace`; default where pods have the credentials of their service account. */
  readonly credentials?: string | undefined;
}

const API = 'https://kubernetes.default.svc';
const CREDENTIALS = '/var/run/secrets/kubernetes.io/serviceaccount';
/** For a list, and for a watch to begin. In milliseconds. */
const TIMEOUT = 10_000;
/** How long the API server is asked to go on with one watch. In seconds. */
const WATCH_FOR = 300;

/** What is known of the slices. */
interface Known {
  readonly slices: Map<string, Slice>;
  /** From where a watch goes on. */
  version: string;
}

/**
 * The endpoints of a service in Kubernetes: its EndpointSlices, listed and then watched
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). A watch that has ended
 * goes on from the last version, bookmarks included; when that is too old (410), all is listed anew. No slices, or none with an endpoint that is ready, means no endpoints.
 *
 * The service account needs the verbs `list` and `watch` for `endpointslices` of `discovery.k8s.io`.
 */
export function discoverKubernetes(options: KubernetesOptions, observer: DiscoveryObserver): Discovery {
  const wanted: SlicePort = { port: options.port, scheme: options.scheme ?? 'http' };
  let known: Known | undefined;
  return keepAsking(async (tell, signal) => {
    const resumed = known;
    // Whatever fails, all is listed anew after it: the answer says that it works again, and a watch may say nothing.
    known = undefined;
    const account = await readAccount(options);
    if (account instanceof Fault) return account;
    const current = resumed ?? (await list(options, account, wanted, signal));
    if (current instanceof Fault) return current;
    if (resumed === undefined) tell(mergeSlices(current.slices.values()));
    const limits = { open: TIMEOUT, most: WATCH_FOR * 1000 + TIMEOUT };
    const end = await follow(question(options, account, current.version), limits, signal, (messages) => {
      for (const message of messages) {
        const stop = apply(current, message, wanted);
        if (stop !== undefined) return stop;
      }
      tell(mergeSlices(current.slices.values()));
      return undefined;
    });
    if (end instanceof Fault) return end.status === 410 ? 0 : end;
    if (end === 'over') known = current;
    return 0;
  }, observer);
}

interface Account {
  readonly namespace: string;
  readonly token: string;
  readonly ca: string | undefined;
}

/** Read for each request: tokens are replaced before they expire, after an hour as a rule. */
async function readAccount({ namespace, credentials = CREDENTIALS }: KubernetesOptions): Promise<Account | Fault> {
  try {
    const token = (await readFile(join(credentials, 'token'), 'utf8')).trim();
    // Without one the API server has a certificate of a well-known authority.
    const ca = await readFile(join(credentials, 'ca.crt'), 'utf8').catch(() => undefined);
    return {
      namespace: namespace ?? (await readFile(join(credentials, 'namespace'), 'utf8')).trim(),
      token,
      ca,
    };
  } catch (error) {
    return new Fault(`the service account in ${credentials} cannot be read: ${kindOf(error)}`);
  }
}

/** @param version watches from there; undefined lists */
function question({ api = API, service }: KubernetesOptions, account: Account, version?: string): Question {
  const url = new URL(api);
  const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(account.namespace)}/endpointslices`;
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  url.searchParams.set('labelSelector', `kubernetes.io/service-name=${service}`);
  if (version !== undefined) {
    url.searchParams.set('watch', '1');
    url.searchParams.set('allowWatchBookmarks', 'true');
    url.searchParams.set('resourceVersion', version);
    url.searchParams.set('timeoutSeconds', String(WATCH_FOR));
  }
  return { url, headers: { authorization: `Bearer ${account.token}` }, ca: account.ca };
}

async function list(
  options: KubernetesOptions,
  account: Account,
  wanted: SlicePort,
  signal: AbortSignal,
): Promise<Known | Fault> {
  const answer = await askJson(question(options, account), TIMEOUT, signal);
  return answer instanceof Fault ? answer : readList(answer.json, wanted);
}

function readList(json: unknown, wanted: SlicePort): Known | Fault {
  const version = textOf(member(json, 'metadata', 'resourceVersion'));
  const items = listOf(member(json, 'items'));
  if (version === undefined || items === undefined || member(json, 'kind') !== 'EndpointSliceList')
    return new Fault('the Kubernetes API sent no list of EndpointSlices');
  const slices = new Map<string, Slice>();
  for (const item of items) {
    const slice = readSlice(item, wanted);
    if (slice instanceof Fault) return slice;
    slices.set(nameOf(item), slice);
  }
  return { slices, version };
}

/** Takes in an event of a watch. @returns what ends the watch, if it does */
function apply(known: Known, message: unknown, wanted: SlicePort): Fault | 'gone' | undefined {
  const type = member(message, 'type');
  const object = member(message, 'object');
  if (type === 'ERROR') {
    const code = member(object, 'code');
    if (code === 410) return 'gone';
    return new Fault(`the Kubernetes API ended the watch with ${typeof code === 'number' ? code : 'an error'}`);
  }
  const version = textOf(member(object, 'metadata', 'resourceVersion'));
  if (version === undefined) return new Fault('the Kubernetes API sent an event without a version');
  if (type === 'DELETED') known.slices.delete(nameOf(object));
  else if (type === 'ADDED' || type === 'MODIFIED') {
    const slice = readSlice(object, wanted);
    if (slice instanceof Fault) return slice;
    known.slices.set(nameOf(object), slice);
  } else if (type !== 'BOOKMARK') return new Fault('the Kubernetes API sent an event of an unknown type');
  known.version = version;
  return undefined;
}

function nameOf(object: unknown): string {
  return textOf(member(object, 'metadata', 'name')) ?? '';
}
