import { randomUUID } from 'node:crypto';

/** @returns an identifier for a request: unique, and not to be guessed */
export function newRequestId(): string {
  return randomUUID();
}
