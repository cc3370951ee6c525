import type { Socket } from 'node:net';
import type { ServerConfig } from '../../config/config.ts';
import type { Deadlines } from '../../deadlines.ts';
import type { AcceptedHead, RefusedHead, RequestHead } from '../accept-head.ts';
import type { Turn } from '../turn.ts';

/** What takes the requests of the lane. */
export interface LaneRequests {
  judge(head: RequestHead): AcceptedHead | RefusedHead;
  handle(turn: Turn, head: RequestHead, accepted: AcceptedHead): void;
  refuse(turn: Turn, refused: RefusedHead): void;
  /** Tells of a bug. */
  caught(error: unknown): void;
}

export interface LaneOptions {
  readonly dataPath: LaneRequests;
  readonly deadlines: Deadlines;
  /** As they are now. */
  readonly settings: () => Pick<ServerConfig, 'limits' | 'timeouts'>;
  /** Whether a connection is to close after the answers that are due. */
  readonly closing: (socket: Socket) => boolean;
  /**
   * Gives a connection to `node:http`. What was read of it stands in the socket again.
   *
   * @param headDeadline when the head that has begun is overdue
   */
  readonly handOver: (socket: Socket, headDeadline: number | undefined) => void;
}
