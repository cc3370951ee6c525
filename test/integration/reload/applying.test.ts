import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { first, second } from '../../support/certificates.ts';
import { engineInUse, onEachEngine } from '../../support/engines.ts';
import {
  accepts,
  answering,
  echoes,
  FAILED,
  forwarding,
  freeAddress,
  metricOf,
  occupyPort,
  open,
  Opened,
  RELOADED,
  replaceFile,
  send,
  UNCHANGED,
  until,
  yaml,
} from '../../support/reload.ts';

const SUCCESSFUL = 'gateway_config_last_reload_successful';

onEachEngine('what a reload brings into effect', () => {
  const opened = new Opened();
  const fileIn = (folder: string): string => join(folder, 'gateway.yaml');

  describe('listeners', () => {
    it('takes clients at a new address, and lets those at the old one finish', async () => {
      const upstream = await opened.upstream('up');
      const routes = `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${forwarding('up', '/*rest', ', websocket: {}')}`;
      const gateway = await opened.gateway(fileIn(opened.folder()), yaml(routes));
      const old = gateway.address;
      const held = send(old, '/hold', { agent: opened.agent() });
      const webSocket = await opened.webSocket(old, '/socket');
      const events = await open(old, '/events');
      opened.add(() => events.destroy());
      events.on('error', () => undefined);
      await until('the request is in flight', () => upstream.held === 1);

      const address = await freeAddress();
      await gateway.reloadWith(yaml(routes, { listen: address }));
      expect(gateway.address).to.equal(address);
      expect((await send(address, '/new')).body).to.equal('up GET /new');
      await until('nobody is taken at the old address', async () => !(await accepts(old)));
      expect(await metricOf(gateway.running.adminAddress, 'gateway_connections')).to.be.at.least(3);

      upstream.release();
      expect((await held).body).to.equal('up GET /hold');
      expect((await held).headers.connection).to.equal('close');
      // Neither the route nor the upstream changed: what streams goes on, on the old connections.
      expect(await echoes(webSocket, 'still here')).to.equal(true);
      expect(events.destroyed).to.equal(false);

      await gateway.reloadWith(yaml(routes, { listen: old }));
      expect((await send(old, '/back')).body).to.equal('up GET /back');
      expect(await echoes(webSocket, 'and still')).to.equal(true);
    });

    it('lets go of the old address although a client that has connected never asks anything', async () => {
      const routes = `routes:\n${answering('home')}`;
      const server = 'limits: { connections: 5 }';
      const text = (listen: string): string =>
        yaml(routes, { listen, server }).replace('drainDelay', 'headers: 4s, drainDelay');
      const gateway = await opened.gateway(fileIn(opened.folder()), text('127.0.0.1:0'));
      const silent = await connected(gateway.address);
      // It may be told why.
      const closed = once(silent.resume(), 'close');
      await until('it is taken', async () => ((await gateway.metric('gateway_connections')) ?? 0) >= 1);
      await gateway.reloadWith(text(await freeAddress()));
      expect(silent.closed).to.equal(false);
      await closed;
      expect((await gateway.get('/')).body).to.equal('home');
    });

    it('waits at the end for requests on connections that came in at an address of before', async () => {
      const upstream = await opened.upstream('up');
      const routes = `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${forwarding('up', '/*rest')}`;
      const gateway = await opened.gateway(fileIn(opened.folder()), yaml(routes, { drain: '1h' }));
      const held = send(gateway.address, '/hold');
      await until('the request is in flight', () => upstream.held === 1);
      const address = await freeAddress();
      await gateway.reloadWith(yaml(routes, { drain: '1h', listen: address }));
      const stopped = gateway.running.stop({ announce: false });
      await until('nobody is taken any more', async () => !(await accepts(address)));
      upstream.release();
      expect((await held).body).to.equal('up GET /hold');
      expect(await stopped).to.equal(true);
    });

    it('opens nothing any more when the gateway stops during a reload', async () => {
      const routes = `routes:\n${answering('home')}`;
      for (const turns of [0, 1, 200]) {
        const gateway = await opened.gateway(fileIn(opened.folder()), yaml(routes));
        const [listen, admin] = [await freeAddress(), await freeAddress()];
        replaceFile(gateway.file, yaml(routes, { listen, admin }));
        const reloading = gateway.running.reload();
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await gateway.running.stop({ announce: false });
        await reloading;
        await gateway.running.reload();
        expect([await accepts(listen), await accepts(admin)]).to.deep.equal([false, false]);
      }
    });

    it('shows health and metrics at a new address, and not at the old one', async () => {
      const routes = `routes:\n${answering('home')}`;
      const gateway = await opened.gateway(fileIn(opened.folder()), yaml(routes));
      const old = gateway.running.adminAddress;
      const admin = await freeAddress();
      await gateway.reloadWith(yaml(routes, { admin }));
      expect(gateway.running.adminAddress).to.equal(admin);
      expect((await send(admin, '/readyz')).status).to.equal(200);
      expect(await metricOf(admin, SUCCESSFUL)).to.equal(1);
      await until('nothing is shown at the old address', async () => !(await accepts(old)));
    });

    it('changes nothing when a new address is taken', async () => {
      const taken = await occupyPort(opened);
      const gateway = await opened.gateway(fileIn(opened.folder()), yaml(`routes:\n${answering('old')}`));
      const { address } = gateway;
      const admin = gateway.running.adminAddress;
      const free = await freeAddress();
      const upstream = await opened.upstream('up');
      const added = `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${answering('new')}${forwarding('up', '/up')}`;
      for (const addresses of [{ listen: taken }, { admin: taken }, { listen: free, admin: taken }]) {
        await gateway.reloadWith(yaml(added, addresses));
        expect([gateway.address, gateway.running.adminAddress]).to.deep.equal([address, admin]);
        expect((await gateway.get('/')).body).to.equal('old');
        expect((await gateway.get('/up')).status).to.equal(404);
        expect(await gateway.metric(SUCCESSFUL)).to.equal(0);
        const failures = gateway.log.lines.filter(({ msg }) => msg === FAILED);
        expect(failures.at(-1)).to.have.nested.property('err.code', 'EADDRINUSE');
      }
      expect(gateway.log.count(FAILED)).to.be.at.least(3);
      expect(await accepts(free)).to.equal(false);
      expect(upstream.accepted).to.equal(0);

      await gateway.reloadWith(yaml(added, { listen: free }));
      expect((await send(free, '/')).body).to.equal('new');
      expect(await gateway.metric(SUCCESSFUL)).to.equal(1);
    });
  });

  it('trusts a certificate authority from the moment on at which its file holds it', async () => {
    const upstream = await opened.upstream('secure', first);
    const folder = opened.folder();
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, second.cert);
    const gateway = await opened.gateway(
      fileIn(folder),
      yaml(
        `upstreams:\n  up: { targets: ['${upstream.origin}'], tls: { ca: ca.pem } }\nroutes:\n${forwarding('up', '/*rest')}`,
      ),
    );
    expect((await gateway.get('/a')).status).to.equal(502);
    await gateway.watched(RELOADED, () => writeFileSync(ca, first.cert));
    expect((await gateway.get('/a')).body).to.equal('secure GET /a');
    await gateway.watched(UNCHANGED, () => writeFileSync(ca, first.cert));
    await gateway.watched(RELOADED, () => writeFileSync(ca, second.cert));
    // Not on a connection of before, either.
    expect((await gateway.get('/a')).status).to.equal(502);
  });

  it('obeys changed limits', async () => {
    const upstream = await opened.upstream('up');
    const text = (limits: string, more = ''): string =>
      yaml(
        `upstreams:\n  up: { targets: ['${upstream.origin}'] }\nroutes:\n${forwarding('up', '/*rest', `, websocket: { ${more} }`)}`,
        { server: `limits: { ${limits} }` },
      );
    const gateway = await opened.gateway(fileIn(opened.folder()), text('bodyBytes: 10B'));
    const post = async (): Promise<number> =>
      (await gateway.get('/a', { method: 'POST', body: 'x'.repeat(20) })).status;
    const long = async (): Promise<number> => (await gateway.get(`/${'a'.repeat(600)}`)).status;
    const wide = async (): Promise<number> => (await gateway.get('/a', { headers: { wide: 'a'.repeat(2000) } })).status;
    expect([await post(), await long(), await wide()]).to.deep.equal([413, 200, 200]);
    await gateway.reloadWith(text('bodyBytes: 20B, uriBytes: 512B, headerBytes: 1KiB'));
    expect([await post(), await long(), await wide()]).to.deep.equal([200, 414, 431]);

    await gateway.reloadWith(text('connections: 1'));
    const taken = await connected(gateway.address);
    await until('it is the only one', async () => (await gateway.metric('gateway_connections')) === 1);
    expect(await accepts(gateway.address)).to.equal(false);
    taken.destroy();
    await until('there is room again', async () => accepts(gateway.address));

    await gateway.reloadWith(text('connections: 10', 'maxConnections: 1'));
    const webSocket = await opened.webSocket(gateway.address, '/a');
    await gateway.reloadWith(text('connections: 20', 'maxConnections: 1'));
    const refused = new WebSocket(`ws://${gateway.address}/a`);
    const [, answer] = await once(refused, 'unexpected-response');
    expect(answer).to.have.property('statusCode', 503);
    refused.on('error', () => undefined).terminate();
    expect(await echoes(webSocket, 'a')).to.equal(true);
  });

  it('obeys changed timeouts, on connections that are open as well', async () => {
    const text = (timeouts: string): string =>
      yaml(`routes:\n${answering('home')}`).replace('drainDelay: 0s', `drainDelay: 0s, ${timeouts}`);
    const gateway = await opened.gateway(fileIn(opened.folder()), text('keepAlive: 1h'));
    const socket = await connected(gateway.address);
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
    const ask = async (): Promise<void> => {
      received = '';
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await until('it is answered', () => received.endsWith('home'));
    };
    await ask();
    expect(received).to.include('timeout=3600');
    await gateway.reloadWith(text('keepAlive: 100ms'));
    const closed = once(socket, 'close');
    await ask();
    await closed;

    await gateway.reloadWith(text('headers: 100ms'));
    const slow = await connected(gateway.address);
    let answer = '';
    slow.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    slow.write('GET / HT');
    await once(slow, 'close');
    expect(answer).to.match(/^HTTP\/1\.1 408 /);
  });

  it('logs as the new configuration says', async () => {
    const text = (logs: string, body = 'home'): string => yaml(`routes:\n${answering(body)}`, { logs });
    const gateway = await opened.gateway(fileIn(opened.folder()), text('access: true'));
    await gateway.get('/');
    await until('the request is logged', () => gateway.log.lines.some(({ path }) => path === '/'));
    await gateway.reloadWith(text('access: false'));
    await gateway.get('/');
    await gateway.reloadWith(text('access: true, level: warn'));
    await gateway.get('/');
    const requests = (): number => gateway.log.lines.filter(({ path }) => path === '/').length;
    await until('the request is logged', () => requests() >= 2);
    expect(requests()).to.equal(2);
    // Of this reload nothing is said at the level of warnings.
    const told = gateway.log.count(RELOADED);
    await gateway.reloadWith(text('access: true, level: warn', 'new'));
    expect((await gateway.get('/')).body).to.equal('new');
    await until('the request is logged', () => requests() === 3);
    expect(gateway.log.count(RELOADED)).to.equal(told);
  });

  it('keeps the engine that it began with, and says that a restart is due', async () => {
    const isFast = engineInUse() === 'fast lane';
    const text = (fastLane: boolean, body: string): string =>
      yaml(`routes:\n${answering(body)}`).replace(/fastLane: \w+/, `fastLane: ${fastLane}`);
    const gateway = await opened.gateway(fileIn(opened.folder()), text(isFast, 'first'));
    const due = async (): Promise<number | undefined> => gateway.metric('gateway_config_restart_required');
    expect(await due()).to.equal(0);
    await gateway.reloadWith(text(!isFast, 'second'));
    expect([(await gateway.get('/')).body, await due()]).to.deep.equal(['second', 1]);
    await until('it is logged', () => gateway.log.lines.some(({ settings }) => String(settings) === 'server.fastLane'));
    await gateway.reloadWith(text(isFast, 'third'));
    expect(await due()).to.equal(0);
  });

  it('edits headers and believes proxies as the new configuration says', async () => {
    const upstream = await opened.upstream('up');
    const text = (value: string, proxies: string): string =>
      yaml(
        `response: { headers: { set: { x-global: '${value}' } } }
upstreams:\n  up: { targets: ['${upstream.origin}'] }
routes:\n${forwarding('up', '/*rest', `, rewrite: { path: '/${value}' }`)}`,
        { server: `trustedProxies: [${proxies}]` },
      );
    const gateway = await opened.gateway(fileIn(opened.folder()), text('a', ''));
    const agent = opened.agent();
    const ask = async (): Promise<unknown[]> => {
      const { body, headers } = await gateway.get('/x', { agent, headers: { 'x-request-id': 'mine' } });
      return [body, headers['x-global'], headers['x-request-id'] === 'mine'];
    };
    expect(await ask()).to.deep.equal(['up GET /a', 'a', false]);
    await gateway.reloadWith(text('b', '127.0.0.0/8'));
    expect(await ask()).to.deep.equal(['up GET /b', 'b', true]);
    await gateway.reloadWith(text('c', ''));
    expect(await ask()).to.deep.equal(['up GET /c', 'c', false]);
  });

  async function connected(address: string): Promise<Socket> {
    const [host = '', port = ''] = address.split(':');
    const socket = connect(Number(port), host);
    opened.add(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }
});
