/**
 * Reads and checks a configuration on a thread of its own, so that ten thousand routes do not hold up the requests that
 * are being served. Upstreams and routes go back in batches: unpacking all of them at once would be a stall of its own.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from '../config/load.ts';
import { BATCH, type LoadMessage, type LoadSource } from './load.ts';

const { file, env }: LoadSource = workerData;
const { config, diagnostics, sources, watch } = await loadConfig(file, { env: (name) => env[name] });
const post = (message: LoadMessage): void => parentPort?.postMessage(message);
const { upstreams = [], routes = [] } = config ?? {};
for (let start = 0; start < Math.max(upstreams.length, routes.length); start += BATCH) {
  // One at a time: what is waiting is unpacked in a single turn of the event loop, however much it is.
  const unpacked = parentPort === null ? undefined : once(parentPort, 'message');
  const end = start + BATCH;
  post({ kind: 'batch', upstreams: upstreams.slice(start, end), routes: routes.slice(start, end) });
  await unpacked;
}
post({
  kind: 'done',
  config: config === undefined ? undefined : { ...config, upstreams: [], routes: [] },
  diagnostics: [...diagnostics],
  // Only faults are shown with the text around them.
  sources: config === undefined ? new Map(sources) : new Map(),
  watch,
});
