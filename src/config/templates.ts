import { parseTemplate } from '../template.ts';
import type { HeaderEditsDocument } from './document.types.ts';
import { inside, type Place } from './located.ts';

/** A text that a route writes somewhere, what gets it, and where it stands in the file. */
export interface WrittenText {
  readonly what: string;
  readonly text: string;
  readonly place: Place;
}

/** What edits write into headers. */
export function headerTexts(edits: HeaderEditsDocument | undefined, place: Place): WrittenText[] {
  return [...textsIn(edits?.set, inside(place, 'set')), ...textsIn(edits?.add, inside(place, 'add'))];
}

/** @param values by what gets them; those that are no text are left out */
export function textsIn(values: Readonly<Record<string, unknown>> | undefined, place: Place): WrittenText[] {
  return Object.entries(values ?? {}).flatMap(([what, text]) =>
    typeof text === 'string' ? [{ what, text, place: inside(place, what) }] : [],
  );
}

export function usesClaims(text: string): boolean {
  const template = parseTemplate(text);
  return 'parts' in template && template.usesClaims;
}
