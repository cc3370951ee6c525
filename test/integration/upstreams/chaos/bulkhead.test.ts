import { expect } from 'chai';
import { settled } from '../../../support/arrivals.ts';
import { answers, hang, ok, Scene, until, type Part } from '../../../support/chaotic.ts';
import { expectProblem, type Answered } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';

const room = (concurrent: number, queue = 0, queueTimeout = '1h'): string =>
  `bulkhead: { concurrent: ${concurrent}, queue: ${queue}, queueTimeout: ${queueTimeout} }`;

/** Sends so many requests at once. */
function many(part: Part, times: number): Promise<Answered>[] {
  return Array.from({ length: times }, async () => part.call());
}

async function inside(part: Part, wanted: { readonly inside: number; readonly queued: number }): Promise<void> {
  await until(async () => {
    const { bulkhead } = await part.shown();
    return bulkhead?.inside === wanted.inside && bulkhead.queued === wanted.queued;
  }, `a bulkhead with ${wanted.inside} inside and ${wanted.queued} queued`);
}

onEachEngine('a bulkhead', () => {
  const scene = new Scene();

  scene.it(
    'lets exactly as many in as configured, and the others one by one',
    { upstream: room(3, 4) },
    async (part) => {
      part.a.script(hang);
      const calls = many(part, 10);
      await inside(part, { inside: 3, queued: 4 });
      const refused: Answered[] = [];
      for (const answer of calls) void answer.then((got) => got.status === 503 && refused.push(got));
      await until(() => refused.length === 3, 'three refusals');
      for (const answer of refused) {
        expectProblem(answer, 'upstream-busy');
        expect(answer.header('retry-after')).to.equal('1');
      }
      expect(await settled(() => part.a.count)).to.equal(3);
      for (let index = 0; index < 7; index += 1) {
        // Each that is answered lets one in.
        (await part.a.requests.at(index)).response.end('ok');
        await part.a.requests.at(Math.min(index + 3, 6));
        expect(part.a.count).to.equal(Math.min(index + 4, 7));
      }
      const statuses = (await Promise.all(calls)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).to.have.length(7);
      expect(part.a.count).to.equal(7);
      await inside(part, { inside: 0, queued: 0 });
      expect(await part.metric('gateway_upstream_refusals_total{upstream="NAME",reason="upstream-busy"}')).to.equal(3);
    },
  );

  scene.it('refuses after queueTimeout what it has not let in', { upstream: room(1, 2, '200ms') }, async (part) => {
    part.a.script(hang, ok);
    const held = part.call();
    const request = await part.a.requests.at(0);
    for (const answer of await Promise.all(many(part, 2))) {
      expectProblem(answer, 'upstream-busy');
      expect(await part.told(answer, 0)).to.deep.include({ attempts: 0, error: 'bulkhead' });
    }
    expect(part.a.count).to.equal(1);
    request.response.end('ok');
    expect((await held).text).to.equal('ok');
    expect((await part.call()).text).to.equal('ok');
    expect(part.a.count).to.equal(2);
  });

  scene.it(
    'counts the queue into the route’s timeout',
    { upstream: room(1, 1), route: 'timeout: 300ms' },
    async (part) => {
      part.a.script((request) => void request.response.writeHead(200).write('begun'));
      const held = await part.client();
      await held.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await held.until('begun');
      const answer = await part.call();
      expectProblem(answer, 'upstream-timeout');
      expect(await part.told(answer, 0)).to.deep.include({ attempts: 0 });
      expect(part.a.count).to.equal(1);
      expect((await part.shown()).bulkhead).to.deep.equal({ inside: 1, queued: 0 });
    },
  );

  scene.it('gives the place in the queue of a client that left to another', { upstream: room(1, 1) }, async (part) => {
    part.a.script(hang);
    const held = part.call();
    const request = await part.a.requests.at(0);
    const leaving = await part.client();
    await leaving.send(`GET ${part.path}leaving HTTP/1.1\r\nHost: a\r\n\r\n`);
    await inside(part, { inside: 1, queued: 1 });
    expectProblem(await part.call(), 'upstream-busy');
    await leaving.close();
    await inside(part, { inside: 1, queued: 0 });
    const next = part.call();
    await inside(part, { inside: 1, queued: 1 });
    part.a.script(ok);
    request.response.end('ok');
    expect([(await held).status, (await next).status]).to.deep.equal([200, 200]);
    expect(part.a.requests.items.map(({ target }) => target)).to.deep.equal([part.path, part.path]);
  });

  scene.it('gives the place inside of a client that left to the next', { upstream: room(1, 1) }, async (part) => {
    part.a.script(hang, ok);
    const leaving = await part.client();
    await leaving.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const request = await part.a.requests.at(0);
    const next = part.call();
    await inside(part, { inside: 1, queued: 1 });
    await leaving.close();
    expect((await next).text).to.equal('ok');
    await request.over();
  });

  scene.it('holds a place for a stream until that ends', { upstream: room(1) }, async (part) => {
    part.a.script(
      (request) => void request.response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'),
      ok,
    );
    const stream = await part.client();
    await stream.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await stream.until('data: 1');
    expectProblem(await part.call(), 'upstream-busy');
    const { response } = await part.a.requests.at(0);
    response.write('data: 2\n\n');
    await stream.until('data: 2');
    expectProblem(await part.call(), 'upstream-busy');
    response.end();
    await stream.response();
    expect([(await part.call()).text, part.a.count]).to.deep.equal(['ok', 2]);
  });

  scene.it(
    'holds one place for a request over its retries and its pauses',
    { upstream: `${room(1)}, retry: { attempts: 2, backoff: { base: 0ms } }` },
    async (part) => {
      part.a.script(answers(503, '', { 'retry-after': '1' }), ok);
      const retried = part.call();
      await (await part.a.requests.at(0)).over();
      expectProblem(await part.call(), 'upstream-busy');
      expect(part.a.count).to.equal(1);
      expect((await retried).text).to.equal('ok');
      expect((await part.shown()).bulkhead).to.deep.equal({ inside: 0, queued: 0 });
    },
  );

  scene.it(
    'has room again after each way to fail',
    { upstream: `${room(1)}, responseTimeout: 100ms`, route: 'timeout: 1s' },
    async (part) => {
      part.a.script(
        (request) => request.reset(),
        hang,
        (request) => request.raw('nonsense\r\n\r\n'),
        (request) => {
          request.response.writeHead(200, { 'content-length': 10 }).write('hello');
          setImmediate(() => request.reset());
        },
        answers(503),
        ok,
      );
      const failing = ['upstream-reset', 'upstream-timeout', 'upstream-invalid-response'] as const;
      for (const problem of failing) expectProblem(await part.call(), problem);
      await part.call().catch(() => undefined);
      await inside(part, { inside: 0, queued: 0 });
      expect((await part.call()).status).to.equal(503);
      expect((await part.call()).status).to.equal(200);
      await part.a.close();
      expectProblem(await part.call(), 'upstream-unreachable');
      expect((await part.shown()).bulkhead).to.deep.equal({ inside: 0, queued: 0 });
      expect((await part.shown()).endpoints[0]?.in_flight).to.equal(0);
    },
  );
});
