import { createProcesses, type Processes } from './processes.ts';

/** A signal that asks this process to end. */
export class Interrupted extends Error {}

/** Gives work the means to start processes, and ends them all, however the work ends. */
export async function withProcesses<T>(work: (processes: Processes) => Promise<T>): Promise<T> {
  const processes = createProcesses();
  const closeNow = (): void => processes.closeNow();
  process.once('exit', closeNow);
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new Interrupted(`ended by ${signal}`)));
    }
  });
  try {
    return await Promise.race([work(processes), interrupted]);
  } finally {
    await processes.close();
    process.off('exit', closeNow);
  }
}
