/** Load that comes at a rate of its own, however slow the answers are: a slow gateway is not spared by its clients. */
import { Agent, request } from 'node:http';

/** What became of one request. */
export type Ending =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** The head was there, the body was not all. */
  | { readonly kind: 'cut' }
  /** No head came. */
  | { readonly kind: 'failed'; readonly cause: string };

export interface Timed {
  readonly ending: Ending;
  /** From the request to the end of the answer, in milliseconds. */
  readonly took: number;
}

export interface LoadOptions {
  /** Requests a second. */
  readonly rate: number;
  readonly count: number;
  /** The path of the request with this number, from 0 on. */
  readonly path: (index: number) => string;
}

/** How often it is looked how many requests are due, in milliseconds. */
const TICK = 5;
/** How long a client waits, in milliseconds: so long that only a request that is never answered fails. */
const PATIENCE = 30_000;

/** Sends GETs over kept connections, and waits for all of their ends. */
export async function openLoop(address: string, { rate, count, path }: LoadOptions): Promise<readonly Timed[]> {
  const agent = new Agent({ keepAlive: true });
  const endings: Promise<Timed>[] = [];
  const started = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((performance.now() - started) / 1000) * rate) + 1);
      while (endings.length < due) endings.push(get(`http://${address}${path(endings.length)}`, agent));
      if (endings.length < count) return;
      clearInterval(timer);
      resolve();
    }, TICK);
  });
  try {
    return await Promise.all(endings);
  } finally {
    agent.destroy();
  }
}

async function get(url: string, agent: Agent): Promise<Timed> {
  const started = performance.now();
  const ending = await new Promise<Ending>((resolve) => {
    const outgoing = request(url, { agent, signal: AbortSignal.timeout(PATIENCE) }, (response) => {
      let body = '';
      response.setEncoding('latin1');
      response.on('data', (text: string) => (body += text));
      response.on('error', () => resolve({ kind: 'cut' }));
      response.on('end', () => resolve({ kind: 'answered', status: response.statusCode ?? 0, body }));
    });
    outgoing.on('error', ({ message }) => resolve({ kind: 'failed', cause: message }));
    outgoing.end();
  });
  return { ending, took: performance.now() - started };
}

/** The value below which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
