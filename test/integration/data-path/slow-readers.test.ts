import { expect } from 'chai';
import type { IncomingMessage } from 'node:http';
import { call, open } from '../../support/client.ts';
import { onEachEngineAndTls } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream } from '../../support/upstream.ts';

const CONNECTIONS = 4;
/** More than the buffers of the system take. */
const LARGE = Buffer.alloc(16 * 1024 * 1024, 'x');

onEachEngineAndTls('clients that do not read their answers', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  const slow: IncomingMessage[] = [];

  beforeEach(async () => {
    upstream = await TestUpstream.start();
    upstream.answer = ({ target, response }) => void response.end(target === '/large' ? LARGE : 'ok');
    gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${upstream.origin}"], connections: ${CONNECTIONS} }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin }
`);
  });

  afterEach(async () => {
    for (const answer of slow.splice(0)) answer.destroy();
    await gateway.stop();
    await upstream.close();
  });

  it('leave connections to the others, and get the rest when they read on', async () => {
    for (let index = 0; index < 3 * CONNECTIONS; index += 1) slow.push(await open(`${gateway.url}/large`));
    for (let count = 0; count < 2 * CONNECTIONS; count += 1) {
      expect((await call(`${gateway.url}/small`)).text).to.equal('ok');
    }
    let received = 0;
    for await (const chunk of slow[0] ?? []) received += Buffer.byteLength(chunk);
    expect(received).to.equal(LARGE.length);
  });
});
