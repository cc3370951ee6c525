import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig, type LoadResult } from '../../../src/config/load.ts';
import { first, second } from '../../support/certificates.ts';

describe('certificates and keys of upstreams', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
    await writeFile(join(folder, 'first.crt'), first.cert);
    await writeFile(join(folder, 'first.key'), first.key);
    await writeFile(join(folder, 'second.key'), second.key);
  });

  after(async () => rm(folder, { recursive: true }));

  async function load(tls: string): Promise<LoadResult> {
    const file = join(folder, 'gateway.yaml');
    const upstreams = `upstreams: { shop: { targets: ["https://127.0.0.1:1"], tls: ${tls} } }`;
    const routes = 'routes: [{ name: shop, match: { path: / }, upstream: shop, access: public }]';
    await writeFile(file, `version: 1\n${upstreams}\n${routes}\n`);
    return loadConfig(file, { env: () => undefined });
  }

  it('become text, relative to the file that names them', async () => {
    const { config, watch } = await load('{ ca: first.crt, cert: ./first.crt, key: first.key }');
    expect(config?.upstreams[0]?.tls).to.include({ ca: first.cert, cert: first.cert, key: first.key });
    expect(watch.files).to.deep.equal(['gateway.yaml', 'first.crt', 'first.key'].map((name) => join(folder, name)));
  });

  it('are faults where they are not what they should be', async () => {
    const { diagnostics, config } = await load('{ ca: first.key, cert: first.key, key: first.crt }');
    expect(config).to.equal(undefined);
    expect(diagnostics.map(({ path, message }) => `${path}: ${message}`)).to.deep.equal([
      'upstreams.shop.tls.ca: the file first.key holds no PEM certificate',
      'upstreams.shop.tls.cert: the file first.key holds no PEM certificate',
      'upstreams.shop.tls.key: the file first.crt holds no PEM private key',
    ]);
  });

  it('have to belong together', async () => {
    const { diagnostics } = await load('{ cert: first.crt, key: second.key }');
    expect(diagnostics.map(({ message }) => message)).to.deep.equal([
      'the key in second.key does not belong to the certificate in first.crt',
    ]);
  });

  it('are watched while they are missing', async () => {
    const { watch, config } = await load('{ ca: later.crt }');
    expect(config).to.equal(undefined);
    expect(watch.files).to.include(join(folder, 'later.crt'));
  });
});
