import { domainToASCII } from 'node:url';

/** Why a text is no e-mail address. */
export type EmailFault = 'too-long' | 'no-at' | 'local-part' | 'domain';

/** RFC 5321 section 4.5.3.1.3: a path has 256 octets, its angle brackets included. */
export const MAX_EMAIL_BYTES = 254;
/** RFC 5321 section 4.5.3.1.1. */
const MAX_LOCAL_BYTES = 64;

/** A dot-atom of RFC 5321 section 4.1.2, with the letters of other scripts that RFC 6531 adds. No quoted strings. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** What may be given to a parser that reads URLs, and would also take `%61` and `a/b`. */
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Two labels at least, and no number at the end: an IP address is no domain. */
const ASCII_DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/** What is written with these alone is the same in DNS. */
const ASCII = /^\p{ASCII}*$/u;

/**
 * The forms in which part of an address may stand in those that are stored: as it is, and with its domain as DNS has
 * it. What has no @ may be of either half. Of labels that are not ASCII only whole ones are found: the form of a part
 * is not part of the form.
 */
export function searchForms(text: string): readonly [asItIs: string, asInDns: string] {
  // A database takes no NUL.
  const part = text.replaceAll('\0', '').normalize('NFC').toLowerCase().normalize('NFC');
  const domain = part.lastIndexOf('@') + 1;
  const labels = part.slice(domain).split('.').map(labelInDns);
  return [part, `${part.slice(0, domain)}${labels.join('.')}`];
}

function labelInDns(label: string): string {
  if (ASCII.test(label) || !DOMAIN.test(label)) return label;
  const converted = domainToASCII(label);
  return converted === '' ? label : converted;
}

/**
 * An e-mail address in the one form that is stored, looked up and compared: without blanks around it, in NFC and lower
 * case, its domain as DNS has it. RFC 5321 section 2.4 lets a host tell `Bob` from `bob`; hardly one does, and two
 * accounts that look alike would be a trap.
 *
 * The form of a form is itself, so that nobody needs to know whether an address was normalised already.
 */
export function normalEmail(text: string): { readonly email: string } | { readonly fault: EmailFault } {
  // A character that NFC makes longer takes no more than three times its bytes (Unicode annex 15).
  if (text.length > MAX_EMAIL_BYTES * 4) return { fault: 'too-long' };
  const address = text.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = address.lastIndexOf('@');
  if (at === -1) return { fault: 'no-at' };
  const local = address.slice(0, at);
  if (!LOCAL.test(local) || Buffer.byteLength(local) > MAX_LOCAL_BYTES) return { fault: 'local-part' };
  const written = address.slice(at + 1);
  const domain = DOMAIN.test(written) ? domainToASCII(written) : '';
  if (!ASCII_DOMAIN.test(domain)) return { fault: 'domain' };
  const email = `${local}@${domain}`;
  return Buffer.byteLength(email) > MAX_EMAIL_BYTES ? { fault: 'too-long' } : { email };
}
