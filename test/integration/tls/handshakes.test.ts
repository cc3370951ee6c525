import { expect } from 'chai';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { call } from '../../support/client.ts';
import { first, second } from '../../support/certificates.ts';
import { within } from '../../support/arrivals.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { ask, closed, secureSocket, shakeHands, TestAuthority } from '../../support/tls.ts';

const ROUTES = 'routes: [{ name: any, match: { path: "/*rest" }, respond: { status: 200, body: fine } }]';
const TLS = 'listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }]';

describe('a TLS handshake', () => {
  let gateway: TestGateway | undefined;

  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });

  async function start(tls: string, server = ''): Promise<TestGateway> {
    return (gateway = await startTestGateway(`server: { tls: { ${tls} }, ${server} }\n${ROUTES}`));
  }

  /** What was counted so far: ok and failed. */
  async function counts(): Promise<Record<string, number>> {
    const { text } = await call(`${gateway?.adminUrl ?? ''}/metrics`);
    const found = text.matchAll(/^gateway_tls_handshakes_total\{result="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...found].map(([, result, count]) => [result, Number(count)]));
  }

  async function counted(expected: Record<string, number>): Promise<void> {
    await within(
      (async () => {
        while (JSON.stringify(await counts()) !== JSON.stringify(expected)) await new Promise(setImmediate);
      })(),
      `the counts ${JSON.stringify(expected)}`,
    );
  }

  it('ends with the certificate for the name that the client gives', async () => {
    const authority = await TestAuthority.create();
    const started = await start(TLS);
    for (const [name, hosts] of [
      ['shop', ['shop.test', 'www.shop.test']],
      ['wild', ['*.api.test', 'api.test']],
      ['late', ['shop.test', 'late.test']],
    ] as const) {
      await authority.write(started.folder, name, ...hosts);
    }
    const certificates = ['test', 'shop', 'wild', 'late'].map((name) => `{ cert: ${name}.crt, key: ${name}.key }`);
    await started.write(
      `server: { tls: { listen: "127.0.0.1:0", certificates: [${certificates.join(', ')}] } }\n${ROUTES}`,
    );
    await started.reload();
    for (const [servername, names] of [
      ['shop.test', 'DNS:shop.test, DNS:www.shop.test'],
      ['WWW.Shop.test', 'DNS:shop.test, DNS:www.shop.test'],
      ['late.test', 'DNS:shop.test, DNS:late.test'],
      ['api.test', 'DNS:*.api.test, DNS:api.test'],
      ['a.api.test', 'DNS:*.api.test, DNS:api.test'],
      // A wildcard stands for one label: RFC 6125 section 6.4.3.
      ['a.b.api.test', 'IP Address:127.0.0.1, DNS:localhost'],
      ['other.test', 'IP Address:127.0.0.1, DNS:localhost'],
      ['', 'IP Address:127.0.0.1, DNS:localhost'],
    ] as const) {
      expect((await shakeHands(started.tlsPort, { servername })).names, servername).to.equal(names);
    }
  });

  it('chooses HTTP/2 when the client offers it, and HTTP/1.1 otherwise', async () => {
    const { tlsPort } = await start(TLS);
    expect((await shakeHands(tlsPort, { ALPNProtocols: ['h2', 'http/1.1'] })).alpn).to.equal('h2');
    expect((await shakeHands(tlsPort, { ALPNProtocols: ['http/1.1', 'h2'] })).alpn).to.equal('h2');
    expect((await shakeHands(tlsPort, { ALPNProtocols: ['http/1.1'] })).alpn).to.equal('http/1.1');
    expect((await shakeHands(tlsPort)).alpn).to.equal(false);
    expect(await ask(await secureSocket(tlsPort))).to.match(/^HTTP\/1\.1 200 [^]*fine$/);
  });

  it('offers no HTTP/2 when it is off', async () => {
    const { tlsPort } = await start(`${TLS}, http2: false`);
    expect((await shakeHands(tlsPort, { ALPNProtocols: ['h2', 'http/1.1'] })).alpn).to.equal('http/1.1');
  });

  it('is TLS 1.2 or newer', async () => {
    const { tlsPort } = await start(TLS);
    expect((await shakeHands(tlsPort)).protocol).to.equal('TLSv1.3');
    expect((await shakeHands(tlsPort, { maxVersion: 'TLSv1.2' })).protocol).to.equal('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await failure(shakeHands(tlsPort, old))).to.match(/protocol version/);
    await counted({ ok: 2, failed: 1 });
  });

  it('is TLS 1.3 when that is asked for', async () => {
    const { tlsPort } = await start(`${TLS}, minVersion: TLSv1.3`);
    expect((await shakeHands(tlsPort)).protocol).to.equal('TLSv1.3');
    expect(await failure(shakeHands(tlsPort, { maxVersion: 'TLSv1.2' }))).to.match(/protocol version/);
  });

  it('takes no cipher without forward secrecy or authentication', async () => {
    const { tlsPort } = await start(TLS);
    for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES128-SHA']) {
      expect(await failure(shakeHands(tlsPort, { ciphers, maxVersion: 'TLSv1.2' })), ciphers).to.match(
        /handshake failure/,
      );
    }
  });

  it('is not done again on the same connection', async () => {
    const { tlsPort } = await start(TLS);
    const socket = await secureSocket(tlsPort, { maxVersion: 'TLSv1.2' });
    const outcome = await new Promise((resolve) => {
      socket.once('close', () => resolve('closed'));
      socket.renegotiate({}, (error) => resolve(error === null ? 'done' : 'refused'));
    });
    expect(outcome).to.not.equal('done');
    await closed(socket);
  });

  it('that does not end in time is given up', async () => {
    const { tlsPort } = await start(TLS, 'timeouts: { headers: 300ms }');
    const socket = connect(tlsPort, '127.0.0.1');
    await once(socket, 'connect');
    // The beginning of a ClientHello, and then one byte now and then: that something comes is not enough.
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const drip = setInterval(() => socket.write(Buffer.from([1])), 50);
    socket.on('error', () => undefined);
    await within(once(socket, 'close'), 'the end of the connection');
    clearInterval(drip);
    await counted({ failed: 1 });
  });

  it('with somebody who does not speak TLS harms nobody', async () => {
    const started = await start(TLS);
    const socket = connect(started.tlsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await within(once(socket, 'close'), 'the end of the connection');
    await counted({ failed: 1 });
    expect(started.logs.items.filter(({ level }) => level === 'error' || level === 'warn')).to.deep.equal([]);
    expect(await ask(await secureSocket(started.tlsPort))).to.contain('fine');
  });

  describe('with client certificates', () => {
    async function startWithCa(auth: string): Promise<TestGateway> {
      const started = await start(TLS);
      await writeFile(join(started.folder, 'partners.pem'), second.cert);
      await started.write(`server: { tls: { ${TLS}, clientCa: partners.pem, ${auth} } }\n${ROUTES}`);
      await started.reload();
      return started;
    }

    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`refuses a client without a good one (${maxVersion})`, async () => {
        const { tlsPort } = await startWithCa('');
        expect(await answer(tlsPort, { maxVersion })).to.equal('');
        expect(await answer(tlsPort, { maxVersion, ...first })).to.equal('');
        expect(await answer(tlsPort, { maxVersion, ...second })).to.contain('fine');
        expect((await counts())['failed']).to.equal(2);
      });
    }

    it('refuses one without a good one over HTTP/2 as well', async () => {
      const { tlsPort } = await startWithCa('clientAuth: require');
      const socket = await secureSocket(tlsPort, { ALPNProtocols: ['h2'] });
      await within(new Promise((resolve) => socket.on('close', resolve).resume()), 'the end of the connection');
    });

    it('takes every client when they are optional', async () => {
      const { tlsPort } = await startWithCa('clientAuth: request');
      expect(await answer(tlsPort, {})).to.contain('fine');
      expect(await answer(tlsPort, second)).to.contain('fine');
    });

    it('chooses the certificate by name, and asks for one all the same', async () => {
      const { tlsPort } = await startWithCa('');
      expect(await answer(tlsPort, { servername: 'localhost' })).to.equal('');
      expect(await answer(tlsPort, { servername: 'localhost', ...second })).to.contain('fine');
    });
  });

  async function answer(port: number, options: Parameters<typeof secureSocket>[1]): Promise<string> {
    try {
      return await ask(await secureSocket(port, options));
    } catch {
      return '';
    }
  }
});

async function failure(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it succeeded';
}
