/** `gatewayctl cache purge` as a program, against a gateway that serves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliResult } from '../support/cli.ts';
import { call } from '../support/client.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { TestUpstream } from '../support/upstream.ts';

const TOKEN = 'a-token-for-tests';

describe('gatewayctl cache purge as a program', function () {
  // A process takes a second to start.
  this.timeout(60_000);
  let folder = '';
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-cache-'));
    upstream = await TestUpstream.start(
      ({ response }) =>
        void response.writeHead(200, { 'cache-control': 'max-age=3600', 'cache-tag': 'shop' }).end('ok'),
    );
    gateway = await startTestGateway(`
admin: { token: ${TOKEN} }
upstreams:
  shop: { targets: ["${upstream.origin}"] }
routes:
  - { name: shop, match: { path: "/*rest" }, upstream: shop, cache: {} }
`);
    await writeFile(
      join(folder, 'gateway.yaml'),
      `version: 1\nadmin: { listen: "127.0.0.1:${gateway.adminPort}", token: ${TOKEN} }\nroutes: []\n`,
    );
  });
  beforeEach(async () => {
    for (const path of ['/a', '/a/b', '/c']) await call(gateway.url + path);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
    await rm(folder, { recursive: true });
  });

  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    runCli(['cache', 'purge', ...args], { cwd: folder, env });
  const fails = (result: CliResult, code: number, words: string): void => {
    expect({ code: result.code, stdout: result.stdout }, result.stderr).to.deep.equal({ code, stdout: '' });
    expect(result.stderr)
      .to.include(words)
      .and.not.match(/^ {4}at /m)
      .and.not.include(TOKEN);
  };

  it('finds address and token in the configuration, and purges what is named', async () => {
    expect(await run(['--route', 'shop', '--prefix', '/a'])).to.deep.equal({
      code: 0,
      stdout: 'purged 2 answers\n',
      stderr: '',
    });
    expect((await run(['--tag', 'shop', '--path', '/c'])).stdout).to.equal('purged 1 answer\n');
    expect((await run(['--all', '--format', 'json'])).stdout).to.equal('{\n  "purged": 0\n}\n');
  });

  it('asks where --admin says, with the token of the environment alone', async () => {
    const admin = ['--all', '--admin', gateway.adminUrl];
    fails(await run(admin), 1, 'wants the admin token, and there is none in GATEWAYCTL_TOKEN');
    expect(await run(admin, { GATEWAYCTL_TOKEN: TOKEN })).to.include({ code: 0, stdout: 'purged 3 answers\n' });
    fails(await run([...admin, '-c', 'gateway.yaml']), 2, "option '--admin <url>' cannot be");
  });

  it('purges nothing unless it is said what', async () => {
    fails(await run([]), 2, 'it is not said what to purge: type --route NAME');
    fails(await run(['--tag', '']), 2, '--tag: found ""');
    fails(await run(['--all', '--tag', 'shop']), 2, "option '--all' cannot be used with option '--tag <tag>'");
    fails(await run(['--path', '/a?b=c']), 1, '--path must have no query');
    fails(await run(['/a']), 2, 'too many arguments');
    const asked = upstream.requests.items.length;
    for (const path of ['/a', '/a/b', '/c']) await call(gateway.url + path);
    expect(upstream.requests.items.length).to.equal(asked);
  });
});
