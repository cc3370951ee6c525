import { expect } from 'chai';
import { answers, ok, Scene, type Part } from '../../../support/chaotic.ts';

/** Without a pause of their own: what passes between two attempts is what the upstream wished. */
const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';
const busy = (after: string, body = 'busy'): ReturnType<typeof answers> => answers(503, body, { 'retry-after': after });

/** How long after the first request the second one came, in milliseconds. */
async function between(part: Part): Promise<number> {
  const [first, second] = [await part.a.requests.at(0), await part.a.requests.at(1)];
  return second.at - first.at;
}

describe('an answer of 503', () => {
  const scene = new Scene();

  scene.it('with Retry-After in seconds is retried after so many', { upstream: RETRY }, async (part) => {
    part.a.script(busy('1'), ok);
    const answer = await part.call();
    expect([answer.status, answer.text, part.a.count]).to.deep.equal([200, 'ok', 2]);
    expect(await between(part)).to.be.at.least(995);
    expect(await part.told(answer, 2)).to.deep.equal({
      status: 200,
      attempts: 2,
      error: undefined,
      outcomes: { '5xx': 1, '2xx': 1 },
      retries: { 503: 1 },
    });
  });

  scene.it('with Retry-After as a date is retried at that time', { upstream: RETRY }, async (part) => {
    let date = 0;
    let arrived = 0;
    part.a.script(
      (request) => {
        // A date has whole seconds: this one is more than one and at most two seconds ahead.
        date = Math.floor(Date.now() / 1000) * 1000 + 2000;
        return busy(new Date(date).toUTCString())(request);
      },
      (request) => {
        arrived = Date.now();
        return ok(request);
      },
    );
    const answer = await part.call();
    expect([answer.status, part.a.count]).to.deep.equal([200, 2]);
    expect(arrived).to.be.at.least(date - 5);
  });

  scene.it('with Retry-After in the past is retried', { upstream: RETRY }, async (part) => {
    part.a.script(busy('Sun, 06 Nov 1994 08:49:37 GMT'), ok);
    expect([(await part.call()).status, part.a.count]).to.deep.equal([200, 2]);
  });

  scene.it('with a Retry-After that is none is retried', { upstream: RETRY }, async (part) => {
    part.a.script(busy('soon'), busy('-1'), ok);
    expect([(await part.call()).status, part.a.count]).to.deep.equal([200, 3]);
  });

  scene.it(
    'with a Retry-After beyond the route’s timeout is passed on as it is',
    { endpoints: 2, upstream: RETRY, route: 'timeout: 30s' },
    async (part) => {
      part.a.script(busy('31', 'come back later'));
      const answer = await part.call();
      expect([answer.status, answer.text]).to.deep.equal([503, 'come back later']);
      expect(answer.header('retry-after')).to.equal('31');
      expect(part.counts).to.deep.equal([1, 0]);
      expect(await part.told(answer, 1)).to.deep.equal({
        status: 503,
        attempts: 1,
        error: undefined,
        outcomes: { '5xx': 1 },
        retries: {},
      });
    },
  );

  scene.it(
    'that would be waited for beyond what attempts have left of the route’s timeout is passed on',
    { upstream: RETRY, route: 'timeout: 2900ms' },
    async (part) => {
      part.a.script(busy('2'), busy('1', 'the last'), ok);
      const answer = await part.call();
      expect([answer.status, answer.text, part.a.count]).to.deep.equal([503, 'the last', 2]);
    },
  );

  scene.it('is the answer when all attempts have it, the last one’s', { upstream: RETRY }, async (part) => {
    part.a.script(answers(503, 'one'), answers(503, 'two'), answers(503, 'three'));
    const answer = await part.call();
    expect([answer.status, answer.text, part.a.count]).to.deep.equal([503, 'three', 3]);
    expect(await part.told(answer, 3)).to.deep.equal({
      status: 503,
      attempts: 3,
      error: undefined,
      outcomes: { '5xx': 3 },
      retries: { 503: 2 },
    });
  });

  scene.it('is not retried for a POST', { upstream: RETRY }, async (part) => {
    part.a.script(answers(503, 'busy'), ok);
    const answer = await part.call({ method: 'POST', body: 'abc' });
    expect([answer.status, answer.text, part.a.count]).to.deep.equal([503, 'busy', 1]);
  });

  scene.it('is retried for HEAD, and leaves the connection as it was', { upstream: RETRY }, async (part) => {
    part.a.script(answers(503, 'busy'), ok);
    const answer = await part.call({ method: 'HEAD' });
    expect([answer.status, answer.text, part.a.count]).to.deep.equal([200, '', 2]);
    expect((await part.call()).text).to.equal('ok');
    expect([part.a.count, part.a.connections]).to.deep.equal([3, 1]);
  });

  scene.it('that is retried leaves its connection for the next attempt', { upstream: RETRY }, async (part) => {
    // As long as is read of it. The pause lets it arrive whole.
    part.a.script(busy('1', Buffer.alloc(64 * 1024, 'x').toString()), ok);
    expect((await part.call()).text).to.equal('ok');
    expect([part.a.count, part.a.connections]).to.deep.equal([2, 1]);
  });

  scene.it('with more than 64 KiB is not read to its end', { upstream: RETRY }, async (part) => {
    part.a.script((request) => {
      request.response.writeHead(503);
      const write = (): void => {
        while (!request.response.destroyed && request.response.write(Buffer.alloc(16 * 1024)));
      };
      request.response.on('drain', write);
      write();
    }, ok);
    const answer = await part.call();
    await (await part.a.requests.at(0)).over();
    expect([answer.text, part.a.count, part.a.connections]).to.deep.equal(['ok', 2, 2]);
    expect((await part.told(answer, 2)).outcomes).to.deep.equal({ '5xx': 1, '2xx': 1 });
    expect((await part.shown()).endpoints[0]?.in_flight).to.equal(0);
  });

  scene.it(
    'whose body never ends is neither waited for nor kept',
    { upstream: `idleTimeout: 300ms, ${RETRY}` },
    async (part) => {
      part.a.script((request) => void request.response.writeHead(503).write('a'), ok);
      const answer = await part.call();
      expect(answer.text).to.equal('ok');
      await (await part.a.requests.at(0)).over();
      expect((await part.told(answer, 2)).attempts).to.equal(2);
      expect((await part.shown()).endpoints[0]?.in_flight).to.equal(0);
    },
  );
});

describe('an answer that retry.when does not name', () => {
  const scene = new Scene();

  for (const status of [500, 501, 505, 404, 429]) {
    scene.it(`is passed on: ${status}`, { endpoints: 2, upstream: RETRY }, async (part) => {
      part.a.script(answers(status, 'no'));
      const answer = await part.call();
      expect([answer.status, answer.text, ...part.counts]).to.deep.equal([status, 'no', 1, 0]);
      expect((await part.told(answer, 1)).retries).to.deep.equal({});
    });
  }

  scene.it(
    'is retried when it does',
    { endpoints: 2, upstream: 'retry: { attempts: 2, when: [429], backoff: { base: 0ms } }' },
    async (part) => {
      part.a.script(answers(429, 'no'));
      const answer = await part.call();
      expect([answer.status, ...part.counts]).to.deep.equal([200, 1, 1]);
      expect((await part.told(answer, 2)).retries).to.deep.equal({ 429: 1 });
      part.a.script(answers(503, 'not named'));
      part.b.script(answers(503, 'not named'));
      expect((await part.call()).text).to.equal('not named');
    },
  );
});
