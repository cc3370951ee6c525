import type { RouteAction, RouteConfig } from '../config/config.ts';
import { has, isNumber, isText, listOf, orNull, type Members } from '../upstreams/checks.ts';
import { accessText } from './access-text.ts';
import { isLate } from './compile-limits.ts';

/** A route as the admin API shows it. */
export interface ShownRoute {
  readonly name: string;
  /** Where it is written; the file as findings name it. */
  readonly source: { readonly file: string; readonly line: number };
  /** Empty lists = any. */
  readonly match: {
    readonly hosts: readonly string[];
    readonly path: string;
    readonly methods: readonly string[];
    /** The names of those that must have a certain value: the value may be a secret. */
    readonly headers: readonly string[];
  };
  /** For people. */
  readonly access: string;
  /** What it does with a request, in order. An open list. */
  readonly rules: readonly string[];
  /** Empty when the gateway answers by itself. */
  readonly upstreams: readonly string[];
  readonly respond: { readonly status: number } | null;
}

/** @param masked takes secrets out of what the configuration says */
export function shownRoute(route: RouteConfig, masked: (text: string) => string): ShownRoute {
  const { name, source, match, access, action } = route;
  const colon = source.lastIndexOf(':');
  return {
    name,
    source: { file: source.slice(0, colon), line: Number(source.slice(colon + 1)) },
    match: {
      hosts: match.hosts.map(masked),
      path: masked(match.path),
      methods: match.methods,
      headers: match.headers.map(([field]) => field),
    },
    access: masked(accessText(access)),
    rules: rulesOf(route),
    upstreams: upstreamsOf(action),
    respond: action.kind === 'respond' ? { status: action.status } : null,
  };
}

/** The stages that a route has by what is written in it, in the order in which they see a request. */
function rulesOf(route: RouteConfig): readonly string[] {
  const { access, action, limits, requestBody, responseBody } = route;
  const isKnown = access.kind !== 'public';
  const stages: readonly (readonly [name: string, isThere: boolean])[] = [
    ['ip', route.ip !== undefined],
    ['client-limit', limits.some(({ by }) => !isLate(by))],
    ['cors', route.cors !== undefined],
    ['authenticate', isKnown],
    ['authorise', access.kind === 'rules'],
    ['user-limit', limits.some(({ by }) => isLate(by))],
    ['validate', route.validation !== undefined],
    ['split', action.kind === 'split'],
    ['cache', route.cache !== undefined],
    ['transform', requestBody !== undefined || responseBody !== undefined],
    ['mirror', route.mirror !== undefined],
    ['websocket', route.websocket !== undefined],
    ['fallback', route.fallback !== undefined],
  ];
  return stages.filter(([, isThere]) => isThere).map(([name]) => name);
}

function upstreamsOf(action: RouteAction): readonly string[] {
  if (action.kind === 'upstream') return [action.upstream];
  return action.kind === 'split' ? action.to.map(({ upstream }) => upstream) : [];
}

/** Whether JSON is a route as it is shown. */
export function isShownRoute(value: unknown): value is ShownRoute {
  return has(ROUTE, value);
}

const SOURCE: Members<ShownRoute['source']> = { file: isText, line: isNumber };
const MATCH: Members<ShownRoute['match']> = {
  hosts: listOf(isText),
  path: isText,
  methods: listOf(isText),
  headers: listOf(isText),
};
const RESPOND: Members<NonNullable<ShownRoute['respond']>> = { status: isNumber };
const ROUTE: Members<ShownRoute> = {
  name: isText,
  source: (value) => has(SOURCE, value),
  match: (value) => has(MATCH, value),
  access: isText,
  rules: listOf(isText),
  upstreams: listOf(isText),
  respond: orNull((value) => has(RESPOND, value)),
};
