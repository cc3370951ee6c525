import { visible } from '../config/render/terminal.ts';
import { suggest } from '../config/suggest.ts';
import { member } from '../upstreams/discovery/shape.ts';
import { isShownUpstream, type ShownEndpoint, type ShownUpstream } from '../upstreams/shown.ts';
import { adminAddress, askAdmin, quoted, unexpected, type AdminAddress } from './ask-admin.ts';
import { ExitError } from './exit.ts';
import { durationText } from './quantities.ts';
import { ageText, print, printJson, table, tell, type OutputFormat } from './table.ts';

export interface UpstreamsFlags {
  /** Undefined = all of them. */
  readonly name: string | undefined;
  readonly format: OutputFormat;
  /** The URL of the admin listener; undefined = that of the configuration. */
  readonly admin: string | undefined;
  /** The path of the configuration. */
  readonly config: string;
}

/** For the whole answer, in milliseconds. */
const TIMEOUT = 5_000;

/**
 * Shows the upstreams of a running gateway, or one of them.
 *
 * @throws ExitError 1 when the gateway cannot be asked or has no such upstream, 2 when it is not known where to ask
 */
export async function upstreams({ name, format, admin, config }: UpstreamsFlags): Promise<void> {
  const { json, shown } = await ask(await adminAddress(admin, config));
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

/** @returns the answer as it came, and the upstreams in it */
async function ask(address: AdminAddress): Promise<{ json: unknown; shown: readonly ShownUpstream[] }> {
  const { json } = await askAdmin(address, { path: '/api/v1/upstreams', what: 'upstreams', timeout: TIMEOUT });
  const list = member(json, 'upstreams');
  if (!Array.isArray(list) || !list.every(isShownUpstream))
    throw new ExitError(1, unexpected(address, 'no list of upstreams'));
  return { json, shown: list };
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
    endpoint.latency_seconds === null ? '-' : durationText(endpoint.latency_seconds),
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
