import { expect } from 'chai';
import { ok, reset, Scene, type Behaviour, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';

const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';
/** Two results, half of them failures, open it for longer than any test lasts. */
const BREAKER = 'breaker: { failureRatio: 0.5, minimumRequests: 2, window: 1m, openFor: 1h, halfOpenRequests: 1 }';

const raw =
  (text: string): Behaviour =>
  (request) =>
    request.raw(text);

/** Answers that have begun, and are then cut: what the client has got by then, and how it was framed. */
const BEGUN: readonly (readonly [what: string, sent: string, got: string])[] = [
  ['after a head with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n', '\r\n\r\n'],
  ['after a head of chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '\r\n\r\n'],
  ['within a body with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', 'hello'],
  ['between chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'hello'],
  ['within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello', 'hello'],
];

async function ask(part: Part): Promise<Awaited<ReturnType<Part['client']>>> {
  const client = await part.client();
  await client.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  return client;
}

onEachEngine('a reset', () => {
  const scene = new Scene();

  scene.it('before a byte of the answer is retried elsewhere', { endpoints: 2, upstream: RETRY }, async (part) => {
    part.a.script(reset);
    const answer = await part.call();
    expect([answer.text, ...part.counts]).to.deep.equal(['ok', 1, 1]);
    expect(await part.told(answer, 2)).to.deep.equal({
      status: 200,
      attempts: 2,
      error: undefined,
      outcomes: { reset: 1, '2xx': 1 },
      retries: { reset: 1 },
    });
  });

  scene.it('in the middle of a head is retried elsewhere', { endpoints: 2, upstream: RETRY }, async (part) => {
    part.a.script((request) => {
      request.raw('HTTP/1.1 200 OK\r\nContent-Le');
      request.incoming.socket.end();
    });
    const answer = await part.call();
    expect([answer.text, ...part.counts]).to.deep.equal(['ok', 1, 1]);
    expect((await part.told(answer, 2)).retries).to.deep.equal({ reset: 1 });
  });

  scene.it('of each attempt is 502', { endpoints: 2, upstream: RETRY }, async (part) => {
    part.a.script(reset);
    part.b.script(reset);
    const answer = await part.call();
    expectProblem(answer, 'upstream-reset');
    expect(part.a.count + part.b.count).to.equal(3);
    expect(await part.told(answer, 3)).to.deep.equal({
      status: 502,
      attempts: 3,
      error: 'reset',
      outcomes: { reset: 3 },
      retries: { reset: 2 },
    });
  });

  scene.it(
    'is not retried when retry.when does not name it',
    { endpoints: 2, upstream: 'retry: { attempts: 3, when: [connect-failure, 503] }' },
    async (part) => {
      part.a.script(reset);
      const answer = await part.call();
      expectProblem(answer, 'upstream-reset');
      expect(part.counts).to.deep.equal([1, 0]);
      expect((await part.told(answer, 1)).retries).to.deep.equal({});
    },
  );

  scene.it(
    'after an interim answer, which the client did not get, is retried elsewhere',
    { endpoints: 2, upstream: RETRY },
    async (part) => {
      part.a.script(raw('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'));
      const client = await ask(part);
      (await part.a.requests.at(0)).reset();
      const answer = await client.response();
      expect([answer.status, answer.text, ...part.counts]).to.deep.equal([200, 'ok', 1, 1]);
    },
  );

  for (const [what, sent, got] of BEGUN) {
    scene.it(
      `${what} is never retried: the client sees an incomplete answer`,
      { endpoints: 2, upstream: RETRY },
      async (part) => {
        part.a.script(raw(sent));
        const client = await ask(part);
        await client.until(got);
        (await part.a.requests.at(0)).reset();
        const head = await client.head();
        expect(head.status).to.equal(200);
        const rest = await client.ended();
        // Neither as long as announced, nor with a last chunk.
        if (head.header('content-length') === undefined) expect(rest).to.not.match(/(?:^|\r\n)0\r\n/);
        else expect(rest.length).to.be.lessThan(10);
        expect(part.counts).to.deep.equal([1, 0]);
        expect(await part.told(head, 1)).to.deep.equal({
          status: 200,
          attempts: 1,
          error: 'reset',
          outcomes: { reset: 1 },
          retries: {},
        });
      },
    );
  }
});

onEachEngine('a reset, to the breaker,', () => {
  const scene = new Scene();
  const breaker = async (part: Part): Promise<string | null | undefined> => (await part.shown()).endpoints[0]?.breaker;

  scene.it('before the answer is one failure', { upstream: BREAKER }, async (part) => {
    part.a.script(reset);
    expectProblem(await part.call(), 'upstream-reset');
    expect(await breaker(part)).to.equal('closed');
    expectProblem(await part.call(), 'upstream-reset');
    expect(await breaker(part)).to.equal('open');
    const answer = await part.call();
    expectProblem(answer, 'circuit-open');
    expect(part.a.count).to.equal(2);
  });

  scene.it('within a good answer makes a failure of a success', { upstream: BREAKER }, async (part) => {
    part.a.script(raw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'));
    for (const [index, state] of ['closed', 'open'].entries()) {
      const client = await ask(part);
      await client.until('hello');
      (await part.a.requests.at(index)).reset();
      await client.ended();
      expect(await breaker(part)).to.equal(state);
    }
  });

  scene.it(
    'within a bad answer, which has counted already, is no second failure',
    { upstream: BREAKER },
    async (part) => {
      part.a.script(raw('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 10\r\n\r\nhello'), ok);
      const client = await ask(part);
      await client.until('hello');
      (await part.a.requests.at(0)).reset();
      await client.ended();
      await part.told(await client.head(), 1);
      // One request is not the minimum of two.
      expect(await breaker(part)).to.equal('closed');
    },
  );

  scene.it(
    'within a bad answer that a retry has replaced is no second failure',
    { endpoints: 2, upstream: `${RETRY}, ${BREAKER}` },
    async (part) => {
      part.a.script(raw('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 10\r\n\r\nhello'));
      expect((await part.call()).status).to.equal(200);
      (await part.a.requests.at(0)).reset();
      await part.counted('gateway_upstream_attempts_total', 'outcome', 2);
      expect(await breaker(part)).to.equal('closed');
    },
  );

  scene.it('by a client is nobody’s failure', { upstream: BREAKER }, async (part) => {
    part.a.script(raw('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'));
    for (let turn = 0; turn < 4; turn += 1) {
      const client = await ask(part);
      await client.until('hello');
      client.socket.resetAndDestroy();
      await (await part.a.requests.at(turn)).over();
    }
    expect(await part.counted('gateway_upstream_attempts_total', 'outcome', 4)).to.deep.equal({ client_aborted: 4 });
    expect(await breaker(part)).to.equal('closed');
  });
});
