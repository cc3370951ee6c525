/** Requests as clients send them every day. */
export const PLAIN: Readonly<Record<string, string>> = {
  'the least that is a request': 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  curl: 'GET /get?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n',
  firefox:
    'GET /a/b.html?q=%C3%A4&r= HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nReferer: http://www.example.com/\r\nConnection: keep-alive\r\nCookie: a=b; c="d e"\r\nUpgrade-Insecure-Requests: 1\r\nPriority: u=0, i\r\n\r\n',
  chrome:
    'POST /api/items HTTP/1.1\r\nHost: example.com\r\nConnection: keep-alive\r\nContent-Length: 17\r\nsec-ch-ua: "Chromium";v="126", "Not;A=Brand";v="99"\r\nContent-Type: application/json\r\nOrigin: http://example.com\r\n\r\n{"name":"thing!"}',
  'two at once': 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n',
  'five at once': [1, 2, 3, 4, 5].map((n) => `GET /${n} HTTP/1.1\r\nHost: a\r\nN: ${n}\r\n\r\n`).join(''),
  'a length': 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'a length of zero': 'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
  'a length, then another request':
    'PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcDELETE /p HTTP/1.1\r\nHost: a\r\n\r\n',
  'a body that looks like a request':
    'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 29\r\n\r\nGET /evil HTTP/1.1\r\nHost: b\r\n\r\n',
  'a body of GET': 'GET /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
  'a body of DELETE in chunks':
    'DELETE /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  'a body of HEAD': 'HEAD /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx',
  'a body without a length': 'POST /p HTTP/1.1\r\nHost: a\r\n\r\nhello',
  chunks:
    'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\n\r\n',
  'a chunked body of nothing':
    'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\n\r\n',
  'chunks with extensions':
    'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n1;a;b="c;d"\r\n!\r\n0;last\r\n\r\n',
  'chunks and trailers':
    'POST /c HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 1\r\nOther:  2 \r\n\r\n',
  'a trailer without value':
    'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA:\r\nB: \r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\n\r\n',
  'the other methods': ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
    .map((method) => `${method} /m HTTP/1.1\r\nHost: a\r\n\r\n`)
    .join(''),
  'all characters of a target': "GET /-._~!$&'()*+,;=:@%41/?a=b&c=/?-._~ HTTP/1.1\r\nHost: a\r\n\r\n",
  'all characters of a name': "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n",
  'values without a space before them': 'GET / HTTP/1.1\r\nHost:a\r\nX:y\r\n\r\n',
  'values in white space': 'GET / HTTP/1.1\r\nHost: \t a \t \r\nX:\t\ty z\t\r\n\r\n',
  'values of nothing': 'GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \r\nZ:\t\r\n\r\n',
  'the same name often': 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\nX: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n',
  'an answer and no more': 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'many fields': `GET / HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 80 }, (_, n) => `X-${n}: ${n}\r\n`).join('')}\r\n`,
  'a prototype': 'GET /__proto__ HTTP/1.1\r\nHost: a\r\n__proto__: x\r\nconstructor: y\r\ntoString: z\r\n\r\n',
  'Host last': 'GET / HTTP/1.1\r\nX: y\r\nhOsT: a:80\r\n\r\n',
  'an IPv6 host': 'GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n',
  'chunks in another case': 'POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n',
};
