import { expect } from 'chai';
import { CachedGateway, cachingAll, send, type Said } from '../../support/cached.ts';
import type { Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { forge, hs256 } from '../../support/tokens.ts';
import type { Answer } from '../../support/upstream.ts';

const FRESH = ['Cache-Control', 'max-age=60'];
const SECRET = 'a secret that is long enough for HS256';

const protectedRoute = (origin: string): string => `
issuers: [{ name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: "${SECRET}" }]
upstreams: { origin: { targets: ["${origin}"] } }
routes: [{ name: own, match: { path: "/*rest" }, upstream: origin, access: authenticated, cache: {} }]
`;

function bearer(sub: string): string[] {
  const payload = { iss: 'machines', aud: 'api', sub, exp: Math.trunc(Date.now() / 1000) + 600 };
  return ['authorization', `Bearer ${forge({ alg: 'HS256' }, payload, hs256(SECRET))}`];
}

/** 300 KiB, of which no two parts are the same. */
const LARGE = Buffer.from(Array.from({ length: 30 * 1024 }, (_, index) => String(index).padStart(10, '.')).join(''));

onEachEngineAndHttp2('requests for what is on its way', () => {
  let cached: CachedGateway;
  let withTtl: CachedGateway;
  let known: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    withTtl = await CachedGateway.start(cachingAll('{ ttl: 1h }'));
    known = await CachedGateway.start(protectedRoute);
  });

  after(async () => {
    await cached.stop();
    await withTtl.stop();
    await known.stop();
  });

  beforeEach(() => {
    cached.reset();
    withTtl.reset();
    known.reset();
  });

  /**
   * Asks with each of these fields at once; the first is at the origin before the others come.
   *
   * @param waiting how many of them have to wait
   */
  async function together(
    from: CachedGateway,
    [first = [], ...others]: readonly (readonly string[])[],
    waiting = others.length + 1,
  ): Promise<Promise<Answered>[]> {
    const answers = [from.ask(...first)];
    await from.origin.requests.at(0);
    answers.push(...others.map(async (headers) => from.ask(...headers)));
    await from.waiting(waiting);
    return answers;
  }

  /** What the origin says first waits until it is released; all that comes then is answered at once. @returns what releases it */
  function held(from: CachedGateway, first: Answer, others: Answer = first): () => void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    from.answers(async (request) => {
      if (from.asked > 1) return others(request);
      await released;
      return first(request);
    });
    return release;
  }

  /** The same with answers that say which they are. */
  function holdFirst(from: CachedGateway, first: Said, others: Said = first): () => void {
    return held(
      from,
      (request) => send(request, { body: 'answer 1', ...first }),
      (request) => send(request, { body: `answer ${from.asked}`, ...others }),
    );
  }

  const many = (count: number): string[][] => Array.from({ length: count }, () => []);
  const texts = async (answers: Promise<Answered>[]): Promise<string[]> =>
    (await Promise.all(answers)).map(({ text }) => text);

  it('a hundred of them reach the origin once', async () => {
    const release = holdFirst(cached, { headers: FRESH });
    const answers = await together(cached, many(100));
    release();
    expect(new Set(await texts(answers))).to.deep.equal(new Set(['answer 1']));
    expect(cached.asked).to.equal(1);
  });

  it('a hundred of them get all of a chunked body that is slow to come', async () => {
    const next = held(cached, async ({ response }) => {
      response.writeHead(200, FRESH);
      for (let at = 0; at < LARGE.length; at += 30_000)
        await new Promise((resolve) => response.write(LARGE.subarray(at, at + 30_000), resolve));
      response.end();
    });
    const answers = await together(cached, many(100));
    next();
    for (const answer of await Promise.all(answers)) expect(answer.body.equals(LARGE)).to.equal(true);
    expect((await cached.ask()).body.equals(LARGE)).to.equal(true);
    expect(cached.asked).to.equal(1);
  });

  it('say in Cache-Status that they were answered together (RFC 9211 section 2.7)', async () => {
    const release = holdFirst(cached, { headers: FRESH });
    const answers = await together(cached, many(3));
    release();
    const collapsed = (await Promise.all(answers)).map((answer) => /; collapsed/.test(cached.statusOf(answer)));
    expect(collapsed).to.deep.equal([false, true, true]);
  });

  it('are not answered together when others send them: each user has an answer of his own', async () => {
    const release = holdFirst(known, { headers: ['Cache-Control', 'public, max-age=60'] });
    const answers = await together(known, [bearer('ann'), bearer('bob'), bearer('ann'), bearer('bob')], 2);
    release();
    const [ann, bob, anns, bobs] = await texts(answers);
    expect(ann).to.equal('answer 1').and.equal(anns);
    expect(bob).to.equal('answer 2').and.equal(bobs);
    expect(known.asked).to.equal(2);
  });

  it('are not answered together when they have other credentials that nobody verifies', async () => {
    const release = holdFirst(cached, { headers: ['Cache-Control', 'public, max-age=60'] });
    const answers = await together(cached, [['authorization', 'Basic a'], ['authorization', 'Basic b'], []], 1);
    release();
    expect(new Set(await texts(answers)).size).to.equal(3);
  });

  for (const [what, headers] of [
    ['private', ['Cache-Control', 'private, max-age=60']],
    ['no-store', ['Cache-Control', 'no-store']],
    ['with a cookie', [...FRESH, 'Set-Cookie', 'session=1']],
    ['for nobody else by Vary', [...FRESH, 'Vary', '*']],
    ['without freshness', []],
    ['never to be used without validation', ['Cache-Control', 'no-cache', 'ETag', '"a"']],
  ] as const)
    it(`an answer that is ${what} goes to one alone, and nobody waits for its body`, async () => {
      let finish = (): void => undefined;
      const release = held(
        cached,
        ({ response }) => {
          response.writeHead(200, [...headers, 'Content-Length', '8']).write('answer');
          finish = () => void response.end(' 1');
        },
        (request) => send(request, { headers, body: `answer ${cached.asked}` }),
      );
      const [first, ...others] = await together(cached, many(10));
      release();
      const found = await texts(others);
      finish();
      found.push((await first)?.text ?? '');
      expect(new Set(found).size).to.equal(10);
      expect(cached.asked).to.equal(10);
    });

  it('of which one has a cookie: it does not get what only a ttl made fresh', async () => {
    const release = holdFirst(withTtl, {});
    // That one does not wait for the others either.
    const answers = await together(withTtl, [[], ['cookie', 'sid=1'], []], 2);
    release();
    expect(await texts(answers)).to.deep.equal(['answer 1', 'answer 2', 'answer 1']);
  });

  it('of which the first has a cookie: its answer is for nobody else', async () => {
    const release = holdFirst(withTtl, {});
    const answers = await together(withTtl, [['cookie', 'sid=1'], [], ['cookie', 'sid=2']], 2);
    release();
    expect(new Set(await texts(answers)).size).to.equal(3);
  });

  it('get the answer that is for them by Vary', async () => {
    const release = holdFirst(cached, { headers: [...FRESH, 'Vary', 'X-Lang'] });
    const answers = await together(cached, [
      ['x-lang', 'de'],
      ['x-lang', 'en'],
      ['x-lang', 'de'],
    ]);
    release();
    expect(await texts(answers)).to.deep.equal(['answer 1', 'answer 2', 'answer 1']);
  });

  it('get no field that is for the first alone', async () => {
    const headers = [
      'Cache-Control',
      'max-age=60, private="Set-Cookie, X-Mine"',
      'Set-Cookie',
      'session=1',
      'X-Mine',
      '1',
    ];
    const release = holdFirst(cached, { headers: [...headers, 'X-Ours', '1'] });
    const answers = await together(cached, many(2));
    release();
    const [first, second] = await Promise.all(answers);
    expect([first?.header('set-cookie'), first?.header('x-mine')]).to.deep.equal(['session=1', '1']);
    expect([second?.header('set-cookie'), second?.header('x-mine')]).to.deep.equal([undefined, undefined]);
    expect([second?.text, second?.header('x-ours')]).to.deep.equal(['answer 1', '1']);
  });

  it('have each a condition of their own', async () => {
    const release = holdFirst(cached, { headers: [...FRESH, 'ETag', '"a"'] });
    const tags = ['"a"', undefined, '"a"', '"b"'];
    const answers = await together(
      cached,
      tags.map((tag) => (tag === undefined ? [] : ['if-none-match', tag])),
    );
    release();
    const statuses = (await Promise.all(answers)).map(({ status, text }) => `${status} ${text}`);
    expect(statuses).to.deep.equal(['304 ', '200 answer 1', '304 ', '200 answer 1']);
    expect(cached.last.header('if-none-match')).to.equal(undefined);
  });

  it('ask for themselves when they want what is newer', async () => {
    const release = holdFirst(cached, { headers: [...FRESH, 'Age', '30'] }, { headers: FRESH });
    const answers = await together(cached, [[], ['cache-control', 'no-cache'], ['cache-control', 'max-age=10'], []]);
    release();
    const [first, second, third, fourth] = await texts(answers);
    expect([first, fourth]).to.deep.equal(['answer 1', 'answer 1']);
    expect([second, third]).to.not.include('answer 1');
  });

  it('with no-store go alone', async () => {
    const release = holdFirst(cached, { headers: FRESH });
    const answers = await together(cached, [[], ['cache-control', 'no-store']], 1);
    expect((await answers[1])?.text).to.equal('answer 2');
    release();
    expect((await answers[0])?.text).to.equal('answer 1');
  });

  it('are all told when the origin closes without an answer, and the next is asked', async () => {
    const fail = held(cached, ({ response }) => void response.destroy());
    const answers = await together(cached, many(5));
    fail();
    expect((await Promise.all(answers)).map(({ status }) => status)).to.deep.equal([502, 502, 502, 502, 502]);
    cached.says({ headers: FRESH, body: 'well' });
    expect((await cached.ask()).text).to.equal('well');
  });

  for (const [what, headers, answers] of [
    ['share the error of the first: an origin in trouble is asked once', [], ['500 answer 1']],
    [
      'get an error each when it is for one client',
      ['Set-Cookie', 'a=1'],
      ['500 answer 1', '500 answer 2', '500 answer 3'],
    ],
    [
      'get an error each when it is private',
      ['Cache-Control', 'private'],
      ['500 answer 1', '500 answer 2', '500 answer 3'],
    ],
  ] as const)
    it(what, async () => {
      const release = holdFirst(cached, { status: 500, headers });
      const asked = await together(cached, many(3));
      release();
      const found = (await Promise.all(asked)).map(({ status, text }) => `${status} ${text}`);
      expect(new Set(found)).to.deep.equal(new Set(answers));
      cached.says({ headers: FRESH, body: 'well' });
      expect((await cached.ask()).text).to.equal('well');
    });

  for (const [what, framing] of [
    ['with a length', ['Content-Length', '100']],
    ['chunked', []],
  ] as const)
    it(`an answer that breaks off is complete to nobody, and not stored: ${what}`, async () => {
      const fail = held(cached, ({ response }) => {
        response.writeHead(200, [...FRESH, ...framing]).write('half', () => response.destroy());
      });
      const answers = await together(cached, many(10));
      fail();
      const found = await Promise.allSettled(answers);
      expect(found.map(({ status }) => status)).to.deep.equal(Array.from({ length: 10 }, () => 'rejected'));
      cached.says({ headers: FRESH, body: 'well' });
      expect((await cached.ask()).text).to.equal('well');
    });

  it('a large answer goes past with a known length, to each from the origin', async () => {
    const small = await CachedGateway.start(cachingAll('{ maxBytes: 16KiB }'));
    try {
      small.reset();
      const release = holdFirst(small, { headers: FRESH, body: LARGE });
      const answers = await together(small, many(5));
      release();
      for (const answer of await Promise.all(answers)) expect(answer.body.equals(LARGE)).to.equal(true);
      expect(small.asked).to.equal(5);
    } finally {
      await small.stop();
    }
  });

  it('a large chunked answer goes past to all, and is not stored', async () => {
    const small = await CachedGateway.start(cachingAll('{ maxBytes: 16KiB }'));
    try {
      small.reset();
      const release = holdFirst(small, { headers: [...FRESH, 'Transfer-Encoding', 'chunked'], body: LARGE });
      const answers = await together(small, many(5));
      release();
      for (const answer of await Promise.all(answers)) expect(answer.body.equals(LARGE)).to.equal(true);
      expect(small.asked).to.equal(1);
      expect((await small.ask()).body.equals(LARGE)).to.equal(true);
      expect(small.asked).to.equal(2);
    } finally {
      await small.stop();
    }
  });
});
