import type { HeaderList } from '../exchange.ts';

/** Header or trailer fields as they go over the wire: RFC 9112 section 5. */
export function fieldLines(fields: HeaderList): string {
  let text = '';
  for (let index = 0; index + 1 < fields.length; index += 2) text += `${fields[index]}: ${fields[index + 1]}\r\n`;
  return text;
}
