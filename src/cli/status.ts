import { isShownStatus, type ShownStatus } from '../admin/shown-status.ts';
import { adminAddress, askAdmin, unexpected } from './ask-admin.ts';
import { ExitError } from './exit.ts';
import { findings } from './findings.ts';
import { ageText, dateText, details, print, printJson, type OutputFormat } from './table.ts';

export interface StatusFlags {
  readonly format: OutputFormat;
  /** The URL of the admin listener; undefined = that of the configuration. */
  readonly admin: string | undefined;
  /** The path of the configuration. */
  readonly config: string;
  /** Whether what is printed may have colours. */
  readonly color: boolean;
}

/** For the whole answer, in milliseconds. */
const TIMEOUT = 5_000;
/** Of a gateway that answers and should get no requests. */
const NOT_READY = 3;

/**
 * Shows how a running gateway fares.
 *
 * @throws ExitError 1 when the gateway cannot be asked, 2 when it is not known where to ask, 3 when it is not ready
 */
export async function status({ format, admin, config, color }: StatusFlags): Promise<void> {
  const address = await adminAddress(admin, config);
  const { json } = await askAdmin(address, { path: '/api/v1/status', what: 'status', timeout: TIMEOUT });
  if (!isShownStatus(json)) throw new ExitError(1, unexpected(address, 'no status'));
  if (format === 'json') printJson(json);
  else print(text(json, Date.now(), color));
  if (!json.ready) throw new ExitError(NOT_READY);
}

/** What to look at first stands first; findings of the last reload stand below, as `validate` prints them. */
function text(shown: ShownStatus, now: number, color: boolean): string {
  const { config, health, last_reload: reload } = shown;
  const since = (time: string): string => {
    const seconds = Math.max(0, now - Date.parse(time)) / 1000;
    return `${dateText(new Date(time))} (${ageText(seconds)} ago)`;
  };
  const why = reload.message === null ? '' : `: ${reload.message}`;
  const properties = {
    state: shown.ready ? 'ready' : `not ready: ${shown.reason ?? 'it does not say why'}`,
    started: `${since(shown.started_at)}, version ${shown.version}`,
    configuration: `${config.file}, ${count(config.routes, 'route')}, ${count(config.upstreams, 'upstream')}`,
    serves: `${config.hash} since ${since(config.loaded_at)}`,
    'last reload':
      reload.outcome === 'started' ? 'none since the start' : `${reload.outcome} ${since(reload.at)}${why}`,
    ...(config.restart_required.length === 0
      ? {}
      : { restart: `needed for ${config.restart_required.join(', ')}: changed, and not in effect` }),
    ...(health.database === null ? {} : { database: health.database }),
    ...(health.redis === null ? {} : { redis: health.redis }),
    ...(health.workers === null ? {} : { workers: workersText(health.workers) }),
  };
  return [details(properties), ...findings(reload.diagnostics, color)].join('\n');
}

/** Workers that do the same are told together: `1, 2 serving; 3 ended`. */
function workersText(workers: NonNullable<ShownStatus['health']['workers']>): string {
  const byState = new Map<string, string[]>();
  for (const [place, state] of Object.entries(workers)) byState.set(state, [...(byState.get(state) ?? []), place]);
  return [...byState].map(([state, places]) => `${places.join(', ')} ${state}`).join('; ');
}

function count(much: number, noun: string): string {
  return `${much} ${noun}${much === 1 ? '' : 's'}`;
}
