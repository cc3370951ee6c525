/** deploy/compose.yaml, as far as can be told without an engine: what it names is there, and agrees with the gateways. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { debianProgram } from '../support/debian.ts';
import { at, documentOf, entriesAt, listAt, ROOT, textOf } from '../support/deployed.ts';
import { findingsIn } from '../support/findings.ts';
import { promtool } from '../support/promql.ts';

const FILE = 'deploy/compose.yaml';
const HAPROXY = 'deploy/compose/haproxy/haproxy.cfg';
const compose = documentOf(FILE);
const services = new Map(entriesAt(compose, 'services'));
const config = documentOf('deploy/compose/gateway/gateway.yaml');
const GATEWAYS = ['gateway-1', 'gateway-2'];

const list = (value: unknown, name: string): readonly unknown[] =>
  at(value, name) === undefined ? [] : listAt(value, name);

/** The mounts of a service, each as source and target. */
function mountsOf(service: unknown): readonly (readonly string[])[] {
  return list(service, 'volumes').map((volume) => String(volume).split(':'));
}

describe('the file for docker compose', function () {
  this.timeout(300_000);

  it('has two gateways, what they need, and what watches them', () => {
    expect([...services.keys()]).to.include.members([
      ...GATEWAYS,
      'postgres',
      'redis',
      'prometheus',
      'grafana',
      'haproxy',
      'migrate',
    ]);
    expect(at(services.get('postgres'), 'image')).to.equal('postgres:16');
    expect(at(services.get('redis'), 'image')).to.equal('redis:7');
  });

  it('names only services, networks, secrets, volumes and files that there are', () => {
    const known = (kind: string): readonly string[] => entriesAt(compose, kind).map(([name]) => name);
    for (const [name, service] of services) {
      expect(known('networks'), name).to.include.members([...listAt(service, 'networks')]);
      expect(known('secrets'), name).to.include.members([...list(service, 'secrets')]);
      for (const [source = ''] of mountsOf(service)) {
        if (source.startsWith('.')) expect(existsSync(join(ROOT, 'deploy', source)), source).to.equal(true);
        else expect(known('volumes'), name).to.include(source);
      }
      const needed = at(service, 'depends_on') === undefined ? [] : entriesAt(service, 'depends_on');
      for (const [other, how] of needed) {
        const condition = String(at(how, 'condition'));
        expect(services.has(other), `${name} needs ${other}`).to.equal(true);
        if (condition === 'service_healthy') expect(at(services.get(other), 'healthcheck'), other).to.be.an('object');
        // What ends with 0 is not started again, and what cannot reach its database is, some times.
        else expect(at(services.get(other), 'restart'), other).to.match(/^on-failure:\d$/);
      }
    }
  });

  it('checks the health of every service that goes on, and starts it again with the machine', () => {
    for (const [name, service] of services) {
      if (['migrate', 'keys'].includes(name)) continue;
      expect(at(service, 'healthcheck', 'test'), name).to.be.an('array');
      expect(at(service, 'restart'), name).to.equal('unless-stopped');
    }
  });

  it('waits for the PostgreSQL that listens, not for the one that sets the database up over its socket', () => {
    const test = listAt(services.get('postgres'), 'healthcheck', 'test');
    expect(test.slice(0, 4)).to.deep.equal(['CMD', 'pg_isready', '--host', '127.0.0.1']);
  });

  it('takes the version of the image from outside, and builds it in one place', () => {
    const image = `gatewayctl:\${GATEWAYCTL_VERSION:-${String(at(JSON.parse(textOf('package.json')), 'version'))}}`;
    for (const name of [...GATEWAYS, 'migrate', 'keys']) expect(at(services.get(name), 'image'), name).to.equal(image);
    const built = [...services].filter(([, service]) => at(service, 'build') !== undefined);
    expect(built.map(([name]) => name)).to.deep.equal(['migrate']);
  });

  it('has secrets in files that Git and the package leave out, and in no environment', () => {
    for (const [name, secret] of entriesAt(compose, 'secrets'))
      expect(at(secret, 'file')).to.equal(`./compose/secrets/${name}`);
    expect(textOf('deploy/compose/.gitignore')).to.match(/^secrets\/$/m);
    for (const [name, service] of services) {
      const environment = at(service, 'environment') === undefined ? [] : entriesAt(service, 'environment');
      for (const [key] of environment) if (/PASSWORD|SECRET|TOKEN/.test(key)) expect(key, name).to.match(/_FILE$/);
    }
    const given = listAt(services.get('gateway-1'), 'secrets').map((name) => `/run/secrets/${String(name)}`);
    const read = [...JSON.stringify(config).matchAll(/\$\{file:([^}]+)\}/g)].map(([, file]) => file);
    expect(read).to.have.members(given);
  });

  it('runs the gateways as the image is meant: read-only, without rights, the configuration as a folder', () => {
    for (const name of [...GATEWAYS, 'migrate', 'keys']) {
      const service = services.get(name);
      expect(service, name).to.deep.include({ read_only: true, cap_drop: ['ALL'] });
      expect(mountsOf(service)).to.deep.include(['./compose/gateway', '/etc/gatewayctl', 'ro']);
    }
    const grace = /^(\d+)s$/.exec(String(at(services.get('gateway-1'), 'stop_grace_period')))?.[1];
    expect(Number(grace)).to.be.above(5 + 20);
  });

  it('lets nobody but haproxy and Grafana be reached, and trusts haproxy alone', () => {
    const published = [...services].filter(([, service]) => at(service, 'ports') !== undefined).map(([name]) => name);
    expect(published).to.have.members(['haproxy', 'grafana']);
    const subnet = at(compose, 'networks', 'edge', 'ipam', 'config', 0, 'subnet');
    expect(at(config, 'server', 'trustedProxies')).to.deep.equal([subnet]);
    expect(at(services.get('haproxy'), 'networks')).to.deep.equal(['edge']);
    for (const name of ['data', 'watch']) expect(at(compose, 'networks', name, 'internal')).to.equal(true);
  });

  it('has a gateway.yaml that is valid', async () => {
    expect(await findingsIn('deploy/compose/gateway/gateway.yaml')).to.deep.equal([]);
  });

  it('has a haproxy that takes its file, asks the admin listeners, and lets no header of clients through', async () => {
    const { file, env } = await debianProgram('haproxy', 'haproxy');
    await promisify(execFile)(file, ['-c', '-f', join(ROOT, HAPROXY)], { env: { ...process.env, ...env } });
    const text = textOf(HAPROXY);
    for (const name of GATEWAYS) expect(text).to.include(`server ${name} ${name}:8080`);
    // What may have been done is not done twice: only GET and HEAD.
    expect(text).to.match(/^ {2}retry-on conn-failure empty-response$/m);
    expect(text).to.match(/^ {2}http-request disable-l7-retry unless METH_GET$/m);
    expect(text).to.include('check port 9901').and.include('http-check send meth GET uri /readyz ');
    for (const name of ['For', 'Proto', 'Host'])
      expect(text).to.include(`http-request set-header X-Forwarded-${name} `);
    expect(text).to.include('http-request del-header Forwarded');
    // server.timeouts.keepAlive of the gateway is 72 s.
    expect(Number(/timeout http-keep-alive (\d+)s/.exec(text)?.[1])).to.be.below(72);
    expect(text).to.match(/^ {2}option dontlognull$/m);
    expect(text).to.match(/^ {2}timeout http-request 10s$/m);
  });

  it('has a Prometheus that scrapes both, with the rules of deploy/prometheus', async () => {
    const file = 'deploy/compose/prometheus/prometheus.yml';
    await promtool('check', 'config', '--syntax-only', join(ROOT, file));
    expect(mountsOf(services.get('prometheus'))).to.deep.include(['./prometheus', '/etc/prometheus/rules', 'ro']);
    for (const rules of listAt(documentOf(file), 'rule_files'))
      expect(existsSync(join(ROOT, String(rules).replace('/etc/prometheus/rules', 'deploy/prometheus')))).to.equal(
        true,
      );
    expect(at(documentOf(file), 'scrape_configs', 0)).to.deep.equal({
      job_name: 'gatewayctl',
      static_configs: [{ targets: GATEWAYS.map((name) => `${name}:9901`) }],
    });
    expect(listAt(services.get('prometheus'), 'command')).to.include('--enable-feature=exemplar-storage');
  });

  it('shows where an Alertmanager is named, in a form that Prometheus takes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-alerting-'));
    try {
      for (const path of ['deploy/prometheus/prometheus.yml', 'deploy/compose/prometheus/prometheus.yml']) {
        const named = textOf(path).replace(/^# alerting:\n(?:# {2}.*\n)+/m, (lines) => lines.replaceAll(/^# /gm, ''));
        expect(named, path).to.match(/^alerting:$/m);
        await writeFile(join(folder, 'prometheus.yml'), named);
        await promtool('check', 'config', '--syntax-only', join(folder, 'prometheus.yml'));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has a Grafana that finds its dashboards and its data source', () => {
    const path = at(
      documentOf('deploy/grafana/provisioning/dashboards/gatewayctl.yml'),
      'providers',
      0,
      'options',
      'path',
    );
    const mounts = mountsOf(services.get('grafana'));
    expect(mounts).to.deep.include(['./grafana/dashboards', path, 'ro']);
    expect(mounts).to.deep.include(['./grafana/provisioning', '/etc/grafana/provisioning', 'ro']);
    const source = at(documentOf('deploy/grafana/provisioning/datasources/prometheus.yml'), 'datasources', 0, 'url');
    expect(source).to.equal('$PROMETHEUS_URL');
    expect(at(services.get('grafana'), 'environment', 'PROMETHEUS_URL')).to.equal('http://prometheus:9090');
  });
});
