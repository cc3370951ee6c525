/** What the admin API says of several workers, and reloads that it brings about in all of them. */
import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { AdminClient } from '../../support/admin-client.ts';
import { runCli } from '../../support/cli.ts';
import { accepts, answering, freeAddress, Opened, send } from '../../support/reload.ts';
import { beginWorkers, PATIENCE, startWorkers, until, workerPids, workersYaml } from './workers.ts';

const yaml = (body: string): string => workersYaml(`routes:\n${answering(body)}`);

describe('the admin API of two workers', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  it('tells what each does, and reloads all of them or none', async () => {
    const { gateway, file, address, admin: adminAddress } = await startWorkers(opened, yaml('first'));
    const admin = new AdminClient(`http://${adminAddress}`);
    const bodies = async (): Promise<ReadonlySet<string>> =>
      new Set(await Promise.all([...Array(8).keys()].map(async () => (await send(address, '/')).body)));
    const status = await admin.json('GET /status', 'Status');
    expect(status).to.deep.include({ ready: true, reason: null });
    expect(status['health']).to.deep.equal({
      database: null,
      redis: null,
      workers: { 1: 'serving', 2: 'serving' },
    });
    expect(status['last_reload']).to.include({ outcome: 'started' });

    const { hash } = await admin.json('GET /config', 'Config');
    writeFileSync(file, yaml('second'));
    const headers = ['if-match', `"${String(hash)}"`];
    const [one, two] = await Promise.all([admin.ask('POST /reload'), admin.ask('POST /reload')]);
    expect([one.status, two.status], one.text + two.text).to.deep.equal([200, 200]);
    expect([...(await bodies())]).to.deep.equal(['second']);
    expect((await admin.ask('POST /reload', { headers })).status).to.equal(412);

    writeFileSync(file, yaml('third').replace('match', 'mach'));
    const refused = await admin.ask('POST /reload');
    expect(refused.status).to.equal(422);
    expect([...(await bodies())]).to.deep.equal(['second']);
    const shown = await runCli(['status', '--admin', `http://${adminAddress}`], { cwd: opened.folder(), env: {} });
    expect(shown.code, shown.stderr).to.equal(0);
    expect(shown.stdout)
      .to.match(/^workers +1, 2 serving$/m)
      .and.match(/^last reload +refused /m);
    for (const { frame } of JSON.parse(refused.text).diagnostics) expect(shown.stdout).to.include(frame);

    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGKILL');
    await gateway.logged('a worker has ended: it is replaced');
    const { health } = await admin.json('GET /status', 'Status');
    expect(health).to.have.property('workers').that.has.keys('1', '2');
  });

  it('answers while the workers start, and a reload that comes then when they have', async () => {
    const at = await freeAddress();
    const listens = (body: string): string =>
      yaml(body).replace("admin: { listen: '127.0.0.1:0' }", `admin: { listen: '${at}' }`);
    const { gateway, file } = beginWorkers(opened, listens('first'));
    const admin = new AdminClient(`http://${at}`);
    await until('the admin listener answers', async () => accepts(at));
    const early = JSON.parse((await admin.ask('GET /status')).text);
    writeFileSync(file, listens('second'));
    const reload = await admin.ask('POST /reload');
    expect(reload.status, reload.text).to.equal(200);
    const { address } = await gateway.serving();
    expect((await send(address, '/')).body).to.equal('second');
    expect(early).to.deep.include({ ready: false, reason: 'no worker serves' });
  });
});
