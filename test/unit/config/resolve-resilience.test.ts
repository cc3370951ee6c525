import { expect } from 'chai';
import type { UpstreamConfig } from '../../../src/config/config.ts';
import { DEFAULT_RETRY_CAUSES, type FallbackConfig } from '../../../src/config/resilience-config.ts';
import { resolveFallback, resolveResilience } from '../../../src/config/resolve-resilience.ts';
import { configOf } from '../../support/load.ts';

/** What the one upstream of a text is, with these keys of its own and as defaults. */
async function upstreamWith(own: string, defaults = '{}'): Promise<UpstreamConfig> {
  const { upstreams } = await configOf(`version: 1
defaults: { upstream: ${defaults} }
upstreams: { up: { targets: [http://127.0.0.1:9001], ${own} } }
`);
  const [upstream] = upstreams;
  if (upstream === undefined) throw new Error('there is no upstream');
  return upstream;
}

const OFF = {
  balance: { kind: 'round-robin' },
  slowStart: 0,
  health: undefined,
  outlier: undefined,
  breaker: undefined,
  retry: undefined,
  hedge: undefined,
  bulkhead: undefined,
};

describe('how an upstream copes with failures', () => {
  it('is nothing unless it is written', async () => {
    expect(resolveResilience({})).to.deep.equal(OFF);
    expect((await upstreamWith('')).resilience).to.deep.equal(OFF);
  });

  it('is nothing where it is off, also in spite of a default', async () => {
    const all = `{ balance: p2c, slowStart: 30s, health: { tcp: true }, outlier: {}, breaker: {}, retry: { attempts: 2 },
      hedge: { after: 1s }, bulkhead: { concurrent: 1 } }`;
    const keys = ['balance', 'slowStart', 'health', 'outlier', 'breaker', 'retry', 'hedge', 'bulkhead'];
    const { resilience } = await upstreamWith(keys.map((key) => `${key}: off`).join(', '), all);
    expect(resilience).to.deep.equal(OFF);
  });

  it('has the defaults of the contract', async () => {
    const { resilience } = await upstreamWith(
      `health: { tcp: true }, outlier: {}, breaker: {}, retry: { attempts: 3 }, hedge: { after: 100ms },
       bulkhead: { concurrent: 200 }`,
    );
    expect(resilience).to.deep.equal({
      balance: { kind: 'round-robin' },
      slowStart: 0,
      health: {
        path: undefined,
        status: [200],
        body: undefined,
        interval: 5000,
        timeout: 1000,
        healthyAfter: 2,
        unhealthyAfter: 3,
      },
      outlier: { failures: 5, window: 30_000, ejectFor: 30_000, maxEjected: 0.5 },
      breaker: { failureRatio: 0.5, minimumRequests: 20, window: 10_000, openFor: 15_000, halfOpenRequests: 3 },
      retry: {
        attempts: 3,
        when: ['connect-failure', 'reset', 'timeout', 502, 503, 504],
        methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
        backoff: { base: 25, max: 1000 },
        budget: 0.2,
        bodyBuffer: 65_536,
      },
      hedge: { after: 100, max: 1 },
      bulkhead: { concurrent: 200, queue: 0, queueTimeout: 1000 },
    });
    expect(resilience.retry?.when).to.deep.equal(DEFAULT_RETRY_CAUSES);
  });

  it('is what is written, in milliseconds and bytes', async () => {
    const { resilience } = await upstreamWith(
      `balance: least-connections, slowStart: 30s,
       health: { path: /healthz, expect: { status: [200, 204], body: '"ok"' }, interval: 1m, timeout: 250ms,
                 healthyAfter: 1, unhealthyAfter: 7 },
       outlier: { failures: 1, window: 1m, ejectFor: 2m, maxEjected: 0.25 },
       breaker: { failureRatio: 0.1, minimumRequests: 5, window: 2s, openFor: 1m, halfOpenRequests: 1 },
       retry: { attempts: 4, when: [reset, 500], methods: [GET, POST], backoff: { base: 10ms, max: 20ms }, budget: 0,
                bodyBuffer: 1KiB },
       hedge: { after: 2s, max: 3 },
       bulkhead: { concurrent: 2, queue: 100, queueTimeout: 5s }`,
    );
    expect(resilience).to.deep.equal({
      balance: { kind: 'least-connections' },
      slowStart: 30_000,
      health: {
        path: '/healthz',
        status: [200, 204],
        body: '"ok"',
        interval: 60_000,
        timeout: 250,
        healthyAfter: 1,
        unhealthyAfter: 7,
      },
      outlier: { failures: 1, window: 60_000, ejectFor: 120_000, maxEjected: 0.25 },
      breaker: { failureRatio: 0.1, minimumRequests: 5, window: 2000, openFor: 60_000, halfOpenRequests: 1 },
      retry: {
        attempts: 4,
        when: ['reset', 500],
        methods: ['GET', 'POST'],
        backoff: { base: 10, max: 20 },
        budget: 0,
        bodyBuffer: 1024,
      },
      hedge: { after: 2000, max: 3 },
      bulkhead: { concurrent: 2, queue: 100, queueTimeout: 5000 },
    });
  });

  it('takes a default whole or not at all', async () => {
    const { resilience } = await upstreamWith(
      'retry: { attempts: 2 }',
      '{ retry: { attempts: 5, budget: 0.9 }, breaker: { window: 1s } }',
    );
    expect(resilience.retry).to.include({ attempts: 2, budget: 0.2 });
    expect(resilience.breaker).to.include({ window: 1000, minimumRequests: 20 });
  });

  for (const [written, by] of [
    ['client', { kind: 'client' }],
    ['path', { kind: 'path' }],
    ['header:X-Id', { kind: 'header', name: 'x-id' }],
    ['cookie:Sid', { kind: 'cookie', name: 'Sid' }],
  ] as const) {
    it(`hashes by ${written}`, async () => {
      const { resilience } = await upstreamWith(`balance: { hash: '${written}' }`);
      expect(resilience.balance).to.deep.equal({ kind: 'hash', by });
    });
  }

  it('belongs to the fingerprint of the routes of the upstream', async () => {
    const fingerprint = async (more: string): Promise<string | undefined> => {
      const { routes } = await configOf(`version: 1
upstreams: { up: { targets: [http://127.0.0.1:9001], ${more} }, other: { targets: [http://127.0.0.1:9002] } }
routes: [{ name: a, match: { path: / }, upstream: up, access: public }]
`);
      return routes[0]?.fingerprint;
    };
    const all = await Promise.all(['', 'breaker: {}', 'breaker: { window: 1s }', 'balance: p2c'].map(fingerprint));
    expect(new Set(all)).to.have.length(4);
    expect(await fingerprint('breaker: { window: 10s }')).to.equal(all[1]);
  });
});

describe('the fallback of a route', () => {
  const cases: readonly [written: Parameters<typeof resolveFallback>[0], expected: FallbackConfig | undefined][] = [
    [undefined, undefined],
    ['off', undefined],
    [{ upstream: 'spare' }, { kind: 'upstream', upstream: 'spare' }],
    [{ status: 503 }, { kind: 'respond', status: 503, headers: [], body: '' }],
    [
      { status: 200, headers: { 'x-a': '1', 'x-b': '2' }, body: '[]' },
      {
        kind: 'respond',
        status: 200,
        headers: [
          ['x-a', '1'],
          ['x-b', '2'],
        ],
        body: '[]',
      },
    ],
  ];
  for (const [written, expected] of cases) {
    it(`is ${JSON.stringify(expected) ?? 'none'} for ${JSON.stringify(written) ?? 'nothing'}`, () => {
      expect(resolveFallback(written)).to.deep.equal(expected);
    });
  }
});
