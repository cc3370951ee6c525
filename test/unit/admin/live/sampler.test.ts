import { expect } from 'chai';
import { Sampler, type LiveEvent, type Sources } from '../../../../src/admin/live/sampler.ts';
import { Arrivals } from '../../../support/arrivals.ts';

const never = async (): Promise<never> => new Promise(() => undefined);

describe('what is read for those who watch', () => {
  let told: Arrivals<LiveEvent>;
  let stop = (): void => undefined;

  beforeEach(() => {
    told = new Arrivals((event) => event);
  });
  afterEach(() => stop());

  function listen(sources: Partial<Sources>): void {
    const sampler = new Sampler({
      metrics: async () => [],
      status: () => ({}),
      upstreams: async () => ({}),
      failed: (error) => expect.fail(String(error)),
      ...sources,
    });
    stop = sampler.listen((event) => told.push(event));
  }

  it('tells the status while upstreams are not known yet', async () => {
    listen({ upstreams: never });
    expect(await told.at(0)).to.equal('status');
  });

  it('tells how things stand while metrics are not known yet', async () => {
    let [readings, looks] = [0, 0];
    const metrics = async (): Promise<[]> => {
      readings += 1;
      return readings === 1 ? [] : never();
    };
    listen({ metrics, status: () => ({ look: (looks += 1) }) });
    await told.at(3);
    expect(told.items).to.deep.equal(['status', 'upstreams', 'status', 'upstreams']);
  });
});
