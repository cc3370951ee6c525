import { expect } from 'chai';
import { loadConfig } from '../../../src/config/load.ts';

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function hintsOn(url: string | readonly string[]): Promise<(string | undefined)[]> {
  const text = JSON.stringify({ version: 1, redis: { url } });
  const { diagnostics } = await loadConfig('-', { env: () => undefined, stdin: once(text) });
  return diagnostics.map(({ code, path, message, hint }) => {
    expect({ code, path, message }).to.deep.equal({
      code: 'invalid-value',
      path: 'redis.url',
      message: 'redis.url is not a Redis URL',
    });
    return hint;
  });
}

describe('the advice on what is no Redis URL', () => {
  const CASES: readonly [url: string | readonly string[], advice: RegExp][] = [
    ['redis://one:6379,redis://two:6379', /^nodes of a cluster are a list, .*; sentinels are one URL, /],
    ['redis://:hidden@one:6379,two:6379', /^nodes of a cluster are a list, /],
    ['redis://hidden@one:6379', /^a password has a colon before it/],
    ['redis://one?db=1', /^nothing comes after the number of the database/],
    ['redis://one/orders', /^after the host comes nothing but the number of a database/],
    ['redis://:hid/den@one', /^for example .* written as %2F/],
    ['redis://one:0', /^for example redis:/],
    ['redis+sentinel://one,two/mymaster/orders', /^after the sentinels comes the name of the master/],
    [['redis://one', 'rediss://two'], /^all nodes of a cluster are entered alike/],
    [['redis://one/1', 'redis://two/1'], /^a cluster has one database/],
    [['redis://:hidden@one', 'redis://:hidden2@two'], /^all nodes of a cluster have one user and one password/],
    [['redis://one,two', 'redis://three'], /^each node of a cluster is an item of the list/],
    [['one:1', 'two:99999'], /^for example \[redis:.* ports from 1 to 65535/],
  ];
  for (const [url, advice] of CASES) {
    it(`for ${JSON.stringify(url)} says what to write, and nothing of what was found`, async () => {
      const [hint, ...others] = await hintsOn(url);
      expect(others).to.deep.equal([]);
      expect(hint).to.match(advice).and.not.contain('hid');
    });
  }
});
