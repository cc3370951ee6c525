/**
 * Reads and checks a configuration on a thread of its own, so that ten thousand routes do not hold up the requests that
 * are being served. Routes go back in batches: unpacking all of them at once would be a stall of its own.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from '../config/load.ts';
import { ROUTES_PER_MESSAGE, type LoadMessage, type LoadSource } from './load.ts';

const { file, env }: LoadSource = workerData;
const { config, diagnostics, sources, watch } = await loadConfig(file, { env: (name) => env[name] });
const post = (message: LoadMessage): void => parentPort?.postMessage(message);
const routes = config?.routes ?? [];
for (let start = 0; start < routes.length; start += ROUTES_PER_MESSAGE) {
  // One at a time: what is waiting is unpacked in a single turn of the event loop, however much it is.
  const unpacked = parentPort === null ? undefined : once(parentPort, 'message');
  post({ kind: 'routes', routes: routes.slice(start, start + ROUTES_PER_MESSAGE) });
  await unpacked;
}
post({
  kind: 'done',
  config: config === undefined ? undefined : { ...config, routes: [] },
  diagnostics: [...diagnostics],
  // Only faults are shown with the text around them.
  sources: config === undefined ? new Map(sources) : new Map(),
  watch,
});
