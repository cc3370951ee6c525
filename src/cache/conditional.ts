import type { HeaderList } from '../exchange.ts';
import type { StoredAnswer } from './answer.ts';

/** @returns the fields to validate a stored answer with (RFC 9111 section 4.3.1); [] = it has no validator */
export function validatorsOf(_answer: { readonly headers: HeaderList }): HeaderList {
  throw new Error('not there yet');
}

/**
 * Whether a request's conditions make a 304 of a stored answer (RFC 9110 sections 13.1.2 and 13.1.3, RFC 9111 section
 * 4.3.2): If-None-Match goes before If-Modified-Since and compares weakly. Only for 2xx.
 */
export function isNotModified(
  _answer: Omit<StoredAnswer, 'body'>,
  _ifNoneMatch: string | undefined,
  _ifModifiedSince: string | undefined,
): boolean {
  throw new Error('not there yet');
}

/** @returns the fields of a 304 (RFC 9110 section 15.4.5) */
export function notModifiedHeaders(_headers: HeaderList): string[] {
  throw new Error('not there yet');
}
