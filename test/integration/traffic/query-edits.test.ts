import { expect } from 'chai';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

onEachEngine('edits of the query', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - name: edited
    match: { path: "/edited/:id" }
    upstream: any
    request: { query: { set: { "my id": "{{params.id}}", role: viewer, copy: "{{query.q}}", who: "{{claims.sub}}" }, remove: [debug, "a b"] } }
  - { name: plain, match: { path: /plain }, upstream: any }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  /** The target that the upstream gets, or the status when it gets none. */
  async function sent(target: string): Promise<string | number> {
    const client = await RawClient.open(gateway.port);
    try {
      await client.send(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
      const { status } = await client.response();
      return upstream.requests.items[0]?.target ?? status;
    } finally {
      await client.close();
    }
  }

  for (const [what, target, expected] of [
    ['fill in what is set, and nothing that has no value', '/edited/1?x=1', '/edited/1?x=1&my%20id=1&role=viewer'],
    ['make a query where there was none', '/edited/1', '/edited/1?my%20id=1&role=viewer'],
    [
      'take out what a client sends in its place',
      '/edited/1?role=admin&rol%65=admin&who=root&my+id=2&my%20id=3',
      '/edited/1?my%20id=1&role=viewer',
    ],
    [
      'take out what is not to go on',
      '/edited/1?debug=1&a+b=1&a%20b=2&a%2Bb=3&debug',
      '/edited/1?a%2Bb=3&my%20id=1&role=viewer',
    ],
    ['encode & and = of a path', '/edited/1&role=admin', '/edited/1&role=admin?my%20id=1%26role%3Dadmin&role=viewer'],
    [
      'encode them when they were encoded',
      '/edited/1%26role%3Dadmin',
      '/edited/1&role=admin?my%20id=1%26role%3Dadmin&role=viewer',
    ],
    ['encode a number sign', '/edited/1%23x', '/edited/1%23x?my%20id=1%23x&role=viewer'],
    ['encode a percent sign once more', '/edited/1%2526', '/edited/1%2526?my%20id=1%2526&role=viewer'],
    [
      'leave a parameter out whose value has a line break',
      '/edited/1?q=a%0Ab',
      '/edited/1?q=a%0Ab&my%20id=1&role=viewer',
    ],
    ['leave it out when it holds NUL', '/edited/1?q=a%00b', '/edited/1?q=a%00b&my%20id=1&role=viewer'],
    [
      'copy the first of several, decoded and encoded',
      '/edited/1?q=a+b%26&q=2',
      '/edited/1?q=a+b%26&q=2&my%20id=1&role=viewer&copy=a%20b%26',
    ],
    [
      'copy UTF-8',
      '/edited/%C3%A4?q=%E2%82%AC',
      '/edited/%C3%A4?q=%E2%82%AC&my%20id=%C3%A4&role=viewer&copy=%E2%82%AC',
    ],
    [
      'leave other parameters byte by byte',
      '/edited/1?b=%7e&&a=%zz&c',
      '/edited/1?b=%7e&a=%zz&c&my%20id=1&role=viewer',
    ],
    ['are not made on other routes', '/plain?debug=1&&role=admin', '/plain?debug=1&&role=admin'],
  ] as const) {
    it(what, async () => expect(await sent(target)).to.equal(expected));
  }

  it('never get a line break, NUL or a number sign from a path: there is no such request', async () => {
    expect(await sent('/edited/1%0d%0aX-Evil:1')).to.equal(400);
    expect(await sent('/edited/1%00')).to.equal(400);
    expect(await sent('/edited/1#x')).to.equal(400);
  });
});
