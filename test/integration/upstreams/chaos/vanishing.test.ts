import { expect } from 'chai';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { Arrivals, within } from '../../../support/arrivals.ts';
import { answers, hang, ok, Scene, until } from '../../../support/chaotic.ts';
import { expectProblem } from '../../../support/client.ts';

const RETRY = 'retry: { attempts: 3, backoff: { base: 0ms } }';

describe('endpoints that vanish from where they are found', () => {
  const scene = new Scene();
  const two = { endpoints: 2, discover: true } as const;

  scene.it('finish what they were asked, and are asked no more', two, async (part) => {
    await part.find([part.a, part.b]);
    part.a.script(hang);
    const calls = [part.call(), part.call()];
    const request = await part.a.requests.at(0);
    request.response.write('be');
    await part.find([part.b]);
    for (let turn = 0; turn < 4; turn += 1) expect((await part.call()).status).to.equal(200);
    expect(part.counts).to.deep.equal([1, 5]);
    request.response.end('gun');
    const texts = (await Promise.all(calls)).map(({ text }) => text);
    expect(texts.toSorted()).to.deep.equal(['begun', 'ok']);
    // Nothing is kept to it.
    await until(() => part.a.openConnections === 0, 'the end of all connections to it');
  });

  scene.it(
    'finish also what still waits for one of their connections',
    { ...two, upstream: 'connections: 1' },
    async (part) => {
      part.a.script(hang);
      const calls = [part.call(), part.call(), part.call()];
      await part.a.requests.at(0);
      await until(async () => (await part.shown()).endpoints[0]?.in_flight === 3, 'three in flight');
      await part.find([part.b]);
      for (let index = 0; index < 3; index += 1) (await part.a.requests.at(index)).response.end('from a');
      expect((await Promise.all(calls)).map(({ text }) => text)).to.deep.equal(['from a', 'from a', 'from a']);
      expect([part.a.connections, ...part.counts]).to.deep.equal([1, 3, 0]);
    },
  );

  scene.it('are not where a retry goes', { ...two, upstream: RETRY }, async (part) => {
    part.a.script(answers(503, '', { 'retry-after': '3' }));
    const called = part.call();
    await part.a.requests.at(0);
    await part.find([part.b]);
    const answer = await called;
    expect([answer.text, ...part.counts]).to.deep.equal(['ok', 1, 1]);
    expect(await part.told(answer, 2)).to.deep.include({ attempts: 2, retries: { 503: 1 } });
  });

  scene.it('leave new ones to be asked', two, async (part) => {
    expect((await part.call()).status).to.equal(200);
    await part.find([part.b]);
    await part.a.close();
    expect((await part.call()).status).to.equal(200);
    expect(part.counts).to.deep.equal([1, 1]);
    await part.find([part.a]);
    await part.a.open();
    expect((await part.call()).status).to.equal(200);
    expect(part.counts).to.deep.equal([2, 1]);
  });

  scene.it('are answered for with 503 when none is left', two, async (part) => {
    expect((await part.call()).status).to.equal(200);
    await part.find([]);
    const answer = await part.call();
    expectProblem(answer, 'no-endpoint');
    expect(await part.told(answer, 1)).to.deep.equal({
      status: 503,
      attempts: 0,
      error: 'no-endpoint',
      outcomes: { '2xx': 1 },
      retries: {},
    });
    expect(await part.metric('gateway_upstream_refusals_total{upstream="NAME",reason="no-endpoint"}')).to.equal(1);
    await part.find([part.b]);
    expect((await part.call()).status).to.equal(200);
    expect(part.counts).to.deep.equal([1, 1]);
  });

  scene.it(
    'are answered for by a fallback when none is left, a POST, too',
    { ...two, route: 'fallback: { upstream: REPLICA }' },
    async (part) => {
      await part.find([]);
      expect((await part.call({ method: 'POST', body: 'abc' })).status).to.equal(200);
      expect([...part.counts, ...part.replica.bodies.map(String)]).to.deep.equal([0, 0, 'abc']);
    },
  );

  for (const [what, breaks, fault] of [
    ['cannot be read', async (file: string) => rm(file), /cannot be read/],
    ['makes no sense', async (file: string) => writeFile(file, 'nonsense: ['), /holds no list/],
  ] as const) {
    scene.it(`stay when it is the source that ${what}`, two, async (part) => {
      await part.find([part.a, part.b]);
      await breaks(part.file);
      await until(async () => fault.test((await part.shown()).source.fault ?? ''), String(fault));
      for (let turn = 0; turn < 4; turn += 1) expect((await part.call()).status).to.equal(200);
      expect(part.counts).to.deep.equal([2, 2]);
      const lost = await part.gateway.logs.until(
        ({ upstream, msg }) => upstream === part.name && String(msg).includes('cannot be asked for: the last known'),
        'a line of the source that fails',
      );
      expect(lost['level']).to.equal('warn');
      await part.find([part.b]);
      expect((await part.shown()).source.fault).to.equal(null);
      for (let turn = 0; turn < 2; turn += 1) expect((await part.call()).status).to.equal(200);
      expect(part.counts).to.deep.equal([2, 4]);
    });
  }

  scene.it(
    'keep what is known of those that stay',
    {
      ...two,
      upstream: 'breaker: { failureRatio: 0, minimumRequests: 1, window: 1m, openFor: 1h, halfOpenRequests: 1 }',
    },
    async (part) => {
      part.a.script(answers(500), ok);
      await part.call();
      await part.find([part.a, part.b]);
      for (let turn = 0; turn < 4; turn += 1) expect((await part.call()).status).to.equal(200);
      expect(part.counts).to.deep.equal([1, 4]);
    },
  );

  scene.it('keep a WebSocket that is open', { ...two, route: 'websocket: {}' }, async (part) => {
    const server = new WebSocketServer({ noServer: true });
    part.a.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) =>
      server.handleUpgrade(request, duplex, head, (socket) => socket.on('message', (data) => socket.send(data))),
    );
    const client = new WebSocket(`ws://127.0.0.1:${part.gateway.port}${part.path}`);
    await within(once(client, 'open'), 'a WebSocket to open');
    await part.find([part.b]);
    const echo = once(client, 'message');
    client.send('still there');
    await within(echo, 'an echo');
    client.terminate();
  });

  scene.it('keep a WebSocket that is about to open', { ...two, route: 'websocket: {}' }, async (part) => {
    const server = new WebSocketServer({ noServer: true });
    const asked = new Arrivals<() => void>(() => 'an upgrade');
    part.a.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
      duplex.on('error', () => undefined);
      asked.push(() => server.handleUpgrade(request, duplex, head, () => undefined));
    });
    const client = new WebSocket(`ws://127.0.0.1:${part.gateway.port}${part.path}`);
    client.on('error', () => undefined);
    const opened = new Promise<string>((resolve) => {
      client.on('open', () => resolve('open'));
      client.on('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)));
    });
    const agree = await asked.at(0);
    await part.find([part.b]);
    agree();
    expect(await within(opened, 'a WebSocket to open')).to.equal('open');
    client.terminate();
  });
});
