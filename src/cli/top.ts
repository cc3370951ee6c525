import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { isShownTraffic } from '../admin/live/shown-traffic.ts';
import { palette } from '../config/render/terminal.ts';
import { member } from '../upstreams/discovery/shape.ts';
import { isShownUpstream } from '../upstreams/shown.ts';
import { adminAddress, unexpected, type AdminAddress } from './ask-admin.ts';
import { ExitError } from './exit.ts';
import { liveEvents, type LiveEvent } from './live-events.ts';
import { lineText } from './pieces.ts';
import { Screen } from './screen.ts';
import { print, printJson, type OutputFormat } from './table.ts';
import { topLines, type SortKey, type TopState } from './top-view.ts';

export interface TopFlags {
  /** One snapshot, also on a terminal. */
  readonly once: boolean;
  readonly sort: SortKey;
  readonly format: OutputFormat;
  /** The URL of the admin listener; undefined = that of the configuration. */
  readonly admin: string | undefined;
  /** The path of the configuration. */
  readonly config: string;
}

/** From one attempt to the next, when the gateway has gone; in milliseconds. */
const AGAIN = 1000;
const NOTHING: TopState = { status: undefined, upstreams: [], traffic: undefined, fault: undefined };
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Shows what happens in a running gateway: on a terminal until somebody ends it, elsewhere once.
 *
 * @throws ExitError 1 when the gateway cannot be asked, 2 when it is not known where to ask, 128 and its number after a signal
 */
export async function top(flags: TopFlags): Promise<void> {
  const { stdin, stdout } = process;
  // A dumb one cannot be drawn over.
  const isScreen = stdin.isTTY && stdout.isTTY && process.env['TERM'] !== 'dumb';
  const color = stdout.isTTY && process.env['NO_COLOR'] === undefined;
  if (isScreen && !flags.once && flags.format === 'text') await watch(flags, new Screen(stdin, stdout), color);
  else await snapshot(flags, color);
}

async function snapshot({ sort, format, admin, config }: TopFlags, color: boolean): Promise<void> {
  const address = await adminAddress(admin, config);
  let state = NOTHING;
  for await (const event of liveEvents(address, new AbortController().signal)) {
    state = after(state, event, address);
    if (state.traffic !== undefined && state.status !== undefined) break;
  }
  const { status, upstreams, traffic } = state;
  if (traffic === undefined)
    throw new ExitError(1, 'the gateway ended its live view before there was something to show');
  if (format === 'json') printJson({ status, upstreams, traffic });
  else {
    const lines = topLines(state, { sort, palette: palette(color), rows: undefined });
    print(lines.map((line) => `${lineText(line, Infinity)}\n`).join(''));
  }
}

async function watch(flags: TopFlags, screen: Screen, color: boolean): Promise<void> {
  const ended = new AbortController();
  let { sort } = flags;
  let state = NOTHING;
  let signalled: NodeJS.Signals | undefined;
  const draw = (): void => {
    const { columns, rows } = screen.size;
    const lines = topLines(state, { sort, palette: palette(color), rows });
    screen.draw(lines.map((line) => lineText(line, columns)));
  };
  const take = (next: TopState): void => {
    state = next;
    if (!ended.signal.aborted) draw();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    signalled = signal;
    ended.abort();
  };
  for (const signal of ENDING) process.on(signal, onSignal);
  screen.listen(
    (keys) => {
      const key = keyOf(keys);
      if (key === 'quit') ended.abort();
      else if (key !== undefined) {
        sort = key;
        if (state !== NOTHING) draw();
      }
    },
    () => state !== NOTHING && draw(),
  );
  try {
    await follow(flags, () => state, take, ended.signal);
  } finally {
    screen.close();
    for (const signal of ENDING) process.off(signal, onSignal);
  }
  if (signalled !== undefined) throw new ExitError(128 + constants.signals[signalled]);
}

/** Follows a gateway through its restarts. What is wrong from the beginning on is told, and not tried again. */
async function follow(
  { admin, config }: TopFlags,
  current: () => TopState,
  take: (state: TopState) => void,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    try {
      // The token, or the address, may be another one by now.
      const address = await adminAddress(admin, config);
      for await (const event of liveEvents(address, ended))
        take({ ...after(current(), event, address), fault: undefined });
      take({ ...current(), fault: 'the gateway has ended its live view: it is tried again' });
    } catch (error) {
      if (!(error instanceof ExitError) || current() === NOTHING) throw error;
      take({ ...current(), fault: `${error.message}; it is tried again` });
    }
    await pause(AGAIN, undefined, { signal: ended }).catch(() => undefined);
  }
}

/** @throws ExitError 1 for what no gateway of this version tells */
function after(state: TopState, { event, data }: LiveEvent, address: AdminAddress): TopState {
  switch (event) {
    case 'status':
      return { ...state, status: data };
    case 'upstreams': {
      const upstreams = member(data, 'upstreams');
      if (!Array.isArray(upstreams) || !upstreams.every(isShownUpstream))
        throw new ExitError(1, unexpected(address, 'no list of upstreams'));
      return { ...state, upstreams };
    }
    case 'traffic':
      if (!isShownTraffic(data)) throw new ExitError(1, unexpected(address, 'no traffic'));
      return { ...state, traffic: data };
    default:
      // A gateway of a later version may tell more.
      return state;
  }
}

/** What a terminal sends for arrows and the like (ECMA-48): it ends with a letter that nobody typed. */
const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O?.)?/gs;

/** @param keys what was typed since the last time: one key, or several of somebody who is quick */
function keyOf(keys: string): SortKey | 'quit' | undefined {
  const letters = keys.replaceAll(SEQUENCE, '');
  if (/[qQ\u0003]/.test(letters)) return 'quit';
  const byLetter: Readonly<Record<string, SortKey>> = { r: 'requests', e: 'errors', p: 'p99' };
  return byLetter[letters.slice(-1)];
}
