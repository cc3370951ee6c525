/** Fields of one connection only: RFC 9110 section 7.6.1, and those that older proxies still send. */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Fields that an edit in the configuration must not touch: the connection's own, and what frames a message. */
export const UNEDITABLE: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'expect',
  'host',
  'trailer',
]);
