import { Worker } from 'node:worker_threads';
import type { GatewayConfig, RouteConfig, UpstreamConfig } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { LoadResult, WatchList } from '../config/load.ts';

/** How many upstreams and routes come at a time: few enough to be unpacked within a millisecond or two. */
export const BATCH = 250;

/** What the loading thread is given. */
export interface LoadSource {
  /** The path of the configuration. */
  readonly file: string;
  /** Where `${NAME}` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the loading thread sends: upstreams and routes in batches, each when the former has been taken, then the rest. */
export type LoadMessage =
  | {
      readonly kind: 'batch';
      readonly upstreams: readonly UpstreamConfig[];
      readonly routes: readonly RouteConfig[];
    }
  | {
      readonly kind: 'done';
      /** Without its upstreams and routes. */
      readonly config: GatewayConfig | undefined;
      readonly diagnostics: readonly Diagnostic[];
      /** Empty when there is a configuration. */
      readonly sources: ReadonlyMap<string, string>;
      readonly watch: WatchList;
    };

/**
 * Loads a configuration as `loadConfig` does, off the event loop.
 *
 * @param source what the loading thread is given
 * @param signal says that nobody waits for it any more
 */
export async function loadOffThread(source: LoadSource, signal?: AbortSignal): Promise<LoadResult> {
  const script = import.meta.url.endsWith('.ts') ? './load-worker-source.mjs' : './load-worker.js';
  const worker = new Worker(new URL(script, import.meta.url), { workerData: source, execArgv: [] });
  const abandon = (): void => void worker.terminate();
  signal?.addEventListener('abort', abandon);
  worker.on('exit', () => signal?.removeEventListener('abort', abandon));
  const upstreams: UpstreamConfig[] = [];
  const routes: RouteConfig[] = [];
  return new Promise<LoadResult>((resolve, reject) => {
    let result: LoadResult | undefined;
    worker.on('error', reject);
    // Its end is waited for, too: whoever has the result may stop the process, or count what is open.
    worker.on('exit', () => {
      if (result === undefined) reject(new Error('the loading thread ended without a result'));
      else resolve(result);
    });
    worker.on('message', (message: LoadMessage) => {
      if (message.kind === 'batch') {
        upstreams.push(...message.upstreams);
        routes.push(...message.routes);
        // The next batch, after whatever else wants a turn.
        setImmediate(() => worker.postMessage('next'));
        return;
      }
      const { config, diagnostics, sources, watch } = message;
      result = {
        diagnostics,
        sources,
        watch,
        config: config === undefined ? undefined : { ...config, upstreams, routes },
      };
    });
  });
}
