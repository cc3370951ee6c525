import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect } from 'chai';
import { discoverDns, lifetime, type DnsOptions } from '../../../src/upstreams/discovery/dns.ts';
import { Arrivals } from '../../support/arrivals.ts';
import { Sources } from '../../support/discovery.ts';
import { Dnsmasq } from '../../support/dnsmasq.ts';

const NAME = 'orders.test';
const SRV = '_http._tcp.orders.test';

describe('endpoints from DNS', function () {
  // It may have to be fetched.
  this.timeout(120_000);
  const sources = new Sources();
  let dns: Dnsmasq;

  before(async () => {
    dns = await Dnsmasq.create();
  });

  afterEach(async () => {
    await sources.close();
    await dns.stop();
  });

  function discover(more: Partial<DnsOptions> = {}) {
    return sources.start(discoverDns, { dns: NAME, port: 8080, servers: [dns.server], ...more });
  }

  describe('by A and AAAA records', () => {
    it('appear, change and vanish', async () => {
      await dns.serve({ hosts: { [NAME]: ['10.0.0.2', '10.0.0.1', 'fd00::1'] } });
      const before = Date.now();
      const { source, listener } = discover();
      expect(source.updatedAt).to.equal(undefined);
      expect(await listener.next()).to.deep.equal([
        'http://10.0.0.1:8080',
        'http://10.0.0.2:8080',
        'http://[fd00::1]:8080',
      ]);
      expect(source.updatedAt).to.be.within(before, Date.now());
      await dns.serve({ hosts: { [NAME]: ['10.0.0.3', 'fd00::1'] } });
      expect(await listener.next()).to.deep.equal(['http://10.0.0.3:8080', 'http://[fd00::1]:8080']);
      await dns.serve({ hosts: { [NAME]: ['10.0.0.3'] } });
      expect(await listener.next()).to.deep.equal(['http://10.0.0.3:8080']);
      expect(listener.rest).to.deep.equal([]);
    });

    it('have the port of their scheme when none is given', async () => {
      await dns.serve({ hosts: { [NAME]: ['10.0.0.1'] } });
      const { listener } = sources.start(discoverDns, { dns: NAME, scheme: 'https', servers: [dns.server] });
      expect(await listener.next()).to.deep.equal(['https://10.0.0.1']);
    });

    it('may be addresses of one family only', async () => {
      await dns.serve({ hosts: { [NAME]: ['fd00::1'] } });
      const { listener } = discover();
      expect(await listener.next()).to.deep.equal(['http://[fd00::1]:8080']);
    });

    it('may be more than fit into a datagram', async () => {
      const addresses = Array.from({ length: 300 }, (_none, number) => `10.1.${number >> 8}.${number & 255}`);
      await dns.serve({ hosts: { [NAME]: addresses } });
      const { listener } = discover();
      expect(await listener.next()).to.have.length(300);
    });

    it('are looked up when their time to live has passed, and not before', async () => {
      await dns.serve({ hosts: { [NAME]: ['10.0.0.1'] }, ttl: 3 });
      const { listener } = discover();
      await listener.next();
      const begun = performance.now();
      await dns.serve({ hosts: { [NAME]: ['10.0.0.2'] }, ttl: 1 });
      expect(await listener.next()).to.deep.equal(['http://10.0.0.2:8080']);
      expect(performance.now() - begun).to.be.within(2500, 4500);
      // And then after the new one.
      const changed = performance.now();
      await dns.serve({ hosts: { [NAME]: ['10.0.0.3'] }, ttl: 1 });
      expect(await listener.next()).to.deep.equal(['http://10.0.0.3:8080']);
      expect(performance.now() - changed).to.be.within(700, 2400);
    });

    it('are looked up once a second when their time to live is 0', async () => {
      await dns.serve({ hosts: { [NAME]: ['10.0.0.1'] }, ttl: 0 });
      const { listener } = discover();
      await listener.next();
      const begun = performance.now();
      await dns.serve({ hosts: { [NAME]: ['10.0.0.2'] }, ttl: 0 });
      expect(await listener.next()).to.deep.equal(['http://10.0.0.2:8080']);
      expect(performance.now() - begun).to.be.within(700, 2400);
      expect(dns.queries('A', NAME)).to.equal(1);
    });

    it('hold between a second and a minute', () => {
      expect(lifetime([0])).to.equal(1000);
      expect(lifetime([30, 7, 4000])).to.equal(7000);
      expect(lifetime([2 ** 31 - 1])).to.equal(60_000);
    });

    it('stay when the name is gone, which is told', async () => {
      await dns.serve({ hosts: { [NAME]: ['10.0.0.1'] } });
      const { source, listener } = discover();
      expect(await listener.next()).to.deep.equal(['http://10.0.0.1:8080']);
      const { updatedAt } = source;
      await dns.serve({});
      expect(await listener.failure()).to.equal(`DNS has no addresses of ${NAME}`);
      expect(source.updatedAt).to.equal(updatedAt);
      await dns.serve({ hosts: { [NAME]: ['10.0.0.1'] } });
      expect(await listener.next()).to.equal('recovery');
      expect(listener.rest).to.deep.equal([]);
    });

    it('are not known when the name has records of other types only', async () => {
      await dns.serve({ srv: [`${NAME},a.test,80`] });
      const { listener } = discover();
      expect(await listener.failure()).to.equal(`DNS has no addresses of ${NAME}`);
    });

    it('stay when nobody answers, until somebody does', async () => {
      await dns.serve({ hosts: { [NAME]: ['10.0.0.1'] } });
      const { listener } = discover();
      expect(await listener.next()).to.deep.equal(['http://10.0.0.1:8080']);
      await dns.stop();
      expect(await listener.failure()).to.match(/^DNS cannot tell the A records of orders.test: ECONNREFUSED$/);
      await dns.serve({ hosts: { [NAME]: ['10.0.0.2'] } });
      expect(await listener.next()).to.equal('recovery');
      expect(await listener.next()).to.deep.equal(['http://10.0.0.2:8080']);
    });
  });

  describe('by SRV records', () => {
    it('are the targets of the lowest priority with their weights, and change', async () => {
      await dns.serve({
        srv: [`${SRV},b.test,8002,10,5`, `${SRV},a.test,8001,10,0`, `${SRV},spare.test,8003,20,100`],
      });
      const { listener } = discover({ dns: SRV, srv: true });
      expect(await listener.next()).to.deep.equal(['http://a.test:8001', 'http://b.test:8002*5']);
      await dns.serve({ srv: [`${SRV},spare.test,8003,20,100`] });
      expect(await listener.next()).to.deep.equal(['http://spare.test:8003*100']);
      expect(listener.rest).to.deep.equal([]);
    });

    it('have no need of a port, and the scheme that is given', async () => {
      await dns.serve({ srv: [`${SRV},a.test,443,1,1`] });
      const { listener } = sources.start(discoverDns, {
        dns: SRV,
        srv: true,
        scheme: 'https',
        servers: [dns.server],
      });
      expect(await listener.next()).to.deep.equal(['https://a.test']);
    });

    it('are missed when there are none', async () => {
      await dns.serve({ hosts: { [SRV]: ['10.0.0.1'] } });
      const { listener } = discover({ dns: SRV, srv: true });
      expect(await listener.failure()).to.equal(`DNS has no SRV records of ${SRV}`);
      await dns.serve({ srv: [`${SRV},a.test,8001,1,1`] });
      expect(await listener.next()).to.equal('recovery');
      expect(await listener.next()).to.deep.equal(['http://a.test:8001']);
    });

    it('are not known when a port is 0', async () => {
      await dns.serve({ srv: [`${SRV},a.test,0,1,1`] });
      const { listener } = discover({ dns: SRV, srv: true });
      expect(await listener.failure()).to.equal(`an SRV record of ${SRV} has no usable target and port`);
    });
  });

  describe('from a server that says what it likes', () => {
    let server: NameServer;

    beforeEach(async () => {
      server = await NameServer.start();
    });

    afterEach(async () => {
      await sources.close();
      await server.close();
    });

    it('end in the middle of a query', async () => {
      const { source, listener } = discover({ servers: [server.address] });
      await server.queries.at(1);
      source.close();
      // Another one that is not closed asks again after a while, for both families. The one that is would have before.
      discover({ dns: 'other.test', servers: [server.address] });
      await server.queries.at(5);
      expect(server.queries.items.filter((query) => query.includes('orders'))).to.have.length(2);
      expect(listener.rest).to.deep.equal([]);
    });

    it('stay in the family for which it fails, while it answers for the other', async () => {
      let address = [10, 0, 0, 1];
      let isBroken = false;
      server.answer = (query) => {
        if (typeOf(query) === AAAA) {
          if (isBroken) return reply(query, SERVER_FAILURE, []);
          return reply(query, 0, [record(AAAA, [...Array.from({ length: 15 }, () => 0), 9])]);
        }
        return reply(query, 0, [record(A, address)]);
      };
      const { listener } = discover({ servers: [server.address] });
      expect(await listener.next()).to.deep.equal(['http://10.0.0.1:8080', 'http://[::9]:8080']);
      isBroken = true;
      address = [10, 0, 0, 2];
      expect(await listener.next()).to.deep.equal(['http://10.0.0.2:8080', 'http://[::9]:8080']);
      expect(listener.rest).to.deep.equal([]);
    });

    it('are none when an SRV record says that there is no such service here', async () => {
      server.answer = (query) => reply(query, 0, [record(SRV_TYPE, [0, 0, 0, 0, 0, 0, 0])]);
      const { listener } = discover({ dns: SRV, srv: true, servers: [server.address] });
      expect(await listener.next()).to.deep.equal([]);
    });

    it('stay when a target is no name of a host', async () => {
      const target = [4, 0x61, 0x40, 0x2f, 0x62, 0];
      server.answer = (query) => reply(query, 0, [record(SRV_TYPE, [0, 0, 0, 0, 0, 80, ...target])]);
      const { listener } = discover({ dns: SRV, srv: true, servers: [server.address] });
      expect(await listener.failure()).to.match(/has no usable target and port$|^DNS cannot tell /);
    });

    for (const [what, answer] of [
      ['fails', (query: Buffer) => reply(query, SERVER_FAILURE, [])],
      ['refuses', (query: Buffer) => reply(query, REFUSED, [])],
      ['says that there are records and sends none', (query: Buffer) => reply(query, 0, [], 5)],
      [
        'sends a record that breaks off',
        (query: Buffer) => reply(query, 0, [record(A, [10, 0, 0, 1]).subarray(0, -2)]),
      ],
      ['sends an address of three bytes', (query: Buffer) => reply(query, 0, [record(A, [10, 0, 0])])],
      ['sends a name that points to itself', (query: Buffer) => reply(query, 0, [Buffer.from([0xc0, query.length])])],
    ] as const) {
      it(`stay when it ${what}`, async () => {
        server.answer = (query) => reply(query, 0, typeOf(query) === A ? [record(A, [10, 0, 0, 1])] : []);
        const { listener } = discover({ servers: [server.address] });
        expect(await listener.next()).to.deep.equal(['http://10.0.0.1:8080']);
        server.answer = answer;
        expect(await listener.failure()).to.match(/^DNS (?:cannot tell|has no addresses)/);
        expect(listener.rest).to.deep.equal([]);
      });
    }
  });
});

const A = 1;
const AAAA = 28;
const SRV_TYPE = 33;
const SERVER_FAILURE = 2;
const REFUSED = 5;

/** A name server that answers with any bytes (RFC 1035 section 4). */
class NameServer {
  readonly queries = new Arrivals<Buffer>((query) => query.toString('latin1'));
  answer: (query: Buffer) => Buffer | undefined = () => undefined;
  readonly #socket: Socket = createSocket('udp4');

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    server.#socket.on('message', (query, { port, address }) => {
      server.queries.push(query);
      const answer = server.answer(query);
      if (answer !== undefined) server.#socket.send(answer, port, address);
    });
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}

/** Where the question of a query ends: after the name, its type and its class. */
function endOfQuestion(query: Buffer): number {
  let at = 12;
  while ((query[at] ?? 0) !== 0) at += (query[at] ?? 0) + 1;
  return at + 5;
}

function typeOf(query: Buffer): number {
  return query.readUInt16BE(endOfQuestion(query) - 4);
}

function reply(query: Buffer, code: number, records: readonly Buffer[], count = records.length): Buffer {
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(count, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  return Buffer.concat([head, query.subarray(12, endOfQuestion(query)), ...records]);
}

/** A record of the name that was asked for, with a time to live of 1 s. */
function record(type: number, data: readonly number[]): Buffer {
  return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 1, 0, data.length, ...data]);
}
