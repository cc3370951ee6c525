import type { Connection, Outcome } from './connection.ts';
import type { Pace } from './pace.ts';

/** How long answers may take after the last request was due. */
const PATIENCE_MS = 10_000;

/** What came of a load. */
export interface Tally {
  /** Milliseconds from when each answered request was due to the end of its answer. */
  readonly latencies: readonly number[];
  /** When each of these was due, in milliseconds since the beginning. */
  readonly dues: readonly number[];
  /** Milliseconds from when each request was due to when it was sent. */
  readonly delays: readonly number[];
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Requests that were due but have no answer. */
  readonly unanswered: number;
  /** From the beginning to the last answer. */
  readonly milliseconds: number;
}

/** Sends requests at a pace, over connections in turn, and resolves when all are answered, or are not in due time. */
export async function run(connections: readonly Connection[], pace: Pace, seconds: number): Promise<Tally> {
  const latencies: number[] = [];
  const dues: number[] = [];
  const delays: number[] = [];
  const outcomes = { answered: 0, status: 0, lost: 0 };
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  let sent = 0;
  let open = 0;
  let next = 0;
  let last = 0;

  /** The connection whose turn it is, or the first after it that is free. */
  const pick = (): Connection | undefined => {
    for (let tried = 0; tried < connections.length; tried += 1) {
      const connection = connections[next];
      next = (next + 1) % connections.length;
      if (connection?.free === true) return connection;
    }
    return undefined;
  };

  await new Promise<void>((resolve) => {
    let over = false;
    const end = (): void => {
      over = true;
      clearTimeout(deadline);
      resolve();
    };
    const deadline = setTimeout(end, seconds * 1000 + PATIENCE_MS);

    const sendDue = (): void => {
      while (!over && open < pace.atOnce && sent < pace.total) {
        const now = elapsed();
        const due = pace.due(sent, now);
        if (due === undefined) break;
        const connection = pick();
        if (connection === undefined) break;
        sent += 1;
        open += 1;
        delays.push(now - due);
        connection.ask((outcome) => answered(outcome, due));
      }
      const allSent = sent === pace.total || (!pace.timed && elapsed() >= seconds * 1000);
      if (open === 0 && (allSent || connections.every((connection) => !connection.open))) end();
    };
    const answered = (outcome: Outcome, due: number): void => {
      if (over) return;
      open -= 1;
      last = elapsed();
      outcomes[outcome] += 1;
      if (outcome !== 'lost') {
        latencies.push(last - due);
        dues.push(due);
      }
      sendDue();
    };
    // A timer of Node is up to a millisecond late, which is longer than most answers take.
    const watchClock = (): void => {
      if (over) return;
      sendDue();
      if (sent < pace.total) setImmediate(watchClock);
    };
    if (pace.timed) watchClock();
    else sendDue();
  });

  const due = Number.isFinite(pace.total) ? pace.total : sent;
  const unanswered = due - outcomes.answered - outcomes.status - outcomes.lost;
  return { latencies, dues, delays, outcomes, unanswered, milliseconds: last };
}
