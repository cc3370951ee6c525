/** Clients that say what became of each request, and count it. */
import { request, type Agent } from 'node:http';

/** How long a client waits, in milliseconds: so long that only a request that is never answered fails. */
const PATIENCE = 60_000;

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly json: unknown }
  /** The head was there, the body was not all. */
  | { readonly kind: 'cut' }
  /** No head came. */
  | { readonly kind: 'unanswered' };

/** Outcomes by what they were. A 5xx is an answer that says that there is none. */
export class Counts {
  answered = 0;
  failed = 0;
  unanswered = 0;
  cut = 0;

  add(outcome: { readonly kind: 'answered' | 'unanswered' | 'cut'; readonly status?: number }): void {
    if (outcome.kind !== 'answered') this[outcome.kind] += 1;
    else if ((outcome.status ?? 0) >= 500) this.failed += 1;
    else this.answered += 1;
  }

  get all(): number {
    return this.answered + this.failed + this.unanswered + this.cut;
  }

  /** Answered, and no 5xx: a share of all. */
  get availability(): number {
    return this.all === 0 ? NaN : this.answered / this.all;
  }

  static sum(...parts: readonly Counts[]): Counts {
    const sum = new Counts();
    for (const { answered, failed, unanswered, cut } of parts) {
      sum.answered += answered;
      sum.failed += failed;
      sum.unanswered += unanswered;
      sum.cut += cut;
    }
    return sum;
  }
}

export interface AskOptions {
  /** Sent as JSON. */
  readonly body?: object;
  /** Of Authorization: Bearer. */
  readonly token?: string;
  /** None: a connection of its own. */
  readonly agent?: Agent;
}

/** @param target `POST /auth/login` */
export async function ask(address: string, target: string, options: AskOptions = {}): Promise<Outcome> {
  const { body, token, agent } = options;
  const [method = '', path = ''] = target.split(' ');
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const to = { method, headers, agent: agent ?? false, signal };
    const outgoing = request(`http://${address}${path}`, to, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', () => resolve({ kind: 'cut' }));
      response.on('end', () => {
        const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
        resolve({ kind: 'answered', status: response.statusCode ?? 0, json });
      });
    });
    outgoing.on('error', () => resolve({ kind: 'unanswered' }));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A text of an answer; empty when it has none of that name. */
export function textIn(outcome: Outcome, name: string): string {
  const { json } = outcome.kind === 'answered' ? outcome : { json: undefined };
  const value: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** The status of an answer; undefined when there was none, or a 5xx: then nothing is known of what was done. */
export function statusOf(outcome: Outcome): number | undefined {
  return outcome.kind === 'answered' && outcome.status < 500 ? outcome.status : undefined;
}
