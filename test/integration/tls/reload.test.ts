import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { Http2Client } from '../../support/h2.ts';
import { within } from '../../support/arrivals.ts';
import { first, second } from '../../support/certificates.ts';
import { FAILED, freeAddress, occupyPort, Opened, RELOADED } from '../../support/reload.ts';
import { closed, secureSocket, shakeHands, TestAuthority } from '../../support/tls.ts';
import { TestUpstream } from '../../support/upstream.ts';

const ROUTES = 'routes: [{ name: any, match: { path: "/*rest" }, respond: { status: 200, body: fine } }]';
const TLS = 'listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }]';

describe('a certificate that changes', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server: { tls: { ${TLS} } }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes: [{ name: any, match: { path: "/*rest" }, upstream: any }]
`);
  });

  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  async function logged(message: string): Promise<void> {
    await gateway.logs.until(({ msg }) => msg === message, message);
  }

  it('is the one of the next handshake, and of no connection that is open', async () => {
    upstream.answer = () => undefined;
    const before = await shakeHands(gateway.tlsPort);
    const client = await Http2Client.open(gateway.tlsPort);
    const waiting = client.begin('/a');
    const received = await upstream.requests.at(0);
    const plain = await secureSocket(gateway.tlsPort);
    const authority = await TestAuthority.create();
    // As a tool that renews it does: nobody tells the gateway.
    await authority.write(gateway.folder, 'test', 'renewed.test');
    await logged(RELOADED);
    const after = await shakeHands(gateway.tlsPort);
    expect(after.names).to.equal('DNS:renewed.test');
    expect(after.fingerprint).to.not.equal(before.fingerprint);
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    const shown = [...text.matchAll(/^gateway_tls_certificate_expiry_timestamp_seconds\{(.*)\} (\d+)$/gm)];
    expect(shown.map(([, labels]) => labels)).to.deep.equal(['certificate="renewed.test"']);
    expect(Number(shown[0]?.[2])).to.be.above(Date.now() / 1000);
    received.response.end('at last');
    expect(await waiting.answer()).to.include({ status: 200, text: 'at last' });
    upstream.answer = ({ response }) => void response.end('ok');
    expect((await client.call('/b')).text).to.equal('ok');
    const answered = new Promise((resolve) => plain.once('data', resolve));
    plain.write('GET /c HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String(await within(answered, 'an answer'))).to.match(/^HTTP\/1\.1 200 /);
    await closed(plain);
    await client.close();
  });

  it('and is none leaves the former one in place', async () => {
    const before = await shakeHands(gateway.tlsPort);
    await writeFile(join(gateway.folder, 'test.key'), second.key);
    await logged('configuration refused: the former one goes on');
    expect((await shakeHands(gateway.tlsPort)).fingerprint).to.equal(before.fingerprint);
    await writeFile(join(gateway.folder, 'test.crt'), second.cert);
    await logged(RELOADED);
    expect((await shakeHands(gateway.tlsPort)).fingerprint).to.not.equal(before.fingerprint);
  });
});

describe('settings of TLS that change', () => {
  it('count for new connections, at the same address', async () => {
    const gateway = await startTestGateway(`server: { tls: { ${TLS} } }\n${ROUTES}`);
    await writeFile(join(gateway.folder, 'ca.pem'), second.cert);
    const settings = 'minVersion: TLSv1.3, http2: false, clientCa: ca.pem, clientAuth: request, hsts: 1h';
    await gateway.write(`server: { tls: { ${TLS}, ${settings} } }\n${ROUTES}`);
    await gateway.reload();
    const offered = { ALPNProtocols: ['h2', 'http/1.1'] };
    expect(await shakeHands(gateway.tlsPort, offered)).to.include({ alpn: 'http/1.1', protocol: 'TLSv1.3' });
    const refused = await shakeHands(gateway.tlsPort, { maxVersion: 'TLSv1.2' }).catch((error: Error) => error.message);
    expect(refused).to.match(/protocol version/);
    await gateway.stop();
  });
});

describe('an HTTPS listener', () => {
  const opened = new Opened();

  function text(tls: string): string {
    return `version: 1
server: { listen: "127.0.0.1:0", ${tls} timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "127.0.0.1:0" }
routes: [{ name: any, match: { path: "/*rest" }, access: public, respond: { status: 200, body: fine } }]
`;
  }

  function listeningAt(address: string): string {
    return `tls: { listen: "${address}", certificates: [{ cert: test.crt, key: test.key }] },`;
  }

  it('comes, moves and goes with the configuration, and its connections end in peace', async () => {
    const folder = opened.folder();
    const file = join(folder, 'gateway.yaml');
    await writeFile(join(folder, 'test.crt'), first.cert);
    await writeFile(join(folder, 'test.key'), first.key);
    const gateway = await opened.gateway(file, text(''));
    const { running } = gateway;
    expect(running.httpsAddress).to.equal(undefined);
    const reloadWith = async (tls: string): Promise<void> => {
      await writeFile(file, text(tls));
      await running.reload();
    };
    const [one, other] = [await freeAddress(), await freeAddress()];
    await reloadWith(listeningAt(one));
    expect(running.httpsAddress).to.equal(one);
    const client = await Http2Client.open(portOf(one));
    expect((await client.call('/a')).text).to.equal('fine');

    await reloadWith(listeningAt(other));
    expect(running.httpsAddress).to.equal(other);
    expect(await handshakeAt(one)).to.equal(false);
    await client.ended();
    expect(client.goaways).to.not.include(2);
    const moved = await Http2Client.open(portOf(other));
    expect((await moved.call('/a')).text).to.equal('fine');

    await reloadWith('');
    expect(running.httpsAddress).to.equal(undefined);
    expect(await handshakeAt(other)).to.equal(false);
    await moved.ended();
  });

  it('that cannot be bound leaves everything as it was', async () => {
    const folder = opened.folder();
    const file = join(folder, 'gateway.yaml');
    await writeFile(join(folder, 'test.crt'), first.cert);
    await writeFile(join(folder, 'test.key'), first.key);
    const gateway = await opened.gateway(file, text(listeningAt(await freeAddress())));
    const { running } = gateway;
    const before = running.httpsAddress ?? '';
    const refused = gateway.log.next(FAILED);
    await gateway.reloadWith(text(listeningAt(await occupyPort(opened))));
    await refused;
    expect(running.httpsAddress).to.equal(before);
    expect(await handshakeAt(before)).to.equal(true);
  });
});

function portOf(address: string): number {
  return Number(address.split(':')[1]);
}

async function handshakeAt(address: string): Promise<boolean> {
  return shakeHands(portOf(address)).then(
    () => true,
    () => false,
  );
}
