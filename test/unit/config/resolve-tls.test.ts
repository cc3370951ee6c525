import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import type { GatewayConfig } from '../../../src/config/config.ts';
import { loadConfig, type LoadResult } from '../../../src/config/load.ts';
import { first, second } from '../../support/certificates.ts';

describe('the HTTPS listener', () => {
  let folder: string;
  const least = { listen: '127.0.0.1:8443', certificates: [{ cert: 'a.crt', key: 'a.key' }] };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
    await writeFile(join(folder, 'a.crt'), first.cert);
    await writeFile(join(folder, 'a.key'), first.key);
    await writeFile(join(folder, 'ca.pem'), second.cert);
  });

  afterEach(async () => rm(folder, { recursive: true }));

  async function load(tls?: object): Promise<LoadResult> {
    const routes = [{ name: 'a', match: { path: '/' }, access: 'public', respond: { status: 200 } }];
    const file = join(folder, 'gateway.yaml');
    await writeFile(file, stringify({ version: 1, server: tls === undefined ? {} : { tls }, routes }));
    return loadConfig(file, { env: () => undefined });
  }

  async function resolve(tls?: object): Promise<GatewayConfig> {
    const { config, diagnostics } = await load(tls);
    if (config === undefined) throw new Error(JSON.stringify(diagnostics));
    return config;
  }

  it('is not there unless it is written', async () => {
    expect((await resolve()).server.tls).to.equal(undefined);
  });

  it('has the defaults that the schema says', async () => {
    const { server } = await resolve(least);
    expect(server.tls).to.deep.equal({
      listen: { host: '127.0.0.1', port: 8443 },
      certificates: [first],
      minVersion: 'TLSv1.2',
      clientCa: undefined,
      clientAuth: 'require',
      redirectHttp: true,
      hsts: 0,
      http2: true,
    });
    const written = { minVersion: 'TLSv1.2', redirectHttp: true, hsts: 'off', http2: true };
    expect((await resolve({ ...least, ...written })).server).to.deep.equal(server);
  });

  it('has what is written', async () => {
    const written = {
      minVersion: 'TLSv1.3',
      clientCa: 'ca.pem',
      clientAuth: 'request',
      redirectHttp: false,
      // Longer than a timer can wait.
      hsts: '365d',
      http2: false,
    };
    expect((await resolve({ ...least, ...written })).server.tls).to.include({
      ...written,
      clientCa: second.cert,
      hsts: 365 * 24 * 60 * 60 * 1000,
    });
  });

  it('is another one, and watched, when the content of its files is', async () => {
    const { config, watch } = await load({ ...least, clientCa: 'ca.pem' });
    expect(watch.files).to.include.members(['a.crt', 'a.key', 'ca.pem'].map((name) => join(folder, name)));
    await writeFile(join(folder, 'ca.pem'), first.cert);
    expect((await resolve({ ...least, clientCa: 'ca.pem' })).hash).to.not.equal(config?.hash);
  });

  it('does not show its key in what is found', async () => {
    await writeFile(join(folder, 'a.crt'), second.cert);
    const { diagnostics, sources } = await load(least);
    expect(diagnostics.map(({ code, path }) => [code, path])).to.deep.equal([
      ['invalid-file', 'server.tls.certificates[0].key'],
    ]);
    expect(JSON.stringify([diagnostics, [...sources]])).to.not.contain(first.key.split('\n')[1]);
  });
});
