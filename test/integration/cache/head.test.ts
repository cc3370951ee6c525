import { expect } from 'chai';
import { CachedGateway, httpDate } from '../../support/cached.ts';
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
});
