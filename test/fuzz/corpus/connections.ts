const AFTER = 'GET /after HTTP/1.1\r\nHost: a\r\n\r\n';

function get(lines: string): string {
  return `GET /k HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n${AFTER}`;
}

function post(lines: string): string {
  return `POST /k HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n${lines}\r\n\r\nhello${AFTER}`;
}

/** Fields that say what becomes of a connection, or that the client waits. */
export const CONNECTIONS: Readonly<Record<string, string>> = {
  'Connection: close and another request': get('Connection: close'),
  'Connection: close with a body and another request': post('Connection: close'),
  'Connection: close in another case': get('cOnNeCtIoN: ClOsE'),
  'Connection: close in white space': get('Connection: \t close \t'),
  'Connection: close twice': get('Connection: close\r\nConnection: close'),
  'Connection: close, then keep-alive': get('Connection: close\r\nConnection: keep-alive'),
  'Connection: keep-alive, then close': get('Connection: keep-alive\r\nConnection: close'),
  'Connection: a list with close': get('Connection: keep-alive, close'),
  'Connection: a list with another name': get('Connection: close, x-a'),
  'Connection: another name': get('Connection: x-a\r\nX-A: b'),
  'Connection: nothing': get('Connection:'),
  'Connection: close and more': get('Connection: closed'),
  'Connection: close in quotes': get('Connection: "close"'),
  'Connection: close with a NUL': get('Connection: close\0'),
  'Connection: close with a comma': get('Connection: close,'),
  'Connection: a comma first': get('Connection: ,close'),
  'Connection: close after a vertical tab': get('Connection: \x0bclose'),
  'Connection: close after a fold': get('Connection:\r\n close'),
  'Connection: Host': get('Connection: host'),
  'Connection: TE': get('Connection: TE\r\nTE: trailers'),
  'Keep-Alive': get('Connection: keep-alive\r\nKeep-Alive: timeout=5, max=1000'),
  'Proxy-Connection: close': get('Proxy-Connection: close'),
  'Proxy-Connection: keep-alive': get('Proxy-Connection: keep-alive'),
  'Proxy-Connection against Connection': get('Connection: keep-alive\r\nProxy-Connection: close'),
  'Expect: 100-continue': post('Expect: 100-continue'),
  'Expect: 100-Continue in another case': post('eXPECT: 100-CONTINUE'),
  'Expect: 100-continue twice': post('Expect: 100-continue\r\nExpect: 100-continue'),
  'Expect without a body': get('Expect: 100-continue'),
  'Expect: something else': post('Expect: 200-ok'),
  'Expect: nothing': post('Expect:'),
  'a WebSocket': get('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13'),
  'an upgrade to h2c': get('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__'),
  'an upgrade without Connection': get('Upgrade: websocket'),
  'Connection: upgrade without Upgrade': get('Connection: upgrade'),
  'an upgrade with a body': post('Connection: upgrade\r\nUpgrade: x'),
  'an upgrade with chunks':
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nrest',
  'an upgrade of nothing': get('Connection: upgrade\r\nUpgrade:'),
  'an upgrade that closes': get('Connection: close, upgrade\r\nUpgrade: x'),
  'an upgrade after others': `${AFTER}${AFTER}${get('Connection: Upgrade\r\nUpgrade: websocket')}\x81\x05hello`,
  'a plain request after an Expect': `${post('Expect: 100-continue')}${AFTER}`,
  'HTTP/1.0 after HTTP/1.1': `${AFTER}GET / HTTP/1.0\r\n\r\n${AFTER}`,
  'HTTP/1.0 with a body': `POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 1\r\n\r\nx${AFTER}`,
  'HTTP/1.0 that keeps alive, with a body': `POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx${AFTER}`,
  'nonsense after a request': `${AFTER}nonsense\r\n\r\n${AFTER}`,
  'nonsense after a body': `${post('X: y')}\0\0\0\0`,
  'a greeting of HTTP/2 after a request': `${AFTER}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
  'a greeting of HTTP/2 without its version after a request': `${AFTER}PRI *\n\r\n${AFTER}`,
  'CONNECT after a request': `${AFTER}CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n\x16\x03\x01`,
  'CONNECT with a length': 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n\r\n',
  'OPTIONS * after a request': `${AFTER}OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n${AFTER}`,
};
