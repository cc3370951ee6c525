import type { BodyFault } from './lane-walk.ts';
import { LIMITS } from './lane-side.ts';

interface Rule {
  readonly rule: string;
  /** The reader's own reason, where the input alone does not tell enough. */
  readonly reason?: string;
  /** Whether the input is of that kind. */
  readonly holds: (fault: BodyFault) => boolean;
}

/** Where a chunked body is refused that `node:http` takes. There are no rules but these. */
const RULES: readonly Rule[] = [
  {
    rule: 'a chunk line has up to 1024 bytes',
    holds: ({ line }) => line.length > 1024 && /^[0-9A-Fa-f]+(?:;|\r?$)/.test(line),
  },
  {
    rule: 'a chunk size has up to 12 digits',
    holds: ({ line }) => /^[0-9A-Fa-f]{13,}(?:;[^\r\n]*)?\r\n$/.test(line),
  },
  {
    rule: 'a chunk extension has a name, and behind an equals sign a value',
    holds: ({ line }) => /^[0-9A-Fa-f]{1,12};(?:[^\r\n]*;)?(?:[=;][^\r\n]*|[^\r\n;="]+=(?:;[^\r\n]*)?)\r\n$/.test(line),
  },
  {
    rule: 'trailers have no more bytes than a head may have',
    reason: 'trailers that are too long',
    holds: ({ until }) => until.length > LIMITS.headerBytes,
  },
  {
    rule: 'a trailer says nothing of the connection, nor of a coding, not even that there is none',
    holds: ({ until }) =>
      /\r\n(?:(?:proxy-)?connection:[^\r\n]*|transfer-encoding:[ \t]*)\r\n(?:[^\r\n]+\r\n)*\r\n$/i.test(until),
  },
];

/** @returns the rule by which the lane may refuse the body that `node:http` takes */
export function stricterRule(fault: BodyFault): string | undefined {
  return RULES.find(({ reason, holds }) => (reason ?? fault.reason) === fault.reason && holds(fault))?.rule;
}
