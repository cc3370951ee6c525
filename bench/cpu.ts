import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** How long a contender has, after the load has ended, to close what the load left open. That is part of its cost. */
export const SETTLE_MS = 100;

/** What /proc/<pid>/stat says about one process. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of all its threads, and of its children that have ended and been waited for. In ticks. */
  readonly ticks: number;
  /** When it started, in ticks since boot: with the pid, this tells a process from a later one of the same pid. */
  readonly started: number;
}

/** A tick, the unit of /proc/<pid>/stat, is 10 ms on nearly every Linux: 0.5 % of a slice of two busy seconds. */
const MICROSECONDS_PER_TICK = 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * Reads the CPU time, user and system, that a process and all its descendants have used so far.
 *
 * @returns microseconds
 */
export function cpuTime(root: number): number {
  return processTree(root).reduce((sum, { ticks }) => sum + ticks, 0) * MICROSECONDS_PER_TICK;
}

/** Lists a process and its living descendants, parents before children. Empty when the process is gone. */
export function processTree(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readStat(Number(entry)));
  const tree = all.filter(({ pid }) => pid === root);
  // The list grows while it is walked: each member brings its children.
  for (const member of tree) tree.push(...all.filter(({ parent }) => parent === member.pid));
  return tree;
}

/** Whether a process that was seen earlier runs still. */
export function stillRuns(process: ProcessStat): boolean {
  return readStat(process.pid).some(({ started }) => started === process.started);
}

/** One element, or none when the process has ended since it was listed. */
function readStat(pid: number): ProcessStat[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return [];
  }
  // The second field is the command in brackets and may hold anything, brackets and spaces too. What follows its last
  // bracket begins with the third field, the state: proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  return [{ pid, parent: field(4), ticks, started: field(22) }];
}
