import { readFileSync } from 'node:fs';

/** What a contender or a client has open beside the connections that a case asks for: those upstream, listeners, files. */
const OTHERS = 512;

/** How many connections a contender or the origin has to allow, to both sides together, when the load opens so many. */
export function connectionLimit(connections = 0): number {
  return Math.max(4096, connections + OTHERS);
}

/**
 * Makes sure that the system allows so many connections from one process to one port.
 *
 * @throws with what has to be changed
 */
export function requireRoom(connections: number): void {
  const files = openFilesLimit();
  // Twice: HAProxy refuses to start where each of its connections could not have one upstream.
  const filesNeeded = 2 * connectionLimit(connections) + OTHERS;
  if (files < filesNeeded && connections > OTHERS) {
    throw new Error(
      `${connections} connections need ${filesNeeded} open files in one process: the hard limit (ulimit -Hn) is ${files}`,
    );
  }
  const [first = 0, last = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  // Ports of connections that were closed a moment ago are taken still.
  const portsNeeded = 3 * connections;
  if (last - first < portsNeeded) {
    throw new Error(
      `${connections} connections need ${portsNeeded} local ports: the sysctl net.ipv4.ip_local_port_range has ${last - first}`,
    );
  }
}

/** The soft limit. Node has raised its own to the hard limit when it started, and child processes inherit it. */
function openFilesLimit(): number {
  const limit = /^Max open files +(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  if (limit === undefined) throw new Error('/proc/self/limits does not say how many files may be open');
  return limit === 'unlimited' ? Infinity : Number(limit);
}
