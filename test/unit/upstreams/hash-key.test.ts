import { expect } from 'chai';
import type { Exchange } from '../../../src/exchange.ts';
import { compileHashKey, type HashRule } from '../../../src/upstreams/hash-key.ts';
import { fakeExchange } from '../../support/exchange.ts';

function exchangeWith(...headers: string[]): Exchange {
  const changes = { path: '/orders/7', query: '?page=2', authority: 'Shop:80', host: 'shop', headers };
  return fakeExchange(changes, '10.1.2.3');
}

function keyOf(rule: HashRule, ...headers: string[]): string {
  return compileHashKey(rule)(exchangeWith(...headers));
}

describe('what a request is hashed by', () => {
  it('is nothing where nobody hashes', () => {
    for (const kind of ['round-robin', 'least-connections', 'p2c', 'random'] as const)
      expect(keyOf({ kind })).to.equal('');
  });

  it('is the client, or the path without the query', () => {
    expect(keyOf({ kind: 'hash', by: { kind: 'client' } })).to.equal('10.1.2.3');
    expect(keyOf({ kind: 'hash', by: { kind: 'path' } })).to.equal('/orders/7');
  });

  it('is a header in any case, all of its lines, and the client without it', () => {
    const rule: HashRule = { kind: 'hash', by: { kind: 'header', name: 'x-id' } };
    expect(keyOf(rule, 'X-Id', 'seven')).to.equal('seven');
    expect(keyOf(rule, 'x-id', 'a', 'X-ID', 'b')).to.equal('a, b');
    expect(keyOf(rule, 'x-identity', 'a')).to.equal('10.1.2.3');
  });

  it('is a cookie, whatever stands around it, and the client without it', () => {
    const rule: HashRule = { kind: 'hash', by: { kind: 'cookie', name: 'sid' } };
    expect(keyOf(rule, 'Cookie', 'sid=7')).to.equal('7');
    expect(keyOf(rule, 'Cookie', 'a=1;\tsid=a=b ; c=2')).to.equal('a=b');
    // The one with the longest path stands first.
    expect(keyOf(rule, 'Cookie', 'sid=first; sid=second')).to.equal('first');
    for (const other of ['', 'sida=1', 'xsid=1', 'SID=1', 'sid', 'a=sid=1'])
      expect(keyOf(rule, 'Cookie', other), other).to.equal('10.1.2.3');
    expect(keyOf(rule)).to.equal('10.1.2.3');
  });

  it('is the cookie also when cookies come on several lines', () => {
    const rule: HashRule = { kind: 'hash', by: { kind: 'cookie', name: 'sid' } };
    // RFC 9113 section 8.2.3 splits them, and a proxy in front may leave them split.
    expect(keyOf(rule, 'Cookie', 'a=1', 'Cookie', 'sid=7')).to.equal('7');
    expect(keyOf(rule, 'Cookie', 'sid=7', 'Cookie', 'a=1')).to.equal('7');
  });
});
