const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Whether PostgreSQL would take a text for a `uuid`; only its own way to write one counts. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
