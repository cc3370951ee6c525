import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { runCli, type CliResult } from '../../support/cli.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { ask, secureSocket } from '../../support/tls.ts';

describe('gatewayctl cert dev', function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
  });

  afterEach(async () => rm(folder, { recursive: true }));

  async function certDev(...args: string[]): Promise<CliResult> {
    return runCli(['cert', 'dev', ...args], { cwd: folder });
  }

  async function read(name: string): Promise<string> {
    return readFile(join(folder, name), 'utf8');
  }

  /** The lines for gateway.yaml. */
  function printed(stdout: string): string {
    return /^ {2}tls:\n(?: .*\n)+/m.exec(stdout)?.[0] ?? '';
  }

  it('prints what goes under the server: that init has written', async () => {
    expect((await runCli(['init'], { cwd: folder })).code).to.equal(0);
    const { stdout } = await certDev();
    expect(stdout).to.contain('under server:');
    const file = join(folder, 'gateway.yaml');
    const written = await readFile(file, 'utf8');
    const added = written.replace('\nserver:\n', (line) => line + printed(stdout));
    await writeFile(file, added);
    const { code, stdout: found, stderr } = await runCli(['validate', '--strict'], { cwd: folder });
    expect({ code, stderr }, found).to.deep.equal({ code: 0, stderr: '' });
    expect(parse(added).server).to.have.all.keys('listen', 'tls');
  });

  it('makes HTTPS work with what it prints', async () => {
    const { code, stdout, stderr } = await certDev('--host', 'Shop.test', '*.shop.test', '10.0.0.1');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const yaml = `server:\n${printed(stdout)}`;
    const { certificates } = parse(yaml).server.tls;
    expect(certificates).to.deep.equal([{ cert: join('tls', 'dev.crt'), key: join('tls', 'dev.key') }]);
    const absolute = yaml.replaceAll('tls/dev', `${folder}/tls/dev`).replace('127.0.0.1:8443', '127.0.0.1:0');
    const gateway = await startTestGateway(
      `${absolute}routes: [{ name: a, match: { path: / }, respond: { status: 200, body: fine } }]`,
    );
    const ca = await read('tls/ca.crt');
    for (const servername of ['localhost', 'shop.test', 'a.shop.test']) {
      const socket = await secureSocket(gateway.tlsPort, { ca, servername, rejectUnauthorized: true });
      expect(await ask(socket)).to.contain('fine');
    }
    await gateway.stop();
    const cert = new X509Certificate(await read('tls/dev.crt'));
    for (const address of ['127.0.0.1', '::1', '10.0.0.1'])
      expect(cert.checkIP(address), address).to.not.equal(undefined);
    const days = (Date.parse(cert.validTo) - Date.parse(cert.validFrom)) / 86_400_000;
    expect(days).to.be.at.most(825);
  });

  it('keeps its keys to their owner', async () => {
    await certDev('--dir', 'a/b');
    for (const name of ['ca.key', 'dev.key']) {
      expect((await stat(join(folder, 'a/b', name))).mode & 0o777, name).to.equal(0o600);
    }
  });

  it('replaces a certificate only by force, and its authority never', async () => {
    await certDev();
    const [ca, before] = [await read('tls/ca.crt'), await read('tls/dev.crt')];
    const again = await certDev();
    expect(again.code).to.equal(2);
    expect(again.stderr).to.contain('exists already').and.to.contain('--force');
    expect(await read('tls/dev.crt')).to.equal(before);
    const forced = await certDev('--force');
    expect(forced.code).to.equal(0);
    expect(forced.stdout).to.contain('that was there');
    expect(await read('tls/ca.crt')).to.equal(ca);
    const renewed = new X509Certificate(await read('tls/dev.crt'));
    expect(renewed.verify(new X509Certificate(ca).publicKey)).to.equal(true);
  });

  it('refuses half an authority, one with another key, and a host that is none', async () => {
    await certDev();
    await unlink(join(folder, 'tls/ca.key'));
    const half = await certDev('--force');
    expect(half.code).to.equal(1);
    expect(half.stderr).to.contain('ca.key is missing');
    await writeFile(join(folder, 'tls/ca.key'), await read('tls/dev.key'));
    const other = await certDev('--force');
    expect(other.code).to.equal(1);
    expect(other.stderr).to.contain('is not the key of');
    const wrong = await certDev('--dir', 'other', '--host', 'a b');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.contain('a b is no host name');
  });
});
