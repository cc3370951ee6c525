import { expect } from 'chai';
import { CachedGateway, cachingAll, httpDate, send } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const STORED = {
  headers: ['Cache-Control', 'max-age=60', 'ETag', '"v1"', 'Content-Type', 'text/plain'],
  body: 'stored',
};

onEachEngineAndHttp2('RFC 9110 section 9.3.2: HEAD', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  it('is answered from what GET has left, with its length and without its body', async () => {
    cached.says(STORED);
    const whole = await cached.ask();
    const answer = await cached.head();
    expect([answer.status, answer.text, cached.asked]).to.deep.equal([200, '', 1]);
    for (const name of ['content-length', 'content-type', 'etag', 'date', 'cache-control'])
      expect(answer.header(name), name).to.equal(whole.header(name));
  });

  it('is answered with 304 as GET is', async () => {
    cached.says(STORED);
    await cached.ask();
    expect((await cached.head('if-none-match', '"v1"')).status).to.equal(304);
    expect((await cached.head('if-modified-since', httpDate(10))).status).to.equal(304);
    expect(cached.asked).to.equal(1);
  });

  it('knows no parts', async () => {
    cached.says(STORED);
    await cached.ask();
    const answer = await cached.head('range', 'bytes=0-1');
    expect([answer.status, answer.header('content-length'), cached.asked]).to.deep.equal([200, '6', 1]);
  });

  it('goes to the origin as HEAD when nothing is stored, and leaves nothing', async () => {
    cached.says({ ...STORED, headers: [...STORED.headers, 'Content-Length', '6'] }, STORED);
    expect((await cached.head()).header('content-length')).to.equal('6');
    expect(cached.last.method).to.equal('HEAD');
    expect((await cached.ask()).text).to.equal('stored');
    expect(cached.asked).to.equal(2);
  });

  it('of what is stale leaves it as it is, or up to date', async () => {
    const stale = ['Cache-Control', 'max-age=60', 'Age', '61', 'ETag', '"v1"'];
    cached.says({ headers: stale, body: 'stored' }, { ...STORED, headers: [...STORED.headers, 'Content-Length', '6'] });
    await cached.ask();
    expect((await cached.head()).status).to.equal(200);
    expect([(await cached.ask()).text, cached.asked]).to.deep.equal(['stored', 2]);
  });

  it('of another representation drops that one alone: other queries and variants stay', async () => {
    const vary = ['Vary', 'X-Lang'];
    const headers = [...STORED.headers, ...vary];
    for (const [what, seen] of [
      ['another tag', ['ETag', '"v2"', 'Content-Length', '6']],
      ['another length', ['ETag', '"v1"', 'Content-Length', '7']],
    ] as const) {
      cached.reset();
      cached.answers((request) => {
        const isHead = request.method === 'HEAD';
        const head = ['Cache-Control', 'max-age=60', ...vary, ...seen];
        send(request, { headers: isHead ? head : headers, body: 'stored' });
      });
      const targets = [cached.path, `${cached.path}?page=2`];
      const all = targets.flatMap((target) => ['de', 'en'].map((lang) => [target, lang] as const));
      for (const [target, lang] of all) await cached.call(target, { headers: ['x-lang', lang] });
      await cached.head('cache-control', 'no-cache', 'x-lang', 'de');
      const before = cached.asked;
      const anew: string[] = [];
      for (const [target, lang] of all) {
        const { asked } = cached;
        await cached.call(target, { headers: ['x-lang', lang] });
        if (cached.asked > asked) anew.push(`${target} ${lang}`);
      }
      expect([anew, before], what).to.deep.equal([[`${cached.path} de`], 5]);
    }
  });

  it('of which the answer is not to be stored because of its request drops nothing', async () => {
    const headers = ['Cache-Control', 'max-age=60', 'ETag', '"v1"', 'Content-Length', '6'];
    const shared = await CachedGateway.start(cachingAll('{ shareBetweenUsers: true }'));
    try {
      for (const credentials of [
        ['cookie', 'sid=1'],
        ['authorization', 'Basic YW5uOmFubg=='],
      ]) {
        shared.reset();
        shared.says({ headers, body: 'stored' });
        await shared.ask();
        expect((await shared.head('cache-control', 'no-cache', ...credentials)).status).to.equal(200);
        expect([(await shared.ask()).text, shared.asked]).to.deep.equal(['stored', 2]);
      }
    } finally {
      await shared.stop();
    }
  });

  it('is answered from what is stale in place of an error', async () => {
    const stale = ['Cache-Control', 'max-age=60, stale-if-error=600', 'Age', '61', 'ETag', '"v1"'];
    for (const failed of [true, false]) {
      cached.reset();
      cached.says({ headers: stale, body: 'stored' });
      await cached.ask();
      if (failed) cached.says({ status: 503 });
      else cached.answers(({ response }) => void response.destroy());
      const answer = await cached.head();
      expect([answer.status, answer.text, answer.header('content-length')]).to.deep.equal([200, '', '6']);
      expect(cached.statusOf(answer)).to.contain('detail=stale-if-error');
      expect((await cached.head('cache-control', 'no-cache')).status).to.equal(failed ? 503 : 502);
    }
  });

  it('that may be answered in place of an error has the new answer when there is one', async () => {
    const stale = ['Cache-Control', 'max-age=60, stale-if-error=600', 'Age', '61', 'ETag', '"v1"'];
    cached.says({ headers: stale, body: 'stored' }, { headers: ['Cache-Control', 'max-age=60'], body: 'new one' });
    await cached.ask();
    const answer = await cached.head();
    expect([answer.status, answer.text, answer.header('content-length')]).to.deep.equal([200, '', '7']);
    expect((await cached.ask()).text).to.equal('new one');
  });
});
