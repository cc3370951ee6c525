import { join } from 'node:path';
import { expect } from 'chai';
import { forwarding, Opened, send, yaml } from '../../support/reload.ts';
import { RawUpstream, onceHead } from '../../support/upstream.ts';

/** What a bucket of retries holds at the start. */
const BUCKET = 10;
const REQUESTS = 400;
/** How many clients there are at once. */
const CLIENTS = 20;

describe('an upstream that is down as a whole', () => {
  const opened = new Opened();

  for (const outage of ['closes every connection', 'answers 503 to everything'] as const) {
    for (const budget of [0.2, 0, 1]) {
      it(`gets no more than the budget of ${budget} allows when it ${outage}`, async () => {
        let arrived = 0;
        const endpoint = async (): Promise<RawUpstream> => {
          const upstream = await RawUpstream.start((socket) =>
            onceHead(socket, () => {
              arrived += 1;
              if (outage === 'closes every connection') socket.destroy();
              else socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
            }),
          );
          opened.add(async () => upstream.close());
          return upstream;
        };
        const [a, b] = [await endpoint(), await endpoint()];
        const gateway = await opened.gateway(
          join(opened.folder(), 'gateway.yaml'),
          yaml(`upstreams:
  up:
    targets: ['${a.origin}', '${b.origin}']
    retry: { attempts: 5, budget: ${budget}, backoff: { base: 1ms, max: 2ms } }
routes:
${forwarding('up', '/*rest')}`),
        );
        const statuses = new Set<number>();
        let left = REQUESTS;
        const client = async (): Promise<void> => {
          while (left > 0) {
            left -= 1;
            statuses.add((await send(gateway.address, '/x')).status);
          }
        };
        await Promise.all(Array.from({ length: CLIENTS }, client));
        expect([...statuses]).to.deep.equal([outage === 'closes every connection' ? 502 : 503]);
        const most = (1 + budget) * REQUESTS + BUCKET;
        expect(arrived).to.be.at.most(most);
        // What the budget allows is used: there would be nothing to bound otherwise. A full bucket takes no more, which
        // is what the first of each client find.
        expect(arrived).to.be.at.least(most - CLIENTS * budget - 1);
        const outcome = outage === 'closes every connection' ? 'reset' : '5xx';
        expect(await gateway.metric(`gateway_upstream_attempts_total{upstream="up",outcome="${outcome}"}`)).to.equal(
          arrived,
        );
      });
    }
  }
});
