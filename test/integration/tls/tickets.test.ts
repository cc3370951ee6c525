import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { first, second } from '../../support/certificates.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { Opened, RELOADED } from '../../support/reload.ts';
import { ask, secureSocket, TestAuthority } from '../../support/tls.ts';
import { startWorkers, workersYaml } from '../workers/workers.ts';

const TLS = 'listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }]';
const ROUTE = '{ name: any, match: { path: "/*rest" }, access: public, respond: { status: 200, body: fine } }';

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  describe(`a session ticket (${maxVersion})`, () => {
    let gateway: TestGateway;

    beforeEach(async () => {
      gateway = await startTestGateway(yaml(''));
      await writeFile(join(gateway.folder, 'ca.pem'), second.cert);
    });

    afterEach(async () => gateway.stop());

    function yaml(settings: string, more = ''): string {
      return `server: { tls: { ${TLS}${settings} }${more} }\nroutes: [${ROUTE}]`;
    }

    async function reload(settings: string, more?: string): Promise<void> {
      await gateway.write(yaml(settings, more));
      await gateway.reload();
    }

    for (const [who, options] of [
      ['names no host', {}],
      ['names the host', { servername: 'localhost' }],
    ] as const) {
      it(`outlives reloads that change nothing of handshakes, for a client that ${who}`, async () => {
        const session = await ticket(gateway.tlsPort, { maxVersion, ...options });
        await reload(', hsts: 1h, redirectHttp: false');
        await reload('', ', timeouts: { headers: 12s }');
        expect(await isResumed(gateway.tlsPort, { maxVersion, ...options, session })).to.equal(true);
      });
    }

    it('counts for clients with a certificate, too', async () => {
      await reload(', clientCa: ca.pem');
      const options = { maxVersion, servername: 'localhost', cert: second.cert, key: second.key };
      const session = await ticket(gateway.tlsPort, options);
      expect(await isResumed(gateway.tlsPort, { ...options, session })).to.equal(true);
    });

    it('is of no use once clients need a certificate', async () => {
      await reload(', clientCa: ca.pem, clientAuth: request');
      const session = await ticket(gateway.tlsPort, { maxVersion });
      await reload(', clientCa: ca.pem');
      const socket = await secureSocket(gateway.tlsPort, { maxVersion, session }).catch(() => undefined);
      expect(socket === undefined ? '' : await ask(socket)).to.equal('');
      const { cert, key } = second;
      expect(await isResumed(gateway.tlsPort, { maxVersion, session, cert, key })).to.equal(false);
    });

    it('is another one under another certificate', async () => {
      const session = await ticket(gateway.tlsPort, { maxVersion });
      await (await TestAuthority.create()).write(gateway.folder, 'test', 'localhost');
      await gateway.reload();
      expect(await isResumed(gateway.tlsPort, { maxVersion, session })).to.equal(false);
    });
  });
}

describe('a session ticket of one of two workers', function () {
  // It starts three processes from the sources.
  this.timeout(60_000);
  const opened = new Opened();

  it('counts for the other one, and after a reload', async () => {
    const folder = opened.folder();
    await writeFile(join(folder, 'test.crt'), first.cert);
    await writeFile(join(folder, 'test.key'), first.key);
    const tls = TLS.replaceAll('test.', join(folder, 'test.'));
    const text = workersYaml(`routes: [${ROUTE}]`, { server: `tls: { ${tls} }` });
    const { gateway, file } = await startWorkers(opened, text);
    const { tls: address } = await gateway.logged('serving');
    const port = Number(String(address).split(':')[1]);
    const session = await ticket(port, { maxVersion: 'TLSv1.2' });
    const resumed: boolean[] = [];
    // They take turns.
    for (let count = 0; count < 4; count += 1) resumed.push(await isResumed(port, { maxVersion: 'TLSv1.2', session }));
    await writeFile(file, text.replace('fine', 'still fine'));
    gateway.kill('SIGHUP');
    await gateway.logged(RELOADED);
    for (let count = 0; count < 4; count += 1) resumed.push(await isResumed(port, { maxVersion: 'TLSv1.2', session }));
    expect(new Set(resumed)).to.deep.equal(new Set([true]));
  });
});

/** Shakes hands, and gives what the next handshake may be resumed with. */
async function ticket(port: number, options: ConnectionOptions): Promise<Buffer> {
  const socket = await secureSocket(port, options);
  let session: Buffer | undefined = socket.getSession();
  // In TLS 1.3 it comes after the handshake, and before the answer.
  socket.on('session', (late: Buffer) => (session = late));
  expect(await ask(socket)).to.contain('fine');
  if (session === undefined) throw new Error('there is no session ticket');
  return session;
}

/** Shakes hands with a ticket, and tells whether it counted. */
async function isResumed(port: number, options: ConnectionOptions): Promise<boolean> {
  const socket = await secureSocket(port, options);
  const reused = socket.isSessionReused();
  expect(await ask(socket)).to.contain('fine');
  return reused;
}
