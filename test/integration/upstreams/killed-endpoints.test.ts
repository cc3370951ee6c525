import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { openLoop } from '../../support/open-loop.ts';
import { TestProcess } from '../../support/process.ts';
import { forwarding, freeAddress, Opened, until, yaml } from '../../support/reload.ts';

const RATE = 200;
const SECONDS = 30;
const SMALL = 'small';
const LARGE = 512 * 1024;
/** Every so many requests ask for the large answer. */
const EACH = 20;

/** An endpoint as a process: `/large` is streamed piece by piece, so that a kill finds some in the middle. */
const PROGRAM = `
const { createServer } = require('node:http');
const [host, port] = process.argv[1].split(':');
createServer({ keepAliveTimeout: 60000 }, (request, response) => {
  if (request.url !== '/large') return void response.end('${SMALL}');
  response.writeHead(200, { 'content-length': ${LARGE} });
  let left = 16;
  const next = () => {
    response.write(Buffer.alloc(${LARGE / 16}, 97));
    left -= 1;
    if (left === 0) response.end();
    else setTimeout(next, 5);
  };
  next();
}).listen(Number(port), host, () => console.log('listening'));
`;

/** One endpoint that is killed and started again at the same address. */
class Endpoint {
  readonly address: string;
  readonly #closeAfter: (close: () => unknown) => void;
  #process: TestProcess | undefined;

  constructor(address: string, closeAfter: (close: () => unknown) => void) {
    this.address = address;
    this.#closeAfter = closeAfter;
  }

  async start(): Promise<void> {
    const started = new TestProcess(['-e', PROGRAM, this.address], this.#closeAfter);
    this.#process = started;
    await started.until('the endpoint to listen', () => (started.stdout === '' ? undefined : true));
  }

  /** @returns the signal that it died of */
  async kill(): Promise<NodeJS.Signals | null | undefined> {
    this.#process?.kill('SIGKILL');
    return (await this.#process?.end())?.signal;
  }
}

describe('endpoints that are killed and come back', () => {
  const opened = new Opened();

  it('cost no client an error, but for answers that were cut off in the middle', async function () {
    this.timeout(120_000);
    const endpoints: Endpoint[] = [];
    for (let count = 0; count < 3; count += 1) {
      const endpoint = new Endpoint(await freeAddress(), (close) => opened.add(close));
      endpoints.push(endpoint);
      await endpoint.start();
    }
    const targets = endpoints.map(({ address }) => `'http://${address}'`).join(', ');
    const gateway = await opened.gateway(
      join(opened.folder(), 'gateway.yaml'),
      yaml(
        `upstreams:
  up:
    targets: [${targets}]
    responseTimeout: 5s
    retry: { attempts: 3 }
    breaker: { minimumRequests: 10, window: 2s, openFor: 500ms }
    outlier: { failures: 3, window: 2s, ejectFor: 1s }
    health: { path: /, interval: 250ms, healthyAfter: 1, unhealthyAfter: 2 }
routes:
${forwarding('up', '/*rest')}`,
      ),
    );

    const stopping = new AbortController();
    let kills = 0;
    const chaos = (async () => {
      while (!stopping.signal.aborted) {
        const endpoint = endpoints[kills % endpoints.length];
        if (endpoint === undefined) throw new Error('there is no endpoint');
        expect(await endpoint.kill()).to.equal('SIGKILL');
        kills += 1;
        await pause(1000);
        await endpoint.start();
        await pause(1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    })();
    const path = (index: number): string => (index % EACH === 0 ? '/large' : '/small');
    const timed = await openLoop(gateway.address, { rate: RATE, count: RATE * SECONDS, path });
    stopping.abort();
    await chaos;

    let cut = 0;
    const wrong: unknown[] = [];
    for (const [index, { ending }] of timed.entries()) {
      const isLarge = index % EACH === 0;
      // A small answer comes in one piece: it is there, or it is not.
      if (ending.kind === 'cut' && isLarge) cut += 1;
      else if (ending.kind !== 'answered' || ending.status !== 200) wrong.push([index, ending]);
      else if (isLarge ? ending.body.length !== LARGE : ending.body !== SMALL) wrong.push([index, 'another body']);
    }
    expect(wrong).to.deep.equal([]);
    expect(timed).to.have.length(RATE * SECONDS);
    expect(kills).to.be.at.least(10);
    expect(cut).to.be.below(timed.length / EACH / 2);
    const retried = await Promise.all(
      ['connect-failure', 'reset'].map(async (cause) =>
        gateway.metric(`gateway_retries_total{upstream="up",cause="${cause}"}`),
      ),
    );
    expect(retried.reduce((sum: number, value) => sum + (value ?? 0), 0)).to.be.above(0);
    await until('every endpoint is healthy again', async () => {
      const values = await Promise.all(
        endpoints.map(async ({ address }) =>
          gateway.metric(`gateway_endpoint_healthy{upstream="up",endpoint="http://${address}"}`),
        ),
      );
      return values.every((value) => value === 1);
    });
  });
});
