/**
 * Fails the run when tests leave something open: a socket, a server, a watcher or a timer that nobody closed. Without
 * it a leak in the gateway would pass as long as the answers are right.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Resources that hold a process open and that only a mistake leaves behind. */
const LEAKS =
  /^(?:TCPServerWrap|TCPSocketWrap|TLSWrap|PipeWrap|Timeout|FSEvent|FSEventWrap|FSReqCallback|ProcessWrap|MessagePort)$/;

function leftOpen(): string[] {
  return process.getActiveResourcesInfo().filter((name) => LEAKS.test(name));
}

let before: string[] = [];

export const mochaHooks = {
  async beforeAll(): Promise<void> {
    // Mocha's own timer for a hook that waits is there as well afterwards: it is counted both times.
    await nextTurn();
    before = leftOpen();
  },
  async afterAll(): Promise<void> {
    await nextTurn();
    // Closing takes a few turns of the event loop, and no time.
    for (let turn = 0; turn < 1000 && leftOpen().length > before.length; turn += 1) await nextTurn();
    const after = leftOpen();
    if (after.length > before.length) throw new Error(`left open: ${after.join(', ')} (before: ${before.join(', ')})`);
  },
};
