import { expect } from 'chai';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import type { Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const PUBLIC = ['Cache-Control', 'public, max-age=60'];
/** Fresh, so that others may wait for it; who asks wants it newer. */
const HALF = { headers: ['Cache-Control', 'max-age=1200', 'Age', '600', 'ETag', '"v1"'], body: 'stored' };
const GOOD_IN_ERROR = {
  headers: ['Cache-Control', 'max-age=1200, stale-if-error=6000', 'Age', '600', 'ETag', '"v1"'],
  body: 'stored',
};
const NEWER = ['cache-control', 'max-age=500'];

onEachEngineAndHttp2('what was undone does not come back', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  /** Three who ask together for what is newer; the first is at the origin, as its second request. */
  async function three(): Promise<Promise<Answered>[]> {
    await cached.ask();
    const answers = [cached.ask(...NEWER)];
    await cached.origin.requests.at(1);
    answers.push(cached.ask(...NEWER), cached.ask(...NEWER));
    await cached.waiting(3);
    expect(cached.asked).to.equal(2);
    return answers;
  }

  for (const [what, undo] of [
    ['a write', async (): Promise<unknown> => cached.call(cached.path, { method: 'PUT' })],
    ['a purge', async (): Promise<unknown> => cached.purge({ all: true })],
  ] as const)
    it(`by an answer to HEAD that was asked for before ${what}`, async () => {
      const head = { headers: [...HALF.headers, 'Content-Length', '6'] };
      const release = cached.holds(2, (_asked, { method }) => (method === 'HEAD' ? head : HALF));
      await cached.ask();
      const asking = cached.head(...NEWER);
      await cached.origin.requests.at(1);
      await undo();
      release();
      await asking;
      const { asked } = cached;
      await cached.ask();
      expect(cached.asked).to.equal(asked + 1);
    });

  it('by an answer to HEAD about what another one has taken the place of', async () => {
    const head = { headers: ['Cache-Control', 'max-age=60', 'ETag', '"v1"', 'Content-Length', '6'] };
    const newest = { headers: ['Cache-Control', 'max-age=60', 'ETag', '"v3"'], body: 'newest' };
    const release = cached.holds(2, (asked) => [HALF, head][asked - 1] ?? newest);
    await cached.ask();
    const asking = cached.head(...NEWER);
    await cached.origin.requests.at(1);
    expect((await cached.ask('cache-control', 'no-cache')).text).to.equal('newest');
    release();
    await asking;
    expect((await cached.ask()).text).to.equal('newest');
  });

  for (const status of [200, 503])
    it(`by errors of those who had waited for ${status} when it was purged`, async () => {
      const release = cached.holds(2, (asked) => [GOOD_IN_ERROR, { status }][asked - 1] ?? { status: 503 });
      const answers = await three();
      await cached.purge({ all: true });
      release();
      expect((await Promise.all(answers)).map((answer) => answer.status)).to.deep.equal([status, 503, 503]);
    });

  it('by a 304 to those who had waited when it was purged', async () => {
    const release = cached.holds(2, (asked, request) => {
      if (asked === 1) return HALF;
      const isKnown = asked > 2 && request.header('if-none-match') !== undefined;
      return isKnown ? { status: 304, headers: HALF.headers } : { headers: HALF.headers, body: 'new' };
    });
    const answers = await three();
    await cached.purge({ all: true });
    release();
    await Promise.all(answers);
    expect((await cached.ask()).text).to.equal('new');
  });

  it('by errors of those who had waited for an answer that took it back', async () => {
    const gone = { status: 404, headers: ['Cache-Control', 'no-store'] };
    const release = cached.holds(2, (asked) => [GOOD_IN_ERROR, gone][asked - 1] ?? { status: 503 });
    const answers = await three();
    release();
    expect((await Promise.all(answers)).map((answer) => answer.status)).to.deep.equal([404, 503, 503]);
  });

  it('when it was taken back by a 304 and by the answer that was fetched then', async () => {
    const mine = ['Cache-Control', 'private', 'ETag', '"v1"'];
    cached.says(GOOD_IN_ERROR, { status: 304, headers: mine }, { headers: mine }, { status: 503 });
    await cached.ask();
    expect((await cached.ask(...NEWER)).text).to.equal('answer 3');
    expect((await cached.ask()).status).to.equal(503);
  });

  for (const [what, more, cache] of [
    ['the route has cookies in its keys', '', '{ vary: [cookie] }'],
    ['the query is made of them', ', request: { query: { set: { who: "{{headers.cookie}}" } } }', '{}'],
  ] as const)
    it(`a refresh in the background keeps its cookies where ${what}`, async () => {
      const own = await CachedGateway.start(cachingAll(cache, more));
      try {
        own.reset();
        const stale = ['Cache-Control', 'public, max-age=60, stale-while-revalidate=600', 'Age', '61'];
        own.answers((request) => {
          const body = `${own.asked} for ${request.header('cookie') ?? 'anybody'}`;
          send(request, { headers: own.asked === 1 ? stale : PUBLIC, body });
        });
        await own.ask('cookie', 'sid=1');
        expect((await own.ask('cookie', 'sid=1')).text).to.equal('1 for sid=1');
        await (await own.origin.requests.at(1)).over();
        expect((await own.ask('cookie', 'sid=1')).text).to.equal('2 for sid=1');
      } finally {
        await own.stop();
      }
    });
});
