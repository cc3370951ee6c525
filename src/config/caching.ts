import { UNEDITABLE } from '../fields.ts';
import { defaultsOf, inside, unlessOff, type Reporter, type WrittenConfig } from './located.ts';

/** Finds what is wrong with the rules for what is kept of answers, and no schema can say. */
export function checkCaches(written: WrittenConfig, reporter: Reporter): void {
  for (const rules of [defaultsOf(written), ...written.routes]) {
    for (const [index, name] of (unlessOff(rules.value.cache)?.vary ?? []).entries()) {
      const place = inside(rules, 'cache', 'vary', index);
      if (name === '*') {
        // RFC 9110, section 12.5.5.
        const message = 'found "*", which is no header: in an answer it stands for more than any key can hold';
        reporter.error('invalid-value', place, message, 'name the headers, for example accept-language');
      } else if (UNEDITABLE.has(name.toLowerCase())) {
        const message = `the header "${name}" belongs to the connection, and the gateway writes it itself`;
        reporter.error('invalid-value', place, message, 'remove it from the list');
      }
    }
  }
}
