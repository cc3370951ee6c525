/**
 * Reads and checks a configuration on a thread of its own, so that ten thousand routes do not hold up the requests that
 * are being served. Texts, upstreams and routes go back in batches: unpacking all of them at once would be a stall of its own.
 */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from '../config/load.ts';
import { shownDiagnostics } from '../config/render/shown.ts';
import { BATCH, type LoadMessage, type LoadSource } from './load.ts';

const { file, env }: LoadSource = workerData;
const { config, diagnostics, secrets, sources, watch, written } = await loadConfig(file, { env: (name) => env[name] });
const post = (message: LoadMessage): void => parentPort?.postMessage(message);
/** One at a time: what is waiting is unpacked in a single turn of the event loop, however much it is. */
const postAndWait = async (message: LoadMessage): Promise<void> => {
  const unpacked = parentPort === null ? undefined : once(parentPort, 'message');
  post(message);
  await unpacked;
};
for (const [name, text] of sources) await postAndWait({ kind: 'source', file: name, text });
const { upstreams = [], routes = [] } = config ?? {};
for (let start = 0; start < Math.max(upstreams.length, routes.length); start += BATCH) {
  const end = start + BATCH;
  await postAndWait({ kind: 'batch', upstreams: upstreams.slice(start, end), routes: routes.slice(start, end) });
}
post({
  kind: 'done',
  config: config === undefined ? undefined : { ...config, upstreams: [], routes: [] },
  diagnostics: [...diagnostics],
  shown: shownDiagnostics({ diagnostics, sources }),
  secrets,
  written,
  watch,
});
