import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { within } from '../../support/arrivals.ts';
import { second } from '../../support/certificates.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { Http2Client } from '../../support/h2.ts';
import { closed, secureSocket } from '../../support/tls.ts';
import { TestUpstream } from '../../support/upstream.ts';

const TLS = 'listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }]';

onEachEngine('connections over TLS', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
  });

  after(async () => upstream.close());

  afterEach(async () => {
    await gateway.stop();
    upstream.reset();
  });

  function yaml(settings: string, path = '/*rest'): string {
    return `
server: { tls: { ${TLS}${settings} } }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes: [{ name: any, match: { path: "${path}" }, upstream: any }]
`;
  }

  async function start(settings: string): Promise<void> {
    gateway = await startTestGateway(yaml(''));
    await writeFile(join(gateway.folder, 'ca.pem'), second.cert);
    await reload(settings);
  }

  async function reload(settings: string, path?: string): Promise<void> {
    await gateway.write(yaml(settings, path));
    await gateway.reload();
  }

  for (const [what, before, after] of [
    ['clientCa is added', '', ', clientCa: ca.pem'],
    ['clientAuth changes', ', clientCa: ca.pem, clientAuth: request', ', clientCa: ca.pem'],
    ['clientCa goes', ', clientCa: ca.pem, clientAuth: request', ''],
    ['minVersion changes', '', ', minVersion: TLSv1.3'],
  ] as const) {
    it(`that are idle are closed when ${what}`, async () => {
      await start(before);
      const idle = await secureSocket(gateway.tlsPort);
      expect(await answerOn(idle, '/a')).to.match(/^HTTP\/1\.1 200 .*\r\nconnection: keep-alive\r\n/is);
      const gone = end(idle);
      await reload(after);
      await gone;
    });
  }

  for (const [what, settings, path] of [
    ['a route', '', '/:any'],
    ['what is not for handshakes', ', hsts: 1h, redirectHttp: false'],
    ['HTTP/2', ', http2: false'],
  ] as const) {
    it(`stay when ${what} changes`, async () => {
      await start('');
      const idle = await secureSocket(gateway.tlsPort);
      const client = await Http2Client.open(gateway.tlsPort);
      await answerOn(idle, '/a');
      await client.call('/a');
      await reload(settings, path);
      expect(await answerOn(idle, '/b')).to.match(/^HTTP\/1\.1 200 .*\r\nconnection: keep-alive\r\n/is);
      expect((await client.call('/b')).text).to.equal('ok');
      expect(client.goaways).to.deep.equal([]);
      await client.close();
      await closed(idle);
    });
  }

  it('that are not idle end with their answer when the rule for clients changes', async () => {
    await start('');
    upstream.answer = ({ target, response }) => void (target === '/slow' || response.end('ok'));
    const busy = await secureSocket(gateway.tlsPort);
    const silent = await secureSocket(gateway.tlsPort);
    const client = await Http2Client.open(gateway.tlsPort);
    const answer = answerOn(busy, '/slow');
    const received = await upstream.requests.at(0);
    const waiting = client.begin('/slow');
    const overHttp2 = await upstream.requests.at(1);
    const told = new Promise((resolve) => client.session.once('goaway', resolve));
    await reload(', clientCa: ca.pem');
    await within(told, 'GOAWAY');
    const ends = [end(busy), end(silent)];
    received.response.end('at last');
    expect(await answer).to.match(/^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is);
    expect(await answerOn(silent, '/a')).to.match(/^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is);
    await Promise.all(ends);
    overHttp2.response.end('at last');
    expect(await waiting.answer()).to.include({ status: 200, text: 'at last', reset: 0 });
    await client.ended();
  });
});

/** Sends a request, and gives what comes first. */
async function answerOn(socket: TLSSocket, path: string): Promise<string> {
  const answered = new Promise<string>((resolve) => {
    socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1')));
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return within(answered, 'an answer');
}

async function end(socket: TLSSocket): Promise<void> {
  await within(new Promise((resolve) => socket.once('close', resolve).resume()), 'the end of a connection');
}
