import { expect } from 'chai';
import { InvalidRedisUrl, parseRedisUrl, resolveRedis } from '../../../src/config/resolve-redis.ts';

const OPEN = { username: undefined, password: undefined, tls: false };

function resolve(url: string | string[] | undefined) {
  return resolveRedis({ version: 1, redis: url === undefined ? {} : { url } });
}

describe('redis.url', () => {
  it('is nothing by default, and when it is empty', () => {
    expect(resolveRedis({ version: 1 })).to.equal(undefined);
    expect(resolve(undefined)).to.equal(undefined);
    expect(resolve('')).to.equal(undefined);
  });

  it('comes with a prefix and a timeout in milliseconds', () => {
    const nodes = [{ host: '127.0.0.1', port: 6379 }];
    const base = { ...OPEN, kind: 'single', nodes, database: 0 };
    expect(resolve('redis://127.0.0.1')).to.deep.equal({ ...base, keyPrefix: 'gw:', timeout: 50 });
    const redis = { url: 'redis://127.0.0.1', keyPrefix: 'shop:', timeout: '1s' };
    expect(resolveRedis({ version: 1, redis })).to.deep.equal({ ...base, keyPrefix: 'shop:', timeout: 1000 });
  });

  for (const [url, expected] of [
    ['redis://h', { kind: 'single', nodes: [{ host: 'h', port: 6379 }], database: 0 }],
    ['redis://h:1/', { kind: 'single', nodes: [{ host: 'h', port: 1 }], database: 0 }],
    ['redis://h/15', { kind: 'single', nodes: [{ host: 'h', port: 6379 }], database: 15 }],
    ['rediss://[::1]:2', { kind: 'single', nodes: [{ host: '::1', port: 2 }], database: 0, tls: true }],
    ['redis://:p%40s@h', { kind: 'single', nodes: [{ host: 'h', port: 6379 }], database: 0, password: 'p@s' }],
    [
      'redis://u:p@:s@h',
      { kind: 'single', nodes: [{ host: 'h', port: 6379 }], database: 0, username: 'u', password: 'p@:s' },
    ],
    [
      'redis+sentinel://:p@a,b:2/orders/3',
      {
        kind: 'sentinel',
        nodes: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 2 },
        ],
        master: 'orders',
        database: 3,
        password: 'p',
      },
    ],
    [
      'rediss+sentinel://a',
      { kind: 'sentinel', nodes: [{ host: 'a', port: 26_379 }], master: 'mymaster', database: 0, tls: true },
    ],
    [['a:1'], { kind: 'cluster', nodes: [{ host: 'a', port: 1 }] }],
    [
      ['a:1', 'rediss://u:p@b', '[::1]:3'],
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
          { host: '::1', port: 3 },
        ],
        username: 'u',
        password: 'p',
        tls: true,
      },
    ],
  ] as const) {
    it(`may be ${String(url)}`, () => {
      expect(parseRedisUrl(url)).to.deep.equal({ ...OPEN, ...expected });
    });
  }

  for (const url of [
    'http://h',
    'redis://',
    'redis://h:0',
    'redis://h:65536',
    'redis://h:',
    'redis://h/db',
    'redis://h/0/1',
    'redis://h/99999',
    'redis://h?db=1',
    'redis://a,b',
    // Meant as a password, and read as a user by some.
    'redis://secret@h',
    'redis://:%zz@h',
    'redis://:pass/word@h',
    'redis+sentinel://a/orders/x',
    ['redis://a', 'rediss://b'],
    ['redis+sentinel://a'],
    ['redis://a/1'],
    ['redis://:one@a', 'redis://:two@b'],
    ['a:1', 'b:99999'],
  ]) {
    it(`may not be ${String(url)}, and its error says nothing of it`, () => {
      expect(parseRedisUrl(url)).to.equal(undefined);
      expect(() => resolve(url)).to.throw(InvalidRedisUrl, /^redis.url is not a Redis URL: it must look like redis:/);
    });
  }
});
