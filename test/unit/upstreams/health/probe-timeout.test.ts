/** Probes whose time ends, when a test says so, while they wait for one thing or another. */
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { Arrivals, settled } from '../../../support/arrivals.ts';
import { RawUpstream, TestUpstream } from '../../../support/upstream.ts';
import { Probe, type ProbeOutcome, type ProbeQuestion } from '../../../../src/upstreams/health/probe.ts';
import type { Timers } from '../../../../src/upstreams/health/timers.ts';

const DEEP: ProbeQuestion = { path: '/healthz?full', status: [200], body: 'ok', timeout: 1500 };
const SHALLOW: ProbeQuestion = { ...DEEP, path: undefined };
const TLS = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };

interface Started {
  readonly outcomes: Arrivals<ProbeOutcome>;
  /** How long its timer was to wait, in milliseconds; undefined when there is none any more. */
  readonly timer: () => number | undefined;
  readonly endTime: () => void;
}

function start(origin: string, question: ProbeQuestion): Started {
  const outcomes = new Arrivals<ProbeOutcome>(({ why }) => why);
  let waiting: { readonly milliseconds: number; readonly run: () => void } | undefined;
  const timers: Timers = {
    now: () => 0,
    after: (milliseconds, run) => {
      waiting = { milliseconds, run };
      return () => (waiting = undefined);
    },
  };
  new Probe({ origin, tls: TLS }, question, (outcome) => outcomes.push(outcome), timers).start();
  return { outcomes, timer: () => waiting?.milliseconds, endTime: () => waiting?.run() };
}

/** Until everything that is on its way within this process has arrived. */
async function arrived(): Promise<void> {
  await settled(() => 0);
}

describe('a health probe that runs out of time', () => {
  let closeServer: () => Promise<void>;
  afterEach(async () => closeServer());

  it('tells that there is no connection', async () => {
    const server = await TestUpstream.start();
    closeServer = async () => server.close();
    const { outcomes, endTime } = start(server.origin, DEEP);
    endTime();
    await arrived();
    expect(outcomes.items).to.deep.equal([{ isHealthy: false, why: 'no connection within 1.5 s' }]);
    expect(server.requests.items).to.deep.equal([]);
  });

  for (const [depth, question] of [
    ['deep', DEEP],
    ['shallow', SHALLOW],
  ] as const) {
    it(`tells that the TLS handshake hangs, and closes the connection, when it is ${depth}`, async () => {
      const seen = new Arrivals<string>((what) => what);
      const server = await RawUpstream.start((socket) => {
        seen.push('opened');
        socket.on('close', () => seen.push('closed')).resume();
      });
      closeServer = async () => server.close();
      const { outcomes, endTime } = start(`https://127.0.0.1:${server.port}`, question);
      await seen.at(0);
      await arrived();
      endTime();
      expect(outcomes.items).to.deep.equal([{ isHealthy: false, why: 'no TLS handshake within 1.5 s' }]);
      expect(await seen.at(1)).to.equal('closed');
    });
  }

  const NONE = 'GET /healthz: no answer within 1.5 s';
  for (const [what, answer, why] of [
    ['there is no answer', () => undefined, NONE],
    ['there are only interim answers', (response) => response.writeEarlyHints({ link: '</a>; rel=preload' }), NONE],
    [
      'the body hangs',
      (response) => response.write('o'),
      'GET /healthz answered 200 without the expected text within 1.5 s',
    ],
  ] satisfies [string, (response: ServerResponse) => unknown, string][]) {
    it(`tells that ${what}, and closes the connection`, async () => {
      const server = await TestUpstream.start(({ response }) => {
        answer(response);
      });
      closeServer = async () => server.close();
      const { outcomes, endTime } = start(server.origin, DEEP);
      const request = await server.requests.at(0);
      await arrived();
      expect(outcomes.items).to.deep.equal([]);
      endTime();
      expect(outcomes.items).to.deep.equal([{ isHealthy: false, why }]);
      await request.over();
    });
  }

  for (const [depth, question] of [
    ['deep', DEEP],
    ['shallow', SHALLOW],
  ] as const) {
    it(`is timed from start to outcome, and no longer, when it is ${depth}`, async () => {
      const server = await TestUpstream.start();
      closeServer = async () => server.close();
      const { outcomes, timer } = start(server.origin, question);
      expect(timer()).to.equal(1500);
      expect((await outcomes.at(0)).isHealthy).to.equal(true);
      expect(timer()).to.equal(undefined);
      await arrived();
    });
  }
});
