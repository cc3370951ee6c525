import cluster from 'node:cluster';
import { renderers } from '../config/render/index.ts';
import { databaseExit } from './database-exit.ts';
import { ExitError, UnreadOutput } from './exit.ts';
import { workerCount } from '../cluster/settings.ts';
import { ConfigFaults, readConfigFile } from './config-file.ts';
import type { LogDestination } from '../observability/logs.ts';
import type { Output } from '../observability/output.ts';
import { RunningGateway } from './running-gateway.ts';
import { standardOutput } from './standard-output.ts';

/** A gateway that serves, in this process or in others. */
type Running = Pick<RunningGateway, 'reload' | 'flushLogs' | 'stop' | 'hurry'>;

const STOPPING = ['SIGTERM', 'SIGINT'] as const;
/** How long the end waits for the last lines of the log to be read; in milliseconds. */
const LAST_LINES = 2000;

/**
 * Runs the gateway until a signal stops it.
 *
 * @param file the path of the configuration
 * @throws ExitError 2 when the configuration is faulty, 1 when the gateway cannot start or was stopped in a hurry
 */
export async function serve(file: string): Promise<void> {
  const log = standardOutput();
  if (cluster.isWorker) {
    const { serveAsWorker } = await import('./worker.ts');
    await serveAsWorker(log);
    await written(log, 0);
    return;
  }
  let serving: Running | undefined;
  // From the beginning on: unless somebody listens, this signal ends a process.
  process.on('SIGHUP', () => void serving?.reload());
  let broken: (error: unknown) => void = () => undefined;
  const breaking = new Promise<unknown>((resolve) => (broken = resolve));
  const destination = {
    write: (bytes: Buffer) => log.write(bytes),
    flushSync: (bytes: Buffer) => log.flushSync(bytes),
    droppedLines: () => log.droppedLines(),
    isTerminal: process.stdout.isTTY,
  };
  // From the beginning on, too: process 1 of a container is not ended by signals for which nobody listens.
  const early = new AbortController();
  const giveUp = (): void => early.abort();
  for (const signal of STOPPING) process.on(signal, giveUp);
  const running = await start(file, destination, broken, early.signal);
  if (running === undefined) {
    await written(log, 0);
    return;
  }
  serving = running;
  // A crash must not swallow the lines that tell of it.
  process.on('uncaughtExceptionMonitor', () => running.flushLogs());
  const stopped = await new Promise<boolean>((resolve, reject) => {
    let signals = 0;
    const onSignal = (signal: NodeJS.Signals): void => {
      signals += 1;
      if (signals > 1) running.hurry();
      // A person at a terminal is no load balancer that has to notice first.
      else void running.stop({ announce: signal === 'SIGTERM' }).then(resolve);
    };
    void breaking.then(async (error) => {
      await running.stop({ announce: false });
      reject(new ExitError(1, startFault(error)));
    });
    for (const signal of STOPPING) process.off(signal, giveUp).on(signal, onSignal);
  });
  await written(log, stopped ? 0 : 1);
  if (!stopped) throw new ExitError(1, 'stopped at once: requests in flight were cut off');
}

/** Waits for the log to be read, and not for ever. */
async function written(log: Output, exitCode: number): Promise<void> {
  if (!(await log.drained(LAST_LINES))) throw new UnreadOutput(exitCode);
}

/** @returns undefined when it was given up meanwhile: then nothing is left of it */
async function start(
  file: string,
  destination: LogDestination,
  onBroken: (error: unknown) => void,
  givenUp: AbortSignal,
): Promise<Running | undefined> {
  try {
    const running = await open(file, destination, onBroken, givenUp);
    if (!givenUp.aborted) return running;
    await running.stop({ announce: false });
    return undefined;
  } catch (error) {
    if (givenUp.aborted) return undefined;
    throw faultOf(error, file);
  }
}

async function open(
  file: string,
  destination: LogDestination,
  onBroken: (error: unknown) => void,
  givenUp: AbortSignal,
): Promise<Running> {
  const read = await readConfigFile(file);
  const workers = workerCount(read.config.server);
  if (workers === 1) return RunningGateway.open(read, destination, onBroken);
  const { RunningWorkers } = await import('./running-workers.ts');
  return RunningWorkers.open(read, workers, destination, onBroken, givenUp);
}

function faultOf(error: unknown, file: string): ExitError {
  if (error instanceof ConfigFaults) {
    const { diagnostics, sources } = error.result;
    const report = { files: [file], diagnostics, valid: false, sources, strict: false };
    process.stderr.write(renderers.text(report, { color: process.stderr.isTTY }));
    return new ExitError(2);
  }
  const failed = databaseExit(error);
  return failed instanceof ExitError ? failed : new ExitError(1, startFault(error));
}

function startFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `${error.message}: another process listens there; stop it or change listen`;
  if (code === 'EACCES') return `${error.message}: ports below 1024 need a privilege; choose a higher one`;
  return error.message;
}
