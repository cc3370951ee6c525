import { expect } from 'chai';
import { answers, hang, ok, reset, Scene, type Part } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';
import { onEachEngine } from '../../../support/engines.ts';

/** Opens with the second failure of two. */
const BREAKER = 'breaker: { failureRatio: 0.5, minimumRequests: 2, window: 1m, openFor: 1h, halfOpenRequests: 1 }';
const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';

async function breaker(part: Part): Promise<string | null | undefined> {
  return (await part.shown()).endpoints[0]?.breaker;
}

onEachEngine('an endpoint is not blamed', () => {
  const scene = new Scene();

  scene.it('for bodies that clients do not send', { upstream: BREAKER }, async (part) => {
    for (let count = 0; count < 3; count += 1) {
      part.a.script(reset);
      const client = await part.client();
      await client.send(`POST ${part.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\nx`);
      expect((await client.head()).status).to.equal(502);
    }
    expect(await breaker(part)).to.equal('closed');
    part.a.script(ok);
    expect((await part.call()).text).to.equal('ok');
  });

  scene.it(
    'for requests that wait for a connection',
    { upstream: `${BREAKER}, connections: 1`, route: 'timeout: 300ms' },
    async (part) => {
      part.a.script((request) => void request.response.writeHead(200).write('begun'));
      const held = await part.client();
      await held.send(`GET ${part.path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await held.until('begun');
      for (const answer of await Promise.all([part.call(), part.call(), part.call()]))
        expectProblem(answer, 'upstream-timeout');
      expect([part.a.count, await breaker(part)]).to.deep.equal([1, 'closed']);
    },
  );
});

onEachEngine('a request is not carried out twice', () => {
  const scene = new Scene();

  const keys: readonly (readonly [what: string, route: string, headers: readonly string[]])[] = [
    [
      'when the route takes the key away',
      'request: { headers: { remove: [idempotency-key] } }',
      ['idempotency-key', 'a'],
    ],
    ['when the key is of the connection alone', '', ['idempotency-key', 'a', 'connection', 'idempotency-key']],
    ['when the key is empty', '', ['idempotency-key', '']],
  ];
  for (const [what, route, headers] of keys) {
    scene.it(what, { endpoints: 2, upstream: RETRY, ...(route === '' ? {} : { route }) }, async (part) => {
      part.a.script(reset);
      part.b.script(reset);
      const answer = await part.call({ method: 'POST', body: 'x', headers });
      expectProblem(answer, 'upstream-reset');
      expect(part.a.count + part.b.count).to.equal(1);
    });
  }

  scene.it(
    'although the Retry-After is longer than a timer can be',
    { upstream: RETRY, route: 'timeout: off' },
    async (part) => {
      part.a.script(answers(503, 'later', { 'retry-after': '99999999999' }));
      const answer = await part.call();
      expect([answer.status, answer.text, part.a.count]).to.deep.equal([503, 'later', 1]);
    },
  );
});

onEachEngine('an answer that nobody wants', () => {
  const scene = new Scene();

  scene.it('gives its connection back, however slowly it comes', { endpoints: 2, upstream: RETRY }, async (part) => {
    part.a.script((request) => {
      request.response.writeHead(503, { 'content-length': '60000' });
      request.response.write('x');
    });
    part.b.script(ok);
    expect((await part.call()).text).to.equal('ok');
    const request = await part.a.requests.at(0);
    if (!request.incoming.socket.destroyed)
      await new Promise<void>((resolve) => void request.incoming.socket.once('close', () => resolve()));
    const [first] = (await part.shown()).endpoints;
    expect([first?.in_flight, first?.connections]).to.deep.equal([0, 0]);
  });

  scene.it(
    'leaves the upload to the next endpoint, also when a pause is long',
    { endpoints: 2, upstream: `${RETRY}, idleTimeout: 300ms` },
    async (part) => {
      part.a.script(answers(503, '', { 'retry-after': '1' }));
      part.b.script(hang, ok);
      const client = await part.client();
      await client.send(`PUT ${part.path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n`);
      await part.a.requests.at(0);
      await client.send('1\r\ny\r\n0\r\n\r\n');
      const request = await part.b.requests.at(0);
      request.response.end('got it');
      expect((await client.response()).text).to.equal('got it');
    },
  );
});
