/** What is shipped is complete: the image has all that it is built from, the package all that its pages speak of. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { debianProgram } from './support/debian.ts';
import { startTestGateway } from './support/gateway.ts';
import { at, listAt, ROOT, textOf } from './support/deployed.ts';

/** What a build makes: it is in the package and in the image, and in no checkout. */
const BUILT = ['dist', 'node_modules'];

describe('the image', () => {
  interface Copy {
    /** Undefined = the context. */
    readonly from: string | undefined;
    readonly sources: readonly string[];
  }

  const copies: readonly Copy[] = [...textOf('Dockerfile').matchAll(/^COPY (?:--from=(\S+) )?(.+)$/gm)].map(
    ([, from, paths = '']) => ({ from, sources: paths.trim().split(/\s+/).slice(0, -1) }),
  );

  /** As docker reads .dockerignore: of the lines that match a path or a folder above it, the last one counts. */
  function isIgnored(path: string): boolean {
    const parts = path.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    let ignored = false;
    for (const line of textOf('.dockerignore').split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const pattern = line.replace(/^!/, '').replace(/\/$/, '');
      const expression = pattern.replaceAll(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*');
      if (paths.some((each) => new RegExp(`^${expression}$`).test(each))) ignored = !line.startsWith('!');
    }
    return ignored;
  }

  it('is built from paths that are there and that .dockerignore lets through', () => {
    const fromContext = copies.filter(({ from }) => from === undefined).flatMap(({ sources }) => sources);
    const fromBuild = copies
      .filter(({ from }) => from === 'build')
      .flatMap(({ sources }) => sources)
      .map((source) => source.replace(/^\/src\//, ''));
    const needed = [...fromContext, ...fromBuild].filter((path) => path !== '.' && !BUILT.includes(path));
    expect(needed).to.include.members(['package-lock.json', 'schemas', 'migrations', 'status-page']);
    for (const path of needed) {
      expect(existsSync(join(ROOT, path)), `there is no ${path}`).to.equal(true);
      expect(isIgnored(path), `.dockerignore keeps ${path} away`).to.equal(false);
    }
  });

  it('has every folder that the program reads beside its own', () => {
    const program = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => textOf(join('src', path)))
      .join('\n');
    const read = new Set(
      [...program.matchAll(/'(?:\.\.\/)+(schemas|migrations|examples|status-page)\//g)].map(([, name]) => name),
    );
    expect([...read]).to.have.members(['schemas', 'migrations', 'examples', 'status-page']);
    const copied = copies.flatMap(({ from, sources }) => (from === undefined ? [] : sources));
    for (const name of read)
      expect(
        copied.some((source) => source.startsWith(`/src/${name}`)),
        name,
      ).to.equal(true);
  });

  it('has a folder for the embedded database and the keys that its user can write', () => {
    const dockerfile = textOf('Dockerfile');
    expect(dockerfile).to.match(/^USER 1000:1000$/m);
    expect(dockerfile).to.match(/^RUN install -d -m 0700 -o 1000 -g 1000 \/var\/lib\/gatewayctl$/m);
  });

  it('is built in one stage and runs in another one, which has neither npm’s sources nor what only builds need', () => {
    const dockerfile = textOf('Dockerfile');
    const stages = dockerfile.split(/^FROM /m).slice(1);
    expect(stages.map((stage) => stage.split('\n')[0])).to.deep.equal([
      'node:20-bookworm-slim AS build',
      'node:20-bookworm-slim',
    ]);
    expect(stages[0]).to.include('npm prune --omit=dev');
    expect(stages[1]).to.not.match(/^RUN .*(?:npm|apt-get)/m);
    for (const { from } of copies.slice(2)) expect(from).to.equal('build');
  });

  it('runs as nobody special, gets its signals itself, and says how it fares', () => {
    const dockerfile = textOf('Dockerfile');
    const after = dockerfile.slice(dockerfile.indexOf('USER 1000:1000'));
    expect(after).to.not.match(/^(?:RUN|COPY|USER root)/m);
    const inFull = (name: string): unknown =>
      JSON.parse(new RegExp(`^(?: {4})?${name} (\\[.+\\])$`, 'm').exec(dockerfile)?.[1] ?? '');
    expect(inFull('ENTRYPOINT')).to.deep.equal(['node', '/opt/gatewayctl/dist/cli/main.js']);
    expect(dockerfile).to.match(/^CMD \["serve", "-c", "\/etc\/gatewayctl\/gateway\.yaml"\]$/m);
    expect(dockerfile)
      .to.match(/^WORKDIR \/etc\/gatewayctl$/m)
      .and.match(/^STOPSIGNAL SIGTERM$/m);
    expect(dockerfile).to.not.match(/^VOLUME/m);
  });

  it('asks itself for its health: well with an answer, not well without one', async () => {
    const command: unknown = JSON.parse(/^HEALTHCHECK .*\\\n +CMD (\[.+\])$/m.exec(textOf('Dockerfile'))?.[1] ?? '');
    const [, ...args] = listAt({ command }, 'command').map(String);
    const gateway = await startTestGateway('routes: []');
    const check = async (): Promise<unknown> =>
      promisify(execFile)(process.execPath, args, {
        env: { GATEWAYCTL_HEALTH_URL: `${gateway.adminUrl}/healthz` },
      }).then(
        () => 0,
        (error: unknown) => at(error, 'code'),
      );
    expect(await check()).to.equal(0);
    await gateway.stop();
    expect(await check()).to.equal(1);
  });

  it('is told apart from what .dockerignore keeps away', () => {
    expect(
      ['test', 'docs/users.md', 'examples/keys', 'schemas/validators.cjs', '.git'].filter(isIgnored),
    ).to.have.length(5);
    expect(
      ['src/cli/main.ts', 'schemas/gateway.schema.json', 'examples/quickstart.yaml'].filter(isIgnored),
    ).to.deep.equal([]);
  });
});

describe('the package', () => {
  const described: unknown = JSON.parse(textOf('package.json'));
  const patterns = listAt(described, 'files').map(String);
  let shipped: readonly string[];

  before(() => {
    // Without scripts: it would be built, under the feet of other tests.
    const stdout = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const packed: unknown = JSON.parse(stdout);
    shipped = listAt(Array.isArray(packed) ? packed[0] : undefined, 'files').map((file) => String(at(file, 'path')));
  });

  it('finds what its list of files names', () => {
    for (const pattern of patterns.filter((each) => !BUILT.includes(each))) {
      const [start = '', end = ''] = pattern.split(/\*+\/?\*?/);
      const found = shipped.filter((path) => path.startsWith(start) && path.endsWith(end));
      expect(found, pattern).to.not.deep.equal([]);
    }
  });

  it('has no sources in TypeScript, and no tests', () => {
    expect(shipped.filter((path) => /\.[cm]?ts$/.test(path))).to.deep.equal([]);
    expect(shipped.filter((path) => /^(?:src|test|bench)\//.test(path))).to.deep.equal([]);
  });

  it('has what the program reads, and all pages', () => {
    expect(shipped).to.include.members([
      'schemas/gateway.schema.json',
      'schemas/include.schema.json',
      'migrations/0001-users.up.sql',
      ...readdirSync(join(ROOT, 'status-page'))
        .filter((name) => !/(?:\.d\.ts|\.json)$/.test(name))
        .map((name) => `status-page/${name}`),
      'examples/quickstart.yaml',
      'LICENSE',
      'README.md',
    ]);
    const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
    for (const page of pages.filter((path) => path.endsWith('.md'))) expect(shipped).to.include(`docs/${page}`);
  });

  it('has every file of deploy that a page speaks of', () => {
    const page = textOf('docs/operations.md');
    const named = new Set([...page.matchAll(/\bdeploy\/[\w./-]*\w/g)].map(([name]) => name));
    expect([...named]).to.include('deploy/systemd/gatewayctl.service');
    for (const name of named)
      expect(
        shipped.some((path) => path === name || path.startsWith(`${name}/`)),
        name,
      ).to.equal(true);
  });
});

describe('the systemd unit', () => {
  const unit = textOf('deploy/systemd/gatewayctl.service');

  it('lets the program write where docs/operations.md puts users and keys, and nowhere else', () => {
    expect(unit).to.match(/^ProtectSystem=strict$/m);
    const folder = `/var/lib/${/^StateDirectory=(\S+)$/m.exec(unit)?.[1] ?? ''}`;
    expect(unit).to.match(/^StateDirectoryMode=0700$/m);
    const written = [...textOf('docs/operations.md').matchAll(/(?:dataDir|keys): (\/[\w/-]+)/g)].map(
      ([, path]) => path,
    );
    expect(written).to.have.length.above(1);
    for (const path of written) expect(path).to.match(new RegExp(`^${folder}/\\w`));
  });

  it('runs and stops the program as it is installed', () => {
    expect(unit).to.include('/node_modules/gatewayctl/dist/cli/main.js serve -c /etc/gatewayctl/gateway.yaml');
    const prefix = /^ExecStart=(\/\S+)\/bin\/node \1\/lib\/node_modules\//m.exec(unit)?.[1];
    const installs = [...textOf('docs/operations.md').matchAll(/npm install --global (.*?)\.\/gatewayctl/g)];
    expect(installs).to.have.length.above(2);
    for (const [, options] of installs) expect(options).to.equal(`--prefix ${prefix} `);
    expect(unit).to.match(/^RestartPreventExitStatus=2$/m);
  });

  it('goes on when the kernel kills a worker', () => {
    expect(unit).to.match(/^OOMPolicy=continue$/m);
  });

  it('reloads by SIGHUP, and stops in more time than announcing and draining take', () => {
    expect(unit).to.match(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
    expect(Number(/^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1])).to.be.above(5 + 20);
  });

  it('is taken by systemd, which finds little that it could do to the system', async () => {
    const { file, env } = await debianProgram('systemd-analyze', 'systemd');
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-unit-'));
    const analyze = async (...args: readonly string[]): Promise<string> => {
      const { stdout, stderr } = await promisify(execFile)(file, args, { env: { ...process.env, ...env } });
      return stdout + stderr;
    };
    try {
      const path = join(folder, 'gatewayctl.service');
      // Node may be somewhere else on this machine.
      await writeFile(path, unit.replace('ExecStart=/usr/bin/node ', `ExecStart=${process.execPath} `));
      expect(await analyze('verify', path)).to.not.include('gatewayctl.service');
      // Of 100, where 100 is a service that may do anything.
      await analyze('security', '--offline=true', '--threshold=20', '--no-pager', path);
      await writeFile(path, unit.replaceAll(/^(?:Protect|Restrict|Private|Capability|NoNew).*$/gm, ''));
      const refused = await analyze('security', '--offline=true', '--threshold=20', '--no-pager', path).catch(String);
      expect(refused).to.include('Command failed');
    } finally {
      await rm(folder, { recursive: true });
    }
  }).timeout(300_000);
});
