import { expect } from 'chai';
import { canBecomePlain, PlainHeads, type PlainHead } from '../../../../src/server/fast-lane/request-head.ts';

const PLAIN = 'GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nX-Empty:\r\nx-two: \t a b \t';

function parsePlainHead(text: string): PlainHead | undefined {
  return new PlainHeads().parse(text);
}

describe('a request head', () => {
  it('that is plain is read as it was sent', () => {
    expect(parsePlainHead(PLAIN)).to.deep.equal({
      method: 'GET',
      target: '/a?b=c',
      httpVersion: '1.1',
      headers: ['Host', 'example.com', 'X-Empty', '', 'x-two', 'a b'],
      fields: { size: 42, host: 'example.com', contentLength: undefined, isChunked: false, expectsContinue: false },
      last: false,
    });
  });

  it('says whether another request follows', () => {
    expect(parsePlainHead('GET / HTTP/1.1\r\nConnection: Close')?.last).to.equal(true);
    expect(parsePlainHead('GET / HTTP/1.1\r\nConnection: Keep-Alive')?.last).to.equal(false);
  });

  it('is read the same whatever the client sent before on its connection', () => {
    const sent = [
      PLAIN,
      PLAIN,
      'POST /c HTTP/1.1\r\nHost: example.com\r\nContent-Length: 1',
      PLAIN.replace('/a?b=c', '/d'),
      `${PLAIN}c`,
      `${PLAIN}\r\nConnection: close`,
      `${PLAIN}\r\nExpect: 100-continue`,
      `${PLAIN}\r\nExpect: 100-continue`,
      'GET / HTTP/1.1',
      'GET / HTTP/1.1\r\nA : b',
      PLAIN,
    ];
    const heads = new PlainHeads();
    for (const text of sent.flatMap((each) => [each, each, PLAIN, each]))
      expect(heads.parse(text), text).to.deep.equal(parsePlainHead(text));
  });

  for (const [what, text] of Object.entries({
    'another version': 'GET / HTTP/1.0',
    'a version that does not exist': 'GET / HTTP/1.10',
    'no version': 'GET /',
    'an unknown method': 'PURGE / HTTP/1.1',
    'a method in lower case': 'get / HTTP/1.1',
    'two spaces': 'GET  / HTTP/1.1',
    'a tab': 'GET\t/ HTTP/1.1',
    'a space behind the version': 'GET / HTTP/1.1 ',
    'a line end before it': '\r\nGET / HTTP/1.1',
    'a target in absolute form': 'GET http://a/ HTTP/1.1',
    'a target with a fragment': 'GET /#a HTTP/1.1',
    'a target with a backslash': 'GET /a\\b HTTP/1.1',
    'a target with a byte above ASCII': 'GET /\xe4 HTTP/1.1',
    'an asterisk': 'OPTIONS * HTTP/1.1',
    'a folded line': 'GET / HTTP/1.1\r\nA: b\r\n c',
    'a space before the colon': 'GET / HTTP/1.1\r\nA : b',
    'a field without a name': 'GET / HTTP/1.1\r\n: b',
    'a line without a colon': 'GET / HTTP/1.1\r\nA',
    'a bare line feed': 'GET / HTTP/1.1\r\nA: b\nC: d',
    'a bare carriage return': 'GET / HTTP/1.1\r\nA: b\rC: d',
    'a null byte': 'GET / HTTP/1.1\r\nA: b\0',
    'an expectation': 'GET / HTTP/1.1\r\nExpect: 100-continue',
    'another protocol': 'GET / HTTP/1.1\r\nUpgrade: websocket',
    'options of the connection': 'GET / HTTP/1.1\r\nConnection: close, x-a',
    'what older proxies send': 'GET / HTTP/1.1\r\nProxy-Connection: close',
  })) {
    it(`with ${what} is not plain`, () => expect(parsePlainHead(text)).to.equal(undefined));
  }

  it('that has begun well is waited for, wherever it is cut', () => {
    const bytes = Buffer.from(`${PLAIN}\r\n\r\n`, 'latin1');
    for (let first = 1; first < bytes.length; first += 1) {
      expect(canBecomePlain(bytes.subarray(0, first), 0), `${first} bytes`).to.equal(true);
      for (let second = first + 1; second < bytes.length; second += 1) {
        expect(canBecomePlain(bytes.subarray(0, second), first), `${first}, then ${second} bytes`).to.equal(true);
      }
    }
  });

  for (const text of [
    '\x16\x03\x01',
    ' GET',
    '\r\nGET',
    'get /',
    'PROPFIND',
    'GET / HTTP/1.0\r\n',
    'GET / HTTP/1.1\r\nA: b\n',
  ]) {
    it(`that begins with ${JSON.stringify(text)} is not waited for`, () =>
      expect(canBecomePlain(Buffer.from(text, 'latin1'), 0)).to.equal(false));
  }

  it('that goes on badly is not waited for', () => {
    const text = 'GET / HTTP/1.1\r\nA: b\r';
    expect(canBecomePlain(Buffer.from(`${text}c`, 'latin1'), text.length)).to.equal(false);
    expect(canBecomePlain(Buffer.from(`${text}\n\n`, 'latin1'), text.length)).to.equal(false);
  });
});
