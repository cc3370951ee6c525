import { expect } from 'chai';
import * as fc from 'fast-check';
import { ResponseParser, type ResponseSink } from '../../../../src/forwarding/http1/response-parser.ts';

/** What a parser made of the bytes of one answer. */
interface Reading {
  informational: number[];
  status: number | undefined;
  headers: string[];
  body: string;
  trailers: string[] | undefined;
  complete: boolean;
  fault: string | undefined;
}

/** Feeds the pieces to a parser and writes down what comes out. */
function read(pieces: readonly string[], options: { method?: string; ends?: boolean } = {}): Reading {
  const reading: Reading = {
    informational: [],
    status: undefined,
    headers: [],
    body: '',
    trailers: undefined,
    complete: false,
    fault: undefined,
  };
  const sink: ResponseSink = {
    onInformational: ({ status }) => reading.informational.push(status),
    onHead: ({ status, headers }) => {
      reading.status = status;
      reading.headers = headers;
    },
    onData: (chunk) => (reading.body += chunk.toString('latin1')),
    onEnd: (trailers) => {
      reading.complete = true;
      reading.trailers = trailers;
    },
  };
  const parser = new ResponseParser(sink);
  parser.expect(options.method ?? 'GET');
  for (const piece of pieces) {
    reading.fault ??= parser.push(Buffer.from(piece, 'latin1'));
    if (reading.fault !== undefined) return reading;
  }
  if (options.ends === true) reading.fault = parser.end();
  return reading;
}

const SOUND: Readonly<Record<string, { bytes: string; method?: string; ends?: boolean; body: string }>> = {
  'a length': { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', body: 'hello' },
  'no content': { bytes: 'HTTP/1.1 204 No Content\r\n\r\n', body: '' },
  'a length of zero': { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', body: '' },
  'not modified with a length': { bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', body: '' },
  'an answer to HEAD': { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', method: 'HEAD', body: '' },
  'an empty reason': { bytes: 'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx', body: 'x' },
  chunks: {
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n',
    body: 'hello world',
  },
  'chunks with extensions': {
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n0;c\r\n\r\n',
    body: 'hello',
  },
  trailers: {
    bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: 1\r\nB:2\r\n\r\n',
    body: 'x',
  },
  'the end of the connection': { bytes: 'HTTP/1.0 200 OK\r\n\r\nuntil the end', ends: true, body: 'until the end' },
  'interim answers': {
    bytes:
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
    body: 'x',
  },
};

const MALFORMED: Readonly<Record<string, string>> = {
  'no HTTP': 'SSH-2.0-OpenSSH_9.2\r\n\r\n',
  'another version': 'HTTP/2.0 200 OK\r\n\r\n',
  'a status of two digits': 'HTTP/1.1 20 OK\r\n\r\n',
  'a status above 599': 'HTTP/1.1 600 What\r\n\r\n',
  'two spaces before the status': 'HTTP/1.1  200 OK\r\n\r\n',
  'no space after the status': 'HTTP/1.1 200\r\n\r\n',
  'a bare line feed': 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n',
  'a bare carriage return': 'HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n',
  'a NUL': 'HTTP/1.1 200 OK\r\nA: \0\r\n\r\n',
  'a folded line': 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n',
  'a fold in the first line': 'HTTP/1.1 200 OK\r\n A: b\r\n\r\n',
  'a space before the colon': 'HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n',
  'a line without a colon': 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n',
  'a field without a name': 'HTTP/1.1 200 OK\r\n: x\r\n\r\n',
  'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx',
  'a list of lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx',
  'a negative length': 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
  'a length with a plus': 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx',
  'a length and chunks': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'another coding': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'chunked twice': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'chunks in HTTP/1.0': 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a chunk size that is no number': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
  'a chunk size with a prefix': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n',
  'a chunk size beyond all numbers': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n',
  'a chunk longer than its size': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n',
  'a line feed after a chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n',
  'a malformed trailer': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA b\r\n\r\n',
  'a 101 that nobody asked for': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
  'more than the length': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n',
  'a body after no content': 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nxx',
  'a second answer': 'HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'endless interim answers': 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(40),
};

describe('the parser of upstream answers', () => {
  for (const [name, { bytes, body, ...options }] of Object.entries(SOUND)) {
    it(`reads an answer with ${name}, wherever reads cut it`, () => {
      const whole = read([bytes], options);
      expect(whole).to.include({ body, complete: true, fault: undefined });
      expect(read([...bytes], options), 'byte by byte').to.deep.equal(whole);
      for (let cut = 1; cut < bytes.length; cut += 1) {
        expect(read([bytes.slice(0, cut), bytes.slice(cut)], options), `cut at ${cut}`).to.deep.equal(whole);
      }
    });
  }

  for (const [name, bytes] of Object.entries(MALFORMED)) {
    it(`refuses ${name}, wherever reads cut it`, () => {
      expect(read([bytes]).fault, 'whole').to.be.a('string');
      for (let cut = 1; cut < bytes.length; cut += 1) {
        expect(read([bytes.slice(0, cut), bytes.slice(cut)]).fault, `cut at ${cut}`).to.be.a('string');
      }
    });
  }

  it('refuses an answer that ends before its length', () => {
    for (const { bytes, method, ends } of Object.values(SOUND)) {
      if (ends === true) continue;
      const options = { ends: true, ...(method === undefined ? {} : { method }) };
      for (let cut = 1; cut < bytes.length; cut += 1) {
        const cutShort = read([bytes.slice(0, cut)], options);
        expect(cutShort.complete, `cut at ${cut} of ${JSON.stringify(bytes)}`).to.equal(false);
        expect(cutShort.fault).to.be.a('string');
      }
    }
  });

  it('passes fields on as they came, without the white space around values', () => {
    const { headers, trailers } = read([
      'HTTP/1.1 200 OK\r\nX-A: \t b c \t\r\nx-a:d\r\nE:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT:  1 \r\n\r\n',
    ]);
    expect(headers).to.deep.equal(['X-A', 'b c', 'x-a', 'd', 'E', '', 'Transfer-Encoding', 'chunked']);
    expect(trailers).to.deep.equal(['T', '1']);
  });

  it('bounds a head, a chunk line and trailers', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const long = 'x'.repeat(70_000);
    expect(read([`HTTP/1.1 200 OK\r\nA: ${long}`]).fault).to.be.a('string');
    expect(read([`${head}1;${'x'.repeat(2000)}`]).fault).to.be.a('string');
    expect(read([`${head}0\r\nA: ${long}`]).fault).to.be.a('string');
  });

  it('gives every chunked body back, whatever its chunks and wherever reads cut it', () => {
    const chunks = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'binary-ascii' }), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, fc.array(fc.nat(400), { maxLength: 6 }), (parts, cuts) => {
        const body = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
        const bytes = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`;
        const places = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
        const reading = read(pieces.filter((piece) => piece !== ''));
        expect(reading).to.include({ body: parts.join(''), complete: true, fault: undefined });
      }),
    );
  });
});
