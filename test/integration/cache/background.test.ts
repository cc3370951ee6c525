import { expect } from 'chai';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const STALE = ['Cache-Control', 'max-age=60, stale-while-revalidate=600', 'Age', '61'];

onEachEngineAndHttp2('what is fetched in the background', () => {
  let cached: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start(cachingAll());
  });

  after(async () => cached.stop());

  beforeEach(() => cached.reset());

  it('is all of an answer, also when it was a HEAD that found the stale one', async () => {
    // In chunks no length tells that something is missing.
    cached.answers(({ method, response }) => {
      response.writeHead(200, cached.asked === 1 ? STALE : ['Cache-Control', 'max-age=60']);
      response.end(method === 'HEAD' ? undefined : `whole ${cached.asked}`);
    });
    await cached.ask();
    expect((await cached.head()).status).to.equal(200);
    const refresh = await cached.origin.requests.at(1);
    await refresh.over();
    expect(refresh.method).to.equal('GET');
    const { text } = await cached.ask();
    expect([text, cached.asked]).to.deep.equal(['whole 2', 2]);
  });

  it('is one request, however many find the stale answer', async () => {
    let give: () => void = () => undefined;
    const given = new Promise<void>((resolve) => (give = resolve));
    cached.answers(async (request) => {
      const number = cached.asked;
      if (number > 1) await given;
      send(request, { headers: number === 1 ? STALE : ['Cache-Control', 'max-age=60'], body: `answer ${number}` });
    });
    await cached.ask();
    const found = await Promise.all(Array.from({ length: 20 }, async () => cached.ask()));
    expect(new Set(found.map(({ text }) => text))).to.deep.equal(new Set(['answer 1']));
    give();
    await (await cached.origin.requests.at(1)).over();
    const { text } = await cached.ask();
    expect([text, cached.asked]).to.deep.equal(['answer 2', 2]);
  });
});
