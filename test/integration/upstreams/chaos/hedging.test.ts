import { expect } from 'chai';
import { answers, hang, ok, reset, Scene, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';

const HEDGE = 'hedge: { after: 50ms, max: 1 }';
/** Long after any test is over. */
const LATE = 'hedge: { after: 1h }';
const hedges = async (part: Part): Promise<number> => part.metric('gateway_hedges_total{upstream="NAME"}');

onEachEngine('a hedge', () => {
  const scene = new Scene();

  scene.it(
    'goes to another endpoint when the first is slow; the one that lost is cancelled',
    { endpoints: 2, upstream: HEDGE },
    async (part) => {
      part.a.script(hang);
      const answer = await part.call();
      expect([answer.text, ...part.counts]).to.deep.equal(['ok', 1, 1]);
      const [first, second] = [await part.a.requests.at(0), await part.b.requests.at(0)];
      expect(second.at - first.at).to.be.greaterThan(30);
      await first.over();
      expect(first.incoming.socket.destroyed).to.equal(true);
      expect(await part.told(answer, 2)).to.deep.equal({
        status: 200,
        attempts: 2,
        error: undefined,
        outcomes: { superseded: 1, '2xx': 1 },
        retries: {},
      });
      expect(await hedges(part)).to.equal(1);
      expect((await part.shown()).endpoints.map((endpoint) => endpoint.in_flight)).to.deep.equal([0, 0]);
    },
  );

  scene.it('loses when the first answers first', { endpoints: 2, upstream: HEDGE }, async (part) => {
    part.a.script(hang);
    part.b.script(hang);
    const called = part.call();
    const second = await part.b.requests.at(0);
    (await part.a.requests.at(0)).response.end('first');
    const answer = await called;
    expect(answer.text).to.equal('first');
    await second.over();
    expect((await part.told(answer, 2)).outcomes).to.deep.equal({ superseded: 1, '2xx': 1 });
  });

  scene.it('is not sent when the first answers before', { endpoints: 2, upstream: LATE }, async (part) => {
    const answer = await part.call();
    expect([answer.text, ...part.counts, await hedges(part)]).to.deep.equal(['ok', 1, 0, 0]);
  });

  scene.it(
    'is not sent once an answer has begun',
    { endpoints: 2, upstream: 'hedge: { after: 800ms }' },
    async (part) => {
      part.a.script((request) => void request.response.writeHead(200).write('begun'), ok);
      const client = await part.client();
      await client.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await client.until('begun');
      // The hedge of a later request is sent, after that of this one would have been.
      part.b.script(hang);
      expect((await part.call()).text).to.equal('ok');
      expect([...part.counts, await hedges(part)]).to.deep.equal([2, 1, 1]);
      (await part.a.requests.at(0)).response.end();
      expect((await client.response()).text).to.equal('begun');
    },
  );

  for (const [method, body] of [
    ['POST', undefined],
    ['POST', 'abc'],
    ['PUT', undefined],
    ['DELETE', undefined],
  ] as const) {
    scene.it(
      `is not sent for ${method}${body === undefined ? '' : ' with a body'}`,
      { endpoints: 2, upstream: `responseTimeout: 300ms, ${HEDGE}` },
      async (part) => {
        part.a.script(hang);
        const headers = ['idempotency-key', '7'];
        const answer = await part.call({ method, headers, ...(body === undefined ? {} : { body }) });
        // A hedge would have gone out long before.
        expectProblem(answer, 'upstream-timeout');
        expect([...part.counts, await hedges(part)]).to.deep.equal([1, 0, 0]);
      },
    );
  }

  for (const method of ['HEAD', 'OPTIONS']) {
    scene.it(`is sent for ${method}`, { endpoints: 2, upstream: HEDGE }, async (part) => {
      part.a.script(hang);
      expect((await part.call({ method })).status).to.equal(200);
      expect([...part.counts, await hedges(part)]).to.deep.equal([1, 1, 1]);
    });
  }

  scene.it(
    'is not the last one when max says so, and each goes to another endpoint',
    { endpoints: 4, upstream: 'hedge: { after: 20ms, max: 2 }, responseTimeout: 1s' },
    async (part) => {
      for (const endpoint of part.endpoints) endpoint.script(hang);
      const answer = await part.call();
      expectProblem(answer, 'upstream-timeout');
      expect(part.counts).to.deep.equal([1, 1, 1, 0]);
      expect(await hedges(part)).to.equal(2);
      expect(await part.told(answer, 3)).to.deep.include({ attempts: 3, outcomes: { timeout: 3 } });
    },
  );

  scene.it('and the first one that both fail are 502', { endpoints: 2, upstream: HEDGE }, async (part) => {
    part.a.script(hang);
    part.b.script(reset);
    const called = part.call();
    await (await part.b.requests.at(0)).over();
    (await part.a.requests.at(0)).reset();
    const answer = await called;
    expectProblem(answer, 'upstream-reset');
    expect(await part.told(answer, 2)).to.deep.equal({
      status: 502,
      attempts: 2,
      error: 'reset',
      outcomes: { reset: 2 },
      retries: {},
    });
  });

  scene.it('that fails leaves the first one to answer', { endpoints: 2, upstream: HEDGE }, async (part) => {
    part.a.script(hang);
    part.b.script(answers(503, 'not wanted'));
    const called = part.call();
    await (await part.b.requests.at(0)).over();
    (await part.a.requests.at(0)).response.end('first');
    const answer = await called;
    expect(answer.text).to.equal('first');
    expect((await part.told(answer, 2)).outcomes).to.deep.equal({ '5xx': 1, '2xx': 1 });
  });

  scene.it('answers when the first one fails meanwhile', { endpoints: 2, upstream: HEDGE }, async (part) => {
    part.a.script(hang);
    part.b.script(hang);
    const called = part.call();
    const second = await part.b.requests.at(0);
    (await part.a.requests.at(0)).reset();
    second.response.end('second');
    expect((await called).text).to.equal('second');
  });

  scene.it(
    'counts for no attempt of retries: these come when all have failed',
    { endpoints: 3, upstream: `${HEDGE}, retry: { attempts: 2, backoff: { base: 0ms } }` },
    async (part) => {
      part.a.script(hang);
      part.b.script(reset);
      const called = part.call();
      await (await part.b.requests.at(0)).over();
      (await part.a.requests.at(0)).reset();
      const answer = await called;
      expect([answer.text, ...part.counts]).to.deep.equal(['ok', 1, 1, 1]);
      expect(await part.told(answer, 3)).to.deep.include({ attempts: 3, retries: { reset: 1 } });
    },
  );

  scene.it(
    'does not count against the breaker of the one that lost',
    {
      endpoints: 2,
      upstream: `${HEDGE}, breaker: { failureRatio: 0, minimumRequests: 1, window: 1m, openFor: 1h, halfOpenRequests: 1 }`,
    },
    async (part) => {
      part.a.script(hang);
      expect((await part.call()).text).to.equal('ok');
      await (await part.a.requests.at(0)).over();
      expect((await part.shown()).endpoints.map((endpoint) => endpoint.breaker)).to.deep.equal(['closed', 'closed']);
    },
  );

  scene.it(
    'has a budget: ten, and one more for every five requests',
    {
      endpoints: 2,
      upstream: 'hedge: { after: 1ms }, responseTimeout: 150ms, connections: 200',
    },
    async (part) => {
      part.a.script(hang);
      part.b.script(hang);
      const requests = 50;
      const called = Array.from({ length: requests }, async () => part.call());
      for (const answer of await Promise.all(called)) expectProblem(answer, 'upstream-timeout');
      // All requests have come before the first hedge, or while they were sent: what is over ten is lost.
      const sent = await hedges(part);
      expect(sent).to.be.within(10, 10 + requests * 0.2);
      expect(part.a.count + part.b.count).to.equal(requests + sent);
    },
  );

  scene.it('is given up with the first one when the client leaves', { endpoints: 2, upstream: HEDGE }, async (part) => {
    part.a.script(hang);
    part.b.script(hang);
    const client = await part.client();
    await client.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const [first, second] = [await part.a.requests.at(0), await part.b.requests.at(0)];
    await client.close();
    await first.over();
    await second.over();
    expect(await part.counted('gateway_upstream_attempts_total', 'outcome', 2)).to.deep.equal({ client_aborted: 2 });
  });

  scene.it(
    'does without an endpoint that may not be asked',
    {
      endpoints: 2,
      upstream: `${HEDGE}, breaker: { failureRatio: 0, minimumRequests: 1, window: 1m, openFor: 1h, halfOpenRequests: 1 }`,
    },
    async (part) => {
      part.a.script(answers(500));
      expect((await part.call()).status).to.equal(500);
      part.b.script(hang);
      const called = part.call();
      const first = await part.b.requests.at(0);
      // With no other endpoint it goes to the same one, rather than not at all.
      const second = await part.b.requests.at(1);
      second.response.end('second');
      expect((await called).text).to.equal('second');
      await first.over();
      expect(part.a.count).to.equal(1);
    },
  );
});
