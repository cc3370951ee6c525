import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import type { ShownStatus } from '../../../src/admin/shown-status.ts';
import { status } from '../../../src/cli/status.ts';
import { outcomeOf, type Outcome } from '../../support/commands.ts';

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const well = (): ShownStatus => ({
  version: '0.1.0',
  started_at: ago(7300),
  ready: true,
  reason: null,
  health: { database: null, redis: null, workers: null },
  config: {
    hash: '0123456789abcdef',
    file: 'gateway.yaml',
    loaded_at: ago(130),
    routes: 12,
    upstreams: 1,
    restart_required: [],
  },
  last_reload: { at: ago(7300), outcome: 'started', message: null, diagnostics: [] },
});
const WELL = well();
const FINDING: ShownStatus['last_reload']['diagnostics'][number] = {
  code: 'unknown-key',
  severity: 'error',
  message: 'unknown key "mach" in routes[0]',
  hint: 'did you mean "match"?',
  file: 'gateway.yaml',
  path: 'routes[0].mach',
  line: 3,
  column: 5,
  length: 4,
  frame: '  2 | routes:\n> 3 |   - mach: 1\n    |     ^~~~',
};

describe('gatewayctl status', () => {
  let server: Server;
  let url = '';
  let body: unknown;

  before(async () => {
    server = createServer((request, response) => {
      response.writeHead(request.url === '/api/v1/status' ? 200 : 404).end(JSON.stringify(body));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  after(async () => new Promise<void>((done) => server.close(() => done())));

  const run = async (shown: unknown, format: 'text' | 'json' = 'text', color = false): Promise<Outcome> => {
    body = shown;
    return outcomeOf(() => status({ format, admin: url, config: 'gateway.yaml', color }));
  };

  it('prints what serves and since when', async () => {
    const { stdout, code, stderr } = await run(well());
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const [state, started, configuration, serves, reload, ...rest] = stdout.split('\n');
    expect(state).to.equal('state          ready');
    expect(started).to.match(/^started        \S+Z \(2 h ago\), version 0\.1\.0$/);
    expect(configuration).to.equal('configuration  gateway.yaml, 12 routes, 1 upstream');
    expect(serves).to.match(/^serves         0123456789abcdef since \S+Z \(2 min ago\)$/);
    expect(reload).to.equal('last reload    none since the start');
    expect(rest).to.deep.equal(['']);
  });

  it('prints what the gateway leans on, and what needs a restart', async () => {
    const { stdout } = await run({
      ...WELL,
      health: { database: 'ready', redis: 'down', workers: { 1: 'serving', 2: 'ended', 3: 'serving' } },
      config: { ...WELL.config, restart_required: ['server.workers', 'redis'] },
    });
    expect(stdout.split('\n').slice(5)).to.deep.equal([
      'restart        needed for server.workers, redis: changed, and not in effect',
      'database       ready',
      'redis          down',
      'workers        1, 3 serving; 2 ended',
      '',
    ]);
  });

  it('prints the findings of a refused reload as validate does, and exits with 0: the former one serves', async () => {
    const message = 'the files have an error: the former configuration goes on';
    const reload = { at: ago(12), outcome: 'refused', message, diagnostics: [FINDING] };
    const { stdout, code } = await run({ ...WELL, last_reload: reload });
    expect(code).to.equal(0);
    const [table = '', findings] = stdout.split('\n\n');
    expect(table.split('\n').at(-1)).to.match(
      /^last reload    refused \S+Z \(1\d s ago\): the files have an error: the/,
    );
    expect(findings).to.equal(
      `gateway.yaml:3:5 error  unknown-key  routes[0].mach: unknown key "mach" in routes[0]
  2 | routes:
> 3 |   - mach: 1
    |     ^~~~
  help: did you mean "match"?
`,
    );
    const coloured = await run({ ...WELL, last_reload: reload }, 'text', true);
    expect(coloured.stdout).to.include('\u001b[31merror\u001b[39m');
  });

  it('exits with 3 when the gateway is not ready, in both formats, and prints all the same', async () => {
    const draining = { ...WELL, ready: false, reason: 'draining' };
    const { code, stdout, message } = await run(draining);
    expect({ code, message }).to.deep.equal({ code: 3, message: '' });
    expect(stdout).to.match(/^state +not ready: draining$/m);
    const json = await run(draining, 'json');
    expect(json.code).to.equal(3);
    expect(JSON.parse(json.stdout)).to.deep.equal(draining);
  });

  it('prints the JSON of the API, unknown members included', async () => {
    const { stdout, code } = await run({ ...WELL, later: 1 }, 'json');
    expect([code, JSON.parse(stdout)]).to.deep.equal([0, { ...WELL, later: 1 }]);
  });

  it('lets nothing that it was told act upon the terminal', async () => {
    const evil = '\u001b[2J\u009b31m';
    const diagnostics = [{ ...FINDING, message: evil, frame: `> 1 | ${evil}`, hint: evil, file: evil, code: evil }];
    const { stdout } = await run({
      ...WELL,
      version: evil,
      last_reload: { at: ago(1), outcome: evil, message: evil, diagnostics },
    });
    expect(stdout).to.not.match(/[\u001b\u009b]/);
  });

  for (const [what, answer] of [
    ['no object', []],
    ['an object without members', {}],
    ['a time that is none', { ...WELL, started_at: 'yesterday' }],
    ['a finding without a frame', { ...WELL, last_reload: { ...WELL.last_reload, diagnostics: [{ code: 'a' }] } }],
  ] as const) {
    it(`exits with 1 when it is told ${what}`, async () => {
      const { code, stdout, message } = await run(answer);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(message).to.include('answered something that is no status');
    });
  }
});
