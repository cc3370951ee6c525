import type { ProblemCode } from '../../src/errors.ts';
import type { Exchange, ExchangeWatcher, HeaderList } from '../../src/exchange.ts';
import { combined } from '../../src/fields.ts';

/** An exchange without a connection, and what became of it. */
export interface FakeExchange extends Exchange {
  /** The problems it was answered with, with their own header fields. */
  readonly problems: { readonly code: ProblemCode; readonly headers: HeaderList }[];
  /** The fields that stages have added. */
  readonly added: string[];
  /** Who is told when the client leaves. */
  readonly watcher: () => ExchangeWatcher | undefined;
}

/** @param address of the client */
export function fakeExchange(changes: Partial<Exchange> = {}, address = '192.0.2.1'): FakeExchange {
  const problems: FakeExchange['problems'] = [];
  const added: string[] = [];
  let watcher: ExchangeWatcher | undefined;
  const headers = changes.headers ?? [];
  return {
    id: '1',
    method: 'GET',
    httpVersion: '1.1',
    path: '/',
    query: '',
    authority: 'api.example.com',
    host: 'api.example.com',
    client: { address, scheme: 'http', forwardedFor: address, forwardedHost: '', forwarded: '' },
    headers,
    params: {},
    body: undefined,
    upgrade: undefined,
    response: {
      informational: () => undefined,
      head: () => undefined,
      write: () => true,
      end: () => undefined,
      abort: () => undefined,
    },
    identity: undefined,
    upstream: '',
    attempts: 0,
    failure: undefined,
    problem: undefined,
    cacheResult: '',
    trace: undefined,
    header: (name) => combined(headers, name),
    fail: (code, options) => void problems.push({ code, headers: options?.headers ?? [] }),
    hold: () => true,
    dismiss: () => undefined,
    addToAnswer: (name, value) => void added.push(name, value),
    watch: (next) => void (watcher = next),
    fork: () => {
      throw new Error('nobody has said what a fork is');
    },
    ...changes,
    problems,
    added,
    watcher: () => watcher,
  };
}
