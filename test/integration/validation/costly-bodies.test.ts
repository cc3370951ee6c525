import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream } from '../../support/upstream.ts';

const MEBIBYTE = 1024 * 1024;
const ITEMS = ['0', '""', '[]', '{}', '{"a":0}'] as const;

/** A list of one item again and again. */
function listOf(item: string, bytes: number): string {
  return `[${`${item},`.repeat(Math.floor(bytes / (item.length + 1)) - 2)}${item}]`;
}

onEachEngine('bodies that cost more to judge than to send', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: judged, match: { path: /judged }, upstream: any, validate: { body: { type: array, items: { type: boolean }, uniqueItems: true } } }
  - { name: edited, match: { path: /edited }, upstream: any, request: { body: { remove: [/internal] } } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  const post = async (path: string, body: string | Uint8Array, coding?: string): Promise<Answered> => {
    const headers = ['content-type', 'application/json'];
    if (coding !== undefined) headers.push('content-encoding', coding);
    return call(gateway.url + path, { method: 'POST', headers, body });
  };

  for (const path of ['/judged', '/edited']) {
    for (const [coding, encode] of [
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
      ['deflate', deflateSync],
    ] as const)
      it(`are refused on ${path} for what ${coding} hides`, async () => {
        for (const item of ITEMS) {
          const answer = await post(path, encode(listOf(item, MEBIBYTE)), coding);
          const line = await gateway.accessLine(expectProblem(answer, 'body-too-large'));
          expect(line['error']).to.equal('invalid-request: the body grows too much, decoded');
          expect(answer.text).to.include('it may be 20 times as large');
        }
        expect(upstream.requests.items).to.have.length(0);
      });

    it(`are refused on ${path} for the number of their values`, async () => {
      for (const item of ITEMS) {
        const answer = await post(path, listOf(item, MEBIBYTE));
        expect(answer.status).to.equal(400);
        expect(answer.text).to.include('"code":"invalid-body"').and.include('"code":"too-many-values"');
        expect(answer.text).to.include('holds more than 100000 values and names');
      }
      expect(upstream.requests.items).to.have.length(0);
    });
  }

  it('are others than large ones, which pass', async () => {
    const rows = Array.from({ length: 10_000 }, (_, id) => ({
      id,
      name: `customer ${id * 7919}`,
      note: 'x'.repeat(50),
    }));
    const text = JSON.stringify(rows);
    expect((await post('/edited', gzipSync(text), 'gzip')).status).to.equal(200);
    expect((await (await upstream.requests.at(0)).body()).toString()).to.equal(text);
  });
});
