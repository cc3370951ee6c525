import { expect } from 'chai';
import { CachedGateway, cachingAll } from '../../support/cached.ts';
import { onEachEngine, onEachEngineAndHttp2 } from '../../support/engines.ts';
import { RawClient } from '../../support/raw.ts';

const FRESH = ['Cache-Control', 'max-age=60'];

onEachEngineAndHttp2('RFC 9111 section 4.1: calculating cache keys with Vary', () => {
  let cached: CachedGateway;
  let keyed: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    keyed = await CachedGateway.start(cachingAll('{ vary: [Accept-Language] }'));
  });

  after(async () => {
    await cached.stop();
    await keyed.stop();
  });

  beforeEach(() => {
    cached.reset();
    keyed.reset();
  });

  /** What each of these requests gets. */
  async function texts(from: CachedGateway, ...requests: readonly (readonly string[])[]): Promise<string[]> {
    const found: string[] = [];
    for (const headers of requests) found.push((await from.ask(...headers)).text);
    return found;
  }

  it('an answer is for requests whose fields are the same', async () => {
    cached.says({ headers: [...FRESH, 'Vary', 'Accept-Language'] });
    const [de, en] = [
      ['accept-language', 'de'],
      ['accept-language', 'en'],
    ];
    expect(await texts(cached, de, en, [], de, en, [])).to.deep.equal([
      'answer 1',
      'answer 2',
      'answer 3',
      'answer 1',
      'answer 2',
      'answer 3',
    ]);
  });

  it('an empty field is not an absent one', async () => {
    cached.says({ headers: [...FRESH, 'Vary', 'X-Some'] });
    expect(await texts(cached, ['x-some', ''], [], ['x-some', ''])).to.deep.equal(['answer 1', 'answer 2', 'answer 1']);
  });

  it('white space around commas means nothing, and the case of most values does', async () => {
    cached.says({ headers: [...FRESH, 'Vary', 'Accept'] });
    const values = ['a/b, c/d', 'a/b,c/d', 'a/b ,  c/d', 'A/b, c/d', 'c/d, a/b'];
    const requests = values.map((value) => ['accept', value]);
    expect(await texts(cached, ...requests)).to.deep.equal([
      'answer 1',
      'answer 1',
      'answer 1',
      'answer 2',
      'answer 3',
    ]);
  });

  for (const value of ['ACCEPT-LANGUAGE', 'accept-language', 'X-Other, Accept-Language', 'Accept-Language,,'])
    it(`names are read in any case and list: ${value}`, async () => {
      cached.says({ headers: [...FRESH, 'Vary', value] });
      const de = ['accept-language', 'de'];
      expect(await texts(cached, de, ['Accept-Language', 'en'], ['ACCEPT-LANGUAGE', 'de'])).to.deep.equal([
        'answer 1',
        'answer 2',
        'answer 1',
      ]);
    });

  it('several lines of Vary count together', async () => {
    cached.says({ headers: [...FRESH, 'Vary', 'X-One', 'Vary', 'X-Two'] });
    expect(await texts(cached, ['x-one', 'a', 'x-two', 'b'], ['x-one', 'a'], ['x-two', 'b'])).to.deep.equal([
      'answer 1',
      'answer 2',
      'answer 3',
    ]);
  });

  for (const value of ['*', 'Accept, *', 'a b', '*x*, *'])
    it(`${value} matches nothing`, async () =>
      expect(await cached.reuses({ headers: [...FRESH, 'Vary', value] })).to.equal(false));

  it('an answer that varies by more than those before it is found by its own fields', async () => {
    cached.says(
      { headers: [...FRESH, 'Vary', 'X-One'] },
      { headers: [...FRESH, 'Vary', 'X-Two'] },
      { headers: [...FRESH, 'Vary', 'X-One'] },
    );
    await texts(cached, ['x-one', 'a'], ['x-one', 'b', 'x-two', 'c']);
    // The second one is for all whose X-Two is `c`, or for fewer; never for another X-Two.
    const [other] = await texts(cached, ['x-one', 'b', 'x-two', 'd']);
    expect(other).to.equal('answer 3');
    expect(await texts(cached, ['x-one', 'b', 'x-two', 'c'])).to.deep.equal(['answer 2']);
  });

  it('values that look like two fields are one', async () => {
    cached.says({ headers: [...FRESH, 'Vary', 'X-One, X-Two'] });
    const requests = [
      ['x-one', 'a', 'x-two', 'b'],
      ['x-one', 'a1:b'],
      ['x-one', '1:a1:b'],
      ['x-one', 'a', 'x-two', '-'],
      ['x-one', 'a'],
      ['x-one', 'a-'],
      ['x-two', 'a-'],
    ];
    const found = await texts(cached, ...requests);
    expect(new Set(found).size).to.equal(requests.length);
  });

  it('the route’s own list is in the key, too, whatever the origin says', async () => {
    keyed.says({ headers: FRESH });
    const [de, en] = [
      ['accept-language', 'de'],
      ['accept-language', 'en'],
    ];
    expect(await texts(keyed, de, en, de, [])).to.deep.equal(['answer 1', 'answer 2', 'answer 1', 'answer 3']);
  });

  it('a 304 may vary by more than the answer that it is about', async () => {
    const stale = ['Cache-Control', 'max-age=60', 'Age', '61', 'ETag', '"v1"'];
    cached.says({ headers: stale }, { status: 304, headers: [...FRESH, 'Vary', 'X-One'] }, { headers: FRESH });
    expect(await texts(cached, [], ['x-one', 'a'], ['x-one', 'a'], ['x-one', 'b'])).to.deep.equal([
      'answer 1',
      'answer 1',
      'answer 1',
      'answer 3',
    ]);
  });
});

onEachEngine('fields by which answers vary', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  /** An origin that answers in the language that it sees asked for. */
  function speaks(name = 'accept-language'): void {
    cached.answers((request) => {
      const body = request.header(name) ?? 'none';
      request.response.writeHead(200, [...FRESH, 'Vary', name, 'Content-Length', String(body.length)]).end(body);
    });
  }

  async function raw(...fields: string[]): Promise<string> {
    const client = await RawClient.open(cached.gateway.port);
    try {
      await client.send(
        `GET ${cached.path} HTTP/1.1\r\nHost: a\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`,
      );
      return (await client.response()).text;
    } finally {
      await client.close();
    }
  }

  it('are those that the origin gets: one that Connection names is not there', async () => {
    speaks();
    expect(await raw('Accept-Language: de', 'Connection: keep-alive, accept-language')).to.equal('none');
    expect(await raw('Accept-Language: de')).to.equal('de');
    expect(await raw()).to.equal('none');
  });

  it('are joined when they come in several lines', async () => {
    speaks();
    expect(await raw('Accept-Language: de', 'accept-language: en')).to.equal('de, en');
    expect(await raw('Accept-Language: de, en')).to.equal('de, en');
    expect(await raw('Accept-Language: de')).to.equal('de');
    expect(cached.asked).to.equal(2);
  });

  it('are not those that a server may read as the same: Accept_Language', async () => {
    // Such as those that make HTTP_ACCEPT_LANGUAGE of both.
    cached.answers((request) => {
      const body = request.header('accept-language') ?? request.header('accept_language') ?? 'none';
      request.response
        .writeHead(200, [...FRESH, 'Vary', 'Accept-Language', 'Content-Length', String(body.length)])
        .end(body);
    });
    expect(await raw('Accept_Language: de')).to.equal('de');
    expect(await raw()).to.equal('none');
    expect(await raw('Accept-Language: de')).to.equal('de');
    cached.answers((request) => {
      const body = request.header('accept-language') ?? 'none';
      request.response
        .writeHead(200, [...FRESH, 'Vary', 'Accept-Language', 'Content-Length', String(body.length)])
        .end(body);
    });
    expect(await raw('Accept_Language: fr')).to.equal('none');
    expect(await raw('Accept-Language: fr')).to.equal('fr');
  });

  it('Host and what the gateway says of the client are among them', async () => {
    speaks('x-forwarded-host');
    expect(await raw('X-Forwarded-Host: evil.example')).to.equal('a');
    expect(await raw()).to.equal('a');
    expect(cached.asked).to.equal(1);
  });
});
