import { visible } from '../config/render/terminal.ts';
import { suggest } from '../config/suggest.ts';
import { isShownRoute, type ShownRoute } from '../gateway/shown-route.ts';
import { member } from '../upstreams/discovery/shape.ts';
import { adminAddress, askAdmin, quoted, unexpected } from './ask-admin.ts';
import { ExitError } from './exit.ts';
import { details, print, printJson, table, tell, type OutputFormat } from './table.ts';

export interface RoutesFlags {
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
/** Names that an error lists: of ten thousand routes nobody reads all. */
const MAX_NAMES = 20;

/**
 * Shows the routes of a running gateway, or one of them.
 *
 * @throws ExitError 1 when the gateway cannot be asked or has no such route, 2 when it is not known where to ask
 */
export async function routes({ name, format, admin, config }: RoutesFlags): Promise<void> {
  const address = await adminAddress(admin, config);
  const { json } = await askAdmin(address, { path: '/api/v1/routes', what: 'routes', timeout: TIMEOUT });
  const list = member(json, 'routes');
  if (!Array.isArray(list) || !list.every(isShownRoute))
    throw new ExitError(1, unexpected(address, 'no list of routes'));
  if (name === undefined) {
    if (format === 'json') printJson(json);
    else if (list.length === 0) tell('the gateway has no routes');
    else print(table(HEADINGS, list.map(cells)));
    return;
  }
  const found = list.find((route) => route.name === name);
  if (found === undefined) throw new ExitError(1, unknownRoute(name, list));
  if (format === 'json') printJson(found);
  else print(details(properties(found)));
}

const HEADINGS = ['NAME', 'MATCH', 'ACCESS', 'RULES', 'TO', 'SOURCE'];

function cells(route: ShownRoute): readonly string[] {
  const { name, access, rules } = route;
  return [name, matchText(route), access, listText(rules), targetText(route), sourceText(route)];
}

function properties(route: ShownRoute): Readonly<Record<string, string>> {
  const { hosts, path, methods, headers } = route.match;
  return {
    name: route.name,
    path,
    ...(hosts.length === 0 ? {} : { host: hosts.join(', ') }),
    methods: methods.length === 0 ? 'any' : methods.join(', '),
    ...(headers.length === 0 ? {} : { headers: `${headers.join(', ')} (their values are in the file)` }),
    access: route.access,
    rules: listText(route.rules),
    to: targetText(route),
    source: sourceText(route),
  };
}

/** As a request line reads: `GET,HEAD shop.example/orders/:id x-tenant=…`. */
function matchText({ match: { hosts, path, methods, headers } }: ShownRoute): string {
  const method = methods.length === 0 ? '' : `${methods.join(',')} `;
  const place = hosts.length === 0 ? path : hosts.map((host) => host + path).join(' or ');
  return method + place + headers.map((name) => ` ${name}=…`).join('');
}

function targetText({ upstreams, respond }: ShownRoute): string {
  return respond === null ? listText(upstreams) : `answers ${respond.status}`;
}

function sourceText({ source: { file, line } }: ShownRoute): string {
  return `${file}:${line}`;
}

function listText(texts: readonly string[]): string {
  return texts.length === 0 ? '-' : texts.join(', ');
}

function unknownRoute(name: string, known: readonly ShownRoute[]): string {
  const names = known.map((route) => route.name);
  if (names.length === 0) return `there is no route ${quoted(name)}: the gateway has none`;
  const near = suggest(name, names);
  const meant = near === undefined ? '' : ` did you mean ${quoted(near)}?`;
  const shown = names.slice(0, MAX_NAMES).join(', ') + (names.length > MAX_NAMES ? ', …' : '');
  return `there is no route ${quoted(name)}:${meant} expected ${visible(shown)}`;
}
