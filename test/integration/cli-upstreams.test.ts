/** `gatewayctl upstreams` as a program, against a gateway that serves and against what is none. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, type CliResult } from '../support/cli.ts';
import { call } from '../support/client.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { closedPort, onceHead, RawUpstream, TestUpstream } from '../support/upstream.ts';

const TOKEN = 'a-token-for-tests';

describe('gatewayctl upstreams as a program', function () {
  // A process takes a second to start.
  this.timeout(60_000);
  let folder = '';
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-upstreams-'));
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
admin: { token: ${TOKEN} }
upstreams:
  orders: { targets: ["${upstream.origin}"] }
  gone: { targets: ["http://127.0.0.1:${await closedPort()}"], breaker: { minimumRequests: 1, openFor: 1m } }
routes:
  - { name: orders, match: { path: /orders }, upstream: orders }
  - { name: gone, match: { path: /gone }, upstream: gone }
`);
    for (const path of ['/orders', '/gone']) await call(gateway.url + path);
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
    await rm(folder, { recursive: true });
  });

  const configured = async (admin: string): Promise<void> =>
    writeFile(join(folder, 'gateway.yaml'), `version: 1\nadmin: ${admin}\nroutes: []\n`);
  const run = async (line: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    runCli(
      line.split(' ').filter((word) => word !== ''),
      { cwd: folder, env },
    );
  const fails = (result: CliResult, code: number, ...words: readonly string[]): void => {
    expect({ code: result.code, stdout: result.stdout }, result.stderr).to.deep.equal({ code, stdout: '' });
    for (const word of words) expect(result.stderr).to.include(word);
    expect(result.stderr)
      .to.not.match(/^ {4}at /m)
      .and.not.include(TOKEN);
  };

  it('finds address and token in the configuration, and prints the endpoints', async () => {
    await configured(`{ listen: "127.0.0.1:${gateway.adminPort}", token: ${TOKEN} }`);
    const { code, stdout, stderr } = await run('upstreams');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const [head, orders, gone] = stdout.split('\n');
    expect(head).to.match(/^UPSTREAM +ENDPOINT +STATE +WEIGHT +IN-FLIGHT +LATENCY +BREAKER +WHY$/);
    expect(orders).to.match(new RegExp(`^orders +${upstream.origin} +available +1 +0 +[\\d.]+ m?s +-$`));
    expect(gone).to.match(/^gone +http:\S+ +circuit-open +1 +0 +- +open +\S/);
  });

  it('prints one upstream as JSON', async () => {
    await configured(`{ listen: "127.0.0.1:${gateway.adminPort}", token: ${TOKEN} }`);
    const { code, stdout } = await run('upstreams orders --format json');
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ name: 'orders', balance: 'round-robin', panic: false });
  });

  it('names the upstream that was probably meant', async () => {
    await configured(`{ listen: "127.0.0.1:${gateway.adminPort}", token: ${TOKEN} }`);
    fails(
      await run('upstreams order'),
      1,
      'there is no upstream "order": did you mean "orders"? expected orders, gone',
    );
  });

  for (const listen of ['0.0.0.0', '']) {
    it(`asks over loopback when admin.listen is ${listen}:PORT`, async () => {
      await configured(`{ listen: "${listen}:${gateway.adminPort}", token: ${TOKEN} }`);
      expect(await run('upstreams orders')).to.include({ code: 0, stderr: '' });
    });
  }

  it('takes GATEWAYCTL_TOKEN before the token of the configuration', async () => {
    await configured(`{ listen: "127.0.0.1:${gateway.adminPort}", token: an-older-one }`);
    const older = await run('upstreams');
    fails(older, 1, 'does not accept the token in admin.token in gateway.yaml: set GATEWAYCTL_TOKEN');
    expect(older.stderr).to.not.include('an-older-one');
    expect((await run('upstreams', { GATEWAYCTL_TOKEN: TOKEN })).code).to.equal(0);
  });

  it('says which token is missing', async () => {
    await configured(`{ listen: "127.0.0.1:${gateway.adminPort}" }`);
    fails(
      await run('upstreams'),
      1,
      'wants the admin token, and there is none in admin.token in gateway.yaml: set GAT',
    );
    fails(await run(`upstreams --admin ${gateway.adminUrl}`), 1, 'there is none in GATEWAYCTL_TOKEN');
  });

  it('takes no token that cannot be a header, and none as an argument', async () => {
    const env = { GATEWAYCTL_TOKEN: 'two\nlines' };
    fails(
      await run(`upstreams --admin ${gateway.adminUrl}`, env),
      2,
      'GATEWAYCTL_TOKEN has a character that cannot be',
    );
    fails(await run('upstreams --token x'), 2, "unknown option '--token'");
  });

  it('asks where --admin says, without a configuration and without its token', async () => {
    await configured('{ listen: 3 }');
    const env = { GATEWAYCTL_TOKEN: TOKEN };
    expect(await run(`upstreams --admin ${gateway.adminUrl}`, env)).to.include({ code: 0, stderr: '' });
    await configured(`{ listen: "127.0.0.1:1", token: ${TOKEN} }`);
    fails(await run(`upstreams --admin ${gateway.adminUrl}`), 1, 'wants the admin token');
    fails(
      await run(`upstreams --admin ${gateway.adminUrl} -c gateway.yaml`, env),
      2,
      "option '--admin <url>' cannot be",
    );
  });

  it('says what to look at when nobody answers', async () => {
    const port = await closedPort();
    await configured(`{ listen: "0.0.0.0:${port}", token: ${TOKEN} }`);
    fails(
      await run('upstreams'),
      1,
      `http://127.0.0.1:${port} cannot be reached: ECONNREFUSED`,
      `is gatewayctl serve running? admin.listen is 0.0.0.0:${port} in gateway.yaml`,
    );
  });

  it('does not know where to ask when any free port is taken, and exits with 2', async () => {
    await configured('{ listen: "127.0.0.1:0" }');
    fails(await run('upstreams'), 2, 'admin.listen is 127.0.0.1:0 in gateway.yaml, which is any free port', '--admin');
  });

  it('tells the faults of the configuration, and exits with 2', async () => {
    await configured('{ listen: 3 }');
    fails(await run('upstreams'), 2, 'gateway.yaml:2');
    fails(await run('upstreams -c nowhere.yaml'), 2, 'there is no such file');
  });

  it('is told apart from the listener for clients', async () => {
    const env = { GATEWAYCTL_TOKEN: TOKEN };
    fails(await run(`upstreams --admin ${gateway.url}`, env), 1, `${gateway.url} knows no upstreams`, '--admin');
  });

  it('says that a listener on loopback has to be called so', async () => {
    const other = await TestUpstream.start(({ response }) => void response.writeHead(421).end());
    try {
      fails(await run(`upstreams --admin ${other.origin}`), 1, 'has to be called 127.0.0.1');
    } finally {
      await other.close();
    }
  });

  it('gives up on what begins to answer and never ends', async () => {
    const silent = await RawUpstream.start((socket) =>
      onceHead(socket, () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{')),
    );
    try {
      const admin = silent.origin;
      fails(await run(`upstreams --admin ${admin}`), 1, `${admin} did not answer within 5 s`);
    } finally {
      await silent.close();
    }
  });
});
