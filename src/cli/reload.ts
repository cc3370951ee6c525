import { isShownDiagnostic } from '../admin/shown-status.ts';
import type { ShownDiagnostic } from '../config/render/shown.ts';
import { visible } from '../config/render/terminal.ts';
import { listOf, member, textOf } from '../upstreams/discovery/shape.ts';
import { adminAddress, askAdmin, quoted, unexpected } from './ask-admin.ts';
import { ExitError } from './exit.ts';
import { findings } from './findings.ts';
import { print, printJson, type OutputFormat } from './table.ts';

export interface ReloadFlags {
  /** The hash of the configuration that may be replaced; undefined = any. */
  readonly ifMatch: string | undefined;
  readonly format: OutputFormat;
  /** The URL of the admin listener; undefined = that of the configuration. */
  readonly admin: string | undefined;
  /** The path of the configuration. */
  readonly config: string;
  /** Whether what is printed may have colours. */
  readonly color: boolean;
}

/** For the whole answer, in milliseconds: a large configuration takes seconds, and so do sources of endpoints. */
const TIMEOUT = 60_000;

/**
 * Has a running gateway read its configuration again, and tells what became of it.
 *
 * @throws ExitError 1 when the former configuration goes on or the gateway cannot be asked, 2 when the hash is none or it is
 *   not known where to ask
 */
export async function reload({ ifMatch, format, admin, config, color }: ReloadFlags): Promise<void> {
  // A variable of a script that is empty by mistake must not replace anything.
  if (ifMatch !== undefined && !/^[\w-]+$/.test(ifMatch))
    throw new ExitError(2, `--if-match: found ${quoted(ifMatch)}, expected a hash, as gatewayctl status shows it`);
  const address = await adminAddress(admin, config);
  const { status, json } = await askAdmin(address, {
    path: '/api/v1/reload',
    method: 'POST',
    // RFC 9110 section 8.8.3: an entity tag stands in quotes.
    headers: ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` },
    what: 'reload',
    timeout: TIMEOUT,
    statuses: [412, 422, 503],
  });
  const outcome = status === 200 ? outcomeOf(json) : problemOf(json);
  if (outcome === undefined) throw new ExitError(1, unexpected(address, 'no outcome of a reload'));
  if (format === 'json') printJson(json);
  else print([...outcome.lines, ...findings(diagnosticsIn(json), color)].join('\n'));
  if (outcome.why !== undefined) throw new ExitError(1, outcome.why);
}

interface Outcome {
  /** What is printed before the findings. */
  readonly lines: readonly string[];
  /** Why the former configuration goes on; undefined = what is in the files serves. */
  readonly why: string | undefined;
}

function outcomeOf(json: unknown): Outcome | undefined {
  const outcome = textOf(member(json, 'outcome'));
  const hash = textOf(member(json, 'hash'));
  if (outcome === undefined || hash === undefined) return undefined;
  return { lines: [`${visible(outcome)}: ${visible(hash)} serves\n`], why: undefined };
}

/** What a problem says (RFC 9457). */
function problemOf(json: unknown): Outcome | undefined {
  const why = textOf(member(json, 'detail')) ?? textOf(member(json, 'title'));
  return why === undefined ? undefined : { lines: [], why: `not reloaded: ${visible(why)}` };
}

function diagnosticsIn(json: unknown): readonly ShownDiagnostic[] {
  return (listOf(member(json, 'diagnostics')) ?? []).filter(isShownDiagnostic);
}
