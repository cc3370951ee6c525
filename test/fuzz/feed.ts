import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { Activity } from './activity.ts';

/** What passes between two pieces: nothing, a turn of the event loop, or all that follows from the first. */
export const PACES = ['burst', 'turns', 'settled'] as const;
export type Pace = (typeof PACES)[number];

/** Cuts an input at the given places. */
export function piecesOf(input: string, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, input.length)), input.length])];
  places.sort((a, b) => a - b);
  return places.slice(1).map((end, index) => Buffer.from(input.slice(places[index], end), 'latin1'));
}

/** Gives the same pieces to each socket, and waits until they were dealt with. Each gets copies of its own. */
export async function feed(
  sockets: readonly Duplex[],
  pieces: readonly Buffer[],
  pace: Pace,
  activity: Activity,
): Promise<void> {
  for (const piece of pieces) {
    for (const socket of sockets) if (!socket.destroyed) socket.push(Buffer.from(piece));
    if (pace === 'turns') await nextTurn();
    else if (pace === 'settled') await activity.quiet();
  }
  await activity.quiet();
}
