import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { GatewayConfig, UpstreamConfig } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { configOf } from '../../support/load.ts';

async function discovered(discover: string): Promise<UpstreamConfig> {
  const { upstreams } = await configOf(`version: 1\nupstreams: { up: { discover: ${discover} } }\n`);
  const [upstream] = upstreams;
  if (upstream === undefined) throw new Error('there is no upstream');
  return upstream;
}

describe('where endpoints are found', () => {
  for (const [written, expected] of [
    [
      '{ dns: orders.internal }',
      { kind: 'dns', dns: 'orders.internal', port: undefined, scheme: undefined, srv: false },
    ],
    [
      '{ dns: orders.internal, port: 8080, scheme: https }',
      { kind: 'dns', dns: 'orders.internal', port: 8080, scheme: 'https', srv: false },
    ],
    [
      '{ dns: _http._tcp.orders.internal, srv: true }',
      { kind: 'dns', dns: '_http._tcp.orders.internal', port: undefined, scheme: undefined, srv: true },
    ],
    ['{ registry: true }', { kind: 'registry' }],
    [
      '{ consul: "http://127.0.0.1:8500", service: orders }',
      { kind: 'consul', consul: 'http://127.0.0.1:8500', service: 'orders', tag: undefined },
    ],
    [
      '{ consul: "http://127.0.0.1:8500", service: orders, tag: v2 }',
      { kind: 'consul', consul: 'http://127.0.0.1:8500', service: 'orders', tag: 'v2' },
    ],
    [
      '{ etcd: "http://127.0.0.1:2379", prefix: /services/orders/ }',
      { kind: 'etcd', etcd: 'http://127.0.0.1:2379', prefix: '/services/orders/' },
    ],
    [
      '{ kubernetes: { service: orders } }',
      { kind: 'kubernetes', namespace: undefined, service: 'orders', port: undefined },
    ],
    [
      '{ kubernetes: { namespace: shop, service: orders, port: http } }',
      { kind: 'kubernetes', namespace: 'shop', service: 'orders', port: 'http' },
    ],
    ['{ file: /etc/orders.yaml }', { kind: 'file', file: '/etc/orders.yaml' }],
  ] as const) {
    it(`is ${expected.kind} for ${written}`, async () => {
      const { discover, targets } = await discovered(written);
      expect([discover, targets]).to.deep.equal([expected, []]);
    });
  }

  it('is nowhere when the endpoints are written', async () => {
    const { upstreams } = await configOf('version: 1\nupstreams: { up: { targets: [http://127.0.0.1:1] } }\n');
    expect(upstreams[0]?.discover).to.equal(undefined);
  });

  describe('for a file that is named from where it stands', () => {
    let folder = '';
    before(() => void (folder = mkdtempSync(join(tmpdir(), 'gatewayctl-test-'))));
    after(() => rmSync(folder, { recursive: true }));

    async function load(file: string): Promise<GatewayConfig> {
      const { config, diagnostics } = await loadConfig(file, { env: () => undefined });
      if (config === undefined) throw new Error(JSON.stringify(diagnostics));
      return config;
    }

    it('is beside the file that names it, which may be an included one', async () => {
      mkdirSync(join(folder, 'parts'));
      writeFileSync(
        join(folder, 'gateway.yaml'),
        'version: 1\ninclude: [parts/*.yaml]\nupstreams: { a: { discover: { file: a.yaml } } }\n',
      );
      writeFileSync(join(folder, 'parts', 'b.yaml'), 'upstreams: { b: { discover: { file: ../b.yaml } } }\n');
      writeFileSync(join(folder, 'parts', 'c.yaml'), 'upstreams: { c: { discover: { file: c.yaml } } }\n');
      const { upstreams } = await load(join(folder, 'gateway.yaml'));
      const files = upstreams.map(({ name, discover }) => [
        name,
        discover?.kind === 'file' ? discover.file : undefined,
      ]);
      expect(files).to.have.deep.members([
        ['a', join(folder, 'a.yaml')],
        ['b', join(folder, 'b.yaml')],
        ['c', join(folder, 'parts', 'c.yaml')],
      ]);
    });

    it('gives the same hash wherever the configuration stands, and another for another file', async () => {
      const hashOf = async (place: string, file: string): Promise<string> => {
        mkdirSync(join(folder, place), { recursive: true });
        const path = join(folder, place, 'gateway.yaml');
        const route = '{ name: a, match: { path: / }, upstream: up, access: public }';
        writeFileSync(path, `version: 1\nupstreams: { up: { discover: { file: ${file} } } }\nroutes: [${route}]\n`);
        return (await load(path)).hash;
      };
      const [here, there, other] = [
        await hashOf('here', 'a.yaml'),
        await hashOf('there', 'a.yaml'),
        await hashOf('here', 'b.yaml'),
      ];
      expect(there).to.equal(here);
      expect(other).to.not.equal(here);
    });
  });
});
