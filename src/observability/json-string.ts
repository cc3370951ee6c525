/** A JSON string. Most texts need no escapes, and then a pair of quotes is all: a general serialiser costs much more. */
export function jsonString(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}
