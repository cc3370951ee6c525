import { headLimit } from '../../src/server/accept-head.ts';
import { Activity } from './activity.ts';
import { Comparison } from './comparison.ts';
import { feed, piecesOf, type Pace } from './feed.ts';
import { LaneSide, LIMITS, type LaneRequest, type Mode } from './lane-side.ts';
import { walk } from './lane-walk.ts';
import { MemorySocket } from './memory-socket.ts';
import { NodeSide, type NodeReading } from './node-side.ts';
import type { Outcome } from './outcome.ts';

/** What a client sends, one character a byte, and how it is dealt with. */
export interface RequestCase {
  readonly input: string;
  readonly cuts: readonly number[];
  readonly mode: Mode;
  readonly pace: Pace;
  /** Whether a write takes a while. */
  readonly slowWrites: boolean;
}

const activity = new Activity();
const node = new NodeSide(activity, headLimit(LIMITS));

/** Gives one input to the fast lane and to `node:http`, and compares what they make of it. */
export async function compareRequests(testCase: RequestCase): Promise<Outcome> {
  const { input, cuts, mode, pace, slowWrites } = testCase;
  const laneSocket = new MemorySocket(activity, slowWrites);
  const nodeSocket = new MemorySocket(activity);
  const lane = new LaneSide(laneSocket, mode, node, activity);
  const reading = node.take(nodeSocket);
  await feed([laneSocket, nodeSocket], piecesOf(input, cuts), pace, activity);
  const closed = laneSocket.destroyed || laneSocket.writableEnded;
  const comparison = new Comparison(input, lane, reading, closed);
  const difference =
    lane.errors[0] ??
    comparison.taken() ??
    comparison.rest() ??
    answersOf(laneSocket.written, lane.requests) ??
    (await boundaryOf(input, lane));
  laneSocket.destroy();
  nodeSocket.destroy();
  const labels: string[] = [endingOf(lane, closed)];
  if (lane.requests.length > 0) labels.push('taken');
  if (comparison.rule !== undefined) labels.push(`stricter: ${comparison.rule}`);
  return { difference, labels };
}

/** What became of the connection in the lane. */
function endingOf(lane: LaneSide, closed: boolean): string {
  if (lane.handed !== undefined) return 'handed over';
  if (!closed) return 'open';
  const last = lane.requests.at(-1);
  return last?.seen.keepsAlive === false && last.fault === undefined ? 'closed' : 'refused';
}

/** The answers have to be there, one for each request, in their order. */
function answersOf(written: string, requests: readonly LaneRequest[]): string | undefined {
  const ids = [...written.matchAll(/\r\nx-request-id: (\d+)\r\n/g)].map(([, id]) => Number(id));
  if (ids.some((id, index) => id !== index)) return `the answers are out of order: ${ids.join()}`;
  const due = requests.at(-1)?.seen.complete === false ? requests.length - 1 : requests.length;
  return ids.length >= due ? undefined : `${due} answers are due, and ${ids.length} were written`;
}

/** To its last byte, and not before, node:http must see the end of what the lane took before the hand-over. */
async function boundaryOf(input: string, lane: LaneSide): Promise<string | undefined> {
  if (lane.handed === undefined || lane.requests.length === 0) return undefined;
  const taken = input.slice(0, walk(input, lane.requests).end);
  const socket = new MemorySocket(activity);
  const reading = node.take(socket);
  await feed([socket], [Buffer.from(taken.slice(0, -1), 'latin1')], 'burst', activity);
  const before = completeIn(reading);
  await feed([socket], [Buffer.from(taken.slice(-1), 'latin1')], 'burst', activity);
  const after = completeIn(reading);
  socket.destroy();
  const due = lane.requests.length;
  return before === due - 1 && after === due && reading.fault === undefined
    ? undefined
    : `node:http sees ${before} requests one byte before the hand-over and ${after} at it; the lane took ${due}`;
}

function completeIn({ requests }: NodeReading): number {
  return requests.filter(({ complete }) => complete).length;
}
