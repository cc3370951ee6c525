import { expect } from 'chai';
import { settled } from '../../../support/arrivals.ts';
import { answers, hang, ok, Scene, until, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';

const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';
/** More than one read brings, and no byte like its neighbour. */
const BODY = Buffer.from(Array.from({ length: 48 * 1024 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
const KEY = ['idempotency-key', '7'];

/** The body in chunks of another size than any buffer has. */
function chunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += 7001) {
    const piece = body.subarray(at, at + 7001);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** Every body that came is the one that was sent, to the byte. */
function expectBodies(part: Part, counts: readonly number[], body: Buffer): void {
  expect(part.endpoints.map(({ bodies }) => bodies.length)).to.deep.equal(counts);
  for (const endpoint of part.endpoints) for (const got of endpoint.bodies) expect(got.equals(body)).to.equal(true);
}

onEachEngine('an endpoint that takes a request and does not answer', () => {
  const scene = new Scene();
  const slow = `responseTimeout: 200ms, ${RETRY}`;

  scene.it('is left after responseTimeout for another one', { endpoints: 2, upstream: slow }, async (part) => {
    part.a.script(hang);
    const answer = await part.call();
    expect([answer.status, ...part.counts]).to.deep.equal([200, 1, 1]);
    const [first, second] = [await part.a.requests.at(0), await part.b.requests.at(0)];
    // It is noticed some time after the timeout, and never before.
    expect(second.at - first.at).to.be.greaterThan(150);
    await first.over();
    expect(await part.told(answer, 2)).to.deep.equal({
      status: 200,
      attempts: 2,
      error: undefined,
      outcomes: { timeout: 1, '2xx': 1 },
      retries: { timeout: 1 },
    });
  });

  scene.it('is answered for with 504 after all attempts', { endpoints: 2, upstream: slow }, async (part) => {
    part.a.script(hang);
    part.b.script(hang);
    const answer = await part.call();
    expectProblem(answer, 'upstream-timeout');
    expect(part.a.count + part.b.count).to.equal(3);
    expect(await part.told(answer, 3)).to.deep.equal({
      status: 504,
      attempts: 3,
      error: 'headers-timeout',
      outcomes: { timeout: 3 },
      retries: { timeout: 2 },
    });
  });

  scene.it(
    'has no longer than the route’s timeout over all attempts',
    {
      endpoints: 2,
      upstream: 'responseTimeout: 800ms, retry: { attempts: 5, backoff: { base: 1ms } }',
      route: 'timeout: 1400ms',
    },
    async (part) => {
      part.a.script(hang);
      part.b.script(hang);
      const answer = await part.call();
      expectProblem(answer, 'upstream-timeout');
      // A third would begin after 1.6 s at the earliest.
      expect(part.counts).to.deep.equal([1, 1]);
      expect(await part.told(answer, 2)).to.deep.equal({
        status: 504,
        attempts: 2,
        error: 'headers-timeout',
        outcomes: { timeout: 2 },
        retries: { timeout: 1 },
      });
    },
  );

  scene.it('is not asked again for a POST', { endpoints: 2, upstream: slow }, async (part) => {
    part.a.script(hang);
    const answer = await part.call({ method: 'POST', body: 'abc' });
    expectProblem(answer, 'upstream-timeout');
    expect(part.counts).to.deep.equal([1, 0]);
    expect(await part.told(answer, 1)).to.deep.include({ attempts: 1, outcomes: { timeout: 1 }, retries: {} });
  });

  for (const [what, headers] of [
    ['with a length', ['content-length', String(BODY.length)]],
    ['in chunks', ['transfer-encoding', 'chunked']],
  ] as const) {
    scene.it(
      `leaves the body of a POST with an Idempotency-Key whole for the next one, ${what}`,
      { endpoints: 2, upstream: slow },
      async (part) => {
        part.a.script(hang);
        const client = await part.client();
        const fields = [...headers, ...KEY, 'host', 'a'];
        const lines = fields.flatMap((text, index) => (index % 2 === 0 ? [`${text}: ${fields[index + 1]}\r\n`] : []));
        const isChunked = headers[0] === 'transfer-encoding';
        await client.send(`POST ${part.path} HTTP/1.1\r\n${lines.join('')}\r\n`, isChunked ? chunked(BODY) : BODY);
        const answer = await client.response();
        expect(answer.status).to.equal(200);
        expectBodies(part, [1, 1], BODY);
        const replayed = await part.b.requests.at(0);
        expect(replayed.header('content-length')).to.equal(isChunked ? undefined : String(BODY.length));
        expect(await part.told(answer, 2)).to.deep.include({ attempts: 2, retries: { timeout: 1 } });
      },
    );
  }

  scene.it(
    'keeps a body that is larger than bodyBuffer: no retry',
    {
      endpoints: 2,
      upstream: 'responseTimeout: 200ms, retry: { attempts: 3, backoff: { base: 0ms }, bodyBuffer: 16KiB }',
    },
    async (part) => {
      part.a.script(hang);
      const answer = await part.call({ method: 'PUT', body: BODY });
      expectProblem(answer, 'upstream-timeout');
      expectBodies(part, [1, 0], BODY);
      expect(await part.told(answer, 1)).to.deep.include({ attempts: 1, retries: {} });
    },
  );

  scene.it(
    'keeps a chunked body that turns out to be larger than bodyBuffer: no retry',
    {
      endpoints: 2,
      upstream: 'responseTimeout: 200ms, retry: { attempts: 3, backoff: { base: 0ms }, bodyBuffer: 16KiB }',
    },
    async (part) => {
      part.a.script(hang);
      const client = await part.client();
      await client.send(`PUT ${part.path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`, chunked(BODY));
      expectProblem(await client.response(), 'upstream-timeout');
      expectBodies(part, [1, 0], BODY);
    },
  );

  scene.it(
    'is not blamed for a client that sends slowly',
    { upstream: `responseTimeout: 200ms, ${RETRY}`, route: 'timeout: 200ms' },
    async (part) => {
      const client = await part.client();
      await client.send(`PUT ${part.path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n`);
      const request = await part.a.requests.at(0);
      await request.has(1);
      // Another request takes longer than both timeouts of this one.
      part.a.script(hang, ok);
      expectProblem(await part.call({ method: 'POST' }), 'upstream-timeout');
      await client.send('4\r\nello\r\n0\r\n\r\n');
      const answer = await client.response();
      expect([answer.status, answer.text]).to.deep.equal([200, 'ok']);
      expect(part.a.bodies.map(String)).to.include('hello');
      expect(part.a.count).to.equal(2);
    },
  );
});

onEachEngine('an endpoint that fails while the body still comes', () => {
  const scene = new Scene();
  const head = (part: Part): string => `PUT ${part.path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;

  scene.it(
    'leaves what has come, and the rest as it comes, for the next one',
    { endpoints: 2, upstream: RETRY },
    async (part) => {
      part.a.script(hang);
      const client = await part.client();
      await client.send(`${head(part)}5\r\nhello\r\n`);
      const first = await part.a.requests.at(0);
      await first.has(5);
      first.reset();
      const second = await part.b.requests.at(0);
      await second.has(5);
      await client.send('7\r\n, world\r\n', '0\r\n\r\n');
      const answer = await client.response();
      expect([answer.status, part.a.bodies.length, ...part.b.bodies.map(String)]).to.deep.equal([
        200,
        0,
        'hello, world',
      ]);
      expect(await part.told(answer, 2)).to.deep.equal({
        status: 200,
        attempts: 2,
        error: undefined,
        outcomes: { reset: 1, '2xx': 1 },
        retries: { reset: 1 },
      });
    },
  );

  scene.it(
    'and is asked again after a pause, gets a body that is larger than bodyBuffer whole',
    { upstream: 'retry: { attempts: 2, backoff: { base: 0ms }, bodyBuffer: 1KiB }' },
    async (part) => {
      part.a.script((request) => {
        request.response.writeHead(503, { 'retry-after': '1', 'content-length': 0 }).end();
      }, ok);
      const client = await part.client();
      await client.send(`${head(part)}5\r\nhello\r\n`);
      await (await part.a.requests.at(0)).over();
      // The gateway waits: what comes now must neither be lost nor make the retry impossible.
      await client.send(chunked(BODY));
      const answer = await client.response();
      expect(answer.status).to.equal(200);
      expectBodies(part, [1], Buffer.concat([Buffer.from('hello'), BODY]));
    },
  );

  scene.it(
    'and reads on after it has refused, takes nothing of the body away from the next one',
    {
      endpoints: 2,
      upstream: 'retry: { attempts: 2, backoff: { base: 0ms }, bodyBuffer: 32MiB }',
      route: 'bodyBytes: 64MiB',
    },
    async (part) => {
      const large = Buffer.concat(Array.from({ length: 900 }, () => BODY));
      part.a.reads = false;
      part.a.script(hang);
      const client = await part.client();
      await client.send(head(part));
      client.socket.write(chunked(large));
      const { incoming, response } = await part.a.requests.at(0);
      // What fits into the buffers on the way has gone, and the gateway waits for the upstream to read.
      await settled(() => client.socket.bytesWritten);
      response.writeHead(503, { 'retry-after': '2', 'content-length': 10 }).write('hello');
      await until(async () => (await part.counted('gateway_retries_total', 'cause'))['503'] === 1, 'a retry');
      incoming.resume();
      const answer = await client.response();
      expect(answer.status).to.equal(200);
      const [got] = part.b.bodies;
      expect(got?.length).to.equal(large.length);
      expect(got?.equals(large)).to.equal(true);
    },
  );

  scene.it(
    'does not get the request again when its client has left meanwhile',
    { upstream: 'retry: { attempts: 2, backoff: { base: 0ms } }' },
    async (part) => {
      part.a.script(answers(503, '', { 'retry-after': '1' }), ok);
      const client = await part.client();
      await client.send(`PUT ${part.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello`);
      await (await part.a.requests.at(0)).over();
      await client.close();
      const line = await part.gateway.logs.until(({ path }) => path === part.path, 'its access line');
      expect(line).to.include({ status: 499, attempts: 1 });
      // A later request with the same pause has had its retry, and this one has not.
      part.a.script(answers(503, '', { 'retry-after': '1' }), ok);
      expect((await part.call()).status).to.equal(200);
      expect(await settled(() => part.a.count)).to.equal(3);
    },
  );
});
