import { expect } from 'chai';
import { answers, hang, ok, reset, Scene, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';

const STATIC =
  'fallback: { status: 203, headers: { content-type: application/json, x-degraded: "yes" }, body: "{\\"id\\":\\"{{params.rest}}\\"}" }';
const INSTEAD = 'fallback: { upstream: REPLICA }';
const RETRY = 'retry: { attempts: 2, backoff: { base: 0ms } }';
const OPEN = 'breaker: { failureRatio: 0, minimumRequests: 1, window: 1m, openFor: 1h, halfOpenRequests: 1 }';
const KEY = ['idempotency-key', '7'];
const BODY = Buffer.from(Array.from({ length: 40_000 }, (_, index) => (index * 31) & 0xff));

async function fallbacks(part: Part): Promise<number> {
  return part.metric('gateway_fallbacks_total{route="NAME"}');
}

/** The static answer, and what was counted for it. */
async function expectStatic(part: Part, error: string, attempts: number): Promise<void> {
  const answer = await part.call();
  expect([answer.status, answer.text, answer.header('content-type'), answer.header('x-degraded')]).to.deep.equal([
    203,
    // As it is written: a body has no templates.
    '{"id":"{{params.rest}}"}',
    'application/json',
    'yes',
  ]);
  expect(await part.told(answer, attempts)).to.deep.include({ status: 203, attempts, error });
  expect(await fallbacks(part)).to.equal(1);
}

onEachEngine('a fallback that stands in the configuration answers', () => {
  const scene = new Scene();

  scene.it('when the upstream refuses connections', { upstream: RETRY, route: STATIC }, async (part) => {
    await part.a.close();
    await expectStatic(part, 'connect', 2);
  });

  scene.it('when it resets', { upstream: RETRY, route: STATIC }, async (part) => {
    part.a.script(reset);
    await expectStatic(part, 'reset', 2);
    expect(part.a.count).to.equal(2);
  });

  scene.it('when it speaks no HTTP', { route: STATIC }, async (part) => {
    part.a.script((request) => request.raw('220 mail.example.com\r\n\r\n'));
    await expectStatic(part, 'invalid-response', 1);
  });

  scene.it('when it does not answer in time', { upstream: 'responseTimeout: 100ms', route: STATIC }, async (part) => {
    part.a.script(hang);
    await expectStatic(part, 'headers-timeout', 1);
    await (await part.a.requests.at(0)).over();
  });

  scene.it('when the route’s timeout runs out', { route: `timeout: 100ms, ${STATIC}` }, async (part) => {
    part.a.script(hang);
    await expectStatic(part, 'headers-timeout', 1);
    await (await part.a.requests.at(0)).over();
  });

  for (const status of [502, 503, 504]) {
    scene.it(`when its last answer is ${status}`, { upstream: RETRY, route: STATIC }, async (part) => {
      part.a.script(answers(status, 'bad'));
      await expectStatic(part, 'status', 2);
      expect(part.a.count).to.equal(2);
    });
  }

  scene.it('when its answer is 503, and nothing is retried', { route: STATIC }, async (part) => {
    part.a.script(answers(503, 'bad'));
    await expectStatic(part, 'status', 1);
  });

  scene.it(
    'when its answer is one that retry.when names, and only then',
    { upstream: 'retry: { attempts: 1, when: [418] }', route: STATIC },
    async (part) => {
      part.a.script(answers(503, 'not named'), answers(418, 'named'));
      expect((await part.call()).text).to.equal('not named');
      expect(await fallbacks(part)).to.equal(0);
      const answer = await part.call();
      expect([answer.status, await fallbacks(part)]).to.deep.equal([203, 1]);
    },
  );

  scene.it('when every breaker is open, without an attempt', { upstream: OPEN, route: STATIC }, async (part) => {
    part.a.script(answers(500, 'its own'));
    expect((await part.call()).text).to.equal('its own');
    const answer = await part.call();
    expect([answer.status, part.a.count]).to.deep.equal([203, 1]);
    expect(answer.header('retry-after')).to.equal(undefined);
    expect(await part.told(answer, 1)).to.deep.include({ attempts: 0, error: 'circuit-open' });
  });

  scene.it('when the bulkhead is full', { upstream: 'bulkhead: { concurrent: 1 }', route: STATIC }, async (part) => {
    part.a.script(hang);
    const held = part.call();
    const request = await part.a.requests.at(0);
    const answer = await part.call();
    expect([answer.status, part.a.count]).to.deep.equal([203, 1]);
    expect(await part.told(answer, 0)).to.deep.include({ attempts: 0, error: 'bulkhead' });
    request.response.end('ok');
    expect((await held).text).to.equal('ok');
  });

  scene.it('to a POST, too, whatever has become of its body', { upstream: RETRY, route: STATIC }, async (part) => {
    part.a.script(reset);
    const client = await part.client();
    await client.send(`POST ${part.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\nhe`);
    const answer = await client.response();
    expect([answer.status, part.a.count]).to.deep.equal([203, 1]);
    // The rest of the body is not a request.
    await client.send('x'.repeat(19_998), `GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect((await client.response()).status).to.equal(203);
    expect((await part.a.requests.at(1)).method).to.equal('GET');
  });

  scene.it('to HEAD without a body', { route: STATIC }, async (part) => {
    part.a.script(reset);
    const answer = await part.call({ method: 'HEAD' });
    expect([answer.status, answer.text, answer.header('content-length')]).to.deep.equal([203, '', '24']);
  });

  scene.it('not when an answer has begun and breaks off', { route: STATIC }, async (part) => {
    part.a.script((request) => request.raw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'));
    const client = await part.client();
    await client.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.until('hello');
    (await part.a.requests.at(0)).reset();
    expect(await client.ended()).to.match(/hello$/);
    expect(await fallbacks(part)).to.equal(0);
  });

  scene.it(
    'when the route’s timeout runs out with a hedge out: both are given up',
    { endpoints: 2, upstream: 'hedge: { after: 20ms }', route: `timeout: 1s, ${STATIC}` },
    async (part) => {
      part.a.script(hang);
      part.b.script(hang);
      await expectStatic(part, 'headers-timeout', 2);
      for (const endpoint of part.endpoints) await (await endpoint.requests.at(0)).over();
      expect(part.counts).to.deep.equal([1, 1]);
      expect(await part.counted('gateway_upstream_attempts_total', 'outcome', 2)).to.deep.equal({ timeout: 2 });
    },
  );
});

onEachEngine('a fallback to another upstream answers', () => {
  const scene = new Scene();
  const expectReplica = async (part: Part, methods: readonly string[]): Promise<void> => {
    expect(part.replica.requests.items.map(({ method }) => method)).to.deep.equal(methods);
    expect(await fallbacks(part)).to.equal(methods.length);
  };

  scene.it('a GET that failed', { upstream: RETRY, route: INSTEAD }, async (part) => {
    part.a.script(reset);
    part.replica.script(answers(200, 'replica'));
    const answer = await part.call();
    expect([answer.status, answer.text, part.a.count]).to.deep.equal([200, 'replica', 2]);
    await expectReplica(part, ['GET']);
    const line = await part.gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line).to.include({ status: 200, attempts: 3, upstream: `${part.name}-replica` });
  });

  scene.it('a PUT with its whole body', { route: INSTEAD }, async (part) => {
    part.a.script(answers(503));
    const answer = await part.call({ method: 'PUT', body: BODY });
    expect([answer.status, part.a.count]).to.deep.equal([200, 1]);
    expect(part.replica.bodies.map((body) => body.equals(BODY))).to.deep.equal([true]);
    await expectReplica(part, ['PUT']);
  });

  scene.it('a chunked PUT with its whole body, after retries', { upstream: RETRY, route: INSTEAD }, async (part) => {
    part.a.script(answers(503));
    const answer = await part.call({ method: 'PUT', body: BODY, headers: ['transfer-encoding', 'chunked'] });
    expect([answer.status, part.a.count]).to.deep.equal([200, 2]);
    const [body] = part.replica.bodies;
    expect(body?.equals(BODY)).to.equal(true);
    expect((await part.replica.requests.at(0)).header('transfer-encoding')).to.equal('chunked');
  });

  scene.it('not a POST that an upstream may have carried out', { route: INSTEAD }, async (part) => {
    part.a.script(reset);
    expectProblem(await part.call({ method: 'POST', body: 'abc' }), 'upstream-reset');
    part.a.script(answers(503, 'its own'));
    expect((await part.call({ method: 'POST', body: 'abc' })).text).to.equal('its own');
    await expectReplica(part, []);
  });

  scene.it('a POST with an Idempotency-Key, with its body', { route: INSTEAD }, async (part) => {
    part.a.script(reset);
    const answer = await part.call({ method: 'POST', body: 'abc', headers: KEY });
    expect([answer.status, ...part.replica.bodies.map(String)]).to.deep.equal([200, 'abc']);
    await expectReplica(part, ['POST']);
  });

  scene.it('a POST that never left: no connection', { route: INSTEAD }, async (part) => {
    await part.a.close();
    const answer = await part.call({ method: 'POST', body: 'abc' });
    expect([answer.status, ...part.replica.bodies.map(String)]).to.deep.equal([200, 'abc']);
  });

  scene.it('a POST that never left: an open breaker', { upstream: OPEN, route: INSTEAD }, async (part) => {
    part.a.script(answers(500));
    await part.call();
    const answer = await part.call({ method: 'POST', body: 'abc' });
    expect([answer.status, part.a.count, ...part.replica.bodies.map(String)]).to.deep.equal([200, 1, 'abc']);
  });

  scene.it(
    'a POST that never left: a queue that moves too slowly',
    { upstream: 'bulkhead: { concurrent: 1, queue: 1, queueTimeout: 100ms }', route: INSTEAD },
    async (part) => {
      part.a.script(hang);
      const held = part.call();
      const request = await part.a.requests.at(0);
      const answer = await part.call({ method: 'POST', body: 'abc' });
      expect([answer.status, part.a.count, ...part.replica.bodies.map(String)]).to.deep.equal([200, 1, 'abc']);
      request.response.end();
      await held;
    },
  );

  scene.it(
    'a POST that never left: the route’s timeout runs out in the queue',
    { upstream: 'bulkhead: { concurrent: 1, queue: 1, queueTimeout: 1h }', route: `timeout: 300ms, ${INSTEAD}` },
    async (part) => {
      part.a.script((request) => void request.response.writeHead(200).write('begun'));
      const held = await part.client();
      await held.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await held.until('begun');
      const answer = await part.call({ method: 'POST', body: 'abc' });
      expect([answer.status, part.a.count, ...part.replica.bodies.map(String)]).to.deep.equal([200, 1, 'abc']);
    },
  );

  scene.it(
    'not a POST whose first attempt reached an upstream, though the last one found none',
    { endpoints: 2, upstream: 'retry: { attempts: 2, methods: [POST], backoff: { base: 0ms } }', route: INSTEAD },
    async (part) => {
      part.a.script(reset);
      await part.b.close();
      expectProblem(await part.call({ method: 'POST', body: 'abc' }), 'upstream-unreachable');
      expect(part.a.bodies.length + part.replica.count).to.be.at.most(1);
      await expectReplica(part, []);
    },
  );

  scene.it('with what the other upstream says, also that it fails', { route: INSTEAD }, async (part) => {
    part.a.script(reset);
    part.replica.script(answers(503, 'from the replica'));
    expect((await part.call()).text).to.equal('from the replica');
    await part.replica.close();
    expectProblem(await part.call(), 'upstream-unreachable');
  });

  scene.it('with the rules of the other upstream', { route: INSTEAD, replica: RETRY }, async (part) => {
    part.a.script(reset);
    part.replica.script(answers(503), ok);
    expect((await part.call()).text).to.equal('ok');
    expect([part.a.count, part.replica.count]).to.deep.equal([1, 2]);
  });

  scene.it(
    'and the upstream that failed has its place in the bulkhead back by then',
    { upstream: 'bulkhead: { concurrent: 1 }', route: INSTEAD },
    async (part) => {
      part.a.script(reset, ok);
      part.replica.script(hang);
      const held = part.call();
      const request = await part.replica.requests.at(0);
      expect((await part.call()).text).to.equal('ok');
      expect((await part.shown()).bulkhead).to.deep.equal({ inside: 0, queued: 0 });
      request.response.end('late');
      expect((await held).text).to.equal('late');
    },
  );
});
