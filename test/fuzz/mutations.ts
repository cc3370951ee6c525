import * as fc from 'fast-check';
import { BYTES, TOKENS } from './tokens.ts';

/** Where in an input something happens, by its structure rather than by its offset. */
const PLACES = ['anywhere', 'line start', 'line end', 'colon', 'after colon', 'head end', 'digit'] as const;
type Place = (typeof PLACES)[number];

const PATTERNS: Readonly<Record<Exclude<Place, 'anywhere'>, RegExp>> = {
  'line start': /^/gm,
  'line end': /\r\n|\n|$/g,
  colon: /:/g,
  'after colon': /(?<=:)/g,
  'head end': /(?<=\r\n\r\n)/g,
  digit: /\d/g,
};

interface Spot {
  readonly place: Place;
  /** Which of the places there are, modulo their number. */
  readonly index: number;
}

/** One change of an input. */
export type Mutation =
  | { readonly kind: 'insert' | 'replace'; readonly spot: Spot; readonly text: string }
  | { readonly kind: 'delete' | 'repeat'; readonly spot: Spot; readonly length: number }
  | { readonly kind: 'flip'; readonly spot: Spot; readonly bit: number }
  | { readonly kind: 'number'; readonly spot: Spot; readonly by: number }
  | { readonly kind: 'copy line' | 'drop line' | 'move line'; readonly from: number; readonly to: number }
  | { readonly kind: 'splice'; readonly spot: Spot; readonly other: string; readonly otherSpot: Spot }
  | { readonly kind: 'cut off'; readonly spot: Spot };

/** @returns the offset in the text */
function offset(text: string, { place, index }: Spot): number {
  if (place !== 'anywhere') {
    const offsets = [...text.matchAll(PATTERNS[place])].map((match) => match.index);
    const found = offsets[index % Math.max(1, offsets.length)];
    if (found !== undefined) return found;
  }
  return index % (text.length + 1);
}

/** Changes an input. */
export function mutate(text: string, mutation: Mutation): string {
  switch (mutation.kind) {
    case 'copy line':
    case 'drop line':
    case 'move line':
      return withLines(text, mutation);
    case 'number':
      return counted(text, mutation.spot, mutation.by);
    case 'insert':
    case 'replace':
    case 'delete':
    case 'repeat':
    case 'flip':
    case 'splice':
    case 'cut off': {
      const at = offset(text, mutation.spot);
      return text.slice(0, at) + changed(text.slice(at), mutation);
    }
  }
}

/** @returns what comes of the rest of an input */
function changed(rest: string, mutation: Exclude<Mutation, { kind: `${string} line` | 'number' }>): string {
  switch (mutation.kind) {
    case 'insert':
      return mutation.text + rest;
    case 'replace':
      return mutation.text + rest.slice(mutation.text.length);
    case 'delete':
      return rest.slice(mutation.length);
    case 'repeat':
      return rest.slice(0, mutation.length) + rest;
    case 'flip':
      return flipped(rest.slice(0, 1), mutation.bit) + rest.slice(1);
    case 'splice':
      return mutation.other.slice(offset(mutation.other, mutation.otherSpot));
    case 'cut off':
      return '';
  }
}

function flipped(character: string, bit: number): string {
  return character === '' ? '' : String.fromCharCode(character.charCodeAt(0) ^ (1 << bit));
}

/** Changes a number by a little, so that a length does not fit any more. */
function counted(text: string, { index }: Spot, by: number): string {
  const numbers = [...text.matchAll(/\d+/g)];
  const number = numbers[index % Math.max(1, numbers.length)];
  if (number === undefined) return text;
  const [digits] = number;
  const sum = BigInt(digits) + BigInt(by);
  return text.slice(0, number.index) + String(sum) + text.slice(number.index + digits.length);
}

function withLines(text: string, { kind, from, to }: { kind: string; from: number; to: number }): string {
  const lines = text.split(/(?<=\n)/);
  const [line = ''] = lines.slice(from % lines.length);
  if (kind !== 'copy line') lines.splice(from % lines.length, 1);
  if (kind !== 'drop line') lines.splice(to % (lines.length + 1), 0, line);
  return lines.join('');
}

const spots: fc.Arbitrary<Spot> = fc.record({
  place: fc.constantFrom<Place>('anywhere', ...PLACES),
  index: fc.nat(2000),
});
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...BYTES) },
  { weight: 4, arbitrary: fc.constantFrom(...TOKENS) },
  { weight: 1, arbitrary: fc.nat(255).map((byte) => String.fromCharCode(byte)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...BYTES), fc.integer({ min: 2, max: 1100 })).map(repeated) },
);

function repeated([byte, times]: [string, number]): string {
  return byte.repeat(times);
}

/** @param others inputs of which parts are taken */
export function mutations(others: readonly string[]): fc.Arbitrary<Mutation> {
  const length = fc.integer({ min: 1, max: 12 });
  const line = fc.nat(40);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('insert' as const), spot: spots, text: texts }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace' as const), spot: spots, text: texts }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'repeat' as const), spot: spots, length }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('flip' as const), spot: spots, bit: fc.nat(7) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('number' as const), spot: spots, by: fc.integer({ min: -3, max: 3 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('copy line' as const, 'drop line' as const, 'move line' as const),
        from: line,
        to: line,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('splice' as const),
        spot: spots,
        other: fc.constantFrom(...others),
        otherSpot: spots,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut off' as const), spot: spots }) },
  );
}
