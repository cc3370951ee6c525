import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { isShownUpstream, type ShownUpstream } from '../../../src/upstreams/shown.ts';
import { Etcd } from '../../support/etcd.ts';
import {
  echoes,
  forwarding,
  Opened,
  replaceFile,
  send,
  until,
  yaml,
  type Answer,
  type TestGateway,
  type Upstream,
} from '../../support/reload.ts';

const FOUND = 'the endpoints of an upstream were found';
const EMPTY = 'the source of an upstream has no endpoints';
const LOST = 'the endpoints of an upstream cannot be asked for: the last known ones stay';
const RECOVERED = 'the endpoints of an upstream can be asked for again';

describe('an upstream whose endpoints are found', () => {
  const opened = new Opened();

  const text = (up: string): string => yaml(`upstreams:\n  up: { ${up} }\nroutes:\n${forwarding('up', '/*rest')}`);

  async function shown(gateway: TestGateway): Promise<ShownUpstream> {
    const value: unknown = JSON.parse((await send(gateway.running.adminAddress, '/api/v1/upstreams/up')).body);
    if (!isShownUpstream(value)) throw new Error('it is no upstream');
    return value;
  }

  /** Who answers: the names of the upstreams, each once, or statuses. */
  async function answering(gateway: TestGateway): Promise<string> {
    const answers = new Set<string>();
    for (let count = 0; count < 4; count += 1) {
      const { status, body } = await gateway.get('/x');
      answers.add(status === 200 ? (body.split(' ')[0] ?? '') : String(status));
    }
    return [...answers].toSorted().join(' ');
  }

  const answeredBy = async (gateway: TestGateway, names: string): Promise<void> =>
    until(`requests are answered by: ${names}`, async () => (await answering(gateway)) === names);

  describe('in a file', () => {
    const listOf = (...upstreams: readonly Upstream[]): string =>
      upstreams.map(({ origin }) => `- ${origin}\n`).join('') || '[]\n';

    it('follows the file, and keeps the last that was good when there is none', async () => {
      const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
      const folder = opened.folder();
      const file = join(folder, 'targets.yaml');
      writeFileSync(file, listOf(a));
      const gateway = await opened.gateway(join(folder, 'gateway.yaml'), text('discover: { file: targets.yaml }'));
      // The first answer was waited for: no request failed.
      expect(await answering(gateway)).to.equal('a');
      const first = await shown(gateway);
      expect(first.source).to.include({ kind: 'file', fault: null });

      if (gateway.log.count(FOUND) === 0) await gateway.log.next(FOUND);
      const finding = gateway.log.next(FOUND);
      replaceFile(file, listOf(a, b));
      expect(await finding).to.include({ level: 'info', upstream: 'up', source: 'file', endpoints: 2 });
      await answeredBy(gateway, 'a b');
      replaceFile(file, listOf(b));
      await answeredBy(gateway, 'b');
      await until('the connections of the one that went are closed', () => a.open === 0);
      expect(await gateway.metric(`gateway_endpoint_healthy{upstream="up",endpoint="${a.origin}"}`)).to.equal(
        undefined,
      );

      const losing = gateway.log.next(LOST);
      const recovering = gateway.log.next(RECOVERED);
      const { updated_at: good } = (await shown(gateway)).source;
      await until('the last good answer has an age', () => Date.now() - Date.parse(good ?? '') > 1000);
      replaceFile(file, '{ nonsense');
      const line = await losing;
      expect(line).to.include({ level: 'warn', upstream: 'up', source: 'file' });
      expect(line['why']).to.be.a('string').that.includes('targets.yaml');
      expect(line['age']).to.be.at.least(1);
      const { source, endpoints } = await shown(gateway);
      expect(source.fault).to.equal(line['why']);
      expect(source.updated_at).to.equal(good);
      expect(endpoints.map(({ url }) => url)).to.deep.equal([b.origin]);
      expect(await answering(gateway)).to.equal('b');

      rmSync(file);
      replaceFile(file, listOf(a));
      expect(await recovering).to.include({ level: 'info', upstream: 'up', source: 'file' });
      await answeredBy(gateway, 'a');
      expect((await shown(gateway)).source.fault).to.equal(null);
      expect(gateway.log.count(LOST)).to.equal(1);
    });

    it('answers 503 while it is empty or was never there', async () => {
      const a = await opened.upstream('a');
      const folder = opened.folder();
      const file = join(folder, 'targets.yaml');
      const gateway = await opened.gateway(join(folder, 'gateway.yaml'), text('discover: { file: targets.yaml }'));
      const { status, body } = await gateway.get('/x');
      expect([status, JSON.parse(body)]).to.deep.include.members([503]);
      expect(JSON.parse(body)).to.include({ code: 'no-endpoint' });
      const { source } = await shown(gateway);
      expect(source.updated_at).to.equal(null);
      expect(source.fault).to.be.a('string');
      expect(await gateway.metric('gateway_upstream_refusals_total{upstream="up",reason="no-endpoint"}')).to.equal(1);

      writeFileSync(file, listOf(a));
      await answeredBy(gateway, 'a');
      const emptied = gateway.log.next(EMPTY);
      replaceFile(file, listOf());
      expect(await emptied).to.include({ level: 'warn', upstream: 'up', source: 'file' });
      await answeredBy(gateway, '503');
    });

    it('is not asked for again by a reload that changes other things', async () => {
      const a = await opened.upstream('a');
      const folder = opened.folder();
      writeFileSync(join(folder, 'targets.yaml'), listOf(a));
      const up = 'discover: { file: targets.yaml }';
      const gateway = await opened.gateway(join(folder, 'gateway.yaml'), text(up));
      await gateway.get('/x');
      const { updated_at: before } = (await shown(gateway)).source;
      await gateway.reloadWith(text(`${up}, balance: random`));
      expect((await shown(gateway)).source.updated_at).to.equal(before);
      expect([await answering(gateway), gateway.log.count(FOUND), a.accepted]).to.deep.equal(['a', 1, 1]);
    });
  });

  describe('in the registry', () => {
    const put = async (gateway: TestGateway, id: string, body: object): Promise<Answer> =>
      send(gateway.running.adminAddress, `/api/v1/upstreams/up/instances/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    it('gets requests from the moment at which an instance registers, until it deregisters', async () => {
      const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
      const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), text('discover: { registry: true }'));
      expect(await answering(gateway)).to.equal('503');
      expect((await put(gateway, 'one', { url: a.origin })).status).to.equal(201);
      await answeredBy(gateway, 'a');
      expect((await put(gateway, 'two', { url: b.origin, weight: 2 })).status).to.equal(201);
      await answeredBy(gateway, 'a b');
      expect((await put(gateway, 'one', { url: a.origin })).status).to.equal(200);
      const { endpoints, source } = await shown(gateway);
      expect(source).to.include({ kind: 'registry', fault: null });
      expect(endpoints.map(({ url, weight }) => [url, weight])).to.have.deep.members([
        [a.origin, 1],
        [b.origin, 2],
      ]);

      const gone = await send(gateway.running.adminAddress, '/api/v1/upstreams/up/instances/one', { method: 'DELETE' });
      expect(gone.status).to.equal(204);
      await answeredBy(gateway, 'b');
      await until('the connections of the one that went are closed', () => a.open === 0);
      // Registrations belong to the process, not to a configuration.
      await gateway.reloadWith(text('discover: { registry: true }, balance: random'));
      expect(await answering(gateway)).to.equal('b');
    });

    it('lets an instance that deregisters finish what it has begun', async () => {
      const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
      const route = forwarding('up', '/*rest', ', websocket: {}');
      const gateway = await opened.gateway(
        join(opened.folder(), 'gateway.yaml'),
        yaml(`upstreams:\n  up: { discover: { registry: true } }\nroutes:\n${route}`),
      );
      await put(gateway, 'one', { url: a.origin });
      await answeredBy(gateway, 'a');
      const socket = await opened.webSocket(gateway.address, '/socket');
      const held = gateway.get('/hold');
      await until('the request is in flight', () => a.held === 1);
      await put(gateway, 'two', { url: b.origin });
      await send(gateway.running.adminAddress, '/api/v1/upstreams/up/instances/one', { method: 'DELETE' });
      await answeredBy(gateway, 'b');
      expect(await echoes(socket, 'still there')).to.equal(true);
      a.release();
      expect((await held).body).to.equal('a GET /hold');
      expect(await echoes(socket, 'and now')).to.equal(true);
    });

    it('gets none any more when an instance has not been heard of for its time', async () => {
      const a = await opened.upstream('a');
      const gateway = await opened.gateway(join(opened.folder(), 'gateway.yaml'), text('discover: { registry: true }'));
      await put(gateway, 'one', { url: a.origin, ttl: '1s' });
      await answeredBy(gateway, 'a');
      await answeredBy(gateway, '503');
      expect((await put(gateway, 'one', { url: a.origin, ttl: '1s' })).status).to.equal(201);
      await answeredBy(gateway, 'a');
    });
  });

  it('in etcd gets requests as keys come and go', async function () {
    this.timeout(60_000);
    const etcd = await Etcd.start();
    opened.add(async () => etcd.kill());
    const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
    await etcd.put('/services/up/a', JSON.stringify({ url: a.origin }));
    const gateway = await opened.gateway(
      join(opened.folder(), 'gateway.yaml'),
      text(`discover: { etcd: '${etcd.url}', prefix: /services/up/ }`),
    );
    expect(await answering(gateway)).to.equal('a');
    await etcd.put('/services/up/b', JSON.stringify({ url: b.origin }));
    await answeredBy(gateway, 'a b');
    await etcd.delete('/services/up/a');
    await answeredBy(gateway, 'b');
    const losing = gateway.log.next(LOST);
    await etcd.kill();
    expect(await losing).to.include({ upstream: 'up', source: 'etcd' });
    expect(await answering(gateway)).to.equal('b');
  });

  it('takes over from targets, and gives back to them, without a request that fails', async function () {
    this.timeout(60_000);
    const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
    const folder = opened.folder();
    writeFileSync(join(folder, 'targets.yaml'), `- ${a.origin}\n- ${b.origin}\n`);
    const fixed = text(`targets: ['${a.origin}', '${b.origin}']`);
    const gateway = await opened.gateway(join(folder, 'gateway.yaml'), fixed);
    const stopping = new AbortController();
    const statuses = new Map<number, number>();
    const agent = opened.agent();
    const clients = Array.from({ length: 4 }, async () => {
      while (!stopping.signal.aborted) {
        const { status } = await gateway.get('/x', { agent });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await pause(5);
      }
    });
    for (let round = 0; round < 2; round += 1) {
      await gateway.reloadWith(text('discover: { file: targets.yaml }'));
      expect((await shown(gateway)).source.kind).to.equal('file');
      await gateway.reloadWith(fixed);
      expect((await shown(gateway)).source).to.include({ kind: 'targets', updated_at: null });
    }
    stopping.abort();
    await Promise.all(clients);
    expect([...statuses.keys()]).to.deep.equal([200]);
    // It is the same endpoints, whoever names them.
    expect([a.accepted, b.accepted].every((count) => count <= 4)).to.equal(true);
  });
});
