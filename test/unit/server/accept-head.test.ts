import { expect } from 'chai';
import * as fc from 'fast-check';
import { METHODS } from 'node:http';
import { acceptHead } from '../../../src/server/accept-head.ts';

const LIMITS = { uriBytes: 8192, headerBytes: 16_384 };

function accept(headers: readonly string[], more: { method?: string; target?: string; httpVersion?: '1.0' } = {}) {
  return acceptHead({ method: 'GET', target: '/', httpVersion: '1.1', headers, ...more }, LIMITS);
}

describe('acceptHead', () => {
  it('takes host and port as they are written, and the host for matching', () => {
    for (const [written, host] of [
      ['shop.example.com', 'shop.example.com'],
      ['SHOP.Example.com:8080', 'shop.example.com'],
      ['shop.example.com.', 'shop.example.com'],
      ['shop.example.com.:80', 'shop.example.com'],
      ['127.0.0.1:80', '127.0.0.1'],
      ['[::1]', '[::1]'],
      ['[2001:DB8::1]:8080', '[2001:db8::1]'],
      ['a_b~c-d', 'a_b~c-d'],
    ] as const) {
      expect(accept(['host', written])).to.include({ authority: written, host });
    }
  });

  it('refuses every Host that is none', () => {
    for (const written of [
      '',
      ' ',
      'a b',
      'a/b',
      'a@b',
      'a?b',
      'a#b',
      'a,b',
      'a:b',
      'a:',
      ':1',
      'a:123456',
      '[::1',
      '::1',
      'a%20b',
      '*',
      '[g::]',
      'a\\b',
      'é',
    ]) {
      expect(accept(['host', written]), written).to.include({ problem: 'invalid-host' });
    }
  });

  it('tells a body by its framing', () => {
    expect(accept(['host', 'a'])).to.include({ bodyLength: 0 });
    expect(accept(['host', 'a', 'CONTENT-LENGTH', '12'])).to.include({ bodyLength: 12 });
    expect(accept(['host', 'a', 'Transfer-Encoding', 'CHUNKED'])).to.include({ bodyLength: undefined });
  });

  it('refuses framing that two servers could read in two ways, in any order and spelling', () => {
    const lengths = ['5', '5, 5', '+5', '-5', '0x5', '5 ', '', '5;', '1'.repeat(16)];
    const codings = [
      'chunked',
      'Chunked',
      'chunked ',
      'chunked, chunked',
      'gzip, chunked',
      'identity',
      '',
      'xchunked',
      '\tchunked',
    ];
    const field = fc.oneof(
      fc.tuple(fc.constantFrom('content-length', 'Content-Length'), fc.constantFrom(...lengths)),
      fc.tuple(fc.constantFrom('transfer-encoding', 'Transfer-Encoding'), fc.constantFrom(...codings)),
    );
    fc.assert(
      fc.property(fc.array(field, { maxLength: 3 }), (fields) => {
        const result = accept(['host', 'a', ...fields.flat()]);
        const sole = fields.length === 1 ? fields[0] : undefined;
        const sound = fields.length === 0 || sole?.[1] === '5' || sole?.[1].toLowerCase() === 'chunked';
        expect('problem' in result).to.equal(!sound);
      }),
    );
  });

  it('gives only targets in origin form, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.webUrl().map((url) => url.slice(8)),
        ),
        (target) => {
          const result = accept(['host', 'a.example.com'], { target });
          if (!('problem' in result)) expect(result.target.startsWith('/')).to.equal(true);
        },
      ),
    );
  });

  it('counts names, values and what stands between them', () => {
    const value = 'a'.repeat(LIMITS.headerBytes - 'host: a\r\n'.length - 'x: \r\n'.length);
    expect(accept(['host', 'a', 'x', value])).to.not.have.property('problem');
    expect(accept(['host', 'a', 'x', `${value}a`])).to.include({ problem: 'headers-too-large' });
  });

  it('knows the methods that the parser of HTTP/1 does', () => {
    for (const method of METHODS.filter((each) => !['TRACE', 'CONNECT', 'SOURCE'].includes(each)))
      expect(accept(['host', 'a'], { method })).to.include({ target: '/' });
    for (const method of ['get', 'Get', 'FOO', 'PRI', 'SOURCE', 'GET ', 'GETX', '', 'constructor'])
      expect(accept(['host', 'a'], { method }), method).to.include({ problem: 'invalid-request' });
  });

  it('takes an expectation for what it is in either version of HTTP', () => {
    expect(accept(['host', 'a', 'Expect', '100-Continue'])).to.include({ expectsContinue: true });
    expect(accept(['host', 'a', 'Expect', '100-continue'], { httpVersion: '1.0' })).to.include({
      expectsContinue: false,
    });
    expect(accept(['host', 'a', 'Expect', '100-continue, x'])).to.include({ problem: 'expectation-failed' });
  });
});
