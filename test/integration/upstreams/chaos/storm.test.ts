import { expect } from 'chai';
import { answers, hang, Scene, type Part } from '../../../support/chaotic.ts';

const REQUESTS = 300;
const CONCURRENCY = 20;
/** What an outage costs at the most: a retry for each fifth request, and ten. */
const MOST = REQUESTS * 1.2 + 10;
/** What is sure: what the first ones earn while the ten are still there is lost. */
const LEAST = MOST - CONCURRENCY * 0.2 - 1;
const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';

/** Sends many requests, a few at a time. @returns how many had which status */
async function storm(part: Part): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  let left = REQUESTS;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { status } = await part.call();
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, one));
  return statuses;
}

async function sum(part: Part, metric: string, label: string, least: number): Promise<number> {
  const counts = await part.counted(metric, label, least);
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

describe('an upstream that is down for all requests', () => {
  const scene = new Scene();

  scene.it(
    'and refuses gets no more attempts than the budget of retries allows',
    { endpoints: 2, upstream: RETRY },
    async (part) => {
      for (const endpoint of part.endpoints) await endpoint.close();
      expect(await storm(part)).to.deep.equal({ 502: REQUESTS });
      const retries = await sum(part, 'gateway_retries_total', 'cause', 0);
      // What the requests earn is spent, since all of them fail: the saved ten go first.
      expect(REQUESTS + retries).to.be.within(LEAST, MOST);
      expect(await sum(part, 'gateway_upstream_attempts_total', 'outcome', REQUESTS + retries)).to.equal(
        REQUESTS + retries,
      );
    },
  );

  scene.it(
    'and answers 503 gets no more attempts than the budget of retries allows',
    { endpoints: 2, upstream: RETRY },
    async (part) => {
      for (const endpoint of part.endpoints) endpoint.script(answers(503));
      expect(await storm(part)).to.deep.equal({ 503: REQUESTS });
      const reached = part.a.count + part.b.count;
      expect(reached).to.be.within(LEAST, MOST);
      expect(await sum(part, 'gateway_upstream_attempts_total', 'outcome', reached)).to.equal(reached);
      expect(await sum(part, 'gateway_retries_total', 'cause', 0)).to.equal(reached - REQUESTS);
    },
  );

  scene.it(
    'gets no retries but the ten with a budget of 0',
    { upstream: 'retry: { attempts: 3, backoff: { base: 0ms }, budget: 0 }' },
    async (part) => {
      part.a.script(answers(503));
      expect(await storm(part)).to.deep.equal({ 503: REQUESTS });
      expect(part.a.count).to.equal(REQUESTS + 10);
    },
  );

  scene.it(
    'gets as many retries as there are requests with a budget of 1',
    { upstream: 'retry: { attempts: 2, backoff: { base: 0ms }, budget: 1 }' },
    async (part) => {
      part.a.script(answers(503));
      await storm(part);
      // At the start there may be twenty failures for the ten that are saved.
      expect(part.a.count).to.be.within(REQUESTS * 2 - (CONCURRENCY - 10), REQUESTS * 2);
    },
  );

  scene.it(
    'and hangs gets retries and hedges from one budget',
    { endpoints: 2, upstream: `responseTimeout: 50ms, ${RETRY}, hedge: { after: 10ms }, connections: 100` },
    async (part) => {
      for (const endpoint of part.endpoints) endpoint.script(hang);
      expect(await storm(part)).to.deep.equal({ 504: REQUESTS });
      expect(part.a.count + part.b.count).to.be.within(REQUESTS + 10, MOST);
    },
  );

  scene.it(
    'is left alone by its breaker, and then costs nothing',
    {
      upstream: `${RETRY}, breaker: { failureRatio: 0.5, minimumRequests: 20, window: 1m, openFor: 1h, halfOpenRequests: 1 }`,
    },
    async (part) => {
      part.a.script(answers(500));
      const statuses = await storm(part);
      // Those that were under way when it opened came through.
      expect(part.a.count).to.be.within(20, 20 + CONCURRENCY - 1);
      expect(statuses).to.deep.equal({ 500: part.a.count, 503: REQUESTS - part.a.count });
    },
  );
});
