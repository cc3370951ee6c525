import { expect } from 'chai';
import * as fc from 'fast-check';
import { AddressRanges, clientNetwork, normaliseAddress } from '../../src/address-ranges.ts';

/** Whether an address as a socket or a proxy names it is in one of the blocks. */
function isIn(address: string, ...blocks: string[]): boolean {
  return new AddressRanges(blocks).includes(normaliseAddress(address));
}

describe('blocks of addresses', () => {
  it('hold what their prefix says, and nothing next to it', () => {
    expect(isIn('10.255.255.255', '10.0.0.0/8')).to.equal(true);
    expect(isIn('11.0.0.0', '10.0.0.0/8')).to.equal(false);
    expect(isIn('9.255.255.255', '10.0.0.0/8')).to.equal(false);
    expect(isIn('192.0.2.129', '192.0.2.128/25')).to.equal(true);
    expect(isIn('192.0.2.127', '192.0.2.128/25')).to.equal(false);
    expect(isIn('2001:db8:ffff::1', '2001:db8::/32')).to.equal(true);
    expect(isIn('2001:db9::1', '2001:db8::/32')).to.equal(false);
  });

  it('may be single addresses', () => {
    expect(isIn('192.0.2.1', '192.0.2.1')).to.equal(true);
    expect(isIn('192.0.2.2', '192.0.2.1')).to.equal(false);
    expect(isIn('::1', '::1')).to.equal(true);
    expect(isIn('::2', '::1')).to.equal(false);
  });

  it('may hold all addresses of a kind, and none of the other', () => {
    expect(isIn('203.0.113.7', '0.0.0.0/0')).to.equal(true);
    expect(isIn('2001:db8::1', '0.0.0.0/0')).to.equal(false);
    expect(isIn('2001:db8::1', '::/0')).to.equal(true);
    expect(isIn('203.0.113.7', '::/0')).to.equal(false);
  });

  it('take IPv4 in IPv6 as IPv4, on either side', () => {
    for (const address of [
      '10.1.2.3',
      '::ffff:10.1.2.3',
      '::ffff:a01:203',
      '::FFFF:0A01:0203',
      '0:0:0:0:0:ffff:10.1.2.3',
    ])
      for (const block of ['10.0.0.0/8', '::ffff:10.0.0.0/104', '::ffff:10.1.2.3'])
        expect(isIn(address, block), `${address} in ${block}`).to.equal(true);
    expect(isIn('::ffff:11.1.2.3', '10.0.0.0/8')).to.equal(false);
    expect(isIn('11.1.2.3', '::ffff:10.0.0.0/104')).to.equal(false);
  });

  it('hold an address with a zone', () => expect(isIn('fe80::1%eth0', 'fe80::/10')).to.equal(true));

  it('hold nothing that is no address', () => {
    // Old ways to write IPv4 included: systems differ in what they take them for.
    for (const text of [
      '',
      'unknown',
      '10.0.0',
      '010.0.0.1',
      '0x0a000001',
      '167772161',
      '10.0.0.256',
      '::g',
      '_hidden',
    ])
      expect(isIn(text, '0.0.0.0/0', '::/0'), text).to.equal(false);
  });

  it('hold nothing when there is none', () => expect(isIn('10.0.0.1')).to.equal(false));

  it('agree with arithmetic for every IPv4 block', () => {
    const address = fc.nat(0xffffffff);
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (base, asked, bits) => {
        const block = 2 ** (32 - bits);
        const expected = Math.floor(base / block) === Math.floor(asked / block);
        expect(isIn(dotted(asked), `${dotted(base)}/${bits}`)).to.equal(expected);
        expect(isIn(`::ffff:${dotted(asked)}`, `::ffff:${dotted(base)}/${bits + 96}`)).to.equal(expected);
      }),
    );
  });
});

describe('the network of a client', () => {
  it('is the address itself for IPv4', () => expect(clientNetwork('192.0.2.1')).to.equal('192.0.2.1'));

  it('is the first 64 bits of IPv6', () => {
    expect(clientNetwork('2001:db8:1:2:3:4:5:6')).to.equal('2001:db8:1:2::/64');
    expect(clientNetwork('2001:db8:1:2:ffff::1')).to.equal('2001:db8:1:2::/64');
    expect(clientNetwork('2001:db8:1:3::1')).to.equal('2001:db8:1:3::/64');
    expect(clientNetwork('::1')).to.equal('0:0:0:0::/64');
  });

  it('is of one form, however the address is written', () => {
    for (const text of ['2001:DB8::1', '2001:0db8:0:0::2', '2001:db8::3%eth0'])
      expect(clientNetwork(normaliseAddress(text))).to.equal('2001:db8:0:0::/64');
  });

  it('is what was given when that is no address', () => expect(clientNetwork('a:b')).to.equal('a:b'));
});

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
