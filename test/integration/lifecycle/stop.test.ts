import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { engineInUse, onEachEngine } from '../../support/engines.ts';
import { TestProcess } from '../../support/process.ts';
import { accepts, answering, forwarding, open, Opened, send, until, type Upstream } from '../../support/reload.ts';

const STREAMS = ', websocket: { idleTimeout: 5m }';

onEachEngine('stopping the gateway', () => {
  const opened = new Opened();

  async function start(
    upstream: Upstream,
    timeouts: string,
  ): Promise<{ gateway: TestProcess; address: string; admin: string }> {
    const file = join(opened.folder(), 'gateway.yaml');
    writeFileSync(
      file,
      `version: 1
server: { listen: 127.0.0.1:0, fastLane: ${engineInUse() === 'fast lane'}, timeouts: { ${timeouts} } }
admin: { listen: 127.0.0.1:0 }
upstreams:
  up: { targets: ['${upstream.origin}'] }
routes:
${answering('home')}${forwarding('up', '/*rest', STREAMS)}`,
    );
    const gateway = TestProcess.gatewayctl(['serve', '-c', file], (close) => opened.add(close));
    return { gateway, ...(await gateway.serving()) };
  }

  /** A connection on which nothing is done behind the test's back. */
  async function connection(address: string): Promise<{ socket: Socket; text: () => string }> {
    const [host = '', port = ''] = address.split(':');
    const socket = connect(Number(port), host);
    opened.add(() => socket.destroy());
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return { socket, text: () => text };
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 on ${signal} when the requests in flight are answered, and does not wait any longer`, async () => {
      const upstream = await opened.upstream('up');
      const { gateway, address } = await start(upstream, 'drainDelay: 0s, drain: 1h');
      const answer = send(address, '/hold', { method: 'POST', body: 'x' });
      await until('the request is in flight', () => upstream.held === 1);
      gateway.kill(signal);
      await gateway.logged('stopping');
      await until('no new connections are taken', async () => !(await accepts(address)));
      expect(gateway.isRunning).to.equal(true);
      upstream.release();
      expect(await answer).to.deep.include({ status: 200, body: 'up POST /hold x' });
      expect((await answer).headers.connection).to.equal('close');
      expect(await gateway.end()).to.deep.equal({ code: 0, signal: null });
      expect(gateway.stderr).to.equal('');
      expect(gateway.log.at(-1)).to.include({ msg: 'stopped' });
    });
  }

  it('says that it is not ready while it still takes requests, then takes no more', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address, admin } = await start(upstream, 'drainDelay: 1s, drain: 1h');
    const agent = opened.agent();
    expect((await send(admin, '/readyz')).status).to.equal(200);
    const answer = send(address, '/hold');
    await until('the request is in flight', () => upstream.held === 1);
    gateway.kill('SIGTERM');
    await gateway.logged('stopping');
    const ready = await send(admin, '/readyz');
    expect([ready.status, ready.body]).to.deep.equal([503, '{"status":"not-ready","reason":"draining"}']);
    expect((await send(admin, '/healthz')).status).to.equal(200);
    const kept = await send(address, '/', { agent });
    expect([kept.status, kept.headers.connection]).to.deep.equal([200, 'keep-alive']);
    expect((await send(address, '/')).status).to.equal(200);

    await until('no new connections are taken', async () => !(await accepts(address)));
    expect((await send(admin, '/readyz')).status).to.equal(503);
    upstream.release();
    expect((await answer).status).to.equal(200);
    expect((await gateway.end()).code).to.equal(0);
    expect(await accepts(admin)).to.equal(false);
  });

  it('closes a connection behind the answer that is under way, and an idle one at once', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address } = await start(upstream, 'drainDelay: 0s, drain: 1h');
    const idle = await connection(address);
    idle.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await until('it is answered', () => idle.text().endsWith('home'));
    const busy = await connection(address);
    busy.socket.write('GET /hold HTTP/1.1\r\nHost: a\r\n\r\n');
    await until('the request is in flight', () => upstream.held === 1);
    gateway.kill('SIGTERM');
    await once(idle.socket, 'close');
    upstream.release();
    await once(busy.socket, 'close');
    expect(busy.text()).to.match(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n[^]*up GET \/hold/i);
    expect((await gateway.end()).code).to.equal(0);
  });

  it('does not wait for a connection on which nothing was ever asked, beyond the time for a head', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address } = await start(upstream, 'headers: 500ms, drainDelay: 0s, drain: 1h');
    const silent = await connection(address);
    const slow = await connection(address);
    slow.socket.write('GET / HTTP/1.1\r\nHos');
    await until('both are taken', async () => (await connections(gateway)) >= 2);
    gateway.kill('SIGTERM');
    await Promise.all([once(silent.socket, 'close'), once(slow.socket, 'close')]);
    expect((await gateway.end()).code).to.equal(0);
  });

  it('cuts off what does not end within drain, and still ends with 0', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address } = await start(upstream, 'drainDelay: 0s, drain: 300ms');
    const webSocket = await opened.webSocket(address, '/socket');
    const events = await open(address, '/events');
    const cut = new Promise((resolve) => events.on('error', () => undefined).on('close', resolve));
    const held = send(address, '/hold').then(
      ({ status }) => `answered with ${status}`,
      () => 'cut off',
    );
    await until('the request is in flight', () => upstream.held === 1);
    gateway.kill('SIGTERM');
    await Promise.all([once(webSocket, 'close'), cut]);
    expect(await held).to.equal('cut off');
    expect(events.complete).to.equal(false);
    expect((await gateway.end()).code).to.equal(0);
    await until('the upstream is let go of', () => upstream.open === 0);
  });

  it('ends at once, with 1, on a second signal', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address } = await start(upstream, 'drainDelay: 1h, drain: 1h');
    const held = send(address, '/hold').catch(() => undefined);
    await until('the request is in flight', () => upstream.held === 1);
    gateway.kill('SIGTERM');
    await gateway.logged('stopping');
    gateway.kill('SIGTERM');
    expect(await gateway.end()).to.deep.equal({ code: 1, signal: null });
    expect(await held).to.equal(undefined);
    expect(gateway.stderr).to.equal('gatewayctl: stopped at once: requests in flight were cut off\n');
  });

  it('ends at once on a second signal while it waits for requests, too', async () => {
    const upstream = await opened.upstream('up');
    const { gateway, address } = await start(upstream, 'drainDelay: 0s, drain: 1h');
    const held = send(address, '/hold').catch(() => undefined);
    await until('the request is in flight', () => upstream.held === 1);
    gateway.kill('SIGINT');
    await until('no new connections are taken', async () => !(await accepts(address)));
    gateway.kill('SIGINT');
    expect((await gateway.end()).code).to.equal(1);
    expect(await held).to.equal(undefined);
  });

  it('does not wait for load balancers when a person stops it at the terminal', async () => {
    const upstream = await opened.upstream('up');
    const { gateway } = await start(upstream, 'drainDelay: 1h, drain: 1h');
    gateway.kill('SIGINT');
    expect((await gateway.end()).code).to.equal(0);
  });
});

async function connections(gateway: TestProcess): Promise<number> {
  const { admin } = await gateway.serving();
  const { body } = await send(admin, '/metrics');
  return Number(/^gateway_connections (\d+)$/m.exec(body)?.[1]);
}
