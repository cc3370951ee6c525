import { join } from 'node:path';
import { expect } from 'chai';
import { openLoop, quantile } from '../../support/open-loop.ts';
import { forwarding, Opened, yaml } from '../../support/reload.ts';
import { RawUpstream } from '../../support/upstream.ts';

/** Of one attempt, in milliseconds. */
const RESPONSE_TIMEOUT = 1000;
/** In milliseconds. */
const WINDOW = 10_000;
const REQUESTS = 600;
/** A second. */
const RATE = 100;

describe('an endpoint that accepts requests and never answers', () => {
  const opened = new Opened();

  it('keeps the 99th percentile below two attempts, and opens its breaker within the window', async function () {
    this.timeout(60_000);
    let connections = 0;
    const hanging = await RawUpstream.start(() => (connections += 1));
    opened.add(async () => hanging.close());
    const [a, b] = [await opened.upstream('a'), await opened.upstream('b')];
    const gateway = await opened.gateway(
      join(opened.folder(), 'gateway.yaml'),
      yaml(`upstreams:
  up:
    targets: ['${a.origin}', '${hanging.origin}', '${b.origin}']
    responseTimeout: ${RESPONSE_TIMEOUT}ms
    retry: { attempts: 2, budget: 1 }
    breaker: { failureRatio: 0.5, minimumRequests: 10, window: ${WINDOW}ms, openFor: 1h }
routes:
${forwarding('up', '/*rest')}`),
    );
    const opening = gateway.log.next('the breaker of an endpoint opened: requests to it failed');
    const started = Date.now();
    const timed = await openLoop(gateway.address, { rate: RATE, count: REQUESTS, path: () => '/x' });
    const wrong = timed.filter(({ ending }) => ending.kind !== 'answered' || ending.status !== 200);
    expect(wrong).to.deep.equal([]);
    expect(timed).to.have.length(REQUESTS);

    // The requirement is a duration: this is the place where one is asserted.
    const took = timed.map((each) => each.took);
    expect(quantile(took, 0.99)).to.be.below(2 * RESPONSE_TIMEOUT);
    // Some requests did wait for the endpoint, or nothing was shown.
    expect(Math.max(...took)).to.be.at.least(RESPONSE_TIMEOUT);
    expect(connections).to.be.at.least(10);

    const line = await opening;
    expect(line).to.include({ level: 'warn', upstream: 'up', endpoint: hanging.origin, breaker: 'open' });
    expect(Date.parse(String(line['time'])) - started).to.be.below(WINDOW);
    const state = async (endpoint: string): Promise<number | undefined> =>
      gateway.metric(`gateway_breaker_state{upstream="up",endpoint="${endpoint}"}`);
    expect([await state(a.origin), await state(hanging.origin), await state(b.origin)]).to.deep.equal([0, 2, 0]);
    expect(await gateway.metric('gateway_breaker_transitions_total{upstream="up",to="open"}')).to.equal(1);
    // Nothing more goes there.
    const before = connections;
    for (let count = 0; count < 6; count += 1) expect((await gateway.get('/x')).status).to.equal(200);
    expect(connections).to.equal(before);
  });
});
