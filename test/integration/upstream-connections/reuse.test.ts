import { expect } from 'chai';
import type { Socket } from 'node:net';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { onceHead, RawUpstream } from '../../support/upstream.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** An upstream that follows a script on each of its connections, one entry a request. */
interface Script {
  readonly upstream: RawUpstream;
  /** How many requests each connection carried. */
  readonly requests: number[];
  close(): Promise<void>;
}

type Step = (socket: Socket) => void;

const answer: Step = (socket) => socket.write(OK);

async function follow(...scripts: Step[][]): Promise<Script> {
  const requests: number[] = [];
  const upstream = await RawUpstream.start((socket) => {
    const connection = requests.push(0) - 1;
    const steps = scripts[connection] ?? [answer];
    const next = (): void =>
      onceHead(socket, () => {
        const step = steps[requests[connection] ?? 0] ?? answer;
        requests[connection] = (requests[connection] ?? 0) + 1;
        next();
        step(socket);
      });
    next();
  });
  return { upstream, requests, close: async () => upstream.close() };
}

onEachEngine('connections to upstreams', () => {
  let script: Script;
  let gateway: TestGateway;

  async function start(steps: Step[][], settings = ''): Promise<void> {
    script = await follow(...steps);
    gateway = await startTestGateway(`
version: 1
upstreams:
  origin: { targets: ["${script.upstream.origin}"]${settings} }
routes:
  - { name: all, match: { path: /*rest }, upstream: origin }
`);
  }

  afterEach(async () => {
    await gateway.stop();
    await script.close();
  });

  it('are used again', async () => {
    await start([]);
    for (let count = 0; count < 5; count += 1) expect((await call(gateway.url)).text).to.equal('ok');
    expect(script.requests).to.deep.equal([5]);
  });

  it('that die as they are used again cost a GET nothing', async () => {
    await start([[answer, (socket) => socket.destroy()]]);
    await call(gateway.url);
    expect((await call(gateway.url)).text).to.equal('ok');
    expect(script.requests).to.deep.equal([2, 1]);
  });

  it('that die as they are used again fail a POST, which the upstream may have acted on', async () => {
    await start([[answer, (socket) => socket.destroy()]]);
    await call(gateway.url);
    expectProblem(await call(gateway.url, { method: 'POST', body: 'x' }), 'upstream-reset');
    expect(script.requests).to.deep.equal([2]);
  });

  it('that die at their first request are not tried again', async () => {
    await start([[(socket) => socket.destroy()]]);
    expectProblem(await call(gateway.url), 'upstream-reset');
    expect(script.requests).to.deep.equal([1]);
  });

  it('are tried again for nothing only once', async () => {
    await start([[answer, (socket) => socket.destroy()], [(socket) => socket.destroy()]]);
    await call(gateway.url);
    expectProblem(await call(gateway.url), 'upstream-reset');
    expect(script.requests).to.deep.equal([2, 1]);
  });

  it('that die within an answer are not tried again', async () => {
    await start([[answer, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')]]);
    await call(gateway.url);
    expectProblem(await call(gateway.url), 'upstream-reset');
    expect(script.requests).to.deep.equal([2]);
  });

  it('end when the upstream says more than was asked, and nobody gets to see it', async () => {
    const smuggled = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nstolen!';
    await start([[(socket) => socket.write(OK + smuggled)], [answer]]);
    expect((await call(gateway.url)).text).to.equal('ok');
    expect((await call(gateway.url)).text).to.equal('ok');
    expect(script.requests).to.deep.equal([1, 1]);
  });

  it('end when the upstream says close', async () => {
    const last: Step = (socket) => socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
    await start([[last], [answer]]);
    for (let count = 0; count < 2; count += 1) expect((await call(gateway.url)).text).to.equal('ok');
    expect(script.requests).to.deep.equal([1, 1]);
  });

  it('are never more than allowed, and requests wait for one in their order', async () => {
    const sockets: Socket[] = [];
    const hold: Step = (socket) => sockets.push(socket);
    await start([[hold, hold, hold]], ', connections: 1');
    const calls = ['/a', '/b', '/c'].map(async (path) => call(gateway.url + path));
    for (let count = 1; count <= 3; count += 1) {
      while (sockets.length < count) await new Promise((resolve) => setImmediate(resolve));
      answer(sockets[count - 1] ?? expect.fail('no connection'));
    }
    for (const answered of await Promise.all(calls)) expect(answered.text).to.equal('ok');
    expect(script.requests).to.deep.equal([3]);
  });
});
