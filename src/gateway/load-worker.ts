/**
 * Reads and checks a configuration on a thread of its own, so that ten thousand routes do not hold up the requests that
 * are being served. Routes go back in batches: unpacking all of them at once would be a stall of its own.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from '../config/load.ts';
import { ROUTES_PER_MESSAGE, type LoadMessage } from './load.ts';

const { file }: { file: string } = workerData;
const { config, diagnostics, sources, watch } = await loadConfig(file, { env: (name) => process.env[name] });
const post = (message: LoadMessage): void => parentPort?.postMessage(message);
const routes = config?.routes ?? [];
for (let start = 0; start < routes.length; start += ROUTES_PER_MESSAGE) {
  post({ kind: 'routes', routes: routes.slice(start, start + ROUTES_PER_MESSAGE) });
}
post({
  kind: 'done',
  config: config === undefined ? undefined : { ...config, routes: [] },
  diagnostics: [...diagnostics],
  sources: new Map(sources),
  watch,
});
