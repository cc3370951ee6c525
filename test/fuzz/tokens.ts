/** Single bytes that parsers treat in some way of their own, one character a byte. */
export const BYTES: readonly string[] = [
  ...'\0\x01\x07\b\t\n\x0b\x0c\r\x1b\x1f \x7f\x80\x85\xa0\xad\xc3\xff',
  ...'!"#%\'()*+,-./:;<=?@[\\]_{|}0159AFGZafgxz',
];

/** Pieces of requests and answers that mean something at the right place. */
export const TOKENS: readonly string[] = [
  ['\r\n', '\r\n\r\n', '\n\n', '\r\r\n', '\n\r\n', '\r\n ', '\r\n\t', '\n ', ' :', ': ', ' \r\n', '\t\r\n', '  '],
  ['Content-Length: 5\r\n', 'Content-Length: 0\r\n', 'content-length:5\r\n', 'Content-Length : 5\r\n'],
  ['Transfer-Encoding: chunked\r\n', 'transfer-encoding:chunked\r\n', 'Transfer-Encoding: identity\r\n'],
  ['Transfer-Encoding : chunked\r\n', 'Transfer-Encoding:\tchunked\r\n', ' Transfer-Encoding: chunked\r\n'],
  ['Connection: close\r\n', 'Connection: keep-alive\r\n', 'Connection: upgrade\r\n', 'Proxy-Connection: close\r\n'],
  ['Connection: a, close\r\n', 'Upgrade: websocket\r\n', 'Expect: 100-continue\r\n', 'Host: b\r\n', 'X:\r\n'],
  ['Trailer: T\r\n', 'TE: trailers\r\n', 'Keep-Alive: timeout=1\r\n', 'T: u\r\n'],
  ['GET / HTTP/1.1\r\n', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', ' HTTP/1.1\r\n'],
  ['GET', 'HEAD', 'POST', 'CONNECT', 'OPTIONS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http://a/', 'http://b'],
  ['0\r\n', '0\r\n\r\n', '0\r\n\r\n0\r\n\r\n', '1\r\nx\r\n', '00', '0x', ';a=b', ';a', ';', ' ;', '-', '+', '5\r\n'],
  ['chunked', 'identity', 'close', 'keep-alive', ', ', ',', 'fffffff', 'ffffffffffffffff', '99999999999999999999'],
  [
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    '204',
    '304',
  ],
  ['\xc3\xa4', '\xe2\x84\xaa', '\xef\xbb\xbf', '\xe2\x80\xa8'],
].flat();
