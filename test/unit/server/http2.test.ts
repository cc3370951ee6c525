import { expect } from 'chai';
import { http2Fields } from '../../../src/server/http2/answer-fields.ts';
import { Chatter } from '../../../src/server/http2/chatter.ts';
import { Patience } from '../../../src/server/http2/patience.ts';
import { readHttp2Head } from '../../../src/server/http2/request-head.ts';

describe('the head of an HTTP/2 request', () => {
  const least = [':method', 'GET', ':scheme', 'https', ':authority', 'a.test', ':path', '/x?y=z'];

  it('becomes one that every engine has', () => {
    const { head, refused } = readHttp2Head([...least, 'x-a', '1', 'x-a', '2']);
    expect(refused).to.equal(undefined);
    const headers = ['host', 'a.test', 'x-a', '1', 'x-a', '2'];
    expect(head).to.deep.equal({ method: 'GET', target: '/x?y=z', httpVersion: '2', headers });
  });

  it('has the crumbs of Cookie joined: RFC 9113 section 8.2.3', () => {
    expect(readHttp2Head([...least, 'cookie', 'a=1', 'x-b', '1', 'cookie', 'b=2']).head.headers).to.deep.equal([
      'host',
      'a.test',
      'x-b',
      '1',
      'cookie',
      'a=1; b=2',
    ]);
  });

  for (const [what, fields, host, problem] of [
    ['takes Host in place of :authority', [':method', 'GET', ':path', '/', 'host', 'b.test'], 'b.test', undefined],
    ['has one Host when both say the same', [...least, 'host', 'A.test'], 'a.test', undefined],
    ['is refused when they do not', [...least, 'host', 'b.test'], 'a.test', 'invalid-host'],
    ['has none when nobody says it', [':method', 'GET', ':path', '/'], undefined, undefined],
    ['is refused in absolute form', [':method', 'GET', ':path', 'http://a/'], undefined, 'invalid-target'],
    ['is refused in asterisk form', [':method', 'OPTIONS', ':path', '*'], undefined, 'invalid-target'],
    ['needs no path for CONNECT', [':method', 'CONNECT', ':authority', 'a.test:1'], 'a.test:1', undefined],
  ] as const) {
    it(what, () => {
      const { head, refused } = readHttp2Head(fields);
      expect(refused?.problem).to.equal(problem);
      expect(head.headers).to.deep.equal(host === undefined ? [] : ['host', host]);
    });
  }
});

describe('the fields of an HTTP/2 answer', () => {
  it('are in lower case, without those of a connection: RFC 9113 section 8.2.2', () => {
    const headers = ['X-A', '1', 'Connection', 'close', 'Keep-Alive', 't', 'Transfer-Encoding', 'chunked', 'TE', 'x'];
    expect(http2Fields(headers, { ':status': 200 })).to.deep.equal({ ':status': 200, 'x-a': '1' });
  });

  it('are joined when repeated, but for Set-Cookie', () => {
    const headers = ['vary', 'a', 'Set-Cookie', '1', 'Vary', 'b', 'set-cookie', '2', 'set-cookie', '3'];
    expect(http2Fields(headers)).to.deep.equal({ vary: 'a, b', 'set-cookie': ['1', '2', '3'] });
  });

  it('can have the name of something else', () => {
    expect(Object.entries(http2Fields(['__proto__', '1']))).to.deep.equal([['__proto__', '1']]);
  });
});

describe('the patience with streams that come to nothing', () => {
  it('ends with the one after two hundred at once', () => {
    const patience = new Patience(0);
    const exhausted = Array.from({ length: 201 }, () => patience.exhaustedBy(0));
    expect(exhausted.indexOf(true)).to.equal(200);
  });

  it('does not end with twenty a second', () => {
    const patience = new Patience(0);
    for (let count = 0; count < 10_000; count += 1) expect(patience.exhaustedBy(count * 50)).to.equal(false);
  });

  it('comes back, and does not add up', () => {
    const patience = new Patience(0);
    for (let count = 0; count < 200; count += 1) patience.exhaustedBy(0);
    expect(patience.exhaustedBy(0)).to.equal(true);
    expect(patience.exhaustedBy(1_000_000)).to.equal(false);
    const exhausted = Array.from({ length: 200 }, () => patience.exhaustedBy(1_000_000));
    expect(exhausted.indexOf(true)).to.equal(199);
  });
});

describe('the weighing of what a client sends', () => {
  const KIB = 1024;
  let read = 0;
  let exhausted = false;
  let chatter: Chatter;

  beforeEach(() => {
    [read, exhausted] = [0, false];
    const told = { read: () => read, exhausted: () => void (exhausted = true) };
    chatter = new Chatter(0, { head: 16 * KIB, streams: 100, ...told });
  });

  function after(bytes: number, now: number): boolean {
    read += bytes;
    chatter.overdue(now);
    return exhausted;
  }

  it('lets a client send 256 KiB at once of which nothing comes, and no more', () => {
    expect(after(256 * KIB, 0)).to.equal(false);
    expect(after(1, 0)).to.equal(true);
  });

  it('forgives 16 KiB a second, which does not add up', () => {
    for (let second = 1; second < 1000; second += 1) expect(after(16 * KIB, second * 1000)).to.equal(false);
    expect(after(0, 10_000_000)).to.equal(false);
    expect(after(256 * KIB + 1, 10_000_000)).to.equal(true);
  });

  it('goes by all that was read in whatever time', () => {
    for (let second = 1; second <= 16; second += 1)
      expect(after(32 * KIB, second * 1000), String(second)).to.equal(false);
    expect(after(32 * KIB, 17_000)).to.equal(true);
  });

  it('allows for a stream its head and what is on its way when it is refused', () => {
    chatter.stream();
    expect(after((16 + 64 + 256) * KIB, 0)).to.equal(false);
    expect(after(1, 0)).to.equal(true);
  });

  it('allows for a piece of a body its length and what is around it', () => {
    for (let count = 0; count < 1000; count += 1) chatter.piece(100);
    expect(after(1000 * 164 + 256 * KIB, 0)).to.equal(false);
    expect(after(1, 0)).to.equal(true);
  });

  it('keeps no more of what was earned than a hundred streams need', () => {
    for (let count = 0; count < 1000; count += 1) chatter.stream();
    expect(after(0, 0)).to.equal(false);
    expect(after((100 * 80 + 256) * KIB, 0)).to.equal(false);
    expect(after(1, 0)).to.equal(true);
  });

  it('counts at once whatever was read and earned since the last look, however much it is', () => {
    for (let count = 0; count < 1000; count += 1) chatter.piece(100 * KIB);
    expect(after(1000 * 100 * KIB, 0)).to.equal(false);
  });

  it('comes again and again', () => {
    expect(chatter.deadline).to.equal(200);
    chatter.overdue(250);
    expect(chatter.deadline).to.equal(450);
  });
});
