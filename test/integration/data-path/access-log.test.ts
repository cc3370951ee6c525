import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

onEachEngine('the access log', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
server: { trustedProxies: [127.0.0.1] }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
routes:
  - { name: any, match: { path: "/any/*rest" }, upstream: any }
  - { name: none, match: { path: /none }, upstream: none }
  - { name: own, match: { path: /own }, respond: { status: 200, body: hello } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  it('has one line for each request with these fields', async () => {
    const answer = await call(`${gateway.url}/any/a?secret=1`, { method: 'POST', body: 'body' });
    const id = answer.header('x-request-id') ?? '';
    const line = await gateway.accessLine(id);
    expect(Object.keys(line)).to.deep.equal([
      'time',
      'requestId',
      'client',
      'method',
      'path',
      'route',
      'status',
      'duration',
      'upstream',
      'attempts',
      'bytes',
      'source',
      'config',
    ]);
    const { time, duration, source, config, ...rest } = line;
    expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(source).to.match(/gateway\.yaml:\d+$/);
    expect(config).to.match(/^[0-9a-f]{16}$/);
    expect(duration).to.be.a('number').greaterThan(0);
    expect(rest).to.deep.equal({
      requestId: id,
      client: '127.0.0.1',
      method: 'POST',
      path: '/any/a',
      route: 'any',
      status: 200,
      upstream: 'any',
      attempts: 1,
      bytes: 2,
    });
    expect(gateway.logs.items.filter(({ requestId }) => requestId === id)).to.have.length(1);
  });

  it('names no upstream when none was asked', async () => {
    const answer = await call(`${gateway.url}/own`);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line)
      .to.include({ route: 'own', status: 200, bytes: 5 })
      .and.not.have.any.keys('upstream', 'attempts', 'error', 'traceId');
  });

  it('says why the gateway answered in the upstream’s place, and the client is not told', async () => {
    const answer = await call(`${gateway.url}/none`);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line).to.include({ status: 502, upstream: 'none', attempts: 1 });
    expect(line['error']).to.match(/^connect: ECONNREFUSED/);
    expect(answer.text).to.not.contain('ECONNREFUSED');
  });

  it('has the code of each problem that the gateway answers with, and none for what an upstream says', async () => {
    upstream.answer = ({ response }) => void response.writeHead(404).end();
    const problems: unknown[] = [];
    for (const path of ['/none', '/nowhere', '/any/a%2fb', '/any/a', '/own']) {
      const answer = await call(`${gateway.url}${path}`);
      problems.push((await gateway.accessLine(answer.header('x-request-id') ?? ''))['problem']);
    }
    expect(problems).to.deep.equal(['upstream-unreachable', 'route-not-found', 'invalid-target', undefined, undefined]);
  });

  it('counts no bytes of an answer to HEAD', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, ['content-length', '1000']).end();
    const answer = await call(`${gateway.url}/any/a`, { method: 'HEAD' });
    expect((await gateway.accessLine(answer.header('x-request-id') ?? ''))['bytes']).to.equal(0);
  });

  describe('cannot be written into', () => {
    const hostile: readonly (readonly [what: string, target: string, headers: string])[] = [
      ['an escaped line break in the path', '/any/a%0d%0a{"time":"x","forged":1}', ''],
      ['a quote in the path', '/any/a","forged":"1', ''],
      ['an escaped quote in the path', '/any/a%22,%22forged%22:%221', ''],
      ['an escape sequence of a terminal', '/any/%1b[31mred', ''],
      ['a quote in a refused path', '/any/../","forged":"1', ''],
      ['a request id', '/any/a', 'X-Request-Id: a","forged":"1\r\n'],
      ['an address', '/any/a', 'X-Forwarded-For: 1.1.1.1","forged":"1\r\n'],
      ['a zone of an address', '/any/a', 'X-Forwarded-For: fe80::1%","forged":"1\r\n'],
      ['a header', '/any/a', 'X-One: \u001b[31m","forged":"1\r\n'],
      ['a host', '/any/a', ''],
    ];
    for (const [what, target, headers] of hostile) {
      it(`by ${what}`, async () => {
        const client = await RawClient.open(gateway.port);
        const host = what === 'a host' ? 'a","forged":"1' : 'a';
        await client.send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
        const answer = await client.response();
        await client.close();
        const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
        expect(line).to.not.have.property('forged');
        expect(JSON.stringify(line)).to.not.match(/\\u001b/);
        expect(gateway.logs.items.filter((each) => 'forged' in each)).to.deep.equal([]);
      });
    }
  });

  it('can be turned off', async () => {
    const silent = await startTestGateway(`
logs: { access: false }
routes: [{ name: own, match: { path: / }, respond: { status: 200 } }]
`);
    await call(`${silent.url}/`);
    await silent.stop();
    expect(silent.logs.items.filter((line) => 'status' in line)).to.deep.equal([]);
    expect(silent.logs.items.map(({ msg }) => msg)).to.include('serving');
  });

  it('is written whatever the level of the program’s own log', async () => {
    const quiet = await startTestGateway(`
logs: { level: error, format: json }
routes: [{ name: own, match: { path: / }, respond: { status: 200 } }]
`);
    const answer = await call(`${quiet.url}/`);
    const line = await quiet.accessLine(answer.header('x-request-id') ?? '');
    expect(line['status']).to.equal(200);
    await quiet.stop();
    expect(quiet.logs.items.filter(({ level }) => level === 'info')).to.deep.equal([]);
  });
});
