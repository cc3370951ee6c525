import { DRAIN_LIMIT } from '../../src/server/request-body.ts';
import type { LaneSide } from './lane-side.ts';
import { walk } from './lane-walk.ts';
import { literal } from './literal.ts';
import type { NodeReading } from './node-side.ts';
import { headOf, wholeOf, type SeenRequest } from './seen.ts';
import { stricterRule } from './stricter.ts';

/** What the two readers made of the same bytes. */
export class Comparison {
  /** By which rule the lane was the stricter one. */
  rule: string | undefined;
  readonly #input: string;
  readonly #lane: LaneSide;
  readonly #node: NodeReading;
  /** The lane has closed the connection. */
  readonly #stopped: boolean;
  /** The connection is closed, by whoever had it last. */
  readonly #closed: boolean;

  constructor(input: string, lane: LaneSide, reading: NodeReading, closed: boolean) {
    this.#input = input;
    this.#lane = lane;
    this.#node = reading;
    this.#closed = closed;
    this.#stopped = closed && lane.handed === undefined;
  }

  /** @returns what is wrong with the requests that the lane took */
  taken(): string | undefined {
    for (const [index, { seen }] of this.#lane.requests.entries()) {
      const other = this.#node.requests[index];
      if (other === undefined) return `request ${index}: the lane took what node:http did not: ${headOf(seen)}`;
      if (headOf(seen) !== headOf(other)) return unlike(index, headOf(seen), headOf(other));
      const isLast = index === this.#lane.requests.length - 1;
      const wrong = isLast ? this.#lastBody(seen, other) : this.#body(seen, other);
      if (wrong !== undefined) return `request ${index}: ${wrong}`;
    }
    return undefined;
  }

  /** @returns what is wrong with what follows them */
  rest(): string | undefined {
    const { handed, tail, requests } = this.#lane;
    const others = this.#node.requests.slice(requests.length);
    if (handed !== undefined && tail !== undefined) return this.#afterHandOver(handed, tail, others);
    if (this.#stopped) return this.#afterStop(others);
    // It waits for the end of a head, a line or a body, which node:http may have refused already.
    return others.length === 0 ? undefined : `the lane waits, and node:http goes on with ${others.map(headOf).join()}`;
  }

  get #reads(): boolean {
    return this.#lane.readsBodies;
  }

  #body(seen: SeenRequest, other: SeenRequest): string | undefined {
    if (!other.complete) return 'the lane went past a body that node:http did not see the end of';
    return this.#reads && wholeOf(seen) !== wholeOf(other) ? `${wholeOf(seen)} is not ${wholeOf(other)}` : undefined;
  }

  /** The last body that the lane has read may be incomplete, for both, or cut off by a fault. */
  #lastBody(seen: SeenRequest, other: SeenRequest): string | undefined {
    if (!this.#reads) return this.#lane.handed === undefined ? undefined : this.#body(seen, other);
    if (wholeOf(seen) === wholeOf(other)) return undefined;
    const isCut = this.#stopped && !seen.complete && other.body.startsWith(seen.body);
    return isCut ? undefined : `${wholeOf(seen)} is not ${wholeOf(other)}`;
  }

  #afterHandOver(handed: string, tail: NodeReading, others: readonly SeenRequest[]): string | undefined {
    const { end } = walk(this.#input, this.#lane.requests);
    if (end === undefined) return 'the connection was handed over within a request';
    const rest = this.#input.slice(end);
    // What comes after node:http has closed the connection, nobody reads.
    const isRest = this.#closed ? rest.startsWith(handed) : rest === handed;
    if (!isRest) return `the requests end at ${end}; what was handed over is not the rest, but ${literal(handed)}`;
    const tails = untilPri(tail.requests);
    const alone = untilPri(others);
    if (tails.text !== alone.text) return `after the hand-over node:http reads ${tails.text}; alone ${alone.text}`;
    if (alone.isCut) return undefined;
    if (tail.fault !== this.#node.fault) return `after the hand-over: ${tail.fault}; alone: ${this.#node.fault}`;
    return tail.rest === this.#node.rest ? undefined : 'what follows an upgrade is not the same';
  }

  #afterStop(others: readonly SeenRequest[]): string | undefined {
    const last = this.#lane.requests.at(-1);
    const other = this.#node.requests[this.#lane.requests.length - 1];
    if (last === undefined || other === undefined) return 'the lane closed a connection on which nothing was asked';
    const location = walk(this.#input, this.#lane.requests);
    if (last.fault !== undefined || location.fault !== undefined) {
      if (location.fault === undefined)
        return `the lane refused a body for ${last.fault}, and nothing is wrong with it`;
      if (this.#node.fault !== undefined && others.length === 0 && !other.complete) return undefined;
      this.rule = stricterRule(location.fault);
      return this.rule === undefined ? `only the lane refuses the body, for ${location.fault.reason}` : undefined;
    }
    if (!last.seen.keepsAlive) return others.length === 0 ? undefined : 'node:http goes on after Connection: close';
    if (this.#reads) return 'the lane closed the connection for no reason';
    // Of a body that nobody reads only so much is thrown away: the rule is the lane's, and node:http is not asked.
    if (last.lost || (last.length === undefined && this.#input.length > DRAIN_LIMIT)) {
      this.rule = 'of a body that nobody reads, up to 64 KiB are drained';
      return undefined;
    }
    return 'the lane closed the connection for no reason';
  }
}

function unlike(index: number, lane: string, other: string): string {
  return `request ${index}: the lane reads ${lane}, node:http ${other}`;
}

/**
 * Node closes a connection on which the method PRI comes, but only once it has dealt with the piece that it comes in: what
 * follows it depends on where the input is cut, for `node:http` alone as well, and is not compared.
 */
function untilPri(requests: readonly SeenRequest[]): { text: string; isCut: boolean } {
  const pri = requests.findIndex(({ method }) => method === 'PRI');
  const before = pri === -1 ? requests : requests.slice(0, pri + 1);
  return { text: before.map(wholeOf).join('\n'), isCut: pri !== -1 };
}
