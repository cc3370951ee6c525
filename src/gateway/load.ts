import { Worker } from 'node:worker_threads';
import type { GatewayConfig, RouteConfig, UpstreamConfig } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { LoadResult, WatchList } from '../config/load.ts';
import type { ShownDiagnostic } from '../config/render/shown.ts';

/** How many upstreams and routes come at a time: few enough to be unpacked within a millisecond or two. */
export const BATCH = 250;

/** What the loading thread is given. */
export interface LoadSource {
  /** The path of the configuration. */
  readonly file: string;
  /** Where `${NAME}` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A configuration that was read elsewhere, with what is to be shown of it: to draw code frames takes time, too. */
export interface Loaded extends Omit<LoadResult, 'admin'> {
  /** Errors first; not all when there are very many. */
  readonly shown: readonly ShownDiagnostic[];
}

/**
 * What the loading thread sends: the texts of the files, upstreams and routes in batches, each when the former has been
 * taken, then the rest.
 */
export type LoadMessage =
  | { readonly kind: 'source'; readonly file: string; readonly text: string }
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
      readonly shown: readonly ShownDiagnostic[];
      readonly secrets: readonly string[];
      readonly written: ReadonlyMap<string, string>;
      readonly watch: WatchList;
    };

/**
 * Loads a configuration as `loadConfig` does, off the event loop.
 *
 * @param source what the loading thread is given
 * @param signal says that nobody waits for it any more
 */
export async function loadOffThread(source: LoadSource, signal?: AbortSignal): Promise<Loaded> {
  const script = import.meta.url.endsWith('.ts') ? './load-worker-source.mjs' : './load-worker.js';
  const worker = new Worker(new URL(script, import.meta.url), { workerData: source, execArgv: [] });
  const abandon = (): void => void worker.terminate();
  signal?.addEventListener('abort', abandon);
  worker.on('exit', () => signal?.removeEventListener('abort', abandon));
  const upstreams: UpstreamConfig[] = [];
  const routes: RouteConfig[] = [];
  const sources = new Map<string, string>();
  return new Promise<Loaded>((resolve, reject) => {
    let result: Loaded | undefined;
    worker.on('error', reject);
    // Its end is waited for, too: whoever has the result may stop the process, or count what is open.
    worker.on('exit', () => {
      if (result === undefined) reject(new Error('the loading thread ended without a result'));
      else resolve(result);
    });
    worker.on('message', (message: LoadMessage) => {
      if (message.kind !== 'done') {
        if (message.kind === 'source') sources.set(message.file, message.text);
        else {
          upstreams.push(...message.upstreams);
          routes.push(...message.routes);
        }
        // The next batch, after whatever else wants a turn.
        setImmediate(() => worker.postMessage('next'));
        return;
      }
      const { config, diagnostics, shown, secrets, watch, written } = message;
      result = {
        diagnostics,
        shown,
        secrets,
        written,
        sources,
        watch,
        config: config === undefined ? undefined : { ...config, upstreams, routes },
      };
    });
  });
}
