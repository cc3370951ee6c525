import { expect } from 'chai';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';
import { answers, ok, reset, Scene } from '../../../support/chaotic.ts';

/** Three attempts without a pause. */
const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';

onEachEngine('endpoints that refuse connections', () => {
  const scene = new Scene();

  scene.it('are passed over: one of three costs one attempt', { endpoints: 3, upstream: RETRY }, async (part) => {
    await part.a.close();
    const answer = await part.call();
    expect([answer.status, answer.text, ...part.counts]).to.deep.equal([200, 'ok', 0, 1, 0]);
    expect(await part.told(answer, 2)).to.deep.equal({
      status: 200,
      attempts: 2,
      error: undefined,
      outcomes: { connect: 1, '2xx': 1 },
      retries: { 'connect-failure': 1 },
    });
  });

  scene.it('are passed over: two of three cost two attempts', { endpoints: 3, upstream: RETRY }, async (part) => {
    await part.a.close();
    await part.b.close();
    const answer = await part.call();
    expect([answer.status, part.c.count, part.c.connections]).to.deep.equal([200, 1, 1]);
    expect(await part.told(answer, 3)).to.deep.equal({
      status: 200,
      attempts: 3,
      error: undefined,
      outcomes: { connect: 2, '2xx': 1 },
      retries: { 'connect-failure': 2 },
    });
  });

  scene.it(
    'are answered for with 502 when all attempts are used up',
    { endpoints: 4, upstream: RETRY },
    async (part) => {
      for (const endpoint of [part.a, part.b, part.c]) await endpoint.close();
      const answer = await part.call();
      expectProblem(answer, 'upstream-unreachable');
      // The fourth would have answered: three attempts are three.
      expect(part.counts).to.deep.equal([0, 0, 0, 0]);
      expect(await part.told(answer, 3)).to.deep.equal({
        status: 502,
        attempts: 3,
        error: 'connect',
        outcomes: { connect: 3 },
        retries: { 'connect-failure': 2 },
      });
    },
  );

  scene.it('are tried once without retry', { endpoints: 2 }, async (part) => {
    await part.a.close();
    const answer = await part.call();
    expectProblem(answer, 'upstream-unreachable');
    expect(part.b.count).to.equal(0);
    expect(await part.told(answer, 1)).to.deep.equal({
      status: 502,
      attempts: 1,
      error: 'connect',
      outcomes: { connect: 1 },
      retries: {},
    });
  });

  scene.it('are tried again when there is no other, until they listen', { upstream: RETRY }, async (part) => {
    await part.a.close();
    const answer = await part.call();
    expectProblem(answer, 'upstream-unreachable');
    expect(await part.told(answer, 3)).to.deep.include({ attempts: 3, outcomes: { connect: 3 } });
    await part.a.open();
    expect([(await part.call()).status, part.a.count]).to.deep.equal([200, 1]);
  });

  scene.it('are not passed over for a POST, sent or not', { endpoints: 2, upstream: RETRY }, async (part) => {
    await part.a.close();
    const answer = await part.call({ method: 'POST', body: 'abc' });
    expectProblem(answer, 'upstream-unreachable');
    expect(part.b.count).to.equal(0);
    expect(await part.told(answer, 1)).to.deep.include({ attempts: 1, retries: {} });
  });

  scene.it('leave the body whole for the next one', { endpoints: 2, upstream: RETRY }, async (part) => {
    await part.a.close();
    const answer = await part.call({ method: 'PUT', body: 'abc' });
    expect([answer.status, ...part.b.bodies.map(String)]).to.deep.equal([200, 'abc']);
  });

  scene.it(
    'are no reason to go back to an endpoint that has failed, also when requests are hashed',
    { endpoints: 2, upstream: `${RETRY}, balance: { hash: "header:x-key" }` },
    async (part) => {
      part.a.script(answers(503));
      const keys = Array.from({ length: 10 }, (_, index) => String(index));
      for (const key of keys) expect((await part.call({ headers: ['x-key', key] })).status).to.equal(200);
      expect(part.b.count).to.equal(10);
      // No key came there twice.
      const seen = part.a.requests.items.map((request) => request.header('x-key'));
      expect(new Set(seen).size).to.equal(seen.length);
    },
  );
});

onEachEngine('a connection that was kept and has died', () => {
  const scene = new Scene();

  scene.it('costs no attempt, no retry and no token', {}, async (part) => {
    part.a.script(ok, reset, ok);
    expect((await part.call()).status).to.equal(200);
    const answer = await part.call();
    expect([answer.status, part.a.count, part.a.connections]).to.deep.equal([200, 3, 2]);
    expect(await part.told(answer, 2)).to.deep.equal({
      status: 200,
      attempts: 1,
      error: undefined,
      outcomes: { '2xx': 2 },
      retries: {},
    });
  });

  scene.it('is replaced once, and no more', {}, async (part) => {
    part.a.script(ok, reset);
    await part.call();
    const answer = await part.call();
    expectProblem(answer, 'upstream-reset');
    expect(part.a.count).to.equal(3);
    expect(await part.told(answer, 2)).to.deep.include({ attempts: 1, outcomes: { '2xx': 1, reset: 1 } });
  });

  scene.it('is not replaced for a POST that may have been carried out', {}, async (part) => {
    part.a.script(ok, reset);
    await part.call();
    expectProblem(await part.call({ method: 'POST' }), 'upstream-reset');
    expect(part.a.count).to.equal(2);
  });
});
