import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { onEachEngine } from '../../support/engines.ts';
import {
  answering,
  echoes,
  forwarding,
  open,
  Opened,
  RELOADED,
  replaceFile,
  until,
  yaml,
  type TestGateway,
  type Upstream,
} from '../../support/reload.ts';

/** In milliseconds. */
const DRAIN = 1000;

onEachEngine('what outlives a reload', () => {
  const opened = new Opened();
  const start = async (text: string): Promise<TestGateway> =>
    opened.gateway(join(opened.folder(), 'gateway.yaml'), text);
  const upstreams = (...list: readonly Upstream[]): string =>
    `upstreams:\n${list.map(({ name, origin }) => `  ${name}: { targets: ['${origin}'] }\n`).join('')}`;

  describe('connections to upstreams', () => {
    it('are kept when the upstream did not change, and closed when it went', async () => {
      const [kept, gone] = [await opened.upstream('kept'), await opened.upstream('gone')];
      const gateway = await start(
        yaml(`${upstreams(kept, gone)}routes:\n${forwarding('kept', '/kept')}${forwarding('gone', '/gone')}`),
      );
      await gateway.get('/kept');
      await gateway.get('/gone');
      for (const round of [1, 2, 3]) {
        await gateway.reloadWith(
          yaml(
            `${upstreams(kept, gone)}routes:\n${forwarding('kept', '/kept')}${forwarding('gone', '/gone')}${answering(`round ${round}`)}`,
          ),
        );
        expect((await gateway.get('/')).body).to.equal(`round ${round}`);
        await gateway.get('/kept');
        await gateway.get('/gone');
      }
      expect([kept.accepted, kept.open, gone.accepted, gone.open]).to.deep.equal([1, 1, 1, 1]);

      await gateway.reloadWith(yaml(`${upstreams(kept)}routes:\n${forwarding('kept', '/kept')}`));
      await until('the connections of the upstream that went are closed', () => gone.open === 0);
      await gateway.get('/kept');
      expect([kept.accepted, kept.open]).to.deep.equal([1, 1]);
    });

    it('are opened afresh when a setting that they depend on changed', async () => {
      const upstream = await opened.upstream('up');
      const text = (settings: string): string =>
        yaml(
          `upstreams:\n  up: { targets: ['${upstream.origin}']${settings} }\nroutes:\n${forwarding('up', '/*rest')}`,
        );
      const gateway = await start(text(''));
      await gateway.get('/a');
      await gateway.reloadWith(text(', idleTimeout: 7s'));
      await until('the former ones are closed', () => upstream.open === 0);
      await gateway.get('/a');
      expect([upstream.accepted, upstream.open]).to.deep.equal([2, 1]);
    });

    it('are kept for the targets that stay when others come and go', async () => {
      const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
      const text = (...targets: readonly Upstream[]): string =>
        yaml(
          `upstreams:\n  up: { targets: [${targets.map(({ origin }) => `'${origin}'`).join(', ')}] }\nroutes:\n${forwarding('up', '/*rest')}`,
        );
      const gateway = await start(text(a, b));
      for (let count = 0; count < 4; count += 1) await gateway.get('/x');
      expect([a.requests, b.requests]).to.deep.equal([2, 2]);
      await gateway.reloadWith(text(b));
      await until('those of the target that went are closed', () => a.open === 0);
      await gateway.get('/x');
      expect([b.accepted, b.open]).to.deep.equal([1, 1]);
    });

    it('are closed although a stream of before goes on elsewhere', async () => {
      const [chat, gone] = [await opened.upstream('chat'), await opened.upstream('gone')];
      const socketRoute = forwarding('chat', '/socket', ', websocket: {}');
      const gateway = await start(
        yaml(`${upstreams(chat, gone)}routes:\n${socketRoute}${forwarding('gone', '/gone')}`),
      );
      const webSocket = await opened.webSocket(gateway.address, '/socket');
      await gateway.get('/gone');
      await gateway.reloadWith(yaml(`${upstreams(chat)}routes:\n${socketRoute}`));
      await until('the connections of the upstream that went are closed', () => gone.open === 0);
      expect(await echoes(webSocket, 'a')).to.equal(true);
    });

    it('outlive the upstream as long as an answer needs them', async () => {
      const upstream = await opened.upstream('up');
      const gateway = await start(
        yaml(`${upstreams(upstream)}routes:\n${forwarding('up', '/*rest')}`, { drain: '1h' }),
      );
      const held = gateway.get('/hold');
      await until('the request is in flight', () => upstream.held === 1);
      await gateway.reloadWith(yaml(`routes:\n${answering('alone')}`, { drain: '1h' }));
      expect((await gateway.get('/hold')).status).to.equal(404);
      upstream.release();
      expect((await held).body).to.equal('up GET /hold');
      await until('its connections are closed', () => upstream.open === 0);
    });
  });

  describe('requests in flight', () => {
    it('are answered by the configuration that they came in under', async () => {
      const [old, young] = [await opened.upstream('old'), await opened.upstream('young')];
      const text = (upstream: Upstream, header: string): string =>
        yaml(
          `response: { headers: { set: { x-from: ${header} } } }\n${upstreams(upstream)}routes:\n${forwarding(upstream.name, '/*rest')}`,
          { drain: '1h' },
        );
      const gateway = await start(text(old, 'old'));
      const held = gateway.get('/hold', { method: 'POST', body: 'b' });
      await until('the request is in flight', () => old.held === 1);
      await gateway.reloadWith(text(young, 'young'));
      const { body, headers } = await gateway.get('/x');
      expect([body, headers['x-from']]).to.deep.equal(['young GET /x', 'young']);
      expect(await gateway.metric('gateway_requests_in_flight')).to.equal(1);
      old.release();
      const answer = await held;
      expect([answer.body, answer.headers['x-from']]).to.deep.equal(['old POST /hold b', 'old']);
      await until('nothing is in flight', async () => (await gateway.metric('gateway_requests_in_flight')) === 0);
    });

    it('keep a client’s connection, on which the next one is answered by the new configuration', async () => {
      const gateway = await start(yaml(`routes:\n${answering('old')}`));
      const agent = opened.agent();
      const ports = new Set<number | undefined>();
      const ask = async (): Promise<string> => {
        const response = await open(gateway.address, '/', { agent });
        ports.add(response.socket.localPort);
        let body = '';
        for await (const chunk of response) body += String(chunk);
        return body;
      };
      expect(await ask()).to.equal('old');
      await gateway.reloadWith(yaml(`routes:\n${answering('new')}`));
      expect(await ask()).to.equal('new');
      expect(ports.size).to.equal(1);
    });
  });

  for (const kind of ['a WebSocket', 'an event stream'] as const) {
    describe(kind, () => {
      const STREAM = ', websocket: { idleTimeout: 1h }';

      it('goes on through reloads that do not change its route', async () => {
        const upstream = await opened.upstream('up');
        const text = (round: number): string =>
          yaml(`${upstreams(upstream)}routes:\n${answering(`round ${round}`)}${forwarding('up', '/*rest', STREAM)}`);
        const gateway = await start(text(0));
        const stream = await openStream(gateway, '/a');
        // Longer than drain, which is 300 ms: a stream that was to be cut off would have been.
        const end = performance.now() + DRAIN;
        for (let round = 1; performance.now() < end; round += 1) {
          await gateway.reloadWith(text(round));
          expect((await gateway.get('/')).body).to.equal(`round ${round}`);
        }
        expect(await stream.lives()).to.equal(true);
        expect(await gateway.metric('gateway_requests_in_flight')).to.equal(1);
        stream.close();
        await until('it is counted no more', async () => (await gateway.metric('gateway_requests_in_flight')) === 0);
      });

      it('goes on through a move of its route within the file, or to another file', async () => {
        const upstream = await opened.upstream('up');
        const folder = opened.folder();
        const head = upstreams(upstream);
        const gateway = await opened.gateway(
          join(folder, 'gateway.yaml'),
          yaml(`${head}routes:\n${forwarding('up', '/*rest', STREAM)}`),
        );
        const stream = await openStream(gateway, '/a');
        await gateway.reloadWith(yaml(`${head}routes:\n${answering('first')}${forwarding('up', '/*rest', STREAM)}`));
        writeFileSync(join(folder, 'part.yaml'), `routes:\n${forwarding('up', '/*rest', STREAM)}`);
        await gateway.reloadWith(yaml(`include: [part.yaml]\n${head}routes:\n${answering('second')}`));
        const other = await openStream(gateway, '/b');
        const changed = yaml(`${head}routes:\n${forwarding('up', '/*rest', `${STREAM}, timeout: 9s`)}`, {
          drain: '1s',
        });
        await gateway.watched(RELOADED, () => replaceFile(gateway.file, changed));
        // These are cut off, both of them, by the change of the route: so the reloads before were not the ones that did.
        const ends = Promise.all([stream.ended, other.ended]);
        expect([await stream.lives(), await other.lives()]).to.deep.equal([true, true]);
        await ends;
      });

      for (const [what, change] of [
        [
          'its route changed',
          (up: Upstream) => `${upstreams(up)}routes:\n${forwarding('up', '/*rest', `${STREAM}, timeout: 9s`)}`,
        ],
        ['its route went', (up: Upstream) => `${upstreams(up)}routes:\n${forwarding('up', '/elsewhere')}`],
        [
          'its upstream changed',
          (up: Upstream) =>
            `upstreams:\n  up: { targets: ['${up.origin}'], connections: 7 }\nroutes:\n${forwarding('up', '/*rest', STREAM)}`,
        ],
      ] as const) {
        it(`gets the time to drain, and is then closed, when ${what}`, async () => {
          const upstream = await opened.upstream('up');
          const gateway = await start(yaml(`${upstreams(upstream)}routes:\n${forwarding('up', '/*rest', STREAM)}`));
          const stream = await openStream(gateway, '/a');
          const began = performance.now();
          await gateway.watched(RELOADED, () => replaceFile(gateway.file, yaml(change(upstream), { drain: '1s' })));
          expect(await stream.lives()).to.equal(true);
          await stream.ended;
          expect(performance.now() - began).to.be.at.least(DRAIN);
          await until('the upstream is let go of', () => upstream.open === 0);
        });
      }

      it('is closed in time although further reloads follow quickly', async () => {
        const upstream = await opened.upstream('up');
        const text = (round: number): string => yaml(`routes:\n${answering(`round ${round}`)}`, { drain: '2s' });
        const gateway = await start(
          yaml(`${upstreams(upstream)}routes:\n${forwarding('up', '/*rest', STREAM)}`, { drain: '2s' }),
        );
        const stream = await openStream(gateway, '/a');
        let rounds = 0;
        let over = false;
        void stream.ended.then(() => (over = true));
        for (; !over && rounds < 40; rounds += 1) await gateway.reloadWith(text(rounds));
        expect(over).to.equal(true);
        expect(rounds).to.be.greaterThan(2);
      });

      it('goes on when a change of its route is taken back in time', async () => {
        const upstream = await opened.upstream('up');
        const text = (timeout: string): string =>
          yaml(
            `${upstreams(upstream)}routes:\n${forwarding('up', '/a/*rest', `${STREAM}, timeout: ${timeout}`)}${forwarding('up', '/b/*rest', `${STREAM}, timeout: ${timeout}`)}`,
            { drain: '5s' },
          );
        const gateway = await start(text('8s'));
        const stream = await openStream(gateway, '/a');
        await gateway.reloadWith(text('9s'));
        const short = await openStream(gateway, '/b');
        await gateway.reloadWith(text('8s'));
        // The other one, opened in between, is on a route that is not what it was.
        await short.ended;
        expect(await stream.lives()).to.equal(true);
      });
    });

    async function openStream(gateway: TestGateway, path: string): Promise<Stream> {
      return kind === 'a WebSocket' ? socketStream(gateway, path) : eventStream(gateway, path);
    }
  }

  interface Stream {
    readonly ended: Promise<unknown>;
    lives(): Promise<boolean>;
    close(): void;
  }

  async function socketStream(gateway: TestGateway, path: string): Promise<Stream> {
    const socket = await opened.webSocket(gateway.address, `${path}/socket`);
    return {
      ended: once(socket, 'close'),
      lives: async () => socket.readyState === WebSocket.OPEN && echoes(socket, 'a'),
      close: () => socket.terminate(),
    };
  }

  async function eventStream(gateway: TestGateway, path: string): Promise<Stream> {
    const response: IncomingMessage = await open(gateway.address, `${path}/events`);
    opened.add(() => response.destroy());
    response.on('error', () => undefined).resume();
    return {
      ended: new Promise((resolve) => response.on('close', resolve)),
      lives: async () => !response.destroyed,
      close: () => response.destroy(),
    };
  }
});
