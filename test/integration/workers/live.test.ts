import { expect } from 'chai';
import { isShownTraffic } from '../../../src/admin/live/shown-traffic.ts';
import { member } from '../../../src/upstreams/discovery/shape.ts';
import { AdminClient } from '../../support/admin-client.ts';
import { within } from '../../support/arrivals.ts';
import { EventSourceClient } from '../../support/event-source.ts';
import { answering, Opened } from '../../support/reload.ts';
import { connections, Load, PATIENCE, startWorkers, workerPids, workersYaml } from './workers.ts';

const HOME = `routes:\n${answering('home')}`;

describe('what two workers tell live', function () {
  this.timeout(PATIENCE * 2);
  const opened = new Opened();

  const watch = async (admin: string): Promise<EventSourceClient> => {
    const source = await EventSourceClient.open(`http://${admin}/api/v1/live`);
    opened.add(() => source.close());
    return source;
  };
  /** How many requests all events together tell of, and the least that one of them does. */
  const told = (source: EventSourceClient): { sum: number; least: number } => {
    const counts = source.events.items.flatMap(({ event, data }) =>
      event === 'traffic' && isShownTraffic(data)
        ? [
            data.total.requests_per_second * data.interval_seconds,
            ...data.routes.map((route) => route.requests_per_second),
          ]
        : [],
    );
    const totals = source.events.items.flatMap(({ event, data }) =>
      event === 'traffic' && isShownTraffic(data) ? [data.total.requests_per_second * data.interval_seconds] : [],
    );
    return { sum: Math.round(totals.reduce((sum, count) => sum + count, 0)), least: Math.min(...counts) };
  };

  it('is of both, and their state is in it', async () => {
    const { address, admin } = await startWorkers(opened, workersYaml(HOME));
    const source = await watch(admin);
    const client = new AdminClient(`http://${admin}`);
    await source.next('traffic');
    const agents = await connections(opened, address, 4);
    // Each on a connection of its own: they are spread over the workers.
    await Promise.all(agents.map(async (agent) => new Load(address, '/', [agent]).stop()));
    const { sum } = told(source);
    await source.events.until(() => told(source).sum > sum && told(source).sum >= 4, 'all requests');
    for (const [event, schema] of [
      ['status', 'Status'],
      ['upstreams', 'Upstreams'],
      ['traffic', 'Traffic'],
    ] as const)
      await client.expectSchema(JSON.stringify(await source.next(event)), schema);
    const traffic = await source.next('traffic', (data) => member(data, 'total', 'p50_seconds') !== null);
    expect(member(traffic, 'process', 'memory_bytes'))
      .to.be.a('number')
      .above(1e8);
    expect(member(await source.next('status'), 'health', 'workers')).to.deep.equal({ '1': 'serving', '2': 'serving' });
  });

  it('is never negative when a worker is killed and another takes its place', async () => {
    const { gateway, address, admin } = await startWorkers(opened, workersYaml(HOME));
    const source = await watch(admin);
    await source.next('traffic');
    const agents = await connections(opened, address, 8);
    const load = new Load(address, '/', agents);
    opened.add(async () => load.stop());
    await source.next('traffic', (data) => Number(member(data, 'total', 'requests_per_second')) > 0);
    const [victim = 0] = workerPids(gateway);
    process.kill(victim, 'SIGKILL');
    await gateway.logged('a worker has ended: it is replaced');
    await gateway.logged('a worker serves');
    const seen = source.events.items.length;
    await source.events.at(seen + 4);
    await load.stop();
    expect(told(source).least).to.be.at.least(0);
    // What was counted is told once: a counter that went back would come again as a whole.
    expect(told(source).sum).to.be.at.most(load.statuses.length + agents.length);
  });

  it('ends when the gateway stops', async () => {
    const { gateway, admin } = await startWorkers(opened, workersYaml(HOME));
    const source = await watch(admin);
    await source.next('traffic');
    gateway.kill('SIGTERM');
    expect(await within(source.over, 'the end of the stream')).to.equal('end');
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
  });
});
