import type { PurgeSelector } from '../cache/purge.ts';
import { visible } from '../config/render/terminal.ts';
import { listOf, member, textOf } from '../upstreams/discovery/shape.ts';
import { adminAddress, askAdmin, quoted, unexpected } from './ask-admin.ts';
import { ExitError } from './exit.ts';
import { print, printJson, type OutputFormat } from './table.ts';

export interface PurgeFlags {
  /** What is to go; all that is given must hold. */
  readonly selector: PurgeSelector;
  readonly format: OutputFormat;
  /** The URL of the admin listener; undefined = that of the configuration. */
  readonly admin: string | undefined;
  /** The path of the configuration. */
  readonly config: string;
}

/** For the whole answer, in milliseconds: a shared store with a million answers is looked through. */
const TIMEOUT = 15_000;

/**
 * Takes stored answers away from a running gateway.
 *
 * @throws ExitError 1 when the gateway cannot be asked or did not purge all of it, 2 when nothing is named that could go,
 *   or it is not known where to ask
 */
export async function cachePurge({ selector, format, admin, config }: PurgeFlags): Promise<void> {
  check(selector);
  const address = await adminAddress(admin, config);
  const { status, json } = await askAdmin(address, {
    path: '/api/v1/cache/purge',
    body: selector,
    what: 'cache that can be purged',
    timeout: TIMEOUT,
    statuses: [400, 503],
  });
  const purged = member(json, 'purged');
  if (status !== 200) throw new ExitError(1, refusal(json) ?? unexpected(address, 'no problem that a purge has'));
  if (typeof purged !== 'number') throw new ExitError(1, unexpected(address, 'no number of answers'));
  if (format === 'json') printJson(json);
  else print(`purged ${purged} ${purged === 1 ? 'answer' : 'answers'}\n`);
}

/** What can be told without the gateway. A variable of a script that is empty by mistake must not purge anything else. */
function check(selector: PurgeSelector): void {
  const given = Object.entries(selector).filter(([, value]) => value !== undefined);
  if (given.length === 0) {
    throw new ExitError(
      2,
      'it is not said what to purge: type --route NAME, --path PATH, --prefix PREFIX or --tag TAG, several of which must all hold, or --all',
    );
  }
  for (const [name, value] of given) {
    if (value === '') throw new ExitError(2, `--${name}: found "", expected a text that is not empty`);
    if ((name === 'path' || name === 'prefix') && !String(value).startsWith('/'))
      throw new ExitError(
        2,
        `--${name}: found ${quoted(String(value))}, expected what begins with /, such as /products`,
      );
  }
}

/** @returns what a problem says (RFC 9457), with each of its faults; undefined when it is none */
function refusal(problem: unknown): string | undefined {
  const faults = (listOf(member(problem, 'errors')) ?? []).flatMap((fault) => {
    const detail = textOf(member(fault, 'detail'));
    const pointer = textOf(member(fault, 'pointer'));
    return detail === undefined ? [] : [pointer === undefined ? detail : `--${pointer.slice(1)} ${detail}`];
  });
  const title = textOf(member(problem, 'title'));
  const detail = textOf(member(problem, 'detail')) ?? (faults.length === 0 ? title : faults.join('; '));
  return detail === undefined ? undefined : visible(detail);
}
