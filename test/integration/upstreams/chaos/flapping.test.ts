import { expect } from 'chai';
import { answers, hang, ok, reset, Scene, until, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';

const bad = answers(500, 'bad');

/** A breaker that opens with half of four results. */
function breaker(openFor: string, halfOpenRequests = 1): string {
  return `breaker: { failureRatio: 0.5, minimumRequests: 4, window: 1m, openFor: ${openFor}, halfOpenRequests: ${halfOpenRequests} }`;
}

async function states(part: Part): Promise<(string | null)[]> {
  return (await part.shown()).endpoints.map((endpoint) => endpoint.breaker);
}

/** Waits until `openFor` is over; nobody asks the upstream meanwhile. */
async function halfOpen(part: Part): Promise<void> {
  await until(async () => (await states(part))[0] === 'half-open', 'a half-open breaker');
}

async function statuses(part: Part, times: number): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < times; turn += 1) all.push((await part.call()).status);
  return all;
}

describe('the breaker of an endpoint that fails now and then', () => {
  const scene = new Scene();

  scene.it('opens at its ratio, and not before', { upstream: breaker('1h') }, async (part) => {
    part.a.script(bad, ok, ok, bad, ok);
    expect(await statuses(part, 3)).to.deep.equal([500, 200, 200]);
    expect(await states(part)).to.deep.equal(['closed']);
    expect(await statuses(part, 1)).to.deep.equal([500]);
    expect(await states(part)).to.deep.equal(['open']);
    const answer = await part.call();
    expectProblem(answer, 'circuit-open');
    expect(Number(answer.header('retry-after'))).to.be.within(3500, 3600);
    expect(part.a.count).to.equal(4);
    expect(await part.told(answer, 4)).to.deep.equal({
      status: 503,
      attempts: 0,
      error: 'circuit-open',
      outcomes: { '2xx': 2, '5xx': 2 },
      retries: {},
    });
    expect(await part.metric('gateway_upstream_refusals_total{upstream="NAME",reason="circuit-open"}')).to.equal(1);
    expect(await part.metric('gateway_breaker_transitions_total{upstream="NAME",to="open"}')).to.equal(1);
  });

  scene.it('stays closed below its ratio, however many fail', { upstream: breaker('1h') }, async (part) => {
    part.a.script(ok, ok, ok, bad, ok, ok, bad, ok, ok, bad, ok);
    await statuses(part, 20);
    expect([part.a.count, ...(await states(part))]).to.deep.equal([20, 'closed']);
  });

  for (const [what, behaviour, problem] of [
    ['resets', reset, 'upstream-reset'],
    ['times out', hang, 'upstream-timeout'],
  ] as const) {
    scene.it(`opens when it ${what}`, { upstream: `responseTimeout: 100ms, ${breaker('1h')}` }, async (part) => {
      part.a.script(behaviour);
      for (let turn = 0; turn < 4; turn += 1) expectProblem(await part.call(), problem);
      expectProblem(await part.call(), 'circuit-open');
      expect(part.a.count).to.equal(4);
    });
  }

  scene.it('opens when it refuses connections', { upstream: breaker('1h') }, async (part) => {
    await part.a.close();
    for (let turn = 0; turn < 4; turn += 1) expectProblem(await part.call(), 'upstream-unreachable');
    await part.a.open();
    expectProblem(await part.call(), 'circuit-open');
    expect(part.a.connections).to.equal(0);
  });

  for (const status of [501, 505, 404, 429]) {
    scene.it(`does not open at ${status}`, { upstream: breaker('1h') }, async (part) => {
      part.a.script(answers(status));
      await statuses(part, 6);
      expect([part.a.count, ...(await states(part))]).to.deep.equal([6, 'closed']);
    });
  }

  scene.it(
    'opens for its endpoint alone, which is passed over without an attempt',
    { endpoints: 2, upstream: `${breaker('1h')}, retry: { attempts: 2, when: [500], backoff: { base: 0ms } }` },
    async (part) => {
      part.a.script(bad);
      // Whoever comes to the bad one goes on to the good one: four have.
      while ((await states(part))[0] === 'closed') expect((await part.call()).status).to.equal(200);
      expect(part.a.count).to.equal(4);
      for (let turn = 0; turn < 4; turn += 1) {
        const answer = await part.call();
        const line = await part.gateway.accessLine(answer.header('x-request-id') ?? '');
        expect([answer.status, line['attempts']]).to.deep.equal([200, 1]);
      }
      expect(part.a.count).to.equal(4);
      expect(await states(part)).to.deep.equal(['open', 'closed']);
    },
  );

  scene.it('lets exactly halfOpenRequests try, and closes', { upstream: breaker('500ms', 3) }, async (part) => {
    part.a.script(bad);
    await statuses(part, 4);
    await halfOpen(part);
    part.a.script(hang);
    const tries = [1, 2, 3].map(async () => part.call());
    await part.a.requests.at(6);
    const refused = await Promise.all([1, 2, 3, 4].map(async () => part.call()));
    for (const answer of refused) {
      expectProblem(answer, 'circuit-open');
      expect(answer.header('retry-after')).to.equal('1');
    }
    expect(part.a.count).to.equal(7);
    for (const { response } of part.a.requests.items.slice(4)) response.end('ok');
    for (const answer of tries) expect((await answer).status).to.equal(200);
    expect(await states(part)).to.deep.equal(['closed']);
    part.a.script(ok);
    expect(await statuses(part, 5)).to.deep.equal([200, 200, 200, 200, 200]);
    expect(await part.metric('gateway_breaker_state{upstream="NAME",endpoint="' + part.a.origin + '"}')).to.equal(0);
  });

  scene.it('opens again when one of those fails', { upstream: breaker('500ms', 2) }, async (part) => {
    part.a.script(bad);
    await statuses(part, 4);
    await halfOpen(part);
    part.a.script(ok, bad);
    expect(await statuses(part, 2)).to.deep.equal([200, 500]);
    expect(await part.metric('gateway_breaker_transitions_total{upstream="NAME",to="open"}')).to.equal(2);
    await halfOpen(part);
    part.a.script(ok);
    expect(await statuses(part, 6)).to.deep.equal([200, 200, 200, 200, 200, 200]);
    expect([part.a.count, ...(await states(part))]).to.deep.equal([12, 'closed']);
  });

  scene.it('gets the place back of a client that left', { upstream: breaker('500ms') }, async (part) => {
    part.a.script(bad);
    await statuses(part, 4);
    await halfOpen(part);
    part.a.script(hang);
    const client = await part.client();
    await client.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const tried = await part.a.requests.at(4);
    expectProblem(await part.call(), 'circuit-open');
    await client.close();
    await tried.over();
    part.a.script(ok);
    expect(await statuses(part, 2)).to.deep.equal([200, 200]);
    expect(await states(part)).to.deep.equal(['closed']);
  });

  scene.it(
    'leaves nobody to ask when all are open: a retry ends there, too',
    { endpoints: 2, upstream: `${breaker('1h').replace('4', '1')}, retry: { attempts: 4, backoff: { base: 0ms } }` },
    async (part) => {
      part.a.script(reset);
      part.b.script(reset);
      const answer = await part.call();
      expectProblem(answer, 'circuit-open');
      expect(part.counts).to.deep.equal([1, 1]);
      expect(await part.told(answer, 2)).to.deep.equal({
        status: 503,
        attempts: 2,
        error: 'circuit-open',
        outcomes: { reset: 2 },
        // A retry that found nobody to ask is none.
        retries: { reset: 1 },
      });
      const next = await part.call();
      expectProblem(next, 'circuit-open');
      expect(await part.told(next, 2)).to.deep.include({ attempts: 0 });
      expect(part.counts).to.deep.equal([1, 1]);
    },
  );
});

describe('a panic', () => {
  const scene = new Scene();
  const health = 'health: { path: /health, interval: 50ms, timeout: 1s, unhealthyAfter: 1, healthyAfter: 1 }';
  /** Probes find it ill, and requests find it well. */
  const ill = (part: Part): void => {
    for (const endpoint of part.endpoints)
      endpoint.script((request) => (request.target === '/health' ? answers(503)(request) : ok(request)));
  };
  const requests = (part: Part): number =>
    part.endpoints.flatMap(({ requests: all }) => all.items).filter(({ target }) => target !== '/health').length;
  const panics = 'gateway_upstream_panic{upstream="NAME"}';

  scene.it('goes on asking when every endpoint is unhealthy', { endpoints: 2, upstream: health }, async (part) => {
    ill(part);
    await until(async () => (await part.metric(panics)) === 1, 'a panic');
    expect(await statuses(part, 4)).to.deep.equal([200, 200, 200, 200]);
    expect(requests(part)).to.equal(4);
    const line = await part.gateway.logs.until(
      ({ upstream, msg }) => upstream === part.name && String(msg).startsWith('no endpoint is well'),
      'a line of the panic',
    );
    expect(line['level']).to.equal('error');
    expect((await part.shown()).panic).to.equal(true);
    part.a.script(ok);
    await until(async () => (await part.metric(panics)) === 0, 'the end of the panic');
    const before = part.b.requests.items.filter(({ target }) => target !== '/health').length;
    expect(await statuses(part, 3)).to.deep.equal([200, 200, 200]);
    expect(part.b.requests.items.filter(({ target }) => target !== '/health').length).to.equal(before);
  });

  scene.it(
    'never asks through an open breaker',
    { endpoints: 2, upstream: `${health}, ${breaker('1h').replace('4', '1')}` },
    async (part) => {
      ill(part);
      await until(async () => (await part.metric(panics)) === 1, 'a panic');
      for (const endpoint of part.endpoints) endpoint.script(answers(500));
      expect(await statuses(part, 4)).to.deep.equal([500, 500, 503, 503]);
      expect(requests(part)).to.equal(2);
      expect(await states(part)).to.deep.equal(['open', 'open']);
      expect(await part.metric(panics)).to.equal(1);
    },
  );

  scene.it(
    'does not happen while one is well: an outlier is left out, and then the others are asked',
    { endpoints: 2, upstream: 'outlier: { failures: 2, window: 1m, ejectFor: 1h, maxEjected: 0.5 }' },
    async (part) => {
      part.a.script(bad);
      await statuses(part, 4);
      expect(part.counts).to.deep.equal([2, 2]);
      expect(await statuses(part, 4)).to.deep.equal([200, 200, 200, 200]);
      expect(part.counts).to.deep.equal([2, 6]);
      expect(await part.metric(panics)).to.equal(0);
      expect(await part.metric('gateway_endpoint_ejections_total{upstream="NAME"}')).to.equal(1);
      // The other one may not go as well.
      part.b.script(bad);
      expect(await statuses(part, 4)).to.deep.equal([500, 500, 500, 500]);
      expect(part.counts).to.deep.equal([2, 10]);
    },
  );

  scene.it(
    'asks those that were left out when all of them were',
    { endpoints: 2, upstream: 'outlier: { failures: 1, window: 1m, ejectFor: 1h, maxEjected: 1 }' },
    async (part) => {
      part.a.script(bad);
      part.b.script(bad);
      expect(await statuses(part, 2)).to.deep.equal([500, 500]);
      expect(await part.metric(panics)).to.equal(1);
      part.a.script(ok);
      part.b.script(ok);
      expect(await statuses(part, 4)).to.deep.equal([200, 200, 200, 200]);
      expect(part.counts).to.deep.equal([3, 3]);
    },
  );
});
