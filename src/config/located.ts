import { dirname, resolve } from 'node:path';
import type { ConfigDocument } from './document.ts';
import type { Diagnostic, DiagnosticCode, Severity } from './diagnostic.ts';
import type {
  GatewayDocument,
  RoleDocument,
  RouteDefaultsDocument,
  RouteDocument,
  UpstreamDocument,
} from './document.types.ts';
import { formatPath, type Path } from './path.ts';

/** A value and the place where somebody wrote it. */
export interface Located<Value> {
  readonly value: Value;
  readonly document: ConfigDocument;
  readonly path: Path;
}

/** The configuration as written, put together from its files: each part still knows its place. */
export interface WrittenConfig {
  readonly main: Located<GatewayDocument>;
  /** Whether all of them are here: what has a faulty shape, or stands in a file that cannot be parsed, is not. */
  readonly complete: { readonly routes: boolean; readonly upstreams: boolean };
  /** Names that are defined, but not as they should be. */
  readonly brokenUpstreams: readonly string[];
  /** Whether the file says at all who may log in. */
  readonly canLogIn: boolean;
  readonly upstreams: readonly (Located<UpstreamDocument> & { readonly name: string })[];
  readonly routes: readonly Located<RouteDocument>[];
  readonly roles: readonly (Located<RoleDocument> & { readonly name: string })[];
}

/** Anything but `off`, which in a route or an upstream means: without the default. */
export function unlessOff<Value>(value: Value | 'off' | undefined): Value | undefined {
  return value === 'off' ? undefined : value;
}

/** A route with the defaults under it: a key that the route has replaces the default whole. */
export function withDefaults(route: RouteDocument, defaults: RouteDefaultsDocument | undefined): RouteDocument {
  return defaults === undefined ? route : { ...defaults, ...route };
}

/** The defaults of routes, where they stand. */
export function defaultsOf({ main }: WrittenConfig): Located<RouteDefaultsDocument> {
  return { value: main.value.defaults?.route ?? {}, ...inside(main, 'defaults', 'route') };
}

/** Makes diagnostics about located values. */
export class Reporter {
  readonly found: Diagnostic[] = [];

  error(code: DiagnosticCode, place: Place, message: string, hint?: string): void {
    this.#add(code, 'error', place, message, hint);
  }

  warning(code: DiagnosticCode, place: Place, message: string, hint?: string): void {
    this.#add(code, 'warning', place, message, hint);
  }

  #add(code: DiagnosticCode, severity: Severity, place: Place, message: string, hint: string | undefined): void {
    const { document, path, at = 'value' } = place;
    // What is wrong with a value that nobody knows is not known either.
    if (document.isUnknown(path)) return;
    this.found.push({
      code,
      severity,
      message,
      file: document.file,
      path: formatPath(path),
      ...document.locate(path, at),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** Where a diagnostic points. */
export interface Place {
  readonly document: ConfigDocument;
  readonly path: Path;
  readonly at?: 'key' | 'value';
}

/** The place of something inside of a located value. */
export function inside(located: Place, ...path: Path): Place {
  return { document: located.document, path: [...located.path, ...path] };
}

/** Where a file or folder is that a part of the configuration names: relative to the file that names it. */
export function pathOf(part: Place, file: string): string {
  return resolve(dirname(resolve(part.document.file)), file);
}

/** `gateway.yaml:12`, for messages that point at a second place. */
export function lineOf(place: Place): string {
  return `${place.document.file}:${place.document.locate(place.path, 'value').line}`;
}
