import { expect } from 'chai';
import * as fc from 'fast-check';
import { isIP } from 'node:net';
import { AddressRanges, normaliseAddress } from '../../../src/address-ranges.ts';
import type { Client } from '../../../src/exchange.ts';
import { combined } from '../../../src/fields.ts';
import { Peer } from '../../../src/server/client.ts';

const NONE = new AddressRanges([]);
const PROXIES = new AddressRanges(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::1']);

describe('a peer', () => {
  it('has one form for each address', () => {
    for (const [written, normal] of [
      ['127.0.0.1', '127.0.0.1'],
      ['::ffff:127.0.0.1', '127.0.0.1'],
      ['::FFFF:7f00:1', '127.0.0.1'],
      ['2001:DB8:0:0::1', '2001:db8::1'],
      ['fe80::1%eth0', 'fe80::1'],
      ['garbage', 'garbage'],
    ] as const) {
      expect(normaliseAddress(written)).to.equal(normal);
    }
  });

  it('is trusted by its range, in whichever form its address comes', () => {
    const trusted = (address: string): boolean => new Peer(address, 'http').isTrusted(PROXIES);
    expect(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', 'fd12::1', '::1'].map(trusted)).to.not.include(false);
    expect(['11.1.2.3', '192.0.2.2', 'fe80::1', '::ffff:11.0.0.1', '::a00:1'].map(trusted)).to.not.include(true);
    expect(new Peer('10.1.2.3', 'http').isTrusted(NONE)).to.equal(false);
  });

  it('is itself the client when it is not trusted, whatever it sends', () => {
    const headers = ['x-forwarded-for', '203.0.113.7', 'forwarded', 'for=203.0.113.7', 'x-forwarded-proto', 'https'];
    expect(new Peer('2001:db8::1', 'http').client(PROXIES, headers, 'a.example.com')).to.deep.equal({
      address: '2001:db8::1',
      scheme: 'http',
      forwardedFor: '2001:db8::1',
      forwardedHost: 'a.example.com',
      forwarded: 'for="[2001:db8::1]";host="a.example.com";proto=http',
    });
  });

  it('is looked at anew when the trusted proxies change', () => {
    const peer = new Peer('10.0.0.1', 'http');
    const headers = ['x-forwarded-for', '203.0.113.7'];
    expect(peer.client(NONE, headers, 'a').address).to.equal('10.0.0.1');
    expect(peer.client(PROXIES, headers, 'a').address).to.equal('203.0.113.7');
    expect(peer.client(NONE, headers, 'a').address).to.equal('10.0.0.1');
  });

  it('makes one host of several requests not that of the next', () => {
    const peer = new Peer('203.0.113.7', 'http');
    expect(peer.client(NONE, [], 'a').forwardedHost).to.equal('a');
    expect(peer.client(NONE, [], 'b').forwardedHost).to.equal('b');
  });

  it('always gives a client that is an address, and headers without line breaks', () => {
    const hop = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string(),
      fc.ipV6().map((address) => `"[${address}]:80"`),
    );
    const names = fc.constantFrom('x-forwarded-for', 'forwarded', 'x-forwarded-proto', 'x-forwarded-host');
    const printable = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const value = fc.oneof(
      fc.array(hop, { maxLength: 4 }).map((hops) => hops.join(', ')),
      fc.array(hop, { maxLength: 4 }).map((hops) => hops.map((each) => `for=${each};proto=https`).join(', ')),
      printable,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, value), { maxLength: 4 }), (fields) => {
        const sound = fields.filter(([, text]) => !/[^\x20-\x7e]/.test(text));
        const client = new Peer('10.0.0.1', 'http').client(PROXIES, sound.flat(), 'a.example.com');
        expect(isIP(client.address)).to.be.greaterThan(0);
        expect(client.forwardedFor.endsWith('10.0.0.1')).to.equal(true);
        for (const text of Object.values(client)) expect(text).to.not.match(/[\r\n]/);
      }),
    );
  });

  describe('behind a proxy', () => {
    const from = (headers: readonly string[]): Client => new Peer('10.0.0.1', 'http').client(PROXIES, headers, 'shop');

    it('takes nothing from Forwarded where there is one of X-Forwarded-*', () => {
      const forged = ['forwarded', 'for=192.0.2.66;proto=https;host=evil.example'];
      expect(from([...forged, 'x-forwarded-for', '203.0.113.7'])).to.deep.equal({
        address: '203.0.113.7',
        scheme: 'http',
        forwardedFor: '203.0.113.7, 10.0.0.1',
        forwardedHost: 'shop',
        forwarded: 'for=203.0.113.7, for=10.0.0.1;host="shop";proto=http',
      });
      for (const name of ['x-forwarded-proto', 'x-forwarded-host']) {
        const client = from([...forged, name, 'http']);
        expect([client.address, client.scheme, client.forwarded]).to.deep.equal([
          '10.0.0.1',
          'http',
          'for=10.0.0.1;host="shop";proto=http',
        ]);
      }
    });

    it('takes from a list what the proxy next to the client says', () => {
      const said = (hops: string, schemes: string, hosts: string): string => {
        const headers = ['x-forwarded-for', hops, 'x-forwarded-proto', schemes, 'x-forwarded-host', hosts];
        const { address, scheme, forwardedHost } = from(headers);
        return `${address} ${scheme} ${forwardedHost}`;
      };
      expect(said('203.0.113.7, 10.0.0.9', 'https, http', 'a, b')).to.equal('203.0.113.7 https a');
      expect(said('203.0.113.7', 'https, http', 'a, b')).to.equal('203.0.113.7 http b');
      expect(said('203.0.113.7, 10.0.0.9', 'HTTPS', 'a')).to.equal('203.0.113.7 https a');
      expect(said('unknown', 'https, http', 'a, b')).to.equal('10.0.0.1 http b');
    });

    it('is not confused by a quote that a client left open', () => {
      const { address, scheme, forwarded } = from(['forwarded', 'for="192.0.2.66, for="[2001:db8::7]:80";proto=https']);
      expect([address, scheme]).to.deep.equal(['2001:db8::7', 'https']);
      expect(forwarded).to.equal(
        'for=, 192.0.2.66, for="[2001:db8::7]:80";proto=https, for=10.0.0.1;host="shop";proto=http',
      );
    });

    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'",;= []:.', 'for=', 'proto=https', 'host=evil', '203.0.113.66', '10.0.0.66'),
        fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      ),
    });
    const of = (names: readonly string[]): fc.Arbitrary<string[]> =>
      fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 6 }).map((fields) => fields.flat());
    const legacyNames = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'];
    const ways = fc.constantFrom<Way[]>('overwrites', 'appends', 'adds a line');
    const legacyWord: [string, string][] = [
      ['x-forwarded-for', '2001:db8::7'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'shop'],
    ];
    const standardWord: [string, string][] = [['forwarded', 'for="[2001:db8::7]";host="shop";proto=http']];

    for (const [what, sent, word] of [
      ['of either family through one that writes X-Forwarded-*', of([...legacyNames, 'forwarded']), legacyWord],
      ['of Forwarded through one that writes it', of(['forwarded']), standardWord],
    ] as const) {
      it(`believes no field ${what}`, () => {
        fc.assert(
          fc.property(sent, ways, (forged, way) => {
            const { address, scheme, forwardedHost } = from(passedOn(forged, word, way));
            expect([address, scheme, forwardedHost]).to.deep.equal(['2001:db8::7', 'http', 'shop']);
          }),
        );
      });
    }
  });
});

/** What a proxy makes of a list that the client has sent. */
type Way = 'overwrites' | 'appends' | 'adds a line';

function passedOn(sent: readonly string[], word: readonly [string, string][], way: Way): string[] {
  let headers = [...sent];
  for (const [name, value] of word) {
    const before = combined(headers, name);
    if (way !== 'adds a line') headers = headers.filter((_, index) => headers[index - (index % 2)] !== name);
    headers.push(name, way === 'appends' && before !== undefined ? `${before}, ${value}` : value);
  }
  return headers;
}
