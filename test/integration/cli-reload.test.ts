/** `gatewayctl reload` as a program, against a gateway that serves. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliResult } from '../support/cli.ts';
import { call } from '../support/client.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { freeAddress } from '../support/reload.ts';

const TOKEN = 'a-token-for-tests';

describe('gatewayctl reload as a program', function () {
  // A process takes a second to start.
  this.timeout(60_000);
  let gateway: TestGateway;
  let address = '';

  const yaml = (body: string, match = 'match'): string => `version: 1
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "${address}", token: ${TOKEN} }
routes:
  - { name: home, ${match}: { path: / }, access: public, respond: { status: 200, body: ${body} } }
`;
  const write = async (text: string): Promise<void> => writeFile(join(gateway.folder, 'gateway.yaml'), text);
  const run = async (...args: readonly string[]): Promise<CliResult> =>
    runCli(['reload', ...args], { cwd: gateway.folder });

  before(async () => {
    address = await freeAddress();
    gateway = await startTestGateway(yaml('first'));
  });
  after(async () => gateway.stop());

  it('is over when what is in the file serves', async () => {
    await write(yaml('second'));
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    // The watcher may have been quicker.
    expect(stdout).to.match(/^(?:reloaded|unchanged): [0-9a-f]{16} serves\n$/);
    expect((await call(gateway.url)).text).to.equal('second');
  });

  it('replaces nothing but the configuration that is named', async () => {
    const { stdout } = await run('--format', 'json');
    const hash = String(JSON.parse(stdout).hash);
    expect(await run('--if-match', hash)).to.include({ code: 0, stdout: `unchanged: ${hash} serves\n` });
    expect(await run('--if-match', '0123456789abcdef')).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'gatewayctl: not reloaded: another configuration serves\n',
    });
  });

  it('shows the findings of a faulty file as validate does, and exits with 1', async () => {
    await write(yaml('third', 'mach'));
    const { code, stdout, stderr } = await run();
    expect(code).to.equal(1);
    expect(stderr).to.include('not reloaded: the files have 2 errors');
    expect(stdout)
      .to.match(/gateway\.yaml:5:\d+ error {2}unknown-key/)
      .and.match(/^> 5 \|/m)
      .and.include('help: did you mean "match"?')
      .and.not.include(TOKEN);
    expect((await call(gateway.url)).text).to.equal('second');
  });
});
