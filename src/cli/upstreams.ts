import type { ListenConfig } from '../config/config.ts';
import { formatListen } from '../config/listen.ts';
import { visible } from '../config/render/terminal.ts';
import { suggest } from '../config/suggest.ts';
import { Fault } from '../upstreams/discovery/fault.ts';
import { askJson } from '../upstreams/discovery/http.ts';
import { member } from '../upstreams/discovery/shape.ts';
import { isShownUpstream, type ShownEndpoint, type ShownUpstream } from '../upstreams/shown.ts';
import { ExitError } from './exit.ts';
import { readConfig } from './read-config.ts';
import { print, printJson, table, tell, type OutputFormat } from './table.ts';

export interface UpstreamsFlags {
  /** Undefined = all of them. */
  readonly name: string | undefined;
  readonly format: OutputFormat;
  /** The URL of the admin listener; undefined = that of the configuration. */
  readonly admin: string | undefined;
  /** The path of the configuration. */
  readonly config: string;
}

/** Where to ask, and what to say when that fails. */
interface AdminAddress {
  readonly url: string;
  /** Empty = none. */
  readonly token: string;
  /** Where the token comes from, or has to. */
  readonly tokenSource: string;
  /** What to look at when nobody answers there. */
  readonly advice: string;
}

const TOKEN_VARIABLE = 'GATEWAYCTL_TOKEN';
/** For the whole answer, in milliseconds. */
const TIMEOUT = 5_000;

/**
 * Shows the upstreams of a running gateway, or one of them.
 *
 * @throws ExitError 1 when the gateway cannot be asked or has no such upstream, 2 when it is not known where to ask
 */
export async function upstreams({ name, format, admin, config }: UpstreamsFlags): Promise<void> {
  const address = admin === undefined ? await addressIn(config) : addressOf(admin);
  const { json, shown } = await ask(address);
  if (name === undefined) {
    if (format === 'json') printJson(json);
    else if (shown.length === 0) tell('the gateway has no upstreams');
    else print(text(shown));
    return;
  }
  const found = shown.find((upstream) => upstream.name === name);
  if (found === undefined) throw new ExitError(1, unknownUpstream(name, shown));
  if (format === 'json') printJson(found);
  else print(text([found]));
}

/** The address in a configuration. One that stands for every interface is asked over loopback. */
async function addressIn(file: string): Promise<AdminAddress> {
  const { listen, token } = (await readConfig(file)).admin;
  const advice = `is gatewayctl serve running? admin.listen is ${formatListen(listen)} in ${file}`;
  if (listen.port === 0) {
    throw new ExitError(
      2,
      `admin.listen is ${formatListen(listen)} in ${file}, which is any free port: name the one that gatewayctl serve printed with --admin http://127.0.0.1:PORT`,
    );
  }
  const own = process.env[TOKEN_VARIABLE] ?? '';
  return {
    url: `http://${formatListen(reachable(listen))}`,
    token: own === '' ? token : own,
    tokenSource: own === '' ? `admin.token in ${file}` : TOKEN_VARIABLE,
    advice,
  };
}

function reachable({ host, port }: ListenConfig): ListenConfig {
  if (host === '::') return { host: '::1', port };
  return { host: host === '' || host === '0.0.0.0' ? '127.0.0.1' : host, port };
}

function addressOf(admin: string): AdminAddress {
  const url = URL.canParse(admin) ? new URL(admin) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new ExitError(2, `--admin: found ${quoted(admin)}, expected a URL such as http://127.0.0.1:9901`);
  }
  return {
    url: url.href.replace(/\/+$/, ''),
    token: process.env[TOKEN_VARIABLE] ?? '',
    tokenSource: TOKEN_VARIABLE,
    advice: 'is gatewayctl serve running, and is this its admin listener? it is what --admin says',
  };
}

/** @returns the answer as it came, and the upstreams in it */
async function ask(address: AdminAddress): Promise<{ json: unknown; shown: readonly ShownUpstream[] }> {
  const { token, tokenSource } = address;
  // RFC 9110 section 5.5: a field value is text without controls.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(token)) {
    throw new ExitError(2, `${tokenSource} has a character that cannot be sent: expected the token, on one line`);
  }
  const url = new URL(`${address.url}/api/v1/upstreams`);
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const answer = await askJson({ url, headers }, TIMEOUT, new AbortController().signal);
  if (answer instanceof Fault) throw new ExitError(1, failure(answer, address, url.origin));
  const list = member(answer.json, 'upstreams');
  if (!Array.isArray(list) || !list.every(isShownUpstream)) {
    throw new ExitError(
      1,
      `${url.origin} answered something that is no list of upstreams: expected the admin listener of a gateway of this version; ${address.advice}`,
    );
  }
  return { json: answer.json, shown: list };
}

function failure({ cause, status }: Fault, { token, tokenSource, advice }: AdminAddress, origin: string): string {
  if (status === 401) {
    return token === ''
      ? `${origin} wants the admin token, and there is none in ${tokenSource}: set ${TOKEN_VARIABLE} to the admin.token of the gateway`
      : `${origin} does not accept the token in ${tokenSource}: set ${TOKEN_VARIABLE} to the admin.token that the gateway runs with`;
  }
  if (status === 404)
    return `${origin} knows no upstreams: expected the admin listener of a gateway of this version; ${advice}`;
  if (status === 421)
    return `${origin} does not answer to that name: an admin listener on loopback has to be called 127.0.0.1, localhost or [::1]`;
  return `${cause}; ${advice}`;
}

function unknownUpstream(name: string, known: readonly ShownUpstream[]): string {
  const names = known.map((upstream) => upstream.name);
  if (names.length === 0) return `there is no upstream ${quoted(name)}: the gateway has none`;
  const near = suggest(name, names);
  const meant = near === undefined ? '' : ` did you mean ${quoted(near)}?`;
  return `there is no upstream ${quoted(name)}:${meant} expected ${visible(names.join(', '))}`;
}

const HEADINGS = ['UPSTREAM', 'ENDPOINT', 'STATE', 'WEIGHT', 'IN-FLIGHT', 'LATENCY', 'BREAKER', 'WHY'];

/** A line for each endpoint, and below them what is to be known of whole upstreams. */
function text(shown: readonly ShownUpstream[]): string {
  const rows = shown.flatMap(({ name, endpoints }) =>
    endpoints.length === 0
      ? [[name, '-', 'no endpoint', '-', '-', '-', '-']]
      : endpoints.map((endpoint) => [name, ...cells(endpoint)]),
  );
  const notes = shown.flatMap((upstream) =>
    notesOn(upstream).map((note) => `${visible(`${upstream.name}: ${note}`)}\n`),
  );
  return table(HEADINGS, rows) + (notes.length === 0 ? '' : `\n${notes.join('')}`);
}

function cells(endpoint: ShownEndpoint): readonly string[] {
  // One that is new or was not well grows to its weight.
  const share = endpoint.share < 1 ? ` (${Math.round(endpoint.share * 100)} %)` : '';
  return [
    endpoint.url,
    endpoint.condition,
    `${endpoint.weight}${share}`,
    String(endpoint.in_flight),
    endpoint.latency_seconds === null ? '-' : latencyText(endpoint.latency_seconds),
    endpoint.breaker ?? '-',
    endpoint.why,
  ];
}

function notesOn({ panic, source, bulkhead }: ShownUpstream): readonly string[] {
  const notes: string[] = [];
  if (panic) notes.push('panic: no endpoint is well, so that all of them are asked');
  if (source.fault !== null) {
    const last =
      source.age_seconds === null
        ? 'there was no answer yet'
        : `the endpoints are those of ${ageText(source.age_seconds)} ago`;
    notes.push(`${source.kind} cannot be asked: ${source.fault}; ${last}`);
  }
  if (bulkhead !== null && bulkhead.queued > 0) {
    notes.push(`the queue holds ${bulkhead.queued}, behind ${bulkhead.inside} in flight`);
  }
  return notes;
}

function latencyText(seconds: number): string {
  const milliseconds = seconds * 1000;
  if (milliseconds >= 999.5) return `${seconds.toFixed(1)} s`;
  return `${milliseconds < 9.95 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
}

/** In the largest unit of which there is a whole one. */
function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

function quoted(name: string): string {
  return visible(JSON.stringify(name));
}
