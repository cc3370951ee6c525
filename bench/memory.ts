import { readFileSync } from 'node:fs';
import { processTree } from './cpu.ts';

/**
 * Reads the memory of a process and all its descendants: what is resident, each page divided by the number of processes
 * that share it (PSS), so that a master and its workers do not count the same page twice.
 *
 * @returns bytes
 */
export function memory(root: number): number {
  return processTree(root).reduce((sum, { pid }) => sum + proportionalSetSize(pid), 0);
}

function proportionalSetSize(pid: number): number {
  const kibibytes = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/smaps_rollup has no Pss`);
  return Number(kibibytes) * 1024;
}
