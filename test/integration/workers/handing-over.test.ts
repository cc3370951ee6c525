import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { answering, forwarding, Opened, send, type Upstream } from '../../support/reload.ts';
import { PATIENCE, startWorkers, until, workerPids, workersYaml } from './workers.ts';

/** How a connection ended: what came on it before, and the code of what broke it. */
interface Ended {
  readonly text: string;
  readonly code: string | undefined;
}

/** Connects, asks for `/` once, and tells when the connection has ended. */
function asking(opened: Opened, address: string): { readonly socket: Socket; readonly ended: Promise<Ended> } {
  const { hostname, port } = new URL(`http://${address}`);
  const socket = connect(Number(port), hostname);
  opened.add(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  let code: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => ({ code } = error));
  socket.write('GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n');
  return { socket, ended: new Promise((resolve) => socket.on('close', () => resolve({ text, code }))) };
}

/** So many that come again and again make it likely that one meets the moment, some three of four times. */
const CLIENTS = 40;

describe('a connection that is being handed to a worker', function () {
  // Each test starts three processes from the sources.
  this.timeout(3 * PATIENCE);
  const opened = new Opened();

  const yaml = (upstream: Upstream): string =>
    workersYaml(
      `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${answering('home')}${forwarding('up', '/hold')}`,
      { timeouts: 'drainDelay: 0s, drain: 1h' },
    );

  it('ends when all workers close their listeners meanwhile, while requests are still in flight', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address } = await startWorkers(opened, yaml(upstream));
    const held = send(address, '/hold', { limit: PATIENCE });
    await until('the request is in flight', () => upstream.held === 1);
    let answered = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const { text, code } = await asking(opened, address).ended;
        if (code === 'ECONNREFUSED') return;
        if (text !== '') answered += 1;
      }
    };
    const clients = Array.from({ length: CLIENTS }, client);
    await until('there is load', () => answered > 5 * CLIENTS);
    gateway.kill('SIGTERM');
    // Without a limit of theirs: one that nobody looks after makes the test fail.
    await Promise.all(clients);
    expect(gateway.isRunning).to.equal(true);
    upstream.release();
    expect((await held).status).to.equal(200);
    expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
  });

  it('ends when its worker is killed before it takes it, and the others are taken', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address, admin } = await startWorkers(opened, yaml(upstream));
    const [victim = 0, other = 0] = workerPids(gateway);
    for (const pid of [victim, other]) process.kill(pid, 'SIGSTOP');
    const asked = [asking(opened, address), asking(opened, address)];
    await Promise.all(asked.map(async ({ socket }) => once(socket, 'connect')));
    expect((await send(admin, '/healthz')).status).to.equal(200);
    process.kill(victim, 'SIGKILL');
    process.kill(other, 'SIGCONT');
    const texts = await Promise.all(asked.map(async ({ ended }) => (await ended).text));
    expect(texts.filter((text) => text === '')).to.have.length(1);
    expect(texts.filter((text) => text.startsWith('HTTP/1.1 200 '))).to.have.length(1);
  });
});
