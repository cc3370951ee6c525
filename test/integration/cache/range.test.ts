import { expect } from 'chai';
import { CachedGateway, httpDate, type Said } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const BODY = '0123456789';
const MODIFIED = httpDate(-10_000);
const STORED: Said = {
  headers: ['Cache-Control', 'max-age=60', 'ETag', '"v1"', 'Last-Modified', MODIFIED, 'Content-Type', 'text/plain'],
  body: BODY,
};

onEachEngineAndHttp2('RFC 9110 section 14: parts of what is stored', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  for (const [range, status, text, contentRange] of [
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=5-', 206, '56789', 'bytes 5-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, BODY, 'bytes 0-9/10'],
    ['BYTES=0-1', 206, '01', 'bytes 0-1/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=99999999999999999999-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=4-2', 200, BODY, undefined],
    ['bytes=0-1,3-4', 200, BODY, undefined],
    ['bytes=-', 200, BODY, undefined],
    ['bytes=a-b', 200, BODY, undefined],
    ['bytes 0-1', 200, BODY, undefined],
    ['lines=0-1', 200, BODY, undefined],
    ['bytes=0-1-2', 200, BODY, undefined],
    ['bytes=0x1-2', 200, BODY, undefined],
  ] as const)
    it(`section 14.2: ${range}: ${status}`, async () => {
      cached.says(STORED);
      await cached.ask();
      const answer = await cached.ask('range', range);
      expect([answer.status, answer.text]).to.deep.equal([status, text]);
      expect(answer.header('content-range')).to.equal(contentRange);
      expect(answer.header('content-length')).to.equal(String(text.length));
      expect(cached.asked).to.equal(1);
    });

  it('section 15.3.7: a part has the fields of the whole', async () => {
    cached.says(STORED);
    const whole = await cached.ask();
    const part = await cached.ask('range', 'bytes=0-1');
    for (const name of ['cache-control', 'date', 'etag', 'last-modified', 'content-type'])
      expect(part.header(name), name).to.equal(whole.header(name));
  });

  describe('section 13.1.5: If-Range', () => {
    for (const [ifRange, status] of [
      ['"v1"', 206],
      ['"v2"', 200],
      ['W/"v1"', 200],
      [MODIFIED, 206],
      [httpDate(-5), 200],
      [httpDate(-20_000), 200],
      ['v1', 200],
      ['"v1", "v2"', 200],
    ] as const)
      it(`${ifRange === MODIFIED ? 'the date of Last-Modified' : ifRange}: ${status}`, async () => {
        cached.says(STORED);
        await cached.ask();
        expect((await cached.ask('range', 'bytes=0-1', 'if-range', ifRange)).status).to.equal(status);
        expect(cached.asked).to.equal(1);
      });
  });

  it('section 13.2.2: If-None-Match goes first', async () => {
    cached.says(STORED);
    await cached.ask();
    expect((await cached.ask('range', 'bytes=0-1', 'if-none-match', '"v1"')).status).to.equal(304);
    expect((await cached.ask('range', 'bytes=0-1', 'if-none-match', '"v2"')).status).to.equal(206);
  });

  it('of a status that is no 200 the whole is given', async () => {
    cached.says({ ...STORED, status: 404 });
    await cached.ask();
    const { status, text } = await cached.ask('range', 'bytes=0-1');
    expect([status, text, cached.asked]).to.deep.equal([404, BODY, 1]);
  });

  it('of nothing there are no parts', async () => {
    cached.says({ ...STORED, body: '' });
    await cached.ask();
    expect((await cached.ask('range', 'bytes=-1')).status).to.equal(200);
    expect((await cached.ask('range', 'bytes=0-')).status).to.equal(416);
  });

  it('when nothing is stored the origin is asked for the part, and what it says is not stored', async () => {
    cached.says(
      { status: 206, headers: ['Cache-Control', 'max-age=60', 'Content-Range', 'bytes 0-1/10'], body: '01' },
      STORED,
    );
    const part = await cached.ask('range', 'bytes=0-1', 'if-range', '"v1"');
    expect([part.status, part.text, part.header('content-range')]).to.deep.equal([206, '01', 'bytes 0-1/10']);
    expect([cached.last.header('range'), cached.last.header('if-range')]).to.deep.equal(['bytes=0-1', '"v1"']);
    expect((await cached.ask()).text).to.equal(BODY);
    expect((await cached.ask('range', 'bytes=0-1')).status).to.equal(206);
    expect(cached.asked).to.equal(2);
  });

  it('a 200 to a request for a part is not stored either: nobody has asked for the whole', async () => {
    cached.says(STORED);
    expect((await cached.ask('range', 'bytes=0-1')).text).to.equal(BODY);
    await cached.ask();
    expect(cached.asked).to.equal(2);
  });

  it('a 416 of the origin is not stored', async () => {
    cached.says({ status: 416, headers: ['Cache-Control', 'max-age=60', 'Content-Range', 'bytes */10'] }, STORED);
    expect((await cached.ask('range', 'bytes=99-')).status).to.equal(416);
    expect((await cached.ask()).status).to.equal(200);
  });

  it('a 206 that nobody has asked for is not given again, and is no whole', async () => {
    const part = ['Cache-Control', 'max-age=60', 'Content-Range', 'bytes 0-1/10'];
    cached.says({ status: 206, headers: part, body: '01' }, { headers: part, body: '01' }, STORED);
    await cached.ask();
    await cached.ask();
    expect((await cached.ask()).text).to.equal(BODY);
    expect(cached.asked).to.equal(3);
  });

  it('a part of what is stale is taken of what was validated', async () => {
    const stale = ['Cache-Control', 'max-age=60', 'Age', '61', 'ETag', '"v1"'];
    cached.says({ headers: stale, body: BODY }, { status: 304, headers: ['Cache-Control', 'max-age=60'] });
    await cached.ask();
    const { status, text } = await cached.ask('range', 'bytes=0-1');
    expect([status, text, cached.asked]).to.deep.equal([206, '01', 2]);
    expect(cached.last.header('range')).to.equal(undefined);
  });
});
