/** The bytes of a GET. */
export function get(url: string): Buffer {
  const { host, pathname, search } = new URL(url);
  return Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'latin1');
}

/** The bytes of a POST of a JSON document. */
export function postJson(url: string, document: string): Buffer {
  const { host, pathname, search } = new URL(url);
  const body = Buffer.from(document);
  const head =
    `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
