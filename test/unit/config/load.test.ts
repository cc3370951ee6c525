import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { loadConfig, type LoadOptions, type LoadResult } from '../../../src/config/load.ts';

describe('loading a configuration', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
    await mkdir(join(folder, 'routes'));
  });

  afterEach(async () => rm(folder, { recursive: true }));

  async function load(
    files: Readonly<Record<string, string>>,
    options: Partial<LoadOptions> = {},
  ): Promise<LoadResult> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return loadConfig(join(folder, 'gateway.yaml'), { env: () => undefined, ...options });
  }

  const route = (name: string): string => `{ name: ${name}, match: { path: /${name} }, upstream: shop }`;
  const MAIN = `
version: 1
include: [routes/*.yaml]
defaults: { route: { access: public, timeout: 7s } }
upstreams: { shop: { targets: ["http://127.0.0.1:1"] } }
routes: [${route('main')}]
`;

  it('merges what is included, in the order of names, under the defaults of the main file', async () => {
    const { config, diagnostics } = await load({
      'gateway.yaml': MAIN,
      'routes/b.yaml': `routes: [${route('b')}]`,
      'routes/a.yaml': `upstreams: { other: { targets: ["http://127.0.0.1:2"] } }\nroutes: [${route('a').replace('shop', 'other')}]`,
    });
    expect(diagnostics).to.deep.equal([]);
    expect(config?.routes.map(({ name, timeout }) => `${name} ${timeout}`)).to.deep.equal([
      'main 7000',
      'a 7000',
      'b 7000',
    ]);
    expect(config?.upstreams.map(({ name }) => name)).to.deep.equal(['shop', 'other']);
  });

  it('names included files the way the main file is named', async () => {
    await load({ 'gateway.yaml': MAIN, 'routes/a.yaml': 'routs: []' });
    const name = relative(process.cwd(), join(folder, 'gateway.yaml'));
    const { diagnostics } = await loadConfig(name, { env: () => undefined });
    expect(diagnostics.map(({ file }) => file)).to.deep.equal([name.replace('gateway.yaml', 'routes/a.yaml')]);
  });

  it('takes files inside of an included file as relative to that one', async () => {
    const { config, diagnostics, watch } = await load({
      'gateway.yaml': MAIN,
      'routes/secret': 'b\n',
      'routes/a.yaml': `routes: [{ name: a, match: { path: "/\${file:secret}" }, upstream: shop }]`,
    });
    expect(diagnostics).to.deep.equal([]);
    expect(config?.routes[1]?.match.path).to.equal('/b');
    expect(watch).to.deep.equal({
      files: ['gateway.yaml', 'routes/a.yaml', 'routes/secret'].map((name) => join(folder, name)),
      globs: ['routes/*.yaml'],
      folder,
    });
  });

  it('does not include the file into itself, nor a file twice', async () => {
    const main = MAIN.replace('routes/*.yaml', '"*.yaml", "routes/a.yaml", "routes/*.yaml"');
    const { config, diagnostics } = await load({ 'gateway.yaml': main, 'routes/a.yaml': `routes: [${route('a')}]` });
    expect(diagnostics).to.deep.equal([]);
    expect(config?.routes).to.have.length(2);
  });

  it('includes one level deep', async () => {
    const { diagnostics } = await load({ 'gateway.yaml': MAIN, 'routes/a.yaml': 'include: [more.yaml]' });
    expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).to.deep.equal(['unknown-key include']);
  });

  it('warns of a glob without a file, and goes on', async () => {
    const { config, diagnostics } = await load({ 'gateway.yaml': MAIN });
    expect(diagnostics.map(({ code, severity, path }) => [code, severity, path])).to.deep.equal([
      ['include-without-match', 'warning', 'include[0]'],
    ]);
    expect(config).to.not.equal(undefined);
  });

  it('tells of faults in every file at once', async () => {
    const { diagnostics, config } = await load({
      'gateway.yaml': MAIN.replace('7s', '7'),
      'routes/a.yaml': 'routes: [',
      'routes/b.yaml': 'routes: [{ name: b }]',
    });
    expect(config).to.equal(undefined);
    const places = diagnostics.map(({ file, code }) => `${relative(folder, file)} ${code}`);
    expect(places).to.deep.equal(['gateway.yaml wrong-type', 'routes/a.yaml yaml-syntax', 'routes/b.yaml missing-key']);
  });

  describe('without its variables', () => {
    const text = `
version: 1
server: { listen: "127.0.0.1:\${PORT}", lisen: 1 }
logs: 
  access: \${ACCESS}
upstreams: { shop: { targets: ["\${URL}"] } }
routes: [{ name: "\${NAME}", match: { path: / }, upstream: shop, access: public, timeout: soon }]
`;

    it('reports each of them, and every other fault', async () => {
      const { diagnostics, config } = await load({ 'gateway.yaml': text });
      const codes = diagnostics.map(({ code, path }) => `${code} ${path}`);
      expect(codes).to.have.members([
        'missing-variable server.listen',
        'missing-variable logs.access',
        'missing-variable upstreams.shop.targets[0]',
        'missing-variable routes[0].name',
        'unknown-key server.lisen',
        'invalid-value routes[0].timeout',
      ]);
      expect(config).to.equal(undefined);
    });

    it('checks the rest when that is allowed, and gives no configuration', async () => {
      const { diagnostics } = await load({ 'gateway.yaml': text }, { allowMissingEnv: true });
      expect(diagnostics.map(({ code }) => code)).to.have.members(['unknown-key', 'invalid-value']);
      const sound = text.replace(', lisen: 1', '').replace('soon', '5s');
      const result = await load({ 'gateway.yaml': sound }, { allowMissingEnv: true });
      expect(result.diagnostics).to.deep.equal([]);
      expect(result.config).to.equal(undefined);
    });

    it('reads them from where it is told to', async () => {
      const env: Record<string, string> = { PORT: '80', ACCESS: 'false', URL: 'http://127.0.0.1:1', NAME: 'a' };
      const sound = text.replace(', lisen: 1', '').replace('soon', '5s');
      const { config } = await load({ 'gateway.yaml': sound }, { env: (name) => env[name] });
      expect(config?.server.listen.port).to.equal(80);
      expect(config?.logs.access).to.equal(false);
    });

    it('knows what an alias stands for only as well as the anchor', async () => {
      const aliased = 'version: 1\nx-port: &listen ${LISTEN}\nserver: { listen: *listen }\n';
      const { diagnostics } = await load({ 'gateway.yaml': aliased }, { allowMissingEnv: true });
      expect(diagnostics).to.deep.equal([]);
    });
  });
});
