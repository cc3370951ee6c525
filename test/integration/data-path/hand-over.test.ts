import { expect } from 'chai';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

const HOST = 'Host: shop.example.com\r\n';
/** A request that only `node:http` reads. */
const NOT_PLAIN = 'Connection: keep-alive, x-option\r\n';

onEachEngineAndTls('a connection that goes from one engine to the other', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: inner, match: { path: /inner }, respond: { status: 200, body: inner } }
  - { name: outer, match: { path: /outer }, respond: { status: 200, body: outer } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  // What a body holds must never be taken for a request: whoever shares the connection would get the answer to it.
  for (const units of [60, 290, 310, 330]) {
    it(`keeps its bytes in their order, however they come: a body of ${units} requests`, async () => {
      const request = (path: string): string => {
        const start = `GET ${path} HTTP/1.1\r\nHost: a\r\nX: `;
        return `${start}${'p'.repeat(256 - start.length - 4)}\r\n\r\n`;
      };
      const bodies = new Map<string, string>();
      upstream.answer = async (received) => {
        if (received.target === '/slow') await slow;
        bodies.set(received.target, (await received.body()).toString('latin1'));
        received.response.end(received.target);
      };
      let answerSlow = (): void => undefined;
      const slow = new Promise<void>((resolve) => (answerSlow = resolve));
      const first = 'y'.repeat(26_000);
      const body = request('/inner').repeat(units);
      const bytes = [
        `GET /slow HTTP/1.1\r\n${HOST}\r\n`,
        `POST /first HTTP/1.1\r\n${HOST}${NOT_PLAIN}Content-Length: ${first.length}\r\n\r\n${first}`,
        `POST /second HTTP/1.1\r\n${HOST}Content-Length: ${body.length}\r\n\r\n`,
        body,
        request('/outer').repeat(60),
      ].join('');
      // A part that the connection is full with, then more of it while it does not read, piece by piece.
      const start = bytes.length - body.length - 60 * 256 + 512;
      const cuts = [0, start, ...Array.from({ length: 8 }, (_, index) => start + 1536 * (index + 1)), bytes.length];
      const pieces = cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end));
      const client = await RawClient.open(gateway.port);
      await client.send(...pieces.slice(0, -1));
      answerSlow();
      await client.send(pieces.at(-1) ?? '');
      const answers: string[] = [];
      for (let number = 0; number < 63; number += 1) answers.push((await client.response()).text);
      expect(answers).to.deep.equal(['/slow', '/first', '/second', ...Array.from({ length: 60 }, () => 'outer')]);
      expect(bodies.get('/first')).to.equal(first);
      expect(bodies.get('/second')).to.equal(body);
      expect(client.pending).to.equal('');
      await client.close();
    });
  }
});
