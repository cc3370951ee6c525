import type { AnswerReading } from './answer-reading.ts';

interface Rule {
  readonly rule: string;
  /** How the difference may begin. */
  readonly about: RegExp;
  /** The code with which `node:http` gives up, if it does. */
  readonly code: string | undefined;
  /** Whether the input is of that kind. */
  readonly holds: RegExp;
}

/** Where `node:http` is stricter with an answer than the gateway. There are no rules but these. */
const RULES: readonly Rule[] = [
  {
    rule: 'after an interim answer that closes the connection comes no other',
    about: /^(?:interim answer|head)/,
    code: 'HPE_CLOSED_CONNECTION',
    holds: /HTTP\/1\.1 1\d\d [^\r\n]*\r\n(?:[^\r\n]+\r\n)*(?:proxy-)?connection:[^\r\n]*close/i,
  },
  {
    rule: 'after an interim answer of HTTP/1.0 comes no other',
    about: /^(?:interim answer|head)/,
    code: 'HPE_CLOSED_CONNECTION',
    holds: /HTTP\/1\.0 1\d\d /,
  },
  {
    rule: 'Proxy-Connection closes a connection as Connection does',
    about: /^keep-alive/,
    code: undefined,
    holds: /\r\nproxy-connection:[^\r\n]*close/i,
  },
];

/** @returns the rule by which `node:http` may understand the answer in another way */
export function stricterNode(difference: string, { fault }: AnswerReading, input: string): string | undefined {
  return RULES.find(({ about, code, holds }) => about.test(difference) && code === fault && holds.test(input))?.rule;
}
