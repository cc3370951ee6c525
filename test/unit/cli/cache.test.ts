import { createServer, type Server } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { expect } from 'chai';
import type { PurgeSelector } from '../../../src/cache/purge.ts';
import { cachePurge, type PurgeFlags } from '../../../src/cli/cache.ts';
import { outcomeOf, type Outcome } from '../../support/commands.ts';

describe('gatewayctl cache purge', () => {
  let server: Server;
  let url = '';
  let status = 200;
  let answer = '';
  let asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      void textOf(request).then((body) => {
        asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers['content-type'] ?? ''} ${body}`);
        response.writeHead(status).end(answer);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  beforeEach(() => {
    status = 200;
    answer = '{"purged":12}';
    asked = [];
  });
  after(async () => new Promise<void>((done) => server.close(() => done())));

  const run = async (selector: PurgeSelector, flags: Partial<PurgeFlags> = {}): Promise<Outcome> =>
    outcomeOf(() => cachePurge({ selector, format: 'text', admin: url, config: 'gateway.yaml', ...flags }));

  it('says how many answers it has purged', async () => {
    for (const [count, words] of [
      [12, '12 answers'],
      [1, '1 answer'],
      [0, '0 answers'],
    ] as const) {
      answer = JSON.stringify({ purged: count });
      expect(await run({ tag: 'a' })).to.deep.equal({ code: 0, message: '', stdout: `purged ${words}\n`, stderr: '' });
    }
  });

  it('sends all that was given, and nothing else', async () => {
    await run({ route: 'orders', path: '/a', prefix: '/', tag: '-' });
    await run({ all: true }, { admin: `${url}/ops/` });
    expect(asked).to.deep.equal([
      'POST /api/v1/cache/purge application/json {"route":"orders","path":"/a","prefix":"/","tag":"-"}',
      'POST /ops/api/v1/cache/purge application/json {"all":true}',
    ]);
  });

  it('prints the JSON of the API', async () => {
    answer = '{"purged":1,"later":true}';
    expect((await run({ all: true }, { format: 'json' })).stdout).to.equal('{\n  "purged": 1,\n  "later": true\n}\n');
  });

  it('asks nobody when it is not said what to purge, and exits with 2', async () => {
    const { code, message } = await run({});
    expect(code).to.equal(2);
    expect(message).to.equal(
      'it is not said what to purge: type --route NAME, --path PATH, --prefix PREFIX or --tag TAG, several of which must all hold, or --all',
    );
    expect(asked).to.deep.equal([]);
  });

  it('takes no empty condition and no path without a slash: scripts make them by mistake', async () => {
    for (const [selector, words] of [
      [{ tag: '' }, '--tag: found "", expected a text that is not empty'],
      [{ route: 'orders', prefix: '' }, '--prefix: found "", expected a text that is not empty'],
      [{ path: 'a' }, '--path: found "a", expected what begins with /, such as /products'],
      [{ prefix: 'http://shop/' }, '--prefix: found "http://shop/", expected what begins with /, such as /products'],
    ] as const) {
      expect(await run(selector)).to.include({ code: 2, message: words, stdout: '' });
    }
    expect(asked).to.deep.equal([]);
  });

  it('says what the gateway refuses, fault by fault, and exits with 1', async () => {
    status = 400;
    answer = JSON.stringify({
      title: 'The request body is not acceptable',
      errors: [
        { pointer: '/path', code: 'invalid-path', detail: 'must have no query' },
        { pointer: '', code: 'required', detail: 'must \u001b[31m have' },
      ],
    });
    expect(await run({ path: '/a?b' })).to.include({
      code: 1,
      stdout: '',
      message: '--path must have no query; must ·[31m have',
    });
  });

  it('says what was not purged, and exits with 1', async () => {
    status = 503;
    answer = JSON.stringify({ title: 'Not all of the cache', detail: 'Redis has not answered: purge again' });
    expect(await run({ all: true })).to.include({
      code: 1,
      stdout: '',
      message: 'Redis has not answered: purge again',
    });
    answer = '{"title":"Not all of the cache"}';
    expect(await run({ all: true })).to.include({ code: 1, stdout: '', message: 'Not all of the cache' });
  });

  for (const [answered, body, expected] of [
    [200, '<html>', 'sent something that is not JSON; is gatewayctl serve running'],
    [200, '{"purged":"all"}', 'answered something that is no number of answers'],
    [503, '[]', 'answered something that is no problem that a purge has'],
    [404, '{}', 'knows no cache that can be purged: expected the admin listener of a gateway of this version'],
    [401, '{}', 'wants the admin token, and there is none in GATEWAYCTL_TOKEN'],
    [500, '{}', 'answered 500; is gatewayctl serve running'],
  ] as const) {
    it(`says what to look at when it is answered ${answered} ${body}, and exits with 1`, async () => {
      [status, answer] = [answered, body];
      const { code, message, stdout } = await run({ all: true });
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(message).to.include(`${url} ${expected}`);
    });
  }
});
