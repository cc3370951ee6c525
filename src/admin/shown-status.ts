import type { ShownDiagnostic } from '../config/render/shown.ts';
import { has, isFlag, isNumber, isText, listOf, orNull, type Check, type Members } from '../upstreams/checks.ts';
import { isRecord } from '../upstreams/discovery/shape.ts';

/** How a gateway fares, as the admin API shows it. Words are open lists: a gateway of a later version may know more. */
export interface ShownStatus {
  readonly version: string;
  /** RFC 3339, as all times here. */
  readonly started_at: string;
  readonly ready: boolean;
  readonly reason: string | null;
  readonly health: {
    readonly database: string | null;
    readonly redis: string | null;
    /** By their numbers; null = one process serves. */
    readonly workers: Readonly<Record<string, string>> | null;
  };
  readonly config: {
    readonly hash: string;
    readonly file: string;
    readonly loaded_at: string;
    readonly routes: number;
    readonly upstreams: number;
    readonly restart_required: readonly string[];
  };
  readonly last_reload: {
    readonly at: string;
    readonly outcome: string;
    readonly message: string | null;
    readonly diagnostics: readonly ShownDiagnostic[];
  };
}

/** Whether JSON is a status as it is shown. */
export function isShownStatus(value: unknown): value is ShownStatus {
  return has(STATUS, value);
}

/** Whether JSON is a finding as it is shown. */
export function isShownDiagnostic(value: unknown): value is ShownDiagnostic {
  return has(DIAGNOSTIC, value);
}

const isTime: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const HEALTH: Members<ShownStatus['health']> = {
  database: orNull(isText),
  redis: orNull(isText),
  workers: orNull((value) => isRecord(value) && Object.values(value).every(isText)),
};
const CONFIG: Members<ShownStatus['config']> = {
  hash: isText,
  file: isText,
  loaded_at: isTime,
  routes: isNumber,
  upstreams: isNumber,
  restart_required: listOf(isText),
};
const DIAGNOSTIC: Members<ShownDiagnostic> = {
  code: isText,
  severity: (value) => value === 'error' || value === 'warning',
  message: isText,
  hint: orNull(isText),
  file: isText,
  path: isText,
  line: isNumber,
  column: isNumber,
  length: isNumber,
  frame: isText,
};
const LAST_RELOAD: Members<ShownStatus['last_reload']> = {
  at: isTime,
  outcome: isText,
  message: orNull(isText),
  diagnostics: listOf(isShownDiagnostic),
};
const STATUS: Members<ShownStatus> = {
  version: isText,
  started_at: isTime,
  ready: isFlag,
  reason: orNull(isText),
  health: (value) => has(HEALTH, value),
  config: (value) => has(CONFIG, value),
  last_reload: (value) => has(LAST_RELOAD, value),
};
