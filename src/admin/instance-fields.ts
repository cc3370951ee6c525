import { formatDuration, parseDuration } from '../config/units.ts';
import type { FieldFault } from '../errors.ts';
import { readFields } from '../users/json-fields.ts';

/** What an instance says of itself when it registers. */
export interface InstanceFields {
  /** Scheme, host and port, as `new URL(…).origin` writes them. */
  readonly origin: string;
  readonly weight: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly ttl: number;
}

export type InstanceResult =
  | { readonly fields: InstanceFields }
  | { readonly fault: 'too-large' | 'media-type' }
  | { readonly errors: readonly FieldFault[] };

/** What the members may be. The OpenAPI document says the same. */
export const LIMITS = {
  /** An origin as `targets` has it, with or without a final slash. The longest name of DNS fits. */
  url: {
    form: /^https?:\/\/(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)(?::[1-9][0-9]{0,4})?\/?$/,
    length: 300,
  },
  weight: { least: 1, most: 1_000_000, unless: 1 },
  metadata: { entries: 32, key: 64, value: 256 },
  /** A duration as in gateway.yaml; `least` and `most` are in milliseconds. */
  ttl: { form: /^[1-9][0-9]{0,8}(?:ms|s|m|h|d)$/, least: 1000, most: 3_600_000, unless: '30s' },
} as const;

const NAMES = ['url', 'weight', 'metadata', 'ttl'];

/** Reads the JSON of a registration. All faults are found, each at its JSON pointer (RFC 6901). */
export function readInstance(body: Buffer, contentType: string | undefined): InstanceResult {
  // What is JSON, and what it may not have, is the same everywhere. The members are looked at here.
  const read = readFields(body, contentType, []);
  if ('fault' in read) return read;
  const found = 'errors' in read ? read.errors : [];
  if (found.some(({ code }) => code !== 'unknown-member')) return { errors: found };
  const written: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  const members = new Map<string, unknown>(Object.entries(written ?? {}));
  const errors: FieldFault[] = [];
  const fields = {
    origin: originOf(members.get('url'), errors),
    weight: weightOf(members.has('weight') ? members.get('weight') : LIMITS.weight.unless, errors),
    metadata: metadataOf(members.has('metadata') ? members.get('metadata') : {}, errors),
    ttl: ttlOf(members.has('ttl') ? members.get('ttl') : LIMITS.ttl.unless, errors),
  };
  errors.push(...found.filter(({ pointer }) => !NAMES.includes(pointer.slice(1))));
  return errors.length > 0 ? { errors } : { fields };
}

function originOf(url: unknown, errors: FieldFault[]): string {
  const tell = fault(errors, '/url');
  if (url === undefined) tell('required', 'must be there');
  else if (typeof url !== 'string') tell('wrong-type', 'must be a string');
  else if (url.length > LIMITS.url.length || !LIMITS.url.form.test(url) || !URL.canParse(url))
    tell('invalid-origin', 'must be http:// or https://, a host and maybe a port, without a path');
  else return new URL(url).origin;
  return '';
}

function weightOf(weight: unknown, errors: FieldFault[]): number {
  const { least, most } = LIMITS.weight;
  const tell = fault(errors, '/weight');
  if (typeof weight !== 'number' || !Number.isInteger(weight)) tell('wrong-type', 'must be a whole number');
  else if (weight < least || weight > most) tell('out-of-range', `must be from ${least} to ${most}`);
  else return weight;
  return 0;
}

function metadataOf(metadata: unknown, errors: FieldFault[]): Readonly<Record<string, string>> {
  const tell = fault(errors, '/metadata');
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    tell('wrong-type', 'must be an object');
    return {};
  }
  const entries = Object.entries(metadata);
  const { entries: most, key: longestName, value: longest } = LIMITS.metadata;
  if (entries.length > most) tell('too-many', `must not have more than ${most} members`);
  const kept: [string, string][] = [];
  for (const [name, value] of entries) {
    const tellOf = fault(errors, `/metadata/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (name === '' || lengthOf(name) > longestName)
      tellOf('invalid-name', `must have a name of 1 to ${longestName} characters`);
    if (typeof value !== 'string') tellOf('wrong-type', 'must be a string');
    else if (lengthOf(value) > longest) tellOf('too-long', `must not be longer than ${longest} characters`);
    else kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

function ttlOf(ttl: unknown, errors: FieldFault[]): number {
  const { form, least, most } = LIMITS.ttl;
  const tell = fault(errors, '/ttl');
  if (typeof ttl !== 'string') tell('wrong-type', 'must be a string');
  else if (!form.test(ttl)) tell('invalid-duration', 'must be a whole number and a unit, as in 30s');
  else if (parseDuration(ttl) < least || parseDuration(ttl) > most)
    tell('out-of-range', `must be from ${formatDuration(least)} to ${formatDuration(most)}`);
  else return parseDuration(ttl);
  return 0;
}

function fault(errors: FieldFault[], pointer: string): (code: string, detail: string) => void {
  return (code, detail) => void errors.push({ pointer, code, detail });
}

/** In characters, as JSON Schema counts them (RFC 8259), and not in units of UTF-16. */
function lengthOf(text: string): number {
  return [...text].length;
}
