import { trimmed } from '../fields.ts';

/** @returns whether a tag is a strong validator (RFC 9110 section 8.8.1): quoted, and without `W/` */
export function isStrong(tag: string): boolean {
  return tag.length > 1 && tag.startsWith('"') && tag.endsWith('"');
}

/** RFC 9110 section 8.8.3.2. Tags that are none, such as those without quotes, are compared as they stand. */
export function isWeaklyEqual(first: string, second: string): boolean {
  return opaque(first) === opaque(second);
}

/**
 * The members of If-None-Match. A comma within quotes belongs to the tag; there is no escaping in tags (RFC 9110
 * section 8.8.3).
 */
export function tagsIn(list: string): string[] {
  const tags: string[] = [];
  for (let start = 0; start <= list.length;) {
    const end = endOfTag(list, start);
    const tag = trimmed(list.slice(start, end));
    if (tag !== '') tags.push(tag);
    start = end + 1;
  }
  return tags;
}

function endOfTag(list: string, start: number): number {
  let at = start;
  while (list[at] === ' ' || list[at] === '\t') at += 1;
  if (list.startsWith('W/', at)) at += 2;
  const close = list[at] === '"' ? list.indexOf('"', at + 1) : at;
  const comma = close < 0 ? -1 : list.indexOf(',', close);
  return comma < 0 ? list.length : comma;
}

function opaque(tag: string): string {
  return tag.startsWith('W/"') ? tag.slice(2) : tag;
}
