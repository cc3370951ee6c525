import type { Worker } from 'node:cluster';

/** When to look again whether the channel of a worker that has ended is read to its end, in milliseconds. */
const SOON = 50;

/** What node:cluster sends to a worker with a connection, and what the worker says to it. */
interface HandOver {
  readonly act: 'newconn';
  /** Of the address that it came to. */
  readonly key: string;
  readonly seq: number;
}

/** The primary's own end of a connection: the worker has another, of the same connection. */
interface Handle {
  close(): void;
}

/** Where a connection is: with this worker, by this number, or with nobody. */
interface Whereabouts {
  readonly key: string;
  readonly with: { readonly worker: Worker; readonly seq: number } | undefined;
}

/**
 * Closes connections that node:cluster would forget. It hands one over and closes its own end when the worker has taken
 * it. A worker that has closed its listener meanwhile refuses: then the next one is asked, and when no other listens
 * any more, the connection stays in a queue that nobody looks at. One whose worker dies on the way stays as well. Their
 * clients would wait for as long as the primary lives.
 *
 * It looks at what node:cluster says over the channel, which no documentation describes. Were it to speak otherwise one
 * day, nothing would be closed here, and clients wait as before: tests would show it.
 */
export class HandedConnections {
  /** The workers there are, each with the addresses whose listeners it has closed. */
  readonly #closedBy = new Map<Worker, Set<string>>();
  readonly #open = new Map<Handle, Whereabouts>();

  /** Looks after a worker that has just been started. @returns the same */
  watch(worker: Worker): Worker {
    const { process } = worker;
    const closed = new Set<string>();
    this.#closedBy.set(worker, closed);
    const send = process.send.bind(process);
    Object.assign(process, {
      send: (...args: Parameters<typeof send>): boolean => {
        const [message, handle]: readonly unknown[] = args;
        if (isHandOver(message) && isHandle(handle))
          this.#open.set(handle, { key: message.key, with: { worker, seq: message.seq } });
        return Reflect.apply(send, process, args);
      },
    });
    // node:cluster listens first: a connection that was refused is with another worker by now, if one was free.
    process.on('internalMessage', (message: unknown) => {
      if (typeof message !== 'object' || message === null) return;
      if ('ack' in message && 'accepted' in message) this.#answered(worker, message.ack, message.accepted === true);
      else if ('act' in message && message.act === 'close' && 'key' in message && typeof message.key === 'string') {
        closed.add(message.key);
        this.#sweep();
      }
    });
    const look = (): void => {
      // Until all that it has said is read.
      if (worker.isConnected()) setTimeout(look, SOON).unref();
      else this.#gone(worker);
    };
    process.once('disconnect', look);
    // Node does not tell of the first when a connection was on its way (lib/internal/child_process.js, disconnect).
    process.once('exit', look);
    return worker;
  }

  #gone(worker: Worker): void {
    this.#closedBy.delete(worker);
    for (const [handle, where] of this.#open) if (where.with?.worker === worker) this.#close(handle);
    this.#sweep();
  }

  #answered(worker: Worker, seq: unknown, isAccepted: boolean): void {
    for (const [handle, where] of this.#open) {
      if (where.with?.worker !== worker || where.with.seq !== seq) continue;
      if (isAccepted) this.#open.delete(handle);
      else this.#open.set(handle, { key: where.key, with: undefined });
      break;
    }
    if (!isAccepted) this.#sweep();
  }

  /** Closes what is with nobody and will be: as long as a worker listens there, it gets it when it is free. */
  #sweep(): void {
    for (const [handle, { key, with: taker }] of this.#open) {
      if (taker !== undefined) continue;
      const listens = [...this.#closedBy.values()].some((closed) => !closed.has(key));
      if (!listens) this.#close(handle);
    }
  }

  #close(handle: Handle): void {
    this.#open.delete(handle);
    handle.close();
  }
}

function isHandOver(message: unknown): message is HandOver {
  return (
    typeof message === 'object' &&
    message !== null &&
    'act' in message &&
    message.act === 'newconn' &&
    'key' in message &&
    typeof message.key === 'string' &&
    'seq' in message &&
    typeof message.seq === 'number'
  );
}

function isHandle(handle: unknown): handle is Handle {
  return typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function';
}
