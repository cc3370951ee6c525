/**
 * Manifests for Kubernetes, as far as can be told without a cluster: they are whole, agree with each other and with the
 * gateway, and each gateway.yaml in them is valid.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { parse } from 'yaml';
import { at, documentOf, entriesAt, filesBelow, listAt, ROOT, textOf, textsAt } from '../support/deployed.ts';
import { findingsIn } from '../support/findings.ts';
import { PROGRAM } from '../support/program.ts';

const BASE = 'deploy/kubernetes/base';
const OVERLAYS = ['staging', 'production'].map((name) => `deploy/kubernetes/overlays/${name}`);

const PRODUCTION = 'deploy/kubernetes/overlays/production';
/** What people use by hand, and no kustomization applies. */
const BY_HAND = [`${PRODUCTION}/keys.yaml`, `${PRODUCTION}/migrate-down.yaml`];

const manifest = (name: string): unknown => documentOf(`${BASE}/${name}.yaml`);
const deployment = manifest('deployment');
const pod = at(deployment, 'spec', 'template', 'spec');
const container = at(pod, 'containers', 0);
const labels = textsAt(deployment, 'spec', 'template', 'metadata', 'labels');

/** The files that a kustomization names, from the root. */
function namedBy(folder: string): readonly string[] {
  const kustomization = documentOf(`${folder}/kustomization.yaml`);
  const files = [
    ...listAt(kustomization, 'resources'),
    ...listAt(kustomization, 'configMapGenerator').flatMap((generator) => listAt(generator, 'files')),
    ...(at(kustomization, 'patches') === undefined
      ? []
      : listAt(kustomization, 'patches').map((patch) => at(patch, 'path'))),
  ];
  return files.map((file) => normalize(join(folder, String(file))));
}

/** Cores, of a quantity such as `250m`. */
function coresOf(quantity: unknown): number {
  const text = String(quantity);
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text);
}

describe('the manifests for Kubernetes', () => {
  it('are all named by a kustomization, and those that are named are there', () => {
    const named = [BASE, ...OVERLAYS].flatMap(namedBy);
    for (const path of named) expect(existsSync(join(ROOT, path)), path).to.equal(true);
    const files = filesBelow('deploy/kubernetes').filter((path) => !path.endsWith('kustomization.yaml'));
    expect([...named, ...BY_HAND]).to.include.members(files);
    for (const path of BY_HAND) expect(named).to.not.include(path);
  });

  it('have an API version, a kind and the name of what they are about', () => {
    for (const path of namedBy(BASE).filter((file) => !file.endsWith('gateway.yaml'))) {
      const found = documentOf(path);
      expect(at(found, 'apiVersion'), path).to.match(/^(?:[a-z\d.]+\/)?v\d$/);
      expect(at(found, 'kind'), path).to.be.a('string');
      expect(at(found, 'metadata', 'name'), path).to.equal('gateway');
    }
  });

  it('select the pods that the deployment makes', () => {
    const selectors = [
      textsAt(deployment, 'spec', 'selector', 'matchLabels'),
      textsAt(manifest('service'), 'spec', 'selector'),
      textsAt(manifest('pdb'), 'spec', 'selector', 'matchLabels'),
      textsAt(manifest('networkpolicy'), 'spec', 'podSelector', 'matchLabels'),
      ...listAt(pod, 'topologySpreadConstraints').map((constraint) =>
        textsAt(constraint, 'labelSelector', 'matchLabels'),
      ),
    ];
    for (const selector of selectors) {
      expect(selector).to.not.deep.equal({});
      expect(labels).to.include(selector);
    }
    expect(at(manifest('hpa'), 'spec', 'scaleTargetRef')).to.deep.equal({
      apiVersion: at(deployment, 'apiVersion'),
      kind: at(deployment, 'kind'),
      name: at(deployment, 'metadata', 'name'),
    });
    expect(at(pod, 'serviceAccountName')).to.equal(at(manifest('serviceaccount'), 'metadata', 'name'));
  });

  it('probe the admin listener, and send clients to the other one', () => {
    const ports = new Map(
      listAt(container, 'ports').map((port) => [String(at(port, 'name')), at(port, 'containerPort')]),
    );
    for (const folder of [BASE, ...OVERLAYS]) {
      const config = documentOf(`${folder}/config/gateway.yaml`);
      expect(at(config, 'server', 'listen'), folder).to.equal(`0.0.0.0:${String(ports.get('http'))}`);
      expect(at(config, 'admin', 'listen'), folder).to.equal(`0.0.0.0:${String(ports.get('admin'))}`);
      expect(at(config, 'admin', 'token'), folder).to.be.a('string');
    }
    expect(at(container, 'readinessProbe', 'httpGet')).to.deep.equal({ path: '/readyz', port: 'admin' });
    for (const probe of ['livenessProbe', 'startupProbe'])
      expect(at(container, probe, 'httpGet'), probe).to.deep.equal({ path: '/healthz', port: 'admin' });
    expect(listAt(manifest('service'), 'spec', 'ports').map((port) => at(port, 'targetPort'))).to.deep.equal(['http']);
    const rules = listAt(manifest('networkpolicy'), 'spec', 'ingress');
    const admitted = rules.map((rule) => [at(rule, 'ports', 0, 'port'), at(rule, 'from') !== undefined]);
    expect(admitted, 'the admin port is for some only').to.deep.equal([
      ['http', false],
      ['admin', true],
    ]);
    expect(textsAt(deployment, 'spec', 'template', 'metadata', 'annotations')['prometheus.io/port']).to.equal(
      String(ports.get('admin')),
    );
  });

  it('give a pod time to announce its end and to drain', () => {
    // drainDelay and drain, by default.
    expect(at(pod, 'terminationGracePeriodSeconds')).to.be.above(5 + 20);
    const probe = at(container, 'readinessProbe');
    const noticed = Number(at(probe, 'periodSeconds')) * Number(at(probe, 'failureThreshold'));
    expect(noticed).to.be.below(5);
    expect(at(probe, 'failureThreshold'), 'one late answer takes no pod away').to.equal(2);
  });

  it('leave PostgreSQL connections for others, in a rollout with all pods as well', () => {
    const max = Number(at(documentOf(`${PRODUCTION}/config/gateway.yaml`), 'database', 'pool', 'max'));
    const pods = Number(at(documentOf(`${PRODUCTION}/hpa.yaml`), 'spec', 'maxReplicas'));
    const surge = Number(at(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'));
    expect(at(documentOf(`${PRODUCTION}/config/gateway.yaml`), 'server', 'workers'), 'one process').to.equal(undefined);
    // max_connections of PostgreSQL is 100 by default; pods that drain are counted by no surge.
    expect((pods + surge) * max).to.be.below(100 * 0.75);
  });

  it('have egress rules to take as they are for the API server and for DNS on the node', () => {
    const text = textOf(`${BASE}/networkpolicy.yaml`);
    const uncommented = text.replaceAll(/^ {4}# (- to:|  .*)$/gm, '    $1');
    const egress = listAt(parse(uncommented), 'spec', 'egress');
    expect(egress).to.have.length(listAt(manifest('networkpolicy'), 'spec', 'egress').length + 2);
    expect(egress).to.deep.include({
      to: [{ ipBlock: { cidr: '169.254.20.10/32' } }],
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    });
    expect(egress).to.deep.include({
      to: [{ ipBlock: { cidr: '10.0.0.1/32' } }],
      ports: [{ port: 6443, protocol: 'TCP' }],
    });
  });

  it('take a migration back in a Job that has what the gateway has, and is none of its pods', () => {
    const job = documentOf(`${PRODUCTION}/migrate-down.yaml`);
    const kustomization = documentOf(`${PRODUCTION}/kustomization.yaml`);
    expect(at(job, 'metadata', 'namespace')).to.equal(at(kustomization, 'namespace'));
    const template = at(job, 'spec', 'template');
    expect(at(template, 'metadata', 'labels'), 'selected by no Service and no budget').to.equal(undefined);
    expect(at(template, 'spec', 'restartPolicy')).to.equal('Never');
    expect(at(job, 'spec', 'backoffLimit'), 'one try takes one migration back').to.equal(0);
    expect(at(template, 'spec', 'securityContext')).to.deep.equal(at(pod, 'securityContext'));
    const patched = at(documentOf(`${PRODUCTION}/deployment.yaml`), 'spec', 'template', 'spec');
    const { args, name, image, ...rest } = Object.fromEntries(entriesAt(template, 'spec', 'containers', 0));
    const migrate = Object.fromEntries(entriesAt(patched, 'initContainers', 0));
    expect({ ...rest, args: migrate['args'], name, image: 'gatewayctl' }).to.deep.equal(migrate);
    expect(args).to.deep.equal(['migrate', 'down', '--yes', '-c', '/etc/gatewayctl/gateway.yaml']);
    const { newName, newTag } = textsAt(kustomization, 'images', 0);
    expect(image).to.equal(`${newName}:${newTag}`);
    const volumes = [...listAt(pod, 'volumes'), ...listAt(patched, 'volumes')];
    for (const volume of listAt(template, 'spec', 'volumes')) expect(volumes).to.deep.include(volume);
  });

  it('make signing keys for production with no variable and no file that only pods have', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-keys-'));
    try {
      await copyFile(join(ROOT, PRODUCTION, 'keys.yaml'), join(folder, 'keys.yaml'));
      const run = promisify(execFile);
      await run(process.execPath, [...PROGRAM, 'keys', 'create', '-c', join(folder, 'keys.yaml')]);
      expect(await readdir(join(folder, 'keys'))).to.have.length(1);
    } finally {
      await rm(folder, { recursive: true });
    }
    const tokensIn = (path: string): unknown => ({
      ...Object.fromEntries(entriesAt(documentOf(`${PRODUCTION}/${path}`), 'identity', 'tokens')),
      keys: '',
    });
    expect(tokensIn('keys.yaml')).to.deep.equal(tokensIn('config/gateway.yaml'));
  }).timeout(60_000);

  it('let a node be drained, and keep one pod at least', () => {
    expect(at(manifest('pdb'), 'spec', 'maxUnavailable')).to.equal(1);
    expect(at(manifest('pdb'), 'spec', 'minAvailable')).to.equal(undefined);
    expect(at(deployment, 'spec', 'replicas'), 'the autoscaler has them').to.equal(undefined);
    for (const path of [BASE, ...OVERLAYS].map((folder) => `${folder}/hpa.yaml`)) {
      const [least, most] = ['minReplicas', 'maxReplicas'].map((key) => Number(at(documentOf(path), 'spec', key)));
      expect(least, path).to.be.above(1);
      expect(most, path).to.be.above(least ?? 0);
    }
  });

  it('scale before the one core of a process is used up', () => {
    const target = Number(at(manifest('hpa'), 'spec', 'metrics', 0, 'resource', 'target', 'averageUtilization'));
    for (const folder of [BASE, ...OVERLAYS]) {
      const resources = at(
        documentOf(`${folder}/deployment.yaml`),
        'spec',
        'template',
        'spec',
        'containers',
        0,
        'resources',
      );
      expect((coresOf(at(resources, 'requests', 'cpu')) * target) / 100, folder).to.be.within(0.1, 0.8);
      expect(at(resources, 'requests', 'memory'), folder).to.match(/^\d+[MG]i$/);
      expect(at(resources, 'limits', 'memory'), folder).to.match(/^\d+[MG]i$/);
    }
  });

  it('run without root, without rights, on a root that cannot be written', () => {
    expect(at(pod, 'securityContext')).to.deep.include({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 });
    const patch = at(documentOf(`${OVERLAYS[1] ?? ''}/deployment.yaml`), 'spec', 'template', 'spec');
    for (const each of [container, ...listAt(patch, 'initContainers')])
      expect(at(each, 'securityContext')).to.deep.equal({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    expect(at(pod, 'automountServiceAccountToken')).to.equal(false);
  });

  it('mount gateway.yaml as a folder, from a ConfigMap that keeps its name', () => {
    const mounts = listAt(container, 'volumeMounts');
    const config = mounts.find((mount) => at(mount, 'mountPath') === '/etc/gatewayctl');
    expect(config).to.deep.equal({ name: 'config', mountPath: '/etc/gatewayctl', readOnly: true });
    const volume = listAt(pod, 'volumes').find((each) => at(each, 'name') === 'config');
    for (const folder of [BASE, ...OVERLAYS]) {
      const generator = at(documentOf(`${folder}/kustomization.yaml`), 'configMapGenerator', 0);
      expect(at(generator, 'name')).to.equal(at(volume, 'configMap', 'name'));
      expect(at(generator, 'options', 'disableNameSuffixHash')).to.equal(true);
    }
  });

  for (const folder of OVERLAYS) {
    it(`of ${folder} change what the base has, and mount only volumes that there are`, () => {
      expect(listAt(documentOf(`${folder}/kustomization.yaml`), 'resources')).to.deep.equal(['../../base']);
      for (const patch of namedBy(folder).filter((path) => dirname(path) === folder)) {
        const found = documentOf(patch);
        const base = documentOf(patch.replace(folder, BASE));
        for (const key of ['apiVersion', 'kind']) expect(at(found, key), patch).to.equal(at(base, key));
        expect(at(found, 'metadata', 'name')).to.equal(at(base, 'metadata', 'name'));
      }
      const patched = at(documentOf(`${folder}/deployment.yaml`), 'spec', 'template', 'spec');
      expect(listAt(patched, 'containers').map((each) => at(each, 'name'))).to.deep.equal([at(container, 'name')]);
      const lists = entriesAt(patched).concat(entriesAt(pod));
      const volumes = lists.filter(([key]) => key === 'volumes').flatMap(([, value]) => listAt({ value }, 'value'));
      const mounts = lists
        .filter(([key]) => /containers$/i.test(key))
        .flatMap(([, value]) => listAt({ value }, 'value'))
        .flatMap((each) => (at(each, 'volumeMounts') === undefined ? [] : listAt(each, 'volumeMounts')));
      const names = new Set(volumes.map((volume) => at(volume, 'name')));
      for (const mount of mounts) expect(names).to.include(at(mount, 'name'));
      // Each file that gateway.yaml names is in a folder that is mounted.
      const config = JSON.stringify(documentOf(`${folder}/config/gateway.yaml`));
      const folders = new Set(mounts.map((mount) => String(at(mount, 'mountPath'))));
      for (const [, file = ''] of config.matchAll(/\$\{file:([^}]+)\}/g)) expect(folders).to.include(dirname(file));
      const keys = at(JSON.parse(config), 'identity', 'tokens', 'keys');
      if (keys !== undefined) expect(folders).to.include(keys);
    });
  }

  for (const folder of [BASE, ...OVERLAYS]) {
    it(`have a gateway.yaml in ${folder} that is valid`, async () => {
      expect(await findingsIn(`${folder}/config/gateway.yaml`)).to.deep.equal([]);
    });
  }
});
