/** What the admin API says of a gateway as a whole. */
import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import { readManifest } from '../../../src/cli/manifest.ts';
import { AdminClient } from '../../support/admin-client.ts';
import { adminOptions } from '../../support/admin.ts';
import { call, expectProblem } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const SECRET = 'a-secret-for-tests';
const LISTEN = { host: '127.0.0.1', port: 0 };

const text = (route: string): string => `
admin: { token: ${SECRET} }
upstreams:
  orders: { targets: ["http://127.0.0.1:1"] }
routes:
  - { name: orders, match: { path: /orders }, ${route} }
`;

describe('the status in the admin API', () => {
  let gateway: TestGateway;
  let admin: AdminClient;

  before(async () => {
    gateway = await startTestGateway(text('upstream: orders'));
    admin = new AdminClient(gateway.adminUrl, SECRET);
  });
  after(async () => gateway.stop());

  it('says what serves, since when, and that it is ready', async () => {
    const before = Date.now();
    const { version, started_at: started, config, ...rest } = await admin.json('GET /status', 'Status');
    expect(version).to.equal(readManifest().version);
    expect(Date.parse(String(started))).to.be.at.most(before);
    expect(config).to.deep.include({ file: `${gateway.folder}/gateway.yaml`, routes: 1, upstreams: 1 });
    expect(config).to.deep.include({ restart_required: [] });
    expect(rest).to.deep.include({ ready: true, reason: null, health: { database: null, redis: null, workers: null } });
    expect(rest['last_reload']).to.deep.include({ outcome: 'started', message: null, diagnostics: [] });
  });

  it('tells a refused reload with its findings at their lines, and no secret of them', async () => {
    const { config: former } = await admin.json('GET /status', 'Status');
    await gateway.write(text('upstream: order'));
    await gateway.reload();
    const answer = await admin.ask('GET /status');
    expect(answer.text).to.not.include(SECRET);
    await admin.expectSchema(answer.text, 'Status');
    const { config, last_reload: reload, ready } = JSON.parse(answer.text);
    expect({ config, ready }).to.deep.equal({ config: former, ready: true });
    expect(reload).to.include({ outcome: 'refused' });
    expect(reload.message).to.equal('the files have an error: the former configuration goes on');
    const [finding, unused] = reload.diagnostics;
    expect(unused).to.include({ code: 'unused-upstream', severity: 'warning' });
    expect(unused.frame).to.include('token: •••');
    expect(finding).to.include({ code: 'unknown-reference', severity: 'error', path: 'routes[0].upstream' });
    expect(finding.hint).to.include('orders');
    const lines: readonly string[] = finding.frame.split('\n');
    const at = lines.findIndex((line) => line.startsWith('>'));
    const [marked = '', caret = ''] = lines.slice(at);
    expect(marked).to.match(new RegExp(`^> ${finding.line} \\|.*upstream: order `));
    expect(caret.indexOf('^')).to.equal(marked.lastIndexOf('order '));
  });

  it('tells a setting that takes effect after a restart only, until it is taken back', async () => {
    const config = async (): Promise<unknown> => {
      const { config: shown } = await admin.json('GET /status', 'Status');
      return shown;
    };
    await gateway.write(`${text('upstream: orders')}metrics: { buckets: [1, 2] }\n`);
    await gateway.reload();
    expect(await config()).to.deep.include({ restart_required: ['metrics'] });
    await gateway.reload();
    expect(await config()).to.deep.include({ restart_required: ['metrics'] });
    await gateway.write(text('upstream: orders'));
    await gateway.reload();
    expect(await config()).to.deep.include({ restart_required: [] });
  });

  it('shows itself to those with the admin token only', async () => {
    for (const token of ['', 'wrong']) expectProblem(await admin.ask('GET /status', { token }), 'unauthorized');
    expectProblem(
      await admin.ask('GET /status', { headers: ['origin', 'http://evil.example'] }),
      'misdirected-request',
    );
    expectProblem(await admin.ask('GET /status', { headers: ['host', 'evil.example'] }), 'misdirected-request');
    expectProblem(await admin.ask('GET /status?a=b'), 'invalid-query');
    expectProblem(await admin.ask('POST /status'), 'method-not-allowed');
  });

  it('says why a gateway is not ready, and how what it leans on fares', async () => {
    const options = await adminOptions({
      notReady: () => 'no worker serves',
      health: () => ({ database: 'does not answer', redis: 'down', workers: { 1: 'starting', 2: 'ended' } }),
    });
    const listener = await AdminListener.open(LISTEN, options);
    try {
      const other = new AdminClient(`http://127.0.0.1:${listener.address.port}`);
      expect(await other.json('GET /status', 'Status')).to.deep.include({
        ready: false,
        reason: 'no worker serves',
        health: { database: 'does not answer', redis: 'down', workers: { 1: 'starting', 2: 'ended' } },
      });
    } finally {
      await listener.close();
    }
  });
});

describe('an admin request that a bug meets', () => {
  it('gets a 500, and the bug is counted', async () => {
    let bugs = 0;
    const listener = await AdminListener.open(
      LISTEN,
      await adminOptions({
        metrics: async () => Promise.reject(new Error('a bug')),
        internalError: () => {
          bugs += 1;
        },
      }),
    );
    try {
      const { port } = listener.address;
      expectProblem(await call(`http://127.0.0.1:${port}/metrics`), 'internal-error');
      expect(bugs).to.equal(1);
    } finally {
      await listener.close();
    }
  });
});
