import { isObject, isTime } from './checked.ts';
import type { PurgeSelector } from './purge.ts';

/** What gateways tell each other. */
export type CacheMessage = { readonly from: string } & (
  | { readonly kind: 'invalidation'; readonly uri: string }
  /** `at`: by the clock of the store, in microseconds. */
  | { readonly kind: 'purge'; readonly purge: PurgeSelector; readonly at: number }
);

/** @param from who tells it */
export function invalidationMessage(from: string, uri: string): string {
  return JSON.stringify({ from, uri });
}

/** Without its time, which the store adds. */
export function purgeMessage(from: string, purge: PurgeSelector): string {
  return JSON.stringify({ from, purge });
}

/** @returns undefined for anything else: another version may say more, and anybody may say anything */
export function readMessage(text: string): CacheMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value['from'] !== 'string') return undefined;
  const { from, uri, at } = value;
  if (typeof uri === 'string') return { kind: 'invalidation', from, uri };
  const purge = readSelector(value['purge']);
  return purge === undefined || !isTime(at) ? undefined : { kind: 'purge', from, purge, at };
}

const TEXTS = ['route', 'path', 'prefix', 'tag'] as const;

/** What it does not know could narrow the purge down: to purge more than was said would be worse than nothing. */
function readSelector(value: unknown): PurgeSelector | undefined {
  if (!isObject(value)) return undefined;
  const names = Object.keys(value);
  if (names.length === 0 || names.some((name) => name !== 'all' && !isText(name))) return undefined;
  const { route, path, prefix, tag, all } = value;
  if (![route, path, prefix, tag].every(isOptionalText) || (all !== undefined && all !== true)) return undefined;
  return {
    ...(typeof route === 'string' ? { route } : {}),
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof prefix === 'string' ? { prefix } : {}),
    ...(typeof tag === 'string' ? { tag } : {}),
    ...(all === true ? { all } : {}),
  };
}

function isText(name: string): boolean {
  return TEXTS.some((text) => text === name);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
