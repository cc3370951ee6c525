/** `gatewayctl top` as a program: on a terminal, and where there is none. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { member } from '../../src/upstreams/discovery/shape.ts';
import { runCli, type CliResult } from '../support/cli.ts';
import { call } from '../support/client.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { PseudoTerminal } from '../support/pseudo-terminal.ts';
import { Opened } from '../support/reload.ts';
import { closedPort, TestUpstream } from '../support/upstream.ts';

const TOKEN = 'a-token-for-tests';
const ROUTES = Array.from({ length: 30 }, (_, index) => `route-${String(index).padStart(2, '0')}`);

const yaml = (token: string, upstream: string, closed: number, listen = '127.0.0.1:0'): string => `
admin: { token: ${token}, listen: "${listen}" }
upstreams:
  orders: { targets: ["${upstream}"] }
  gone: { targets: ["http://127.0.0.1:${closed}"], breaker: { minimumRequests: 1, openFor: 1m } }
routes:
  - { name: orders, match: { path: /orders }, upstream: orders }
  - { name: gone, match: { path: /gone }, upstream: gone }
${ROUTES.map((name) => `  - { name: ${name}, match: { path: /${name} }, respond: { status: 200, body: ok } }`).join('\n')}
`;

describe('gatewayctl top as a program', function () {
  // A process takes a second to start, and what it counts another one.
  this.timeout(60_000);
  const opened = new Opened();
  let folder = '';
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let closed = 0;
  let load: NodeJS.Timeout;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-top-'));
    upstream = await TestUpstream.start();
    closed = await closedPort();
    gateway = await startTestGateway(yaml(TOKEN, upstream.origin, closed));
    for (const name of ROUTES) await call(`${gateway.url}/${name}`);
    await configured();
    const ask = (): void => {
      for (const path of ['/orders', '/orders', '/orders', '/gone']) void call(gateway.url + path);
    };
    load = setInterval(ask, 100);
  });
  after(async () => {
    clearInterval(load);
    await gateway.stop();
    await upstream.close();
    await rm(folder, { recursive: true });
  });

  const configured = async (): Promise<void> =>
    writeFile(
      join(folder, 'gateway.yaml'),
      `version: 1\nadmin: { listen: "127.0.0.1:${gateway.adminPort}", token: ${TOKEN} }\nroutes: []\n`,
    );
  const run = async (line: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    runCli(line.split(' '), { cwd: folder, env });
  const onTerminal = (
    line: string,
    size: { columns: number; rows: number; env?: Readonly<Record<string, string>> } = { columns: 100, rows: 24 },
  ): PseudoTerminal =>
    new PseudoTerminal([...line.split(' '), '-c', join(folder, 'gateway.yaml')], (close) => opened.add(close), size);

  describe('into a pipe', () => {
    it('prints one snapshot, without colours and with all routes', async () => {
      const { code, stdout, stderr } = await run('top');
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.not.match(/[\u001b\r]/);
      const [status = '', totals = ''] = stdout.split('\n');
      expect(status).to.match(/^gatewayctl \d\S+ {2}ready {2}\S+gateway\.yaml [0-9a-f]+ {2}up \d+ s {2}[\d:]{8}Z$/);
      expect(totals).to.match(/^[\d.]+ requests\/s {2}[\d.]+ errors\/s \(25 %\) {2}p50 [\d.]+ m?s {2}p95 /);
      expect(stdout).to.match(/^orders +[\d.]+ +0 +[\d.]+ +0 +0 +0 +[\d.]+ m?s +[\d.]+ m?s +[\d.]+ m?s +-$/m);
      expect(stdout).to.match(/^gone +http:\S+ +circuit-open +0 +- +open +\S/m);
      for (const name of ROUTES) expect(stdout).to.include(`\n${name} `);
      expect(stdout.indexOf('\norders ')).to.be.below(stdout.indexOf('\nroute-00 '));
    });

    it('prints one snapshot as JSON', async () => {
      const { code, stdout } = await run('top --format json');
      expect(code).to.equal(0);
      const json: unknown = JSON.parse(stdout);
      expect(json).to.have.all.keys('status', 'upstreams', 'traffic');
      expect(member(json, 'status', 'ready')).to.equal(true);
      expect(member(json, 'traffic', 'total', 'errors_per_second'))
        .to.be.a('number')
        .above(0);
    });

    it('says what is wrong, and exits as other commands do', async () => {
      const wrong = await run('top', { GATEWAYCTL_TOKEN: 'another' });
      expect({ code: wrong.code, stdout: wrong.stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(wrong.stderr).to.include('does not accept the token in GATEWAYCTL_TOKEN');
      const nobody = await run(`top --admin http://127.0.0.1:${closed}`);
      expect(nobody.code).to.equal(1);
      expect(nobody.stderr).to.match(/cannot be reached: ECONNREFUSED; is gatewayctl serve running/);
      const clients = await run(`top --admin ${gateway.url}`);
      expect(clients.code).to.equal(1);
      expect(clients.stderr).to.include('knows no live view');
      expect((await run('top --sort name')).code).to.equal(2);
      expect((await run('top -c nowhere.yaml')).code).to.equal(2);
    });
  });

  describe('on a terminal', () => {
    const drawn = (count: number) => (output: string) => output.split('\u001b[H').length > count;

    it('draws on a screen of its own again and again, within its size, and ends with q', async () => {
      const terminal = onTerminal('top', { columns: 60, rows: 16 });
      await terminal.until('some frames', drawn(5));
      expect(terminal.output)
        .to.include('\u001b[?1049h\u001b[?25l')
        .and.to.match(/\u001b\[31m/);
      const { screen } = terminal;
      expect(screen).to.have.length(16);
      for (const line of screen) expect(line.length, line).to.be.at.most(60);
      expect(screen.join('\n'))
        .to.match(/^orders +\d/m)
        .and.match(/^… and \d+ more routes$/m);
      expect(screen.at(-1)).to.equal('sort: r requests  e errors  p p99  q quit');
      terminal.type('q');
      expect(await terminal.end()).to.deep.equal({ code: 0, isRestored: true });
    });

    it('sorts by what is typed', async () => {
      const terminal = onTerminal('top');
      const first = (): string =>
        terminal.screen[terminal.screen.findIndex((line) => line.startsWith('ROUTE')) + 1] ?? '';
      await terminal.until('orders first', () => first().startsWith('orders'));
      terminal.type('e');
      await terminal.until('gone first', () => first().startsWith('gone'));
      // An arrow key is no letter, and may come together with one.
      terminal.type('\u001b[Ar\u001b[B');
      await terminal.until('orders first again', () => first().startsWith('orders'));
      terminal.type('\u0003');
      expect(await terminal.end()).to.deep.equal({ code: 0, isRestored: true });
    });

    it('follows the size of the terminal', async () => {
      const terminal = onTerminal('top');
      await terminal.until('a frame', drawn(2));
      // stty sets the one and then the other: there may be a frame between.
      const isNarrow = (): boolean => terminal.screen.every((line) => line.length <= 40);
      terminal.resize(40, 10);
      await terminal.until('a smaller frame', () => terminal.screen.length === 10 && isNarrow());
      terminal.resize(120, 50);
      await terminal.until('a larger frame', () => terminal.screen.length === 50);
      terminal.type('q');
      await terminal.end();
    });

    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
      ['SIGHUP', 129],
    ] as const) {
      it(`gives the terminal back at ${signal}`, async () => {
        const terminal = onTerminal('top');
        await terminal.until('a frame', drawn(2));
        terminal.signal(signal);
        expect(await terminal.end()).to.deep.equal({ code, isRestored: true });
      });
    }

    it('leaves colours out with NO_COLOR', async () => {
      const terminal = onTerminal('top', { columns: 100, rows: 24, env: { NO_COLOR: '1' } });
      await terminal.until('some frames', drawn(4));
      terminal.type('q');
      await terminal.end();
      expect(terminal.output).to.not.match(/\u001b\[\d+m/);
    });

    it('prints one snapshot with --once, and leaves the screen alone', async () => {
      const terminal = onTerminal('top --once');
      await terminal.until('its end', (output) => /exit \d+/.test(output));
      expect(terminal.output)
        .to.include('exit 0')
        .and.not.match(/\u001b\[(?:\?|H)/);
      expect(terminal.output).to.match(/\norders +\d/);
    });

    it('says what is wrong from the beginning on, and touches no screen', async () => {
      const terminal = onTerminal(`top`, { columns: 100, rows: 24, env: { GATEWAYCTL_TOKEN: 'another' } });
      await terminal.until('its end', (output) => /exit \d+/.test(output));
      expect(terminal.output).to.include('exit 1').and.include('does not accept the token');
      expect(terminal.output).to.not.include('\u001b[?1049h');
    });

    it('goes on when the gateway is back, with its new token', async () => {
      const listen = `127.0.0.1:${await closedPort()}`;
      const first = await startTestGateway(yaml('one', upstream.origin, closed, listen));
      const write = async (token: string): Promise<void> =>
        writeFile(
          join(folder, 'other.yaml'),
          `version: 1\nadmin: { listen: "${listen}", token: ${token} }\nroutes: []\n`,
        );
      await write('one');
      const terminal = new PseudoTerminal(['top', '-c', join(folder, 'other.yaml')], (close) => opened.add(close), {
        columns: 120,
        rows: 24,
      });
      await terminal.until('a frame', drawn(2));
      await first.stop();
      await terminal.until('what is wrong', () => terminal.screen.join('\n').includes('it is tried again'));
      const second = await startTestGateway(yaml('two', upstream.origin, closed, listen));
      try {
        await write('two');
        await terminal.until('news', () => !terminal.screen.join('\n').includes('it is tried again'));
        terminal.type('q');
        expect(await terminal.end()).to.deep.equal({ code: 0, isRestored: true });
      } finally {
        await second.stop();
      }
    });
  });
});
