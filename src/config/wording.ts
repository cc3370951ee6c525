/** The words that findings are made of. */
import { isRecord } from './path.ts';

/** Types of JSON Schema, as people who write YAML call them. */
export function typeNames(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    null: 'nothing',
  };
  const types: unknown[] = Array.isArray(type) ? type : [type];
  return types.map((name) => names[String(name)] ?? String(name)).join(' or ');
}

/** A description's first sentence, so that it can go on a sentence. */
export function sentence(description: unknown): string | undefined {
  if (typeof description !== 'string') return undefined;
  const first = description.split(/\.(?:\s|$)/, 1)[0] ?? '';
  return first.slice(0, 1).toLowerCase() + first.slice(1);
}

/** `a, b or c` */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${String(names.at(-1))}`;
}

/** A value as a person would write it in one line. */
export function flow(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:*~-]+$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${flow(item)}`);
  return `{ ${entries.join(', ')} }`;
}

/** A value that was found, in short. */
export function quote(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return 'a text of several lines';
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isRecord(value)) return 'a mapping';
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'number' ? value.toString() : JSON.stringify(value);
}
