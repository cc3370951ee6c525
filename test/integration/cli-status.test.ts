/** `gatewayctl status` and `gatewayctl routes` as programs, against a gateway that serves. */
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliResult } from '../support/cli.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { freeAddress } from '../support/reload.ts';
import { closedPort } from '../support/upstream.ts';

const TOKEN = 'a-token-for-tests';

describe('gatewayctl status and routes as programs', function () {
  // A process takes a second to start.
  this.timeout(60_000);
  let gateway: TestGateway;
  let address = '';

  const yaml = (match: string): string => `version: 1
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "${address}", token: ${TOKEN} }
routes:
  - { name: home, ${match}: { path: / }, access: public, respond: { status: 204 } }
`;
  const run = async (line: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    runCli(line.split(' '), { cwd: gateway.folder, env });

  before(async () => {
    address = await freeAddress();
    gateway = await startTestGateway(yaml('match'));
  });
  after(async () => gateway.stop());

  it('shows how it fares, and its routes', async () => {
    const status = await run('status');
    expect({ code: status.code, stderr: status.stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(status.stdout)
      .to.match(/^state +ready\n/)
      .and.include('1 route, 0 upstreams');
    const routes = await run('routes');
    expect(routes.code, routes.stderr).to.equal(0);
    expect(routes.stdout).to.match(/^NAME +MATCH .*\nhome +\/ +public +- +answers 204 +\S+gateway\.yaml:\d+\n$/);
    expect((await run('routes home --format json')).stdout).to.include('"status": 204');
    expect(await run('routes hom')).to.include({ code: 1, stdout: '' });
  });

  it('shows a refused reload with its findings, by the file that is at fault', async () => {
    await writeFile(join(gateway.folder, 'gateway.yaml'), yaml('mach'));
    await gateway.reload();
    const { code, stdout, stderr } = await run('status');
    expect(code, stderr).to.equal(0);
    expect(stderr).to.equal(
      'gatewayctl: gateway.yaml is faulty, see gatewayctl validate gateway.yaml: the gateway is asked where its admin part says\n',
    );
    expect(stdout).to.match(/^last reload +refused \S+Z \(\d+ s ago\): the files have 2 errors/m);
    const validated = await run('validate');
    const frames = validated.stdout
      .split('\n')
      .filter((line) => /^(?:>| {2})\s*\d* \|/.test(line) || line.includes('help:'));
    expect(frames).to.have.length.greaterThan(4);
    for (const line of frames) expect(stdout).to.include(line);
    expect(stdout).to.not.include(TOKEN);
  });

  it('does not know where to ask by a file that cannot be parsed, and says what to do', async () => {
    await writeFile(join(gateway.folder, 'gateway.yaml'), `${yaml('match')}\n- [`);
    const { code, stdout, stderr } = await run('status');
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.include('yaml-syntax').and.include('--admin http://127.0.0.1:9901').and.not.include(TOKEN);
    const named = await run(`status --admin ${gateway.adminUrl}`, { GATEWAYCTL_TOKEN: TOKEN });
    expect(named.code, named.stderr).to.equal(0);
  });

  it('needs no token of the configuration when there is one in the environment, as beside a service', async () => {
    for (const [token, why] of [
      ['${file:/nowhere/token}', 'the file /nowhere/token cannot be read: there is no such file'],
      ['${TOKEN_OF_THE_SERVICE}', 'the environment variable TOKEN_OF_THE_SERVICE is not set'],
    ] as const) {
      await writeFile(join(gateway.folder, 'service.yaml'), yaml('match').replace(TOKEN, JSON.stringify(token)));
      const { code, stdout, stderr } = await run('routes -c service.yaml', { GATEWAYCTL_TOKEN: TOKEN });
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(/^NAME /);
      expect(await run('routes -c service.yaml')).to.deep.equal({
        code: 2,
        stdout: '',
        stderr: `gatewayctl: admin.token in service.yaml is not known here, since ${why}: set GATEWAYCTL_TOKEN to the one that the gateway runs with\n`,
      });
    }
  });

  it('says where it has looked for a configuration', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'gatewayctl-status-')));
    try {
      for (const command of ['upstreams orders', 'role list']) {
        const { code, stdout, stderr } = await runCli(command.split(' '), { cwd: folder });
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.include(
          `in ${folder} there is no gateway.yaml, and no /etc/gatewayctl/gateway.yaml: name the configuration with -c`,
        );
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('exits with 1 when nobody answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-status-'));
    try {
      const url = `http://127.0.0.1:${await closedPort()}`;
      for (const command of ['status', 'routes']) {
        const { code, stdout, stderr } = await runCli([command, '--admin', url], { cwd: folder, env: {} });
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
        expect(stderr).to.include(`${url} cannot be reached: ECONNREFUSED`).and.include('is gatewayctl serve running');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
