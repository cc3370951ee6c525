import { forWorker } from '../cluster/settings.ts';
import { WorkerSide, type WorkerGateway, type WorkerStart } from '../cluster/worker-side.ts';
import { familiesOf, openMetricsText } from '../observability/exposition.ts';
import { Logs, type LogDestination } from '../observability/logs.ts';
import { Hurry } from './hurry.ts';
import { healthOf } from './parts.ts';
import { Serving } from './serving.ts';

/** Serves in a worker, until the primary says that it is enough or is gone itself. */
export async function serveAsWorker(destination: Omit<LogDestination, 'isTerminal'>): Promise<void> {
  // They are for the primary. A terminal sends them to all processes, and so does systemd.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  await new WorkerSide(async (start) => open(start, destination)).run();
}

async function open(
  { config, registrations, worker, workers, isTerminal, ticketSecret, measured }: WorkerStart,
  destination: Omit<LogDestination, 'isTerminal'>,
): Promise<WorkerGateway> {
  const logs = new Logs(
    {
      write: (bytes) => destination.write(bytes),
      flushSync: (bytes) => destination.flushSync(bytes),
      droppedLines: () => destination.droppedLines?.() ?? 0,
      isTerminal,
    },
    worker,
  );
  logs.apply(config.logs);
  process.on('uncaughtExceptionMonitor', () => logs.flushSync());
  const serving = await Serving.open(forWorker(config, workers), logs, {
    known: registrations,
    ticketSecret,
    measured,
  });
  const { generations, listeners, stores, metrics } = serving;
  const hurry = new Hurry();
  return {
    address: listeners.address,
    httpsAddress: listeners.httpsAddress,
    prepare: async (next) => generations.prepare(forWorker(next, workers)),
    metrics: async () => openMetricsText(await familiesOf(metrics.registry)),
    state: () => ({ upstreams: serving.upstreams(), health: healthOf(stores) }),
    purge: async (selector, scope) => serving.purge(selector, scope),
    registered: ({ upstream, instance, ttl }) => void stores.registry.put(upstream, instance, ttl),
    removed: (upstream, id) => void stores.registry.remove(upstream, id),
    stop: async () => {
      await serving.drain(hurry);
      await serving.close();
      logs.flush();
    },
    hurry: () => hurry.begin(),
  };
}
