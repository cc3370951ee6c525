import { expect } from 'chai';
import { compileGateway } from '../../../src/gateway/compile.ts';
import { createResources } from '../../../src/gateway/resources.ts';
import type { AccessEntry } from '../../../src/observability/access-log.ts';
import { createLogger } from '../../../src/observability/log.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { Peer } from '../../../src/server/client.ts';
import { DataPath } from '../../../src/server/data-path.ts';
import type { Turn } from '../../../src/server/turn.ts';
import { configOf } from '../../support/load.ts';

const HEAD = { method: 'GET', target: '/a', httpVersion: '1.1', headers: ['Host', 'a'] } as const;

/** A turn whose answer ends as soon as it is told to. */
function turn(): Turn {
  let over = (): void => undefined;
  const state = { status: 0, complete: false };
  return {
    peer: new Peer('127.0.0.1', 'http'),
    upgrade: undefined,
    bytes: 0,
    get status() {
      return state.status;
    },
    get complete() {
      return state.complete;
    },
    begin: (owner) => {
      over = () => owner.over();
    },
    openBody: () => expect.fail('there is no body'),
    close: () => undefined,
    informational: () => undefined,
    head: (status) => {
      state.status = status;
    },
    write: () => true,
    end: () => {
      state.complete = true;
      over();
    },
    abort: () => over(),
  };
}

describe('a stage that throws', () => {
  for (const [how, handle] of [
    ['at once', () => expect.fail('a bug')],
    ['later', async () => Promise.reject(new Error('a bug'))],
  ] as const) {
    it(`${how} costs its request a 500, and is counted and told`, async () => {
      const lines: string[] = [];
      const metrics = new Metrics({ inFlight: () => 0, connections: async () => 0 });
      const text = 'version: 1\nroutes: [{ name: a, match: { path: /a }, respond: { status: 200 }, access: public }]\n';
      const gateway = await compileGateway(await configOf(text), createResources(), metrics);
      const match = gateway.table.match({ ...HEAD, path: '/a', host: 'a', header: () => undefined });
      if (match.kind !== 'found') expect.fail('there is a route');
      Object.assign(match.target, { handle });
      const logged = new Promise<AccessEntry>((accessLog) => {
        const logger = createLogger({ format: () => 'json' }, { write: (line) => lines.push(line) });
        const dataPath = new DataPath(gateway, {
          logger,
          accessLog,
          internalError: () => metrics.instance.failed(),
          tracing: { begin: () => undefined },
          unmatched: metrics.route('_none'),
          httpsPort: () => undefined,
        });
        const accepted = dataPath.judge(HEAD);
        if ('problem' in accepted) expect.fail(accepted.problem);
        dataPath.handle(turn(), HEAD, accepted);
      });
      expect(await logged).to.include({ route: 'a', status: 500, problem: 'internal-error' });
      expect(lines.map((line): unknown => JSON.parse(line).msg)).to.deep.equal(['request failed']);
      expect(await metrics.registry.metrics()).to.include('\ngateway_internal_errors_total 1\n');
      await gateway.retire();
    });
  }
});
